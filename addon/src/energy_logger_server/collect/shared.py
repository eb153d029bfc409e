"""What all collectors of one server share."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from energy_logger_server.clock import Clock
from energy_logger_server.domain.events import Publish
from energy_logger_server.store.store import Store

from .clock_watch import ClockWatch
from .event_publisher import EventPublisher
from .upkeep import Upkeep


@dataclass(frozen=True, slots=True)
class Shared:
    """Shared by the collectors of all sources, and by backfill.

    Attributes:
        store: Takes the answers.
        clock: Tells the time.
        clock_watch: Whether that is right.
        upkeep: Done after runs.
        publisher: Tells what was stored.
    """

    store: Store
    clock: Clock
    clock_watch: ClockWatch
    upkeep: Upkeep
    publisher: EventPublisher


def shared_by_collectors(
    store: Store,
    clock: Clock,
    *,
    forecast_retention: timedelta | None,
    publish: Publish | None,
) -> Shared:
    """Return what collectors of a store share; nothing runs yet.

    To be called in the event loop in which they will run.

    Args:
        store: Takes the answers.
        clock: Tells the time.
        forecast_retention: None keeps forecasts for ever.
        publish: Told of events; None where nobody listens.
    """
    clock_watch = ClockWatch(clock, asyncio.get_running_loop().time)
    return Shared(
        store=store,
        clock=clock,
        clock_watch=clock_watch,
        upkeep=Upkeep(store, clock, clock_watch, forecast_retention),
        publisher=EventPublisher(store, clock, publish),
    )
