"""What collects, built from the settings."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from aiohttp import ClientSession

from energy_logger_server import __version__
from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.rate_limit import CallBudget
from energy_logger_server.clock import Clock
from energy_logger_server.collect.amber.account import amber_access
from energy_logger_server.collect.amber.collector import AmberCollector
from energy_logger_server.collect.backfill.backfill import Backfill
from energy_logger_server.collect.backfill.background import BackgroundBackfill
from energy_logger_server.collect.kamo.collector import KamoCollector
from energy_logger_server.collect.schedule import Schedule
from energy_logger_server.collect.shared import Shared, shared_by_collectors
from energy_logger_server.collect.source_lock import SourceLock
from energy_logger_server.collect.waiting import run_all
from energy_logger_server.config.settings import NOTHING_TO_COLLECT, Settings
from energy_logger_server.domain.collecting_status import (
    CallBudgetStatus,
    CollectingStatus,
)
from energy_logger_server.domain.events import Publish
from energy_logger_server.domain.runs import RunRecord, Source, Trigger
from energy_logger_server.errors import ConfigurationError
from energy_logger_server.store import Store
from energy_logger_server.store.runs.read import runs_since

_USER_AGENT = (
    f"EnergyLogger/{__version__} (+https://github.com/energy-logger/energy-logger)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    """What collects, and what of it the web may see.

    Attributes:
        every_schedule: Also of KAMO while it is switched off.
        kamo: KAMO's collector.
        amber: Amber's collector; None without a token.
        shared: What all collectors use.
        backfill: Amber's history; None without a token.
        background: Passes over it that somebody asks for; None likewise.
        budget: Calls that Amber's token may make; None without a token.
    """

    shared: Shared
    every_schedule: Mapping[Source, Schedule]
    kamo: KamoCollector
    amber: AmberCollector | None
    backfill: Backfill | None
    background: BackgroundBackfill | None
    budget: CallBudget | None

    @property
    def schedules(self) -> Mapping[Source, Schedule]:
        """One for each source that is set up."""
        return {
            source: schedule
            for source, schedule in self.every_schedule.items()
            if schedule.is_on
        }

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings at once; runs under way end as they began.

        What is known of calls, keys and days asked for stays known.
        """
        self.shared.upkeep.keep_forecasts_for(settings.forecast_retention)
        self.kamo.apply_settings(settings)
        self.every_schedule[Source.KAMO].retime(is_on=settings.kamo_enabled)
        if self.amber is not None:
            self.amber.apply_settings(settings)
            self.every_schedule[Source.AMBER].retime(is_on=True)
        if self.backfill is not None:
            self.backfill.apply_settings(settings)

    async def run(self, *, collects_at_start: bool = True) -> None:
        """Collect at every tick, and read history in between, until cancelled.

        Args:
            collects_at_start: Whether to collect before the first tick too.

        Raises:
            StoreInUse: If another server writes to the store by now.
        """
        works = [
            schedule.run(collects_at_start=collects_at_start)
            for schedule in self.every_schedule.values()
        ]
        if self.backfill is not None:
            works.append(self.backfill.run_daily())
        await run_all(works)

    async def stop(self) -> None:
        """End the pass over history that somebody started, if any."""
        if self.background is not None:
            await self.background.stop()

    async def collect_now(self, source: Source) -> RunRecord:
        """Run a source at once; return the run as the log has it.

        Raises:
            RunInProgress: If a run of it is under way.
            StoreUnavailable: If the store cannot write.
        """
        began_at = self.shared.clock.now()
        # a caller who goes away does not take the run with him
        end = await asyncio.shield(self.schedules[source].start_now())
        margin = timedelta(milliseconds=1)
        runs = await self.shared.store.read(runs_since, began_at - margin)
        for run in runs:
            if run.source is source and run.trigger is Trigger.MANUAL:
                return run if end is None else replace(run, end=end)
        raise EnergyLoggerError("the run is not in the log")

    def status(self) -> CollectingStatus:
        """Return how collecting goes; names no household."""
        budget = self.budget.snapshot() if self.budget else ()
        return CollectingStatus(
            sources=tuple(schedule.status() for schedule in self.schedules.values()),
            call_budget=tuple(
                CallBudgetStatus(
                    counter=one.counter.value,
                    limit=one.limit,
                    remaining=one.remaining,
                    resets_at=one.resets_at,
                    blocked_until=one.blocked_until,
                    calls_made=one.calls_made,
                )
                for one in budget
            ),
        )


def compose_collecting(
    settings: Settings,
    store: Store,
    clock: Clock,
    session: ClientSession,
    publish: Publish | None = None,
) -> Collecting:
    """Return collectors for the sources that the settings name; nothing runs yet.

    Args:
        settings: Which sources, and how.
        store: Takes the answers.
        clock: Tells the time.
        session: For requests upstream.
        publish: Told of events; None where nobody listens.
    """
    shared = shared_by_collectors(
        store,
        clock,
        forecast_retention=settings.forecast_retention,
        publish=publish,
    )
    if not settings.has_a_source:
        raise ConfigurationError([NOTHING_TO_COLLECT])
    # it asks nothing while its schedule is switched off
    kamo = KamoCollector(
        KamoClient(session, now=clock.now, base_url=settings.kamo_base_url),
        settings,
        shared,
    )
    kamo_schedule = Schedule(kamo, clock, SourceLock(Source.KAMO, clock))
    kamo_schedule.retime(is_on=settings.kamo_enabled)
    schedules = {Source.KAMO: kamo_schedule}
    amber: AmberCollector | None = None
    backfill: Backfill | None = None
    budget: CallBudget | None = None
    if settings.amber_api_key is not None:
        budget = CallBudget(now=clock.now)
        client = AmberClient(
            session,
            token=settings.amber_api_key.reveal(),
            budget=budget,
            now=clock.now,
            base_url=settings.amber_base_url,
        )
        access = amber_access(client, budget, clock)
        turn = SourceLock(Source.AMBER, clock)
        amber = AmberCollector(access, settings, shared)
        schedules[Source.AMBER] = Schedule(amber, clock, turn)
        backfill = Backfill(access, settings, turn, shared)
    return Collecting(
        shared=shared,
        every_schedule=schedules,
        kamo=kamo,
        amber=amber,
        backfill=backfill,
        background=None if backfill is None else BackgroundBackfill(backfill),
        budget=budget,
    )


def client_session() -> ClientSession:
    """Return the one session for all requests upstream."""
    return ClientSession(headers={"User-Agent": _USER_AGENT})
