"""Diagnostics of an entry, without anything personal.

Neither the token nor a number of the customer, nor what was used or paid; of errors
only their kind, since their words may quote an address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_API_KEY, CONF_API_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.dt import utcnow

from .api.amber_models import Price
from .api.rate_limit import CallBudget
from .const import CONF_CHARGES, CONF_LISTED, CONF_SITE_ID
from .coordinator import (
    AnyCoordinator,
    AreaCoordinator,
    ChannelPrices,
    EnergyLoggerConfigEntry,
    LinkedData,
    PeakWatchCoordinator,
    PriceCoordinator,
    ServerCoordinator,
    ServerState,
    SiteCoordinators,
    UsageCoordinator,
)
from .coordinator.peak_announced import announced_attributes

_PERSONAL = {
    CONF_API_KEY,
    CONF_API_TOKEN,
    CONF_CHARGES,
    CONF_LISTED,
    CONF_SITE_ID,
    CONF_URL,
    "title",
    "unique_id",
}


async def async_get_config_entry_diagnostics(
    _hass: HomeAssistant, entry: EnergyLoggerConfigEntry
) -> dict[str, Any]:
    """Return what helps to find out why an entry does not do what it should."""
    summary: dict[str, Any] = {
        "entry": async_redact_data(entry.as_dict(), _PERSONAL),
        "state": entry.state.value,
    }
    if entry.state is not ConfigEntryState.LOADED:
        return summary
    runtime = entry.runtime_data
    return {
        **summary,
        # sites have no number here: their own is personal
        "sites": [_site(site) for site in runtime.sites.values()],
        "areas": {str(id_): _area(area) for id_, area in runtime.areas.items()},
        "skipped": len(runtime.skipped),
        "linked": None if runtime.linked is None else _linked(runtime.linked),
    }


def _linked(linked: LinkedData) -> dict[str, Any]:
    state: ServerState = linked.server.data
    return {
        **_fetches(linked.server),
        "version": state.info.version,
        "schema_version": state.info.schema_version,
        "health": state.status.health,
        "refused_sources": list(state.status.refused_sources),
        "sites": len(state.sites),
        "areas": len(state.areas),
        "peak_watch": _watch(linked.watch),
        "substations": {
            str(one.area.id): {**_fetches(one), "faults": len(one.data.faults)}
            for one in linked.substations
        },
        "not_listed": linked.listings.missing_count,
        "waiting": [_fetches(one) for one in linked.waiting],
    }


def _watch(watch: PeakWatchCoordinator) -> dict[str, Any]:
    if watch.data is None:
        return _fetches(watch)
    return {
        **_fetches(watch),
        "area_id": watch.data.area_id,
        "is_trained": watch.data.is_trained,
        "is_open": watch.data.is_open,
        "likelihood": watch.data.likelihood,
        **announced_attributes(watch.data, utcnow()),
    }


def _site(site: SiteCoordinators) -> dict[str, Any]:
    prices: PriceCoordinator = site.prices
    usage: UsageCoordinator = site.usage
    return {
        "status": prices.site.status,
        "interval_minutes": prices.site.interval_length_minutes,
        "channels": list(prices.site.price_channels),
        "call_budget": _budget(prices.source.budget),
        "prices": {
            **_fetches(prices),
            "is_confirmed": prices.data.is_confirmed,
            "is_behind": prices.is_behind,
            "lacks_forecasts": prices.data.lacks_forecasts,
            "fetched_at": prices.data.fetched_at.isoformat(),
            "intervals": _intervals(prices.data.channels),
        },
        "usage": {
            **_fetches(usage),
            "has_yesterday": usage.data.yesterday is not None,
            "latest_day": _iso(usage.data.latest_day),
            "newest_complete_day": _iso(usage.data.newest and usage.data.newest.day),
            "silent_registers": len(usage.silent_registers),
        },
    }


def _area(area: AreaCoordinator) -> dict[str, Any]:
    hours = area.data.today.loads_kw
    return {
        **_fetches(area),
        "fetched_at": area.data.fetched_at.isoformat(),
        "is_behind": area.is_behind,
        "today": {
            "hours": len(hours),
            "first": _iso(min(hours, default=None)),
            "last": _iso(max(hours, default=None)),
        },
        "has_forecast": area.data.forecast_peak is not None,
        "wants_substations": area.with_substations,
        "substations": len(area.data.substations),
    }


def _fetches(
    coordinator: AnyCoordinator | ServerCoordinator,
) -> dict[str, Any]:
    return {
        "is_up": coordinator.last_update_success,
        "succeeded_at": _iso(coordinator.succeeded_at),
        "next_at": _iso(coordinator.next_at),
        "last_error": _kind(coordinator.last_exception),
    }


def _kind(error: BaseException | None) -> str | None:
    """Return which error it was, without its words."""
    if error is None:
        return None
    key = error.translation_key if isinstance(error, HomeAssistantError) else None
    return key or type(error).__name__


def _budget(budget: CallBudget | None) -> list[dict[str, Any]] | None:
    if budget is None:
        return None
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in asdict(counter).items()
        }
        for counter in budget.snapshot()
    ]


def _intervals(channels: Mapping[str, ChannelPrices]) -> dict[str, Any]:
    return {
        channel: {
            "has_current": prices.current is not None,
            "forecasts": _extent(prices.forecasts),
        }
        for channel, prices in channels.items()
    }


def _extent(prices: Sequence[Price]) -> dict[str, Any]:
    return {
        "count": len(prices),
        "first": _iso(prices[0].starts_at if prices else None),
        "last": _iso(prices[-1].ends_at if prices else None),
    }


def _iso(instant: Any) -> str | None:
    return None if instant is None else str(instant.isoformat())
