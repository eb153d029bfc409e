"""Actions: prices, forecasts, usage, load and the cheapest hours, as responses."""

from collections.abc import Callable, Coroutine, Mapping
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

from custom_components.energy_logger.api.errors import SourceError
from custom_components.energy_logger.api.plan import cheapest_window
from custom_components.energy_logger.api.price_source import PriceSource, price_step
from custom_components.energy_logger.const import DOMAIN
from custom_components.energy_logger.coordinator.base import translated_error
from custom_components.energy_logger.coordinator.shapes import (
    price_as_dict,
    usage_as_dict,
)
from custom_components.energy_logger.sources.nem_weeks import nem_weeks

from .dashboard import LOVELACE_SCHEMA, get_dashboard
from .forecasts import (
    ATTR_PRICE_SOURCE,
    FORECASTS_SCHEMA,
    PRICE_SOURCE,
    get_forecasts,
)
from .load import LOAD_SCHEMA, get_load
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
    SPAN_FIELDS,
    TARGET_FIELDS,
    channel_of,
    invalid,
    is_linked,
    prices_of,
    site_of,
    span_of,
)

if TYPE_CHECKING:
    from custom_components.energy_logger.api.amber_models import Usage

ATTR_DURATION: Final = "duration"
ATTR_EARLIEST: Final = "earliest"
ATTR_LATEST: Final = "latest"

_FOREVER = timedelta(days=366)

_RANGE_SCHEMA = vol.Schema({**TARGET_FIELDS, **CHANNEL_FIELD, **SPAN_FIELDS})
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
        ("get_load", get_load, LOAD_SCHEMA, only),
        ("get_cheapest_window", _get_cheapest_window, _WINDOW_SCHEMA, only),
        ("get_dashboard", get_dashboard, LOVELACE_SCHEMA, only),
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
    span = span_of(call)
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
    span = span_of(call)
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
