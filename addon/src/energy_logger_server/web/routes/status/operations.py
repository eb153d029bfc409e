"""``/api/status`` and ``/api/cooperatives``: public, names no household."""

import voluptuous as vol
from aiohttp import web

from energy_logger_server import __version__
from energy_logger_server.domain.collecting.problems import Problem
from energy_logger_server.domain.collecting.status import (
    CallBudgetStatus,
    CollectingStatus,
    SourceStatus,
)
from energy_logger_server.errors import PlaceUnusable
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.kamo_schema import COOPERATIVES
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
    ProblemAnswer,
    SourceAnswer,
    StatusAnswer,
    StorageAnswer,
    UnopenedStatusAnswer,
)
from .stored import StatusReader
from .totals import Totals

_COOPERATIVE_COLUMNS = ("id", "name", "abbreviation", "is_aggregate")

TOTALS = web.AppKey("totals", Totals)
STATUS_READER = web.AppKey("status_reader", StatusReader)


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
            is_kept=True,
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
    stored = await request.app[STATUS_READER].read(now)
    answer: StatusAnswer = {
        **stored,
        "version": __version__,
        "uptime_seconds": (now - deps.started_at).total_seconds(),
        "storage": _storage(deps),
        "backups": await _backups(deps),
        **_settings(deps),
        **_collecting(deps.collecting_status()),
        **alerts_answer(deps.notifications),
    }
    return json_reply(answer)


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
