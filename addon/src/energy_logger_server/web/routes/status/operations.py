"""``/api/status`` and ``/api/cooperatives``: public, names no household."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import voluptuous as vol
from aiohttp import web

from energy_logger_server import __version__
from energy_logger_server.domain.collecting.problems import Problem
from energy_logger_server.domain.collecting.runs import Outcome
from energy_logger_server.domain.collecting.status import (
    CallBudgetStatus,
    CollectingStatus,
    SourceStatus,
)
from energy_logger_server.domain.health import health_of, success_percent
from energy_logger_server.errors import PlaceUnusable
from energy_logger_server.store import Store
from energy_logger_server.store.runs.read import (
    last_success_at,
    newest_run,
    outcome_counts_since,
    outcomes_since,
)
from energy_logger_server.store.runs.status import KamoCounts, StoreFigures
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.kamo_schema import COOPERATIVES
from energy_logger_server.web.datasets.run_fields import run_fields
from energy_logger_server.web.deps import WebDeps, deps_of
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Layout,
    rows_body,
    rows_reply,
)

from .alerts import alerts_answer
from .answers import (
    BackupStatusAnswer,
    CallBudgetAnswer,
    CollectingAnswer,
    ConfiguredAnswer,
    DatabaseAnswer,
    DayAnswer,
    ProblemAnswer,
    SourceAnswer,
    StatusAnswer,
    StorageAnswer,
    UnopenedStatusAnswer,
    WeekAnswer,
)
from .totals import Totals
from .units import mebibytes

_DAY = timedelta(hours=24)
_WEEK = timedelta(days=7)
_COOPERATIVE_COLUMNS = ("id", "name", "abbreviation", "is_aggregate")

TOTALS = web.AppKey("totals", Totals)


def status_operations() -> tuple[Operation, ...]:
    """Return what says how things are."""
    return (
        Operation(
            path="/api/status",
            handler=_status,
            summary="Get how collecting goes and how much is stored.",
            group=Group.SERVER,
            answer=Answer(
                description="State, counts and next runs; a server whose store is not "
                "open knows only the state.",
                schema=StatusAnswer | UnopenedStatusAnswer,
            ),
            access=Access.PUBLIC,
        ),
        Operation(
            path="/api/cooperatives",
            handler=_cooperatives,
            summary="List KAMO's areas: its cooperatives and their sums.",
            group=Group.LOAD,
            query=vol.Schema({**FORMAT}),
            answer=Answer(
                description="Areas by name.", schema=COOPERATIVES, media_types=ROWS
            ),
            access=Access.PUBLIC,
        ),
    )


async def _cooperatives(request: web.Request) -> web.Response:
    areas = await deps_of(request).store.areas()
    by_name = sorted(areas, key=lambda area: area.name)
    rows = [wire.cooperative(area) for area in by_name]
    layout = Layout.of(query_of(request))
    body = rows_body(layout, whole=rows, rows=rows, columns=_COOPERATIVE_COLUMNS)
    return rows_reply(layout, body)


async def _status(request: web.Request) -> web.Response:
    deps = deps_of(request)
    now = deps.clock.now()
    figures, counts = await request.app[TOTALS].count(now)
    newest, success_at, outcomes, of_week = await deps.store.read(
        lambda connection: (
            newest_run(connection),
            last_success_at(connection),
            outcomes_since(connection, now - _DAY),
            outcome_counts_since(connection, now - _WEEK),
        )
    )
    collecting = deps.collecting_status()
    answer: StatusAnswer = {
        **_day(outcomes, deps.store, now - _DAY),
        **_week(of_week, deps.store, now - _WEEK),
        "version": __version__,
        "uptime_seconds": (now - deps.started_at).total_seconds(),
        "last_import": None
        if newest is None
        else run_fields(deps.store.as_ended(newest)),
        "last_successful_import": wire.utc_text(success_at),
        "database_stats": _database(figures, counts),
        "storage": _storage(deps),
        "backups": await _backups(deps),
        **_settings(deps),
        **_collecting(collecting),
        **alerts_answer(deps.notifications),
    }
    return json_reply(answer)


def _day(
    newest_first: Sequence[Outcome], store: Store, began_after: datetime
) -> DayAnswer:
    lost = store.lost_runs(began_after)
    logged = [one for one in reversed(newest_first) if one is not Outcome.RUNNING]
    ended = [Outcome.FAILED] * lost + [*store.unwritten_outcomes(), *logged]
    numbers: Counter[Outcome] = Counter(ended)
    return {
        "status": health_of(ended, store.state),
        "imports_last_24h": len(newest_first) + lost,
        "success_rate_24h": success_percent(numbers),
        "outcomes_24h": {
            "success": numbers[Outcome.SUCCESS],
            "partial": numbers[Outcome.PARTIAL],
            "failed": numbers[Outcome.FAILED],
            "interrupted": numbers[Outcome.INTERRUPTED],
        },
    }


def _week(
    logged: Mapping[Outcome, int], store: Store, began_after: datetime
) -> WeekAnswer:
    lost = store.lost_runs(began_after)
    ended = Counter(logged) + Counter(store.unwritten_outcomes())
    ended[Outcome.FAILED] += lost
    del ended[Outcome.RUNNING]
    return {
        "imports_last_7d": sum(logged.values()) + lost,
        "success_rate_7d": success_percent(ended),
    }


def _database(figures: StoreFigures, counts: KamoCounts) -> DatabaseAnswer:
    return {
        "total_load_records": counts.load_hours,
        "total_substation_records": counts.readings,
        "total_cooperatives": figures.areas,
        "total_substations": figures.substations,
        "total_sites": figures.sites,
        "total_price_records": figures.prices,
        "total_usage_records": figures.usage,
        "database_size_mb": mebibytes(figures.size_bytes),
        "oldest_record": wire.utc_text(figures.oldest_at),
        "newest_record": wire.utc_text(figures.newest_at),
    }


def _storage(deps: WebDeps) -> StorageAnswer:
    state = deps.store.state
    return {
        "is_working": not state.is_failing,
        "last_write_at": wire.utc_text(state.last_write_at),
        "failing_since": wire.utc_text(state.failing_since),
        "problem": state.cause,
        "next_attempt_at": None,
        "checked_at": wire.utc_text(deps.store_checked_at()),
        "journal_mode": deps.store.journal_mode,
    }


async def _backups(deps: WebDeps) -> BackupStatusAnswer | None:
    try:
        status = await deps.backups.status()
    except PlaceUnusable:
        return None
    return {
        "newest_at": wire.utc_text(status.newest_at),
        "next_at": wire.utc_text(status.next_at),
        "problems": [*map(_problem, status.problems)],
    }


def _settings(deps: WebDeps) -> ConfiguredAnswer:
    return {
        "notifications_enabled": deps.notifications.is_set_up,
        "poll_interval_minutes": deps.settings.poll_interval_minutes,
    }


def _collecting(status: CollectingStatus) -> CollectingAnswer:
    return {
        "sources": {one.source.value: _source(one) for one in status.sources},
        "call_budget": {one.counter: _budget(one) for one in status.call_budget},
    }


def _source(status: SourceStatus) -> SourceAnswer:
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
        "clock_difference_seconds": status.clock_difference_s,
        "problems": [_problem(one) for one in status.problems],
    }


def _problem(problem: Problem) -> ProblemAnswer:
    return {
        "code": problem.code,
        "message": problem.message,
        "since": wire.utc_text(problem.since),
    }


def _budget(status: CallBudgetStatus) -> CallBudgetAnswer:
    return {
        "limit": status.limit,
        "remaining": status.remaining,
        "resets_at": wire.utc_text(status.resets_at),
        "blocked_until": wire.utc_text(status.blocked_until),
        "calls_made": status.calls_made,
    }
