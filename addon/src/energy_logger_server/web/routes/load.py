"""``/api/load``: hourly load of KAMO's areas, measured and expected; public."""

from dataclasses import replace
from http import HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.load.peaks import Period
from energy_logger_server.store.db.reader import Reader, bounded_if
from energy_logger_server.store.kamo.load import (
    newest_hour,
    newest_hours,
    peaks,
    summary,
)
from energy_logger_server.store.kamo.load_forecast import (
    ForecastPage,
    forecast_hours,
)
from energy_logger_server.store.records import KnownArea
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.columns import (
    all_fields_of,
    fields_of,
    names_of,
)
from energy_logger_server.web.datasets.kamo_schema import (
    CURRENT_LOAD,
    LOAD_FORECAST,
    LOAD_SUMMARY,
    LOADS,
    PEAKS,
)
from energy_logger_server.web.datasets.load import (
    LOAD,
    LOAD_FORECASTS,
    load_peak,
    load_summary,
)
from energy_logger_server.web.datasets.lookups import find_area
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import OneOf, WholeNumber
from energy_logger_server.web.http.errors import nothing_stored
from energy_logger_server.web.http.history_query import (
    KAMO,
    OPEN_START,
    HistoryQuery,
    history_schema,
    read_history,
)
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import SUMMARY, hours_back, query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Layout,
    rows_body,
    rows_reply,
)

# two days of twenty areas, whose hours are filed together, are some 1,000 rows
_SHORT_S = 2 * 86_400 + 1

_HISTORY = history_schema(KAMO, limit=1000, most=10_000).extend(FORMAT)
_FORECAST = vol.Schema(
    {
        marker: check
        for marker, check in _HISTORY.schema.items()
        if str(marker) != "hours"
    }
)
_PEAKS = vol.Schema(
    {
        vol.Optional("period", default=Period.DAY.value): OneOf(Period),
        vol.Optional("limit", default="10"): WholeNumber(1, 100),
        **FORMAT,
    }
)
_PEAK_COLUMNS = ("area_id", "area_name", "peak_kw", "timestamp", "period")


def load_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/load``."""
    return (
        Operation(
            path="/api/load/current/{area}",
            handler=_current,
            summary="Get an area's newest hourly load.",
            group=Group.LOAD,
            answer=Answer(
                description="The newest hour, a running one included.",
                schema=CURRENT_LOAD,
            ),
            access=Access.PUBLIC,
            is_kept=True,
        ),
        Operation(
            path="/api/load/history/{area}",
            handler=_history,
            summary="List an area's hourly loads, the newest page first.",
            group=Group.LOAD,
            query=_HISTORY,
            answer=Answer(
                description="Hours in ascending order.", schema=LOADS, media_types=ROWS
            ),
            access=Access.PUBLIC,
            is_kept=True,
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            path="/api/load/forecast/{area}",
            handler=_forecast,
            summary="List KAMO's newest forecasts of an area's load.",
            group=Group.LOAD,
            query=_FORECAST,
            answer=Answer(
                description="Hours in ascending order, each with one forecast of "
                "every series; limit counts hours, and the last ones come first.",
                schema=LOAD_FORECAST,
                media_types=ROWS,
            ),
            access=Access.PUBLIC,
            is_kept=True,
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            path="/api/load/peaks/{area}",
            handler=_peaks,
            summary="List an area's highest loads, one for each day, month or year.",
            group=Group.LOAD,
            query=_PEAKS,
            answer=Answer(
                description="Peaks, the highest first.", schema=PEAKS, media_types=ROWS
            ),
            access=Access.PUBLIC,
            is_kept=True,
        ),
        Operation(
            path="/api/load/stats/{area}",
            handler=_stats,
            summary="Get minimum, maximum and mean load of an area's last hours.",
            group=Group.LOAD,
            query=SUMMARY,
            answer=Answer(description="Figures of the span.", schema=LOAD_SUMMARY),
            access=Access.PUBLIC,
            is_kept=True,
        ),
    )


async def _current(request: web.Request) -> web.Response:
    area = await find_area(request)
    hour = await deps_of(request).store.read(newest_hour, area.area_id)
    if hour is None:
        raise nothing_stored(f"no load of {area.name} has been collected yet")
    return json_reply({**wire.area_fields(area), **fields_of(LOAD, hour)})


async def _history(request: web.Request) -> web.Response:
    deps = deps_of(request)
    wanted = read_history(request, KAMO, deps.clock.now(), of="load")
    layout = Layout.of(wanted.others)
    area = await find_area(request)
    body, cursor = await deps.store.read(_page, area, wanted.span, wanted.limit, layout)
    return rows_reply(layout, body, headers=wanted.next_link(cursor))


def _is_short(
    _area: KnownArea, span: tuple[int, int], _limit: int, _layout: Layout, /
) -> bool:
    first, end = span
    return end - first <= _SHORT_S


@bounded_if(_is_short)
def _page(
    connection: Reader,
    area: KnownArea,
    span: tuple[int, int],
    limit: int,
    layout: Layout,
) -> tuple[bytes, tuple[int] | None]:
    """Return the body and the cursor; long ones are made in a thread."""
    page = newest_hours(connection, area.area_id, span, limit)
    rows = all_fields_of(LOAD, page.hours)
    whole = _whole(area, rows, is_truncated=page.is_truncated)
    cursor = (int(page.hours[0].hour_at.timestamp()),) if page.is_truncated else None
    return rows_body(layout, whole=whole, rows=rows, columns=names_of(LOAD)), cursor


def _whole(
    area: KnownArea, rows: list[wire.Fields], *, is_truncated: bool
) -> wire.Fields:
    return {
        **wire.area_fields(area),
        "data": rows,
        "count": len(rows),
        "truncated": is_truncated,
    }


async def _forecast(request: web.Request) -> web.Response:
    deps = deps_of(request)
    wanted = _from_this_hour(
        read_history(request, KAMO, deps.clock.now(), of="load forecast"), request
    )
    layout = Layout.of(wanted.others)
    area = await find_area(request)
    body, cursor = await deps.store.read(
        lambda connection: _forecast_page(
            area,
            forecast_hours(connection, area.area_id, wanted.span, wanted.limit),
            layout,
        )
    )
    return rows_reply(layout, body, headers=wanted.next_link(cursor))


def _from_this_hour(wanted: HistoryQuery, request: web.Request) -> HistoryQuery:
    """Return what is wanted; forecasts of the past only if a start or end says so."""
    if wanted.first != OPEN_START or not {"start", "end"}.isdisjoint(request.query):
        return wanted
    now = deps_of(request).clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    return replace(wanted, first=int(hour.timestamp()))


def _forecast_page(
    area: KnownArea, page: ForecastPage, layout: Layout
) -> tuple[bytes, tuple[int] | None]:
    rows = all_fields_of(LOAD_FORECASTS, page.hours)
    whole = _whole(area, rows, is_truncated=page.is_truncated)
    cursor = (int(page.hours[0].hour_at.timestamp()),) if page.is_truncated else None
    body = rows_body(layout, whole=whole, rows=rows, columns=names_of(LOAD_FORECASTS))
    return body, cursor


async def _peaks(request: web.Request) -> web.Response:
    query = query_of(request)
    area = await find_area(request)
    period: Period = query["period"]
    limit: int = query["limit"]
    layout = Layout.of(query)
    found = await deps_of(request).store.read(peaks, area.area_id, period, limit)
    rows = [load_peak(area, peak, period) for peak in found]
    body = rows_body(layout, whole=rows, rows=rows, columns=_PEAK_COLUMNS)
    return rows_reply(layout, body)


async def _stats(request: web.Request) -> web.Response:
    deps = deps_of(request)
    hours, span = hours_back(request, deps.clock.now())
    area = await find_area(request)
    figures = await deps.store.read(summary, area.area_id, span)
    return json_reply(
        {
            **wire.area_fields(area),
            "period_hours": hours,
            **load_summary(figures),
        }
    )
