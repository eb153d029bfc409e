"""``/api/prices``: what a kilowatt-hour costs, did cost and will cost."""

from datetime import datetime, timedelta
from http import HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.amber_models import Price
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.amber.as_of import prices_as_of
from energy_logger_server.store.amber.forecast import Forecast, forecast
from energy_logger_server.store.amber.prices import (
    IntervalSpan,
    current_prices,
    newest_prices,
)
from energy_logger_server.store.amber.stats import price_summaries
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.amber_schema import (
    CURRENT,
    FORECAST,
    PRICE,
    page_of,
)
from energy_logger_server.web.datasets.amber_stats_schema import PRICE_STATS
from energy_logger_server.web.datasets.columns import cells_of, names_of
from energy_logger_server.web.datasets.lookups import check_channel, find_site
from energy_logger_server.web.datasets.prices import (
    FETCHED_AT,
    FORECASTS,
    PRICES,
    expected_price,
    price,
    price_summary,
)
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import SomeText, WholeNumber
from energy_logger_server.web.http.errors import nothing_stored
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import SUMMARY, hours_back, query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Format,
    Layout,
    csv_body,
    rows_body,
    rows_reply,
)

from .amber_history import AS_OF, HISTORY, Intervals, as_of_asked, history_reply

_DAY_S = 86_400
_MOST_CHANNELS = 100
_HISTORY = Intervals(Kind.PRICE, newest_prices, prices_as_of, price, PRICES)
_CHANNEL = {vol.Optional("channel"): SomeText()}
_AHEAD = vol.Schema(
    {
        vol.Optional(
            "hours", default="24", description="How many hours to look ahead."
        ): WholeNumber(1, 168),
        **_CHANNEL,
        **FORMAT,
    }
)


def price_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/prices``."""
    return (
        Operation(
            path="/api/prices/current/{site}",
            handler=_current,
            summary="Get the price of each channel now.",
            group=Group.AMBER,
            query=vol.Schema(AS_OF),
            answer=Answer(
                description="Prices whose interval covers this moment.", schema=CURRENT
            ),
        ),
        Operation(
            path="/api/prices/history/{site}",
            handler=_history,
            summary="List a site's prices, the newest page first.",
            group=Group.AMBER,
            query=HISTORY,
            answer=Answer(
                description="Prices in ascending order: settled ones, and what was "
                "expected last where none is settled.",
                schema=page_of(PRICE),
                media_types=ROWS,
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            path="/api/prices/forecast/{site}",
            handler=_forecast,
            summary="List the prices that are expected from now on.",
            group=Group.AMBER,
            query=_AHEAD,
            answer=Answer(
                description="Prices in ascending order, the present interval first.",
                schema=FORECAST,
                media_types=ROWS,
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            path="/api/prices/stats/{site}",
            handler=_stats,
            summary="Get minimum, maximum and mean of the settled prices of the last "
            "hours.",
            group=Group.AMBER,
            query=SUMMARY.extend(_CHANNEL),
            answer=Answer(description="Figures of each channel.", schema=PRICE_STATS),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
    )


async def _current(request: web.Request) -> web.Response:
    deps = deps_of(request)
    now = deps.clock.now()
    as_of = as_of_asked(request, now)
    site_id = await find_site(request)
    if as_of is None:
        at = now
        found = await deps.store.read(current_prices, site_id, now)
    else:
        at = as_of
        found = await deps.store.read(_believed, site_id, at)
    if not found:
        raise nothing_stored("no price that covers this moment has been collected")
    return json_reply(
        {
            "site_id": site_id,
            "timestamp": wire.nem_text(at.replace(microsecond=0)),
            "prices": [price(record) for record in found],
        }
    )


def _believed(connection: Reader, site_id: str, at: datetime) -> tuple[Price, ...]:
    """Return the prices of an instant, as they were believed then."""
    second = int(at.timestamp())
    span = IntervalSpan(site_id, second - _DAY_S, second + 1, limit=_MOST_CHANNELS)
    newest = prices_as_of(connection, span, at).intervals
    return tuple(record for record in newest if record.ends_at > at)


async def _history(request: web.Request) -> web.Response:
    return await history_reply(request, _HISTORY)


async def _forecast(request: web.Request) -> web.Response:
    query = query_of(request)
    layout = Layout.of(query)
    site_id = await find_site(request)
    channel: str | None = query.get("channel")
    await check_channel(request, Kind.PRICE, site_id, channel)
    deps = deps_of(request)
    now = deps.clock.now()
    end = now + timedelta(hours=query["hours"])
    span = int(now.timestamp()), int(end.timestamp())
    expected = await deps.store.read(forecast, site_id, span, channel)
    body = _forecast_body(layout, site_id, now, expected)
    return rows_reply(layout, body)


def _forecast_body(
    layout: Layout, site_id: str, now: datetime, expected: Forecast
) -> bytes:
    if layout.form is Format.CSV:
        prices = [known.price for known in expected.prices]
        rows_of_prices = zip(cells_of(PRICES, prices), expected.prices, strict=True)
        return csv_body(
            layout,
            names_of(FORECASTS),
            ((*cells, FETCHED_AT.value(known)) for cells, known in rows_of_prices),
        )
    rows = [expected_price(known) for known in expected.prices]
    whole = {
        "site_id": site_id,
        "timestamp": wire.nem_text(now.replace(microsecond=0)),
        "known_at": wire.utc_text(expected.generated_at),
        "prices": rows,
        "count": len(rows),
    }
    return rows_body(layout, whole=whole, rows=rows, columns=names_of(FORECASTS))


async def _stats(request: web.Request) -> web.Response:
    deps = deps_of(request)
    hours, span = hours_back(request, deps.clock.now())
    channel: str | None = query_of(request).get("channel")
    site_id = await find_site(request)
    await check_channel(request, Kind.PRICE, site_id, channel)
    found = await deps.store.read(price_summaries, site_id, span, channel)
    return json_reply(
        {
            "site_id": site_id,
            "period_hours": hours,
            "channels": [price_summary(one) for one in found],
        }
    )
