"""``/api/imports`` and ``/api/runs``: the run log.

``/api/imports`` is the predecessor's: a bare list. ``/api/runs`` says what failed, and
so may name a site: both need the key.
"""

from dataclasses import replace
from http import HTTPMethod, HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.collecting.runs import Outcome, RunRecord, Source
from energy_logger_server.store.runs.read import RunPage, run_numbered, run_page
from energy_logger_server.web.datasets.lookups import number_in_path
from energy_logger_server.web.datasets.run_answers import (
    IMPORT_COLUMNS,
    RUN_COLUMNS,
    ImportAnswer,
    RemovedAnswer,
    RunAnswer,
    RunsAnswer,
)
from energy_logger_server.web.datasets.run_fields import full_run_fields, run_fields
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import OneOf, WholeNumber
from energy_logger_server.web.http.errors import ApiError, unknown
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.page_cursor import (
    CURSOR,
    ListOrder,
    is_count,
    next_link,
)
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Layout,
    rows_body,
    rows_reply,
)

_LIMIT, _MOST = 50, 500
_ORDER = ListOrder("runs", (is_count,))
"""Ids, newest first."""

_LOG = vol.Schema(
    {
        vol.Optional("limit", default=str(_LIMIT)): WholeNumber(1, _MOST),
        vol.Optional("cursor"): CURSOR,
        vol.Optional("source"): OneOf(Source),
        vol.Optional("status"): OneOf(Outcome),
        **FORMAT,
    }
)


def run_operations() -> tuple[Operation, ...]:
    """Return what concerns runs that were."""
    return (
        Operation(
            path="/api/imports",
            handler=_imports,
            summary="List the runs of the log, newest first.",
            group=Group.RUNS,
            query=_LOG,
            answer=Answer(
                description="Runs.", schema=list[ImportAnswer], media_types=ROWS
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            method=HTTPMethod.DELETE,
            path="/api/imports/{id}",
            handler=_remove,
            summary="Delete a run from the log; the data that it brought stays.",
            group=Group.RUNS,
            answer=Answer(description="It is gone.", schema=RemovedAnswer),
            errors=(HTTPStatus.CONFLICT,),
        ),
        Operation(
            path="/api/runs",
            handler=_runs,
            summary="List the runs of the log with what failed, newest first.",
            group=Group.RUNS,
            query=_LOG,
            answer=Answer(description="Runs.", schema=RunsAnswer, media_types=ROWS),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            path="/api/runs/{id}",
            handler=_run,
            summary="Get what a run brought and what failed.",
            group=Group.RUNS,
            answer=Answer(description="The run.", schema=RunAnswer),
        ),
    )


async def _imports(request: web.Request) -> web.Response:
    page = await _page(request)
    rows = [run_fields(run) for run in page.runs]
    layout = Layout.of(query_of(request))
    body = rows_body(layout, whole=rows, rows=rows, columns=IMPORT_COLUMNS)
    return rows_reply(layout, body, headers=_next_link(request, page))


async def _runs(request: web.Request) -> web.Response:
    page = await _page(request)
    rows = [full_run_fields(run) for run in page.runs]
    whole: RunsAnswer = {
        "runs": rows,
        "count": len(rows),
        "truncated": page.is_truncated,
    }
    layout = Layout.of(query_of(request))
    body = rows_body(layout, whole=whole, rows=rows, columns=RUN_COLUMNS)
    return rows_reply(layout, body, headers=_next_link(request, page))


async def _run(request: web.Request) -> web.Response:
    run = await _find_run(request)
    return json_reply(full_run_fields(deps_of(request).store.as_ended(run)))


async def _remove(request: web.Request) -> web.Response:
    run = await _find_run(request)
    if run.end is None:
        raise ApiError(
            HTTPStatus.CONFLICT,
            "run_in_progress",
            f"run {run.id} is under way: wait for its end",
            parameter="id",
        )
    if not await deps_of(request).store.remove_run(run.id):
        raise _unknown_run(run.id)
    removed: RemovedAnswer = {"success": True, "deleted_id": run.id}
    return json_reply(removed)


async def _page(request: web.Request) -> RunPage:
    query = query_of(request)
    store = deps_of(request).store
    before: int | None = None
    if "cursor" in query:
        (before,) = _ORDER.values(query["cursor"])
    page = await store.read(
        run_page,
        query["limit"],
        before,
        source=query.get("source"),
        outcome=query.get("status"),
    )
    runs = tuple(map(store.as_ended, page.runs))
    if query.get("status") is Outcome.RUNNING:
        runs = tuple(run for run in runs if run.end is None)
    return replace(page, runs=runs)


async def _find_run(request: web.Request) -> RunRecord:
    run_id = number_in_path(request, "id")
    run = await deps_of(request).store.read(run_numbered, run_id)
    if run is None:
        raise _unknown_run(run_id)
    return run


def _unknown_run(run_id: int) -> ApiError:
    return unknown("id", f"there is no run {run_id}: see /api/runs")


def _next_link(request: web.Request, page: RunPage) -> dict[str, str]:
    if not page.is_truncated:
        return {}
    return next_link(request.query.items(), cursor=_ORDER.cursor([page.runs[-1].id]))
