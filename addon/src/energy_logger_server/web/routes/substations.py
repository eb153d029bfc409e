"""``/api/substations``: the substations of KAMO's areas; public."""

from http import HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.store.kamo.substations import (
    SnapshotPage,
    is_known,
    names,
    newest_snapshot,
    newest_snapshots,
    summary,
)
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.columns import names_of
from energy_logger_server.web.datasets.kamo_schema import (
    CURRENT_SUBSTATIONS,
    SNAPSHOTS,
    SUBSTATION_NAMES,
    SUBSTATION_SUMMARY,
)
from energy_logger_server.web.datasets.lookups import find_area, name_in_path
from energy_logger_server.web.datasets.substations import (
    SUBSTATIONS,
    history_snapshot,
    reading_cells,
    reading_rows,
    snapshot,
    substation_summary,
)
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import SomeText
from energy_logger_server.web.http.errors import nothing_stored, unknown
from energy_logger_server.web.http.history_query import (
    KAMO,
    history_schema,
    read_history,
)
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import SUMMARY, hours_back, query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Format,
    Layout,
    rows_body,
    rows_reply,
)

_FORMAT = vol.Schema({**FORMAT})
_HISTORY = history_schema(
    KAMO, limit=100, most=3000, others={"substation": SomeText()}
).extend(FORMAT)
_NAME_COLUMNS = ("area_id", "area_name", "substation_name")


def substation_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/substations``."""
    return (
        Operation(
            path="/api/substations/current/{area}",
            handler=_current,
            summary="Get the newest readings of an area's substations, and their sum.",
            group=Group.SUBSTATIONS,
            query=_FORMAT,
            answer=Answer(
                description="The newest snapshot.",
                schema=CURRENT_SUBSTATIONS,
                media_types=ROWS,
            ),
            access=Access.PUBLIC,
            is_kept=True,
        ),
        Operation(
            path="/api/substations/history/{area}",
            handler=_history,
            summary="List snapshots of an area's substations, the newest first.",
            group=Group.SUBSTATIONS,
            query=_HISTORY,
            answer=Answer(
                description="Snapshots in descending order.",
                schema=SNAPSHOTS,
                media_types=ROWS,
            ),
            access=Access.PUBLIC,
            is_kept=True,
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            path="/api/substations/list/{area}",
            handler=_list,
            summary="List the names of an area's substations.",
            group=Group.SUBSTATIONS,
            query=_FORMAT,
            answer=Answer(
                description="Names.", schema=SUBSTATION_NAMES, media_types=ROWS
            ),
            access=Access.PUBLIC,
            is_kept=True,
        ),
        Operation(
            path="/api/substations/stats/{area}/{substation}",
            handler=_stats,
            summary="Get minimum, maximum and mean load of a substation's last hours.",
            group=Group.SUBSTATIONS,
            query=SUMMARY,
            answer=Answer(
                description="Figures of the span.", schema=SUBSTATION_SUMMARY
            ),
            access=Access.PUBLIC,
            is_kept=True,
        ),
    )


async def _current(request: web.Request) -> web.Response:
    area = await find_area(request)
    taken = await deps_of(request).store.read(newest_snapshot, area.area_id)
    if taken is None:
        raise nothing_stored(_none_of(area))
    layout = Layout.of(query_of(request))
    whole = {**wire.area_fields(area), **snapshot(taken)}
    rows = reading_rows(taken)
    body = rows_body(layout, whole=whole, rows=rows, columns=names_of(SUBSTATIONS))
    return rows_reply(layout, body)


async def _history(request: web.Request) -> web.Response:
    deps = deps_of(request)
    wanted = read_history(request, KAMO, deps.clock.now(), of="substations")
    area = await find_area(request)
    name = wanted.others.get("substation")
    layout = Layout.of(wanted.others)
    if name is not None:
        await check_substation(request, area, name)
    body, cursor = await deps.store.read(
        lambda connection: _page(
            area,
            newest_snapshots(connection, area.area_id, wanted.span, wanted.limit, name),
            layout,
        )
    )
    return rows_reply(layout, body, headers=wanted.next_link(cursor))


def _page(
    area: KnownArea, page: SnapshotPage, layout: Layout
) -> tuple[bytes, tuple[int] | None]:
    """Return the body and the cursor; made in the reader's thread, it may be long."""
    whole: wire.Fields = {}
    rows: list[wire.Fields] = []
    cells = (row for taken in page.snapshots for row in reading_cells(taken))
    if layout.form is Format.JSON:
        whole = {
            **wire.area_fields(area),
            "snapshots": [history_snapshot(taken) for taken in page.snapshots],
            "count": len(page.snapshots),
            "truncated": page.is_truncated,
        }
    elif layout.form is Format.NDJSON:
        rows = [row for taken in page.snapshots for row in reading_rows(taken)]
    cursor = None
    if page.is_truncated:
        cursor = (int(page.snapshots[-1].read_at.timestamp()),)
    body = rows_body(
        layout, whole=whole, rows=rows, columns=names_of(SUBSTATIONS), cells=cells
    )
    return body, cursor


async def _list(request: web.Request) -> web.Response:
    area = await find_area(request)
    found = await deps_of(request).store.read(names, area.area_id)
    layout = Layout.of(query_of(request))
    known = wire.area_fields(area)
    whole = {**known, "substations": found, "count": len(found)}
    rows = [{**known, "substation_name": name} for name in found]
    body = rows_body(layout, whole=whole, rows=rows, columns=_NAME_COLUMNS)
    return rows_reply(layout, body)


async def _stats(request: web.Request) -> web.Response:
    deps = deps_of(request)
    hours, span = hours_back(request, deps.clock.now())
    area = await find_area(request)
    name = name_in_path(request, "substation")
    await check_substation(request, area, name)
    figures = await deps.store.read(summary, area.area_id, name, span)
    if figures is None:
        raise nothing_stored(f"{name} was not read in the last {hours} hours")
    return json_reply(
        {
            **wire.area_fields(area),
            "substation_name": name,
            "period_hours": hours,
            **substation_summary(figures),
        }
    )


async def check_substation(request: web.Request, area: KnownArea, name: str) -> None:
    """Check that an area has or had a substation of that name.

    Raises:
        ApiError: If it never did.
    """
    if not await deps_of(request).store.read(is_known, area.area_id, name):
        raise unknown(
            "substation",
            f"{area.name} has no substation {name!r}: "
            f"see /api/substations/list/{area.area_id}",
        )


def _none_of(area: KnownArea) -> str:
    if area.is_aggregate:
        return f"{area.name} is a sum of areas and has no substations of its own"
    return f"no substations of {area.name} have been collected yet"
