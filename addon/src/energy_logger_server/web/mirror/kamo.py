"""``/mirror/kamo/api``: KAMO's areas, their load and their substations; public."""

from datetime import timedelta
from math import ceil

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.collecting.area_choice import AreaChoice
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.store.kamo.original import (
    original_area_grid,
    original_areas,
    original_substation_table,
)
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets.lookups import find_area
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import HOURS
from energy_logger_server.web.http.errors import nothing_stored
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import body_reply, original_json_body

from . import schema
from .freshness import last_modified, require_fetched, require_fresh

_BASE = "/mirror/kamo/api"
_GRID = vol.Schema(
    {
        vol.Optional(
            "hours",
            description="How many hours to go back where KAMO's answer is shorter.",
        ): HOURS
    }
)


def kamo_mirror_operations() -> tuple[Operation, ...]:
    """Return what mirrors KAMO."""
    return (
        Operation(
            path=f"{_BASE}/area",
            handler=_areas,
            summary="Get KAMO's /area.",
            group=Group.MIRROR,
            answer=Answer(description="As KAMO sent it.", schema=schema.AREAS),
            access=Access.PUBLIC,
        ),
        Operation(
            path=f"{_BASE}/areagrid/{{area}}",
            handler=_grid,
            summary="Get KAMO's /areagrid/{id}, with as many hours before it as "
            "wanted.",
            group=Group.MIRROR,
            query=_GRID,
            answer=Answer(description="As KAMO sent it.", schema=schema.GRID),
            access=Access.PUBLIC,
        ),
        Operation(
            path=f"{_BASE}/arealoadtable/{{area}}",
            handler=_table,
            summary="Get KAMO's /arealoadtable/{id}.",
            group=Group.MIRROR,
            answer=Answer(description="As KAMO sent it.", schema=schema.SUBSTATIONS),
            access=Access.PUBLIC,
        ),
    )


async def _areas(request: web.Request) -> web.Response:
    fetched_at = await require_fetched(request, Source.KAMO, "area")
    found = await deps_of(request).store.read(original_areas)
    return body_reply(original_json_body(found), headers=last_modified(fetched_at))


async def _grid(request: web.Request) -> web.Response:
    area = await _find_area(request)
    owner = str(area.area_id)
    fetched_at = await require_fresh(request, Source.KAMO, "load", owner)
    deps = deps_of(request)
    hours: int | None = query_of(request).get("hours")
    since: int | None = None
    if hours is not None:
        since = ceil((deps.clock.now() - timedelta(hours=hours)).timestamp())
    body = await deps.store.read(
        lambda connection: original_json_body(
            original_area_grid(connection, area.area_id, since)
        )
    )
    return body_reply(body, headers=last_modified(fetched_at))


async def _table(request: web.Request) -> web.Response:
    area = await _find_area(request)
    if area.is_aggregate:
        raise nothing_stored(f"{area.name} is a sum of others, without substations")
    _require_collected(deps_of(request).settings.kamo_substation_areas, area)
    owner = str(area.area_id)
    fetched_at = await require_fresh(request, Source.KAMO, "substations", owner)
    found = await deps_of(request).store.read(original_substation_table, area.area_id)
    return body_reply(original_json_body(found), headers=last_modified(fetched_at))


def _require_collected(choice: AreaChoice, area: KnownArea) -> None:
    if not choice.chooses(area.area_id, area.abbreviation):
        raise nothing_stored(
            f"substations of {area.name} are not collected: the setting "
            f"KAMO_SUBSTATION_AREAS is {choice.text}"
        )


async def _find_area(request: web.Request) -> KnownArea:
    # areas that nobody has read yet are not unknown ones
    await require_fetched(request, Source.KAMO, "area")
    return await find_area(request)
