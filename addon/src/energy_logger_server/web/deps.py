"""What the web is given by the one who starts it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting_status import CollectingStatus
from energy_logger_server.domain.runs import RunRecord, Source
from energy_logger_server.secret import Secret
from energy_logger_server.store import Store

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class ServedSettings:
    """The settings that answers mention.

    Attributes:
        poll_interval_minutes: How often KAMO is asked.
        notifications_enabled: Whether somebody is told of failures by mail.
    """

    poll_interval_minutes: int
    notifications_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WebDeps:
    """Everything that a request may need.

    Attributes:
        store: Read only.
        clock: The present.
        started_at: Instant (UTC) at which the server was started.
        api_key: Gives the key in force; asked anew for every request that needs one.
        collect_now: Runs a source at once and returns the run as logged; raises
            ``RunInProgress`` if one is under way.
        collecting_status: Gives the state of every source that is set up.
        settings: For the status page.
    """

    store: Store
    clock: Clock
    started_at: datetime
    api_key: Callable[[], Secret]
    collect_now: Callable[[Source], Awaitable[RunRecord]]
    collecting_status: Callable[[], CollectingStatus]
    settings: ServedSettings


DEPS = web.AppKey("deps", WebDeps)


def deps_of(request: web.Request) -> WebDeps:
    """Return what the application was given."""
    return request.app[DEPS]
