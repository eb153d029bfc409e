"""``/api/load``: measured hourly load of KAMO's areas; public."""

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.peaks import Period
from energy_logger_server.store.reads.load import (
    LoadPage,
    newest_hour,
    newest_hours,
    peaks,
    summary,
)
from energy_logger_server.store.records import KnownArea

from . import wire
from .deps import deps_of
from .errors import nothing_stored
from .history_query import KAMO, history_schema, read_history
from .lookups import find_area
from .parameters import NOTHING, hours_back, one_of, read_query, whole_number
from .reply import body_reply, json_body, json_reply

# two days of twenty areas, whose hours are filed together, are some 1,000 rows
_SHORT_S = 2 * 86_400 + 1

_HISTORY = history_schema(KAMO, limit=1000, most=10_000)
_PEAKS = vol.Schema(
    {
        vol.Optional("period", default=Period.DAY.value): one_of(Period),
        vol.Optional("limit", default="10"): whole_number(1, 100),
    }
)


def load_routes() -> list[web.RouteDef]:
    """Return the routes below ``/api/load``."""
    return [
        web.get("/api/load/current/{area}", _current),
        web.get("/api/load/history/{area}", _history),
        web.get("/api/load/peaks/{area}", _peaks),
        web.get("/api/load/stats/{area}", _stats),
    ]


async def _current(request: web.Request) -> web.Response:
    read_query(request, NOTHING)
    area = await find_area(request)
    hour = await deps_of(request).store.read_bounded(
        lambda connection: newest_hour(connection, area.area_id)
    )
    if hour is None:
        raise nothing_stored(f"no load of {area.name} has been collected yet")
    return json_reply({**wire.area_fields(area), **wire.load_hour(hour)})


async def _history(request: web.Request) -> web.Response:
    deps = deps_of(request)
    wanted = read_history(request, _HISTORY, KAMO, deps.clock.now())
    area = await find_area(request)
    first, end = wanted.span
    read = deps.store.read_bounded if end - first <= _SHORT_S else deps.store.read
    body, cursor = await read(
        lambda connection: _page(
            area,
            newest_hours(connection, area.area_id, wanted.span, wanted.limit),
        )
    )
    return body_reply(body, headers=wanted.next_link(cursor))


def _page(area: KnownArea, page: LoadPage) -> tuple[bytes, tuple[int] | None]:
    """Return the body and the cursor; made in the reader's thread, it may be long."""
    body = {
        **wire.area_fields(area),
        "data": [wire.load_hour(hour) for hour in page.hours],
        "count": len(page.hours),
        "truncated": page.is_truncated,
    }
    cursor = (int(page.hours[0].hour_at.timestamp()),) if page.is_truncated else None
    return json_body(body), cursor


async def _peaks(request: web.Request) -> web.Response:
    query = read_query(request, _PEAKS)
    area = await find_area(request)
    period: Period = query["period"]
    limit: int = query["limit"]
    found = await deps_of(request).store.read(
        lambda connection: peaks(connection, area.area_id, period, limit)
    )
    return json_reply([wire.load_peak(area, peak, period) for peak in found])


async def _stats(request: web.Request) -> web.Response:
    deps = deps_of(request)
    hours, span = hours_back(request, deps.clock.now())
    area = await find_area(request)
    figures = await deps.store.read(
        lambda connection: summary(connection, area.area_id, span)
    )
    return json_reply(
        {
            **wire.area_fields(area),
            "period_hours": hours,
            **wire.load_summary(figures),
        }
    )
