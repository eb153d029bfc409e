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
    load_as_dict,
    price_as_dict,
    usage_as_dict,
)
from custom_components.energy_logger.sources.nem_weeks import nem_weeks

from .forecasts import (
    ATTR_PRICE_SOURCE,
    FORECASTS_SCHEMA,
    PRICE_SOURCE,
    get_forecasts,
)
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
    CHANNEL_FIELD,
    TARGET_FIELDS,
    area_of,
    channel_of,
    invalid,
    is_linked,
    prices_of,
    site_of,
)

if TYPE_CHECKING:
    from custom_components.energy_logger.api.amber_models import Usage

ATTR_DURATION: Final = "duration"
ATTR_EARLIEST: Final = "earliest"
ATTR_END: Final = "end"
ATTR_LATEST: Final = "latest"
ATTR_START: Final = "start"

_HOUR = timedelta(hours=1)
_FOREVER = timedelta(days=366)

_SPAN: Final = {
    vol.Required(ATTR_START): cv.datetime,
    vol.Required(ATTR_END): cv.datetime,
}
_RANGE_SCHEMA = vol.Schema({**TARGET_FIELDS, **CHANNEL_FIELD, **_SPAN})
_LOAD_SCHEMA = vol.Schema({**TARGET_FIELDS, **_SPAN})
_WINDOW_SCHEMA = vol.Schema(
    {
        **TARGET_FIELDS,
        **CHANNEL_FIELD,
        vol.Required(ATTR_DURATION): cv.positive_time_period,
        vol.Optional(ATTR_EARLIEST): cv.datetime,
        vol.Optional(ATTR_LATEST): cv.datetime,
        vol.Optional(ATTR_PRICE_SOURCE, default=PriceSource.AEMO): PRICE_SOURCE,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not there are entries."""
    only, optional = SupportsResponse.ONLY, SupportsResponse.OPTIONAL
    for name, act, schema, response in (
        ("get_prices", _get_prices, _RANGE_SCHEMA, only),
        ("get_forecasts", get_forecasts, FORECASTS_SCHEMA, only),
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
    """Say what went wrong at a utility in Home Assistant's words."""

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
    records = [
        one
        for one in await site.prices.fetch_between(span.start, span.end)
        if one.channel_type == channel and span.overlaps(one.starts_at, one.ends_at)
    ]
    records.sort(key=lambda one: one.starts_at)
    return {"prices": [price_as_dict(one) for one in records]}


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
    known = prices.known
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
