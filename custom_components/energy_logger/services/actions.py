"""Actions: prices, forecasts, usage, load and the cheapest hours, as responses."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import probatio as vol
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.dt import as_utc, utcnow
from homeassistant.util.json import JsonValueType

from custom_components.energy_logger.api.errors import SourceError
from custom_components.energy_logger.api.kamo_models import LoadPoint
from custom_components.energy_logger.api.plan import cheapest_window
from custom_components.energy_logger.api.price_source import PriceSource, price_step
from custom_components.energy_logger.const import DOMAIN
from custom_components.energy_logger.coordinator.base import translated_error
from custom_components.energy_logger.coordinator.shapes import (
    forecast_as_dict,
    load_as_dict,
    price_as_dict,
    usage_as_dict,
)
from custom_components.energy_logger.sources.nem_weeks import nem_weeks

from .spans import MOST_DAYS, Span
from .statistics import (
    AUDIT_SCHEMA,
    DASHBOARD_SCHEMA,
    IMPORT_SCHEMA,
    add_to_dashboard,
    audit_statistics,
    import_history,
)
from .targets import (
    ATTR_CHANNEL,
    CHANNELS,
    TARGET_FIELDS,
    area_of,
    channel_of,
    invalid,
    is_linked,
    prices_of,
    site_of,
)

if TYPE_CHECKING:
    from custom_components.energy_logger.api.amber_models import Price, Usage

ATTR_DURATION: Final = "duration"
ATTR_EARLIEST: Final = "earliest"
ATTR_END: Final = "end"
ATTR_HOURS: Final = "hours"
ATTR_LATEST: Final = "latest"
ATTR_PRICE_SOURCE: Final = "price_source"
ATTR_START: Final = "start"

MOST_HOURS: Final = 36
_HOUR = timedelta(hours=1)
_FOREVER = timedelta(days=366)

_CHANNEL: Final = {vol.Required(ATTR_CHANNEL): vol.In([*CHANNELS])}
_SPAN: Final = {
    vol.Required(ATTR_START): cv.datetime,
    vol.Required(ATTR_END): cv.datetime,
}
_RANGE_SCHEMA = vol.Schema({**TARGET_FIELDS, **_CHANNEL, **_SPAN})
_FORECASTS_SCHEMA = vol.Schema(
    {
        **TARGET_FIELDS,
        **_CHANNEL,
        vol.Optional(ATTR_HOURS, default=24): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MOST_HOURS)
        ),
    }
)
_LOAD_SCHEMA = vol.Schema({**TARGET_FIELDS, **_SPAN})
_WINDOW_SCHEMA = vol.Schema(
    {
        **TARGET_FIELDS,
        **_CHANNEL,
        vol.Required(ATTR_DURATION): cv.positive_time_period,
        vol.Optional(ATTR_EARLIEST): cv.datetime,
        vol.Optional(ATTR_LATEST): cv.datetime,
        vol.Optional(ATTR_PRICE_SOURCE, default=PriceSource.AEMO): vol.All(
            vol.In([*PriceSource]), vol.Coerce(PriceSource)
        ),
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not there are entries."""
    only, optional = SupportsResponse.ONLY, SupportsResponse.OPTIONAL
    for name, act, schema, response in (
        ("get_prices", _get_prices, _RANGE_SCHEMA, only),
        ("get_forecasts", _get_forecasts, _FORECASTS_SCHEMA, only),
        ("get_usage", _get_usage, _RANGE_SCHEMA, only),
        ("get_load", _get_load, _LOAD_SCHEMA, only),
        ("get_cheapest_window", _get_cheapest_window, _WINDOW_SCHEMA, only),
        ("import_history", import_history, IMPORT_SCHEMA, optional),
        ("audit_statistics", audit_statistics, AUDIT_SCHEMA, only),
        ("add_to_energy_dashboard", add_to_dashboard, DASHBOARD_SCHEMA, optional),
    ):
        hass.services.async_register(
            DOMAIN, name, _reporting(act), schema, supports_response=response
        )


type _Action = Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]


def _reporting(act: _Action) -> _Action:
    """Tell what went wrong at a utility in Home Assistant's words."""

    async def reporting(call: ServiceCall) -> ServiceResponse:
        try:
            return await act(call)
        except SourceError as err:
            raise HomeAssistantError(
                **translated_error(err, is_linked=is_linked(call))
            ) from err

    return reporting


async def _get_prices(call: ServiceCall) -> ServiceResponse:
    span = _span_of(call)
    site = site_of(call)
    channel = channel_of(call, site)
    prices = site.prices
    records: list[Price] = []
    for first, last in nem_weeks(span.start, span.end):
        answer = await prices.source.fetch_prices(prices.site.id, first, last)
        records += [
            one
            for one in answer.records
            if one.channel_type == channel and span.overlaps(one.starts_at, one.ends_at)
        ]
    records.sort(key=lambda one: one.starts_at)
    return {"prices": [price_as_dict(one) for one in records]}


async def _get_forecasts(call: ServiceCall) -> ServiceResponse:
    now = utcnow()
    until = now + call.data[ATTR_HOURS] * _HOUR
    prices = prices_of(call)
    wanted = (one for one in prices.forecasts if now < one.ends_at)
    return {
        "forecasts": [forecast_as_dict(one) for one in wanted if one.starts_at < until]
    }


async def _get_usage(call: ServiceCall) -> ServiceResponse:
    span = _span_of(call)
    site = site_of(call)
    channel = channel_of(call, site)
    usage = site.usage
    records: list[Usage] = []
    for first, last in nem_weeks(span.start, span.end):
        answer = await usage.source.fetch_usage(usage.site.id, first, last)
        records += [
            one
            for one in answer.records
            if one.channel_type == channel and span.overlaps(one.starts_at, one.ends_at)
        ]
    records.sort(key=lambda one: (one.starts_at, one.channel_identifier))
    return {"usage": [usage_as_dict(one) for one in records]}


async def _get_load(call: ServiceCall) -> ServiceResponse:
    span = _span_of(call)
    area = area_of(call)
    hours = max(-((span.start - utcnow()) // _HOUR), 1)
    grid = await area.source.fetch_area_grid(area.area.id, hours=hours)
    forecast = grid.forecasts[0].points if grid.forecasts else ()
    return {
        "load": _loads(grid.actual, span),
        "forecast": _loads(forecast, span),
    }


async def _get_cheapest_window(call: ServiceCall) -> ServiceResponse:
    duration: timedelta = call.data[ATTR_DURATION]
    if not duration:
        raise invalid("no_duration")
    now = utcnow()
    earliest = max(_instant(call.data, ATTR_EARLIEST, now), now)
    latest = _instant(call.data, ATTR_LATEST, now + _FOREVER)
    prices = prices_of(call)
    known = [*prices.forecasts]
    if prices.current is not None:
        known.append(prices.current)
    window = cheapest_window(
        [price_step(one, call.data[ATTR_PRICE_SOURCE]) for one in known],
        duration=duration,
        earliest=earliest,
        latest=latest,
    )
    if window is None:
        until = max((one.ends_at for one in known), default=now)
        raise invalid("no_window", until=until.isoformat())
    return {
        "start_time": window.starts_at.isoformat(),
        "end_time": window.ends_at.isoformat(),
        "per_kwh": window.mean_aud_per_kwh,
    }


def _instant(fields: Mapping[str, datetime], name: str, default: datetime) -> datetime:
    """Return a field in UTC; one without offset is local time of Home Assistant."""
    return as_utc(fields[name]) if name in fields else default


def _span_of(call: ServiceCall) -> Span:
    span = Span(as_utc(call.data[ATTR_START]), as_utc(call.data[ATTR_END]))
    if span.is_empty:
        raise invalid("end_before_start")
    if span.is_too_long:
        raise invalid("span_too_long", days=str(MOST_DAYS))
    return span


def _loads(points: Iterable[LoadPoint], span: Span) -> list[JsonValueType]:
    wanted = [one for one in points if span.start <= one.hour_at < span.end]
    return [load_as_dict(one) for one in sorted(wanted, key=lambda one: one.hour_at)]
