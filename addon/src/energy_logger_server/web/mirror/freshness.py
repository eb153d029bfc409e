"""When the utilities last answered, and whether that is too long ago.

A present value that nobody has renewed for two ticks is no present value: a client of
the mirror is refused, as it would be by a utility that is down.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from http import HTTPStatus
from math import ceil

from aiohttp import hdrs, web

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.domain.collecting.status import SourceStatus
from energy_logger_server.web.deps import WebDeps, deps_of
from energy_logger_server.web.http.errors import ApiError

_TICKS = 2
_UNKNOWN_INTERVAL_MINUTES = 5


async def last_fetch(
    request: web.Request, endpoint: str, owner: str = ""
) -> datetime | None:
    """Return when an endpoint last gave a usable answer; None when it never did.

    Args:
        request: The one to answer.
        endpoint: As in ``store.records.Freshness``.
        owner: Likewise.
    """
    for one in await deps_of(request).store.freshness():
        if (one.endpoint, one.owner) == (endpoint, owner):
            return one.fetched_at
    return None


def last_modified(fetched_at: datetime | None) -> Mapping[str, str]:
    """Return the header that states when the data left the utility."""
    if fetched_at is None:
        return {}
    return {hdrs.LAST_MODIFIED: format_datetime(fetched_at, usegmt=True)}


async def require_fetched(
    request: web.Request, source: Source, endpoint: str, owner: str = ""
) -> datetime:
    """Return when an endpoint last gave a usable answer.

    Raises:
        ApiError: 503 with Retry-After when it never did.
    """
    fetched_at = await last_fetch(request, endpoint, owner)
    if fetched_at is None:
        raise _not_now(
            deps_of(request), source, "not_collected", "has not been collected yet"
        )
    return fetched_at


async def require_fresh(
    request: web.Request, source: Source, endpoint: str, owner: str
) -> datetime:
    """Return when an endpoint last gave a usable answer, at most two ticks ago.

    Raises:
        ApiError: 503 with Retry-After when it never did, or longer ago.
    """
    deps = deps_of(request)
    fetched_at = await require_fetched(request, source, endpoint, owner)
    if deps.clock.now() - fetched_at > _TICKS * _interval(deps, source):
        reason = f"has not been renewed since {fetched_at:%Y-%m-%dT%H:%M:%SZ}"
        raise _not_now(deps, source, "stale", reason)
    return fetched_at


def _not_now(deps: WebDeps, source: Source, code: str, reason: str) -> ApiError:
    wait_s = _wait_s(deps, source)
    return ApiError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        code,
        f"what {source.value} publishes here {reason}: try again in {wait_s} s; "
        "see /api/status",
        headers={hdrs.RETRY_AFTER: str(wait_s)},
    )


def _wait_s(deps: WebDeps, source: Source) -> int:
    """Return the seconds until the next tick, at least one."""
    status, now = _status(deps, source), deps.clock.now()
    next_at = None if status is None else status.next_tick_at
    if next_at is None or next_at <= now:
        next_at = now + _interval(deps, source)
    return ceil((next_at - now).total_seconds())


def _interval(deps: WebDeps, source: Source) -> timedelta:
    status = _status(deps, source)
    # a source that is not set up any more has none: what it left behind turns stale
    minutes = _UNKNOWN_INTERVAL_MINUTES if status is None else status.interval_minutes
    return timedelta(minutes=minutes)


def _status(deps: WebDeps, source: Source) -> SourceStatus | None:
    sources = deps.collecting_status().sources
    return next((status for status in sources if status.source is source), None)
