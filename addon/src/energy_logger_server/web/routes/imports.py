"""``/api/next-import`` and ``/api/import/trigger``: when a run comes, and one now."""

from http import HTTPMethod, HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.domain.collecting.status import CollectingStatus
from energy_logger_server.errors import RunInProgress
from energy_logger_server.web.datasets.fields import utc_text
from energy_logger_server.web.datasets.run_answers import (
    NextImportAnswer,
    TriggeredAnswer,
)
from energy_logger_server.web.datasets.run_fields import trigger_fields
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import OneOf
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import json_reply

# follow-ups for a confirmed price take 90 s, slow upstreams longer
_LONGEST_RUNS_S = 600
_TRIGGER = vol.Schema({vol.Optional("source"): OneOf(Source)})


def import_operations() -> tuple[Operation, ...]:
    """Return what concerns runs to come."""
    return (
        Operation(
            path="/api/next-import",
            handler=_next_import,
            summary="Get when each source is read next.",
            group=Group.RUNS,
            answer=Answer(
                description="Times of the next runs.", schema=NextImportAnswer
            ),
            access=Access.PUBLIC,
        ),
        Operation(
            method=HTTPMethod.POST,
            path="/api/import/trigger",
            handler=_trigger,
            summary="Start a run of the sources now, and wait for its end.",
            group=Group.RUNS,
            query=_TRIGGER,
            answer=Answer(description="What the runs brought.", schema=TriggeredAnswer),
            errors=(HTTPStatus.CONFLICT,),
            time_limit_s=_LONGEST_RUNS_S,
        ),
    )


async def _next_import(request: web.Request) -> web.Response:
    ticks = {
        status.source.value: status.next_tick_at
        for status in deps_of(request).collecting_status().sources
    }
    known = [tick for tick in ticks.values() if tick is not None]
    answer: NextImportAnswer = {
        "next_import": utc_text(min(known, default=None)),
        "sources": {source: utc_text(tick) for source, tick in ticks.items()},
    }
    return json_reply(answer)


async def _trigger(request: web.Request) -> web.Response:
    """Run one source, or one after the other all that are set up."""
    deps = deps_of(request)
    wanted: Source | None = query_of(request).get("source")
    sources = _sources(deps.collecting_status(), wanted)
    runs = [await deps.collect_now(source) for source in sources]
    return json_reply(trigger_fields(runs))


def _sources(status: CollectingStatus, wanted: Source | None) -> list[Source]:
    """Return what is to be run.

    Raises:
        ApiError: If it is not set up.
        RunInProgress: If one of them is running: then none is started.
    """
    chosen = [one for one in status.sources if wanted in (None, one.source)]
    if not chosen:
        raise ApiError(
            HTTPStatus.CONFLICT,
            "not_set_up",
            "this server is not set up to collect that: see its settings",
            parameter="source",
        )
    for one in chosen:
        if one.is_running:
            raise RunInProgress(one.source.value)
    return [one.source for one in chosen]
