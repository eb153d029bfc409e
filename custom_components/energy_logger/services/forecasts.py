"""The action that returns prices to come, in the form that a planner reads."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

import probatio as vol
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.util.dt import get_default_time_zone, utcnow
from homeassistant.util.json import JsonObjectType

from custom_components.energy_logger.api.amber_models import Life
from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.api.planner_feeds import (
    day_span,
    emhass_feed,
    evcc_rates,
    haeo_feed,
    predbat_feed,
)
from custom_components.energy_logger.api.price_source import (
    PriceSource,
    PriceStep,
    price_steps,
)
from custom_components.energy_logger.coordinator import ChannelPrices
from custom_components.energy_logger.coordinator.shapes import forecast_as_dict

from .targets import CHANNEL_FIELD, TARGET_FIELDS, channel_of, prices_of, site_of

ATTR_FORMAT: Final = "format"
ATTR_HOURS: Final = "hours"
ATTR_PRICE_SOURCE: Final = "price_source"
ATTR_STEP: Final = "step"

MOST_HOURS: Final = 36
_MOST_STEP_MINUTES = 60
_HOUR = timedelta(hours=1)


class ForecastFormat(StrEnum):
    """Who reads the forecasts."""

    ENERGY_LOGGER = "energy_logger"
    EMHASS = "emhass"
    EVCC = "evcc"
    HAEO = "haeo"
    PREDBAT = "predbat"


PRICE_SOURCE: Final = vol.All(vol.In([*PriceSource]), vol.Coerce(PriceSource))
FORECASTS_SCHEMA: Final = vol.Schema(
    {
        **TARGET_FIELDS,
        **CHANNEL_FIELD,
        vol.Optional(ATTR_HOURS, default=24): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MOST_HOURS)
        ),
        vol.Optional(ATTR_FORMAT, default=ForecastFormat.ENERGY_LOGGER): vol.All(
            vol.In([*ForecastFormat]), vol.Coerce(ForecastFormat)
        ),
        vol.Optional(ATTR_PRICE_SOURCE, default=PriceSource.ADVANCED): PRICE_SOURCE,
        vol.Optional(ATTR_STEP, default=30): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=_MOST_STEP_MINUTES)
        ),
    }
)


async def get_forecasts(call: ServiceCall) -> ServiceResponse:
    """Return the prices of a channel to come; for EMHASS those of both directions."""
    return await _FORMS[call.data[ATTR_FORMAT]](call)


async def _own(call: ServiceCall) -> ServiceResponse:
    now = utcnow()
    until = now + call.data[ATTR_HOURS] * _HOUR
    wanted = (one for one in prices_of(call).forecasts if now < one.ends_at)
    return {
        "forecasts": [forecast_as_dict(one) for one in wanted if one.starts_at < until]
    }


async def _emhass(call: ServiceCall) -> ServiceResponse:
    steps = _steps(call, prices_of(call, ChannelType.GENERAL))
    feed_in = site_of(call).prices.data.channels.get(ChannelType.FEED_IN)
    earned = () if feed_in is None else _steps(call, feed_in)
    length = timedelta(minutes=call.data[ATTR_STEP])
    return _json(emhass_feed(steps, earned, utcnow(), length))


async def _evcc(call: ServiceCall) -> ServiceResponse:
    rates = evcc_rates(_steps(call, prices_of(call)))
    return {"rates": [_json(one) for one in rates]}


async def _haeo(call: ServiceCall) -> ServiceResponse:
    return _json(haeo_feed(_steps(call, prices_of(call))))


async def _predbat(call: ServiceCall) -> ServiceResponse:
    known = prices_of(call)
    site = site_of(call)
    now, zone = utcnow(), get_default_time_zone()
    begin, _ = day_span(now.astimezone(zone).date(), zone)
    behind = known.known[0].starts_at if known.known else now
    over = await site.prices.fetch_between(begin, behind)
    channel = channel_of(call, site)
    past = [
        one
        for one in over
        if one.channel_type == channel and one.life is not Life.FORECAST
    ]
    steps = price_steps((*past, *known.known), call.data[ATTR_PRICE_SOURCE])
    return _json(predbat_feed(steps, now, zone))


def _steps(call: ServiceCall, prices: ChannelPrices) -> tuple[PriceStep, ...]:
    """Return the present price and those of the hours to come, by a source."""
    now = utcnow()
    until = now + call.data[ATTR_HOURS] * _HOUR
    wanted = (
        one for one in prices.known if now < one.ends_at and one.starts_at < until
    )
    return price_steps(wanted, call.data[ATTR_PRICE_SOURCE])


def _json(feed: Mapping[str, Any]) -> JsonObjectType:
    return {**feed}


_FORMS: Mapping[
    ForecastFormat, Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]
] = {
    ForecastFormat.ENERGY_LOGGER: _own,
    ForecastFormat.EMHASS: _emhass,
    ForecastFormat.EVCC: _evcc,
    ForecastFormat.HAEO: _haeo,
    ForecastFormat.PREDBAT: _predbat,
}
