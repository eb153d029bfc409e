"""``/api/series``: what charts draw, in columns, with as many points as they can show.

Few rows come as they are; of more, buckets of time or whole days are put together
here, so that years arrive as fast as a day.
"""

from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web

from energy_logger_server.domain.charts import Chart
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.charts.drawing import ChartWanted
from energy_logger_server.store.charts.load import load_chart
from energy_logger_server.store.charts.prices import price_chart
from energy_logger_server.store.charts.substations import substation_chart
from energy_logger_server.store.charts.usage import usage_chart
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.web.datasets.lookups import (
    check_channel,
    find_area,
    find_site,
    name_in_path,
)
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.history_query import (
    AMBER,
    KAMO,
    SourceCalendar,
    read_span,
)
from energy_logger_server.web.http.operation import Access, Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import body_reply, json_body
from energy_logger_server.web.routes.substations import check_substation

from .answers import OF_AMBER, OF_KAMO, SeriesAnswer, series_answer

_DEFAULT_HOURS = 24
_ANSWER = Answer(
    description="Lines over one row of times; by default of the last 24 hours and of "
    "what is expected.",
    schema=SeriesAnswer,
)
_CONTRADICTION = (HTTPStatus.UNPROCESSABLE_ENTITY,)

type Draw = Callable[[Reader, ChartWanted], Chart]


def series_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/series``."""
    return (
        Operation(
            path="/api/series/load/{area}",
            handler=_load,
            summary="Get an area's load and its forecast as columns for a chart.",
            group=Group.SERIES,
            query=OF_KAMO,
            answer=_ANSWER,
            access=Access.PUBLIC,
            errors=_CONTRADICTION,
        ),
        Operation(
            path="/api/series/substations/{area}/{substation}",
            handler=_substation,
            summary="Get a substation's load, reactive power and power factor as "
            "columns for a chart.",
            group=Group.SERIES,
            query=OF_KAMO,
            answer=_ANSWER,
            access=Access.PUBLIC,
            errors=_CONTRADICTION,
        ),
        Operation(
            path="/api/series/prices/{site}",
            handler=_prices,
            summary="Get a site's prices, settled and expected, as columns for a "
            "chart.",
            group=Group.SERIES,
            query=OF_AMBER,
            answer=_ANSWER,
            errors=_CONTRADICTION,
        ),
        Operation(
            path="/api/series/usage/{site}",
            handler=_usage,
            summary="Get a site's energy and cost by register as columns for a chart.",
            group=Group.SERIES,
            query=OF_AMBER,
            answer=_ANSWER,
            errors=_CONTRADICTION,
        ),
    )


async def _load(request: web.Request) -> web.Response:
    area = await find_area(request)
    return await _answer(
        request,
        KAMO,
        lambda connection, wanted: load_chart(connection, area.area_id, wanted),
    )


async def _substation(request: web.Request) -> web.Response:
    area = await find_area(request)
    name = name_in_path(request, "substation")
    await check_substation(request, area, name)
    return await _answer(
        request,
        KAMO,
        lambda connection, wanted: substation_chart(
            connection, area.area_id, name, wanted
        ),
    )


async def _prices(request: web.Request) -> web.Response:
    site_id = await find_site(request)
    channel: str | None = query_of(request).get("channel")
    await check_channel(request, Kind.PRICE, site_id, channel)
    return await _answer(
        request,
        AMBER,
        lambda connection, wanted: price_chart(connection, site_id, channel, wanted),
    )


async def _usage(request: web.Request) -> web.Response:
    site_id = await find_site(request)
    channel: str | None = query_of(request).get("channel")
    await check_channel(request, Kind.USAGE, site_id, channel)
    return await _answer(
        request,
        AMBER,
        lambda connection, wanted: usage_chart(connection, site_id, channel, wanted),
    )


async def _answer(
    request: web.Request, feed: SourceCalendar, draw: Draw
) -> web.Response:
    deps = deps_of(request)
    first, end = read_span(request, feed, deps.clock.now(), hours=_DEFAULT_HOURS)
    wanted = ChartWanted(first, end, query_of(request)["max_points"])
    # the body is made in the reader's thread, too
    body = await deps.store.read(
        lambda connection: json_body(series_answer(draw(connection, wanted)))
    )
    return body_reply(body)
