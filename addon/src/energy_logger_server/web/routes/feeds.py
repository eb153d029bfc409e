"""``/api/feeds``: prices in the forms that planners read, see ``api.planner_feeds``."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.channels import ChannelType
from energy_logger_server.api.planner_feeds import (
    EmhassFeed,
    HaeoFeed,
    PredbatFeed,
    SpanOfPrice,
    day_span,
    emhass_feed,
    evcc_rates,
    haeo_feed,
    predbat_feed,
)
from energy_logger_server.api.price_source import PriceSource, PriceStep, price_steps
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.amber.forecast import forecast
from energy_logger_server.store.amber.prices import IntervalSpan, newest_prices
from energy_logger_server.web.datasets.lookups import check_channel, find_site
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import OneOf, SomeText, WholeNumber
from energy_logger_server.web.http.errors import nothing_stored
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.zone import Zone

_MOST_INTERVALS = 2 * 25 * 12
"""Of a channel in two days of 25 hours."""


class Tariff(StrEnum):
    """What evcc calls the two directions."""

    GRID = "grid"
    FEED_IN = "feedin"


_CHANNELS = {Tariff.GRID: ChannelType.GENERAL, Tariff.FEED_IN: ChannelType.FEED_IN}
_SOURCE = {
    vol.Optional(
        "price_source",
        default=PriceSource.ADVANCED.value,
        description="Whose forecast: the market operator's, or Amber's own with its "
        "two edges; where Amber has none, the market operator's.",
    ): OneOf(PriceSource)
}
_HOURS = {
    vol.Optional(
        "hours", default="36", description="How many hours to look ahead."
    ): WholeNumber(1, 168)
}
_CHANNEL = {
    vol.Optional(
        "channel",
        default=ChannelType.GENERAL.value,
        description="Type of the channel.",
    ): SomeText()
}
_EMHASS = vol.Schema(
    {
        vol.Optional(
            "step", default="30", description="EMHASS's time step in minutes."
        ): WholeNumber(1, 60),
        **_HOURS,
        **_SOURCE,
    }
)
_EVCC = vol.Schema(
    {
        vol.Optional(
            "tariff",
            default=Tariff.GRID.value,
            description="What evcc is to read it as: the price of import, or what "
            "export earns.",
        ): OneOf(Tariff),
        **_HOURS,
        **_SOURCE,
    }
)
_PREDBAT = vol.Schema(
    {
        vol.Optional(
            "tz",
            description="IANA time zone whose days today and tomorrow are; the "
            "setting TZ unless given, and without that UTC.",
        ): Zone(),
        **_CHANNEL,
        **_SOURCE,
    }
)


def feed_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/feeds``."""
    errors = (HTTPStatus.UNPROCESSABLE_ENTITY,)
    return (
        Operation(
            path="/api/feeds/emhass/{site}",
            handler=_emhass,
            summary="Get a site's expected prices as runtime parameters of EMHASS.",
            group=Group.AMBER,
            query=_EMHASS,
            answer=Answer(description="What EMHASS takes as JSON.", schema=EmhassFeed),
        ),
        Operation(
            path="/api/feeds/evcc/{site}",
            handler=_evcc,
            summary="Get a site's expected prices as a custom tariff of evcc.",
            group=Group.AMBER,
            query=_EVCC,
            answer=Answer(
                description="Rates in ascending order, the present interval first.",
                schema=list[SpanOfPrice],
            ),
        ),
        Operation(
            path="/api/feeds/haeo/{site}",
            handler=_haeo,
            summary="Get a site's expected prices as the attribute that HAEO reads.",
            group=Group.AMBER,
            query=vol.Schema({**_CHANNEL, **_HOURS, **_SOURCE}),
            answer=Answer(
                description="Prices in ascending order, the present interval first.",
                schema=HaeoFeed,
            ),
            errors=errors,
        ),
        Operation(
            path="/api/feeds/predbat/{site}",
            handler=_predbat,
            summary="Get today's and tomorrow's prices as the attributes that Predbat "
            "reads.",
            group=Group.AMBER,
            query=_PREDBAT,
            answer=Answer(
                description="Half hours of two local days, those that are over "
                "included.",
                schema=PredbatFeed,
            ),
            errors=errors,
        ),
    )


async def _emhass(request: web.Request) -> web.Response:
    now = deps_of(request).clock.now()
    site_id = await find_site(request)
    general = await _expected(request, site_id, ChannelType.GENERAL, now)
    feed_in = await _expected(request, site_id, ChannelType.FEED_IN, now)
    _require(general)
    step = timedelta(minutes=query_of(request)["step"])
    return json_reply(emhass_feed(general, feed_in, now, step))


async def _evcc(request: web.Request) -> web.Response:
    site_id = await find_site(request)
    channel = _CHANNELS[query_of(request)["tariff"]]
    now = deps_of(request).clock.now()
    steps = await _expected(request, site_id, channel, now)
    return json_reply(evcc_rates(_require(steps)))


async def _haeo(request: web.Request) -> web.Response:
    site_id = await find_site(request)
    channel: str = query_of(request)["channel"]
    await check_channel(request, Kind.PRICE, site_id, channel)
    now = deps_of(request).clock.now()
    steps = await _expected(request, site_id, channel, now)
    return json_reply(haeo_feed(_require(steps)))


async def _predbat(request: web.Request) -> web.Response:
    query = query_of(request)
    deps = deps_of(request)
    zone = query.get("tz") or deps.settings.tz or UTC
    site_id = await find_site(request)
    channel: str = query["channel"]
    await check_channel(request, Kind.PRICE, site_id, channel)
    now = deps.clock.now()
    today = now.astimezone(zone).date()
    begin, _ = day_span(today, zone)
    _, end = day_span(today + timedelta(days=1), zone)
    span = IntervalSpan(
        site_id,
        int(begin.timestamp()),
        int(end.timestamp()),
        _MOST_INTERVALS,
        channel=channel,
    )
    page = await deps.store.read(newest_prices, span)
    steps = price_steps(page.intervals, query["price_source"])
    if not steps:
        raise nothing_stored("no price of today or tomorrow has been collected")
    return json_reply(predbat_feed(steps, now, zone))


async def _expected(
    request: web.Request, site_id: str, channel: str, now: datetime
) -> tuple[PriceStep, ...]:
    """Return the prices of a channel from the present interval on."""
    query = query_of(request)
    end = now + timedelta(hours=query["hours"])
    span = int(now.timestamp()), int(end.timestamp())
    expected = await deps_of(request).store.read(forecast, site_id, span, channel)
    return price_steps(
        (known.price for known in expected.prices), query["price_source"]
    )


def _require(steps: tuple[PriceStep, ...]) -> tuple[PriceStep, ...]:
    """Return prices; a planner must not take an empty list for free energy.

    Raises:
        ApiError: If there are none.
    """
    if not steps:
        raise nothing_stored("no price of now or later has been collected")
    return steps
