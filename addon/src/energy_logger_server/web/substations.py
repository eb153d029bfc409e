"""``/api/substations``: the substations of KAMO's areas; public."""

from aiohttp import web

from energy_logger_server.store.reads.substations import (
    SnapshotPage,
    is_known,
    names,
    newest_snapshot,
    newest_snapshots,
    summary,
)
from energy_logger_server.store.records import KnownArea

from . import wire
from .deps import deps_of
from .errors import nothing_stored, unknown
from .history_query import KAMO, history_schema, read_history
from .lookups import find_area, name_in_path
from .parameters import NOTHING, hours_back, read_query, some_text
from .reply import body_reply, json_body, json_reply

_HISTORY = history_schema(KAMO, limit=100, most=3000, others={"substation": some_text})


def substation_routes() -> list[web.RouteDef]:
    """Return the routes below ``/api/substations``."""
    return [
        web.get("/api/substations/current/{area}", _current),
        web.get("/api/substations/history/{area}", _history),
        web.get("/api/substations/list/{area}", _list),
        web.get("/api/substations/stats/{area}/{substation}", _stats),
    ]


async def _current(request: web.Request) -> web.Response:
    read_query(request, NOTHING)
    area = await find_area(request)
    taken = await deps_of(request).store.read_bounded(
        lambda connection: newest_snapshot(connection, area.area_id)
    )
    if taken is None:
        raise nothing_stored(_none_of(area))
    return json_reply({**wire.area_fields(area), **wire.snapshot(taken)})


async def _history(request: web.Request) -> web.Response:
    deps = deps_of(request)
    wanted = read_history(request, _HISTORY, KAMO, deps.clock.now())
    area = await find_area(request)
    name = wanted.others.get("substation")
    if name is not None:
        await _check_substation(request, area, name)
    body, cursor = await deps.store.read(
        lambda connection: _page(
            area,
            newest_snapshots(connection, area.area_id, wanted.span, wanted.limit, name),
        )
    )
    return body_reply(body, headers=wanted.next_link(cursor))


def _page(area: KnownArea, page: SnapshotPage) -> tuple[bytes, tuple[int] | None]:
    """Return the body and the cursor; made in the reader's thread, it may be long."""
    body = {
        **wire.area_fields(area),
        "snapshots": [wire.history_snapshot(taken) for taken in page.snapshots],
        "count": len(page.snapshots),
        "truncated": page.is_truncated,
    }
    cursor = None
    if page.is_truncated:
        cursor = (int(page.snapshots[-1].read_at.timestamp()),)
    return json_body(body), cursor


async def _list(request: web.Request) -> web.Response:
    read_query(request, NOTHING)
    area = await find_area(request)
    found = await deps_of(request).store.read_bounded(
        lambda connection: names(connection, area.area_id)
    )
    return json_reply(
        {**wire.area_fields(area), "substations": found, "count": len(found)}
    )


async def _stats(request: web.Request) -> web.Response:
    deps = deps_of(request)
    hours, span = hours_back(request, deps.clock.now())
    area = await find_area(request)
    name = name_in_path(request, "substation")
    await _check_substation(request, area, name)
    figures = await deps.store.read(
        lambda connection: summary(connection, area.area_id, name, span)
    )
    if figures is None:
        raise nothing_stored(f"{name} was not read in the last {hours} hours")
    return json_reply(
        {
            **wire.area_fields(area),
            "substation_name": name,
            "period_hours": hours,
            **wire.substation_summary(figures),
        }
    )


async def _check_substation(request: web.Request, area: KnownArea, name: str) -> None:
    if not await deps_of(request).store.read_bounded(
        lambda connection: is_known(connection, area.area_id, name)
    ):
        raise unknown(
            "substation",
            f"{area.name} has no substation {name!r}: "
            f"see /api/substations/list/{area.area_id}",
        )


def _none_of(area: KnownArea) -> str:
    if area.is_aggregate:
        return f"{area.name} is a sum of areas and has no substations of its own"
    return f"no substations of {area.name} have been collected yet"
