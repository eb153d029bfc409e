"""``/api/next-import`` and ``/api/import/trigger``: when a run comes, and one now."""

from http import HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.collecting_status import CollectingStatus
from energy_logger_server.domain.runs import Source
from energy_logger_server.errors import RunInProgress

from .auth import needs_key
from .deps import deps_of
from .errors import ApiError
from .parameters import NOTHING, one_of, read_query
from .reply import json_reply
from .run_fields import trigger_fields
from .wire import utc_text

_TRIGGER = vol.Schema({vol.Optional("source"): one_of(Source)})


def import_routes() -> list[web.RouteDef]:
    """Return the routes about runs to come."""
    return [
        web.get("/api/next-import", _next_import),
        web.post("/api/import/trigger", _trigger),
    ]


async def _next_import(request: web.Request) -> web.Response:
    read_query(request, NOTHING)
    ticks = {
        status.source.value: status.next_tick_at
        for status in deps_of(request).collecting_status().sources
    }
    known = [tick for tick in ticks.values() if tick is not None]
    return json_reply(
        {
            "next_import": utc_text(min(known, default=None)),
            "sources": {source: utc_text(tick) for source, tick in ticks.items()},
        }
    )


@needs_key
async def _trigger(request: web.Request) -> web.Response:
    """Run one source, or one after the other all that are set up."""
    deps = deps_of(request)
    wanted: Source | None = read_query(request, _TRIGGER).get("source")
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
