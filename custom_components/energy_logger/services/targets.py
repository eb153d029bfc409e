"""What an action is about: the site or area of the entry that it names."""

from collections.abc import Mapping
from typing import Final

import probatio as vol
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import ConfigEntrySelector
from homeassistant.helpers.service import async_get_config_entry
from homeassistant.util.dt import as_utc

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.const import CONF_CONNECTION, DOMAIN, Connection
from custom_components.energy_logger.coordinator import (
    AreaCoordinator,
    ChannelPrices,
    EnergyLoggerConfigEntry,
    LinkedData,
    SiteCoordinators,
    StatisticsCoordinator,
)
from custom_components.energy_logger.keys import (
    CHANNEL_KEYS,
    area_key,
    keys_in,
    site_key,
)

from .spans import MOST_DAYS, Span

ATTR_CHANNEL: Final = "channel"
ATTR_END: Final = "end"
ATTR_START: Final = "start"

ENTRY_FIELD: Final[Mapping[vol.Marker, object]] = {
    vol.Required(ATTR_CONFIG_ENTRY_ID): ConfigEntrySelector({"integration": DOMAIN}),
}
TARGET_FIELDS: Final = {
    **ENTRY_FIELD,
    vol.Optional(ATTR_DEVICE_ID): cv.string,
}
"""Fields of what an action is about, where it is one site or area."""

CHANNELS = {key: channel for channel, key in CHANNEL_KEYS.items()}
"""Channels by what actions call them."""

CHANNEL_FIELD: Final = {vol.Required(ATTR_CHANNEL): vol.In([*CHANNELS])}

SPAN_FIELDS: Final = {
    vol.Required(ATTR_START): cv.datetime,
    vol.Required(ATTR_END): cv.datetime,
}
"""Of which time; without an offset it is local time of Home Assistant."""


def invalid(key: str, **placeholders: str) -> ServiceValidationError:
    """Return the error that says what is wrong with a call."""
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def site_of(call: ServiceCall) -> SiteCoordinators:
    """Return the site that a call is about.

    Raises:
        ServiceValidationError: If the entry has none, or several and no device says
            which.
    """
    entry = entry_of(call)
    sites = {site_key(id_): one for id_, one in entry.runtime_data.sites.items()}
    if not sites:
        raise invalid("entry_without_site", entry=entry.title)
    return _chosen(call, sites)


def area_of(call: ServiceCall) -> AreaCoordinator:
    """Return the area that a call is about.

    Raises:
        ServiceValidationError: As in ``site_of``.
    """
    entry = entry_of(call)
    areas = {area_key(id_): one for id_, one in entry.runtime_data.areas.items()}
    if not areas:
        raise invalid("entry_without_area", entry=entry.title)
    return _chosen(call, areas)


def statistics_of(call: ServiceCall) -> StatisticsCoordinator:
    """Return what brings in the statistics of the site or area that a call is about.

    Raises:
        ServiceValidationError: If the entry has several and no device says which.
    """
    return _chosen(call, entry_of(call).runtime_data.statistics)


def channel_of(call: ServiceCall, site: SiteCoordinators) -> ChannelType:
    """Return the channel that a call is about.

    Raises:
        ServiceValidationError: If the site has no such channel.
    """
    key: str = call.data[ATTR_CHANNEL]
    channel = CHANNELS[key]
    prices = site.prices
    if channel not in {*prices.site.price_channels, *prices.data.channels}:
        raise invalid("no_such_channel", channel=key)
    return channel


def span_of(call: ServiceCall) -> Span:
    """Return the span that a call is about.

    Raises:
        ServiceValidationError: If it is empty, or longer than ``MOST_DAYS``.
    """
    span = Span(as_utc(call.data[ATTR_START]), as_utc(call.data[ATTR_END]))
    if span.is_empty:
        raise invalid("end_before_start")
    if span.is_too_long:
        raise invalid("span_too_long", days=str(MOST_DAYS))
    return span


def linked_of(call: ServiceCall) -> LinkedData | None:
    """Return what a linked entry holds; None of a direct one."""
    return entry_of(call).runtime_data.linked


def prices_of(call: ServiceCall, channel: ChannelType | None = None) -> ChannelPrices:
    """Return the prices that are known of a channel, those to come included.

    Args:
        call: The call.
        channel: Which one; that of the call unless given.

    Raises:
        ServiceValidationError: As in ``site_of`` and ``channel_of``.
        HomeAssistantError: If the last fetch failed or brought no forecasts: old prices
            are no ground to plan.
    """
    site = site_of(call)
    channel = channel or channel_of(call, site)
    if not site.prices.last_update_success:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="prices_unavailable"
        )
    if site.prices.data.lacks_forecasts:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="forecasts_unavailable"
        )
    prices: ChannelPrices = site.prices.data.channels.get(channel, ChannelPrices(None))
    return prices


def is_linked(call: ServiceCall) -> bool:
    """Return whether it is our server that a call asks, in the utility's place."""
    return bool(entry_of(call).data[CONF_CONNECTION] == Connection.SERVER)


def entry_of(call: ServiceCall) -> EnergyLoggerConfigEntry:
    """Return the entry that a call names.

    Raises:
        ServiceValidationError: If there is none, or it is not loaded.
    """
    return async_get_config_entry(call.hass, DOMAIN, call.data[ATTR_CONFIG_ENTRY_ID])


def _chosen[Target](call: ServiceCall, targets: Mapping[str, Target]) -> Target:
    """Return the target that the device names; the only one needs no device."""
    device_id = call.data.get(ATTR_DEVICE_ID)
    # a blueprint cannot leave a field out, only empty
    if not device_id:
        if len(targets) > 1:
            raise invalid("device_needed")
        return next(iter(targets.values()))
    device = dr.async_get(call.hass).async_get(device_id)
    keys = set() if device is None else keys_in(device.identifiers)
    for key, target in targets.items():
        if key in keys:
            return target
    raise invalid("device_of_other_entry")
