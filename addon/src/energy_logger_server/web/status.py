"""``/api/status`` and ``/api/cooperatives``: public, names no household."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web

from energy_logger_server import __version__
from energy_logger_server.domain.collecting_status import (
    CallBudgetStatus,
    CollectingStatus,
    SourceStatus,
)
from energy_logger_server.domain.health import health_of, success_percent
from energy_logger_server.domain.runs import Outcome
from energy_logger_server.store.reads.runs import (
    last_success_at,
    newest_run,
    outcomes_since,
)
from energy_logger_server.store.reads.status import KamoCounts, StoreFigures

from . import wire
from .deps import WebDeps, deps_of
from .parameters import NOTHING, read_query
from .reply import json_reply
from .run_fields import run_fields
from .totals import Totals

_DAY = timedelta(hours=24)
_BYTES_PER_MB = 1_048_576

TOTALS = web.AppKey("totals", Totals)


def status_routes() -> list[web.RouteDef]:
    """Return the routes that say how things are."""
    return [
        web.get("/api/status", _status),
        web.get("/api/cooperatives", _cooperatives),
    ]


async def _cooperatives(request: web.Request) -> web.Response:
    read_query(request, NOTHING)
    areas = await deps_of(request).store.areas()
    by_name = sorted(areas, key=lambda area: area.name)
    return json_reply([wire.cooperative(area) for area in by_name])


async def _status(request: web.Request) -> web.Response:
    read_query(request, NOTHING)
    deps = deps_of(request)
    now = deps.clock.now()
    figures, counts = await request.app[TOTALS].count(now)
    newest, success_at, outcomes = await deps.store.read(
        lambda connection: (
            newest_run(connection),
            last_success_at(connection),
            outcomes_since(connection, now - _DAY),
        )
    )
    collecting = deps.collecting_status()
    return json_reply(
        {
            **_runs(outcomes),
            "version": __version__,
            "uptime_seconds": (now - deps.started_at).total_seconds(),
            "last_import": None if newest is None else run_fields(newest),
            "last_successful_import": wire.utc_text(success_at),
            "database_stats": _database(figures, counts),
            **_settings(deps),
            **_collecting(collecting),
        }
    )


def _runs(newest_first: Sequence[Outcome]) -> wire.Fields:
    ended = [one for one in reversed(newest_first) if one is not Outcome.RUNNING]
    numbers = Counter(ended)
    return {
        "status": health_of(ended).value,
        "imports_last_24h": len(newest_first),
        "success_rate_24h": success_percent(ended),
        "outcomes_24h": {
            outcome.value: numbers[outcome]
            for outcome in Outcome
            if outcome is not Outcome.RUNNING
        },
    }


def _database(figures: StoreFigures, counts: KamoCounts) -> wire.Fields:
    return {
        "total_load_records": counts.load_hours,
        "total_substation_records": counts.readings,
        "total_cooperatives": figures.areas,
        "total_substations": figures.substations,
        "total_sites": figures.sites,
        "total_price_records": figures.prices,
        "total_usage_records": figures.usage,
        "database_size_mb": round(figures.size_bytes / _BYTES_PER_MB, 2),
        "oldest_record": wire.utc_text(figures.oldest_at),
        "newest_record": wire.utc_text(figures.newest_at),
    }


def _settings(deps: WebDeps) -> wire.Fields:
    return {
        "notifications_enabled": deps.settings.notifications_enabled,
        "poll_interval_minutes": deps.settings.poll_interval_minutes,
    }


def _collecting(status: CollectingStatus) -> wire.Fields:
    return {
        "sources": {one.source.value: _source(one) for one in status.sources},
        "call_budget": {one.counter: _budget(one) for one in status.call_budget},
    }


def _source(status: SourceStatus) -> wire.Fields:
    times = status.cycle_times
    return {
        "interval_minutes": status.interval_minutes,
        "is_running": status.is_running,
        "next_tick_at": wire.utc_text(status.next_tick_at),
        "refused_since": wire.utc_text(status.refused_since),
        "ticks_skipped": status.ticks_skipped,
        "cycle_seconds": {
            "count": times.count,
            "last": times.last_s,
            "p50": times.p50_s,
            "max": times.max_s,
        },
    }


def _budget(status: CallBudgetStatus) -> wire.Fields:
    return {
        "limit": status.limit,
        "remaining": status.remaining,
        "resets_at": wire.utc_text(status.resets_at),
        "blocked_until": wire.utc_text(status.blocked_until),
        "calls_made": status.calls_made,
    }
