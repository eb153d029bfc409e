"""Devices of a linked entry that must go: what they stand for is not there any more."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import AnyDeviceEntry

from custom_components.energy_logger.coordinator import (
    EnergyLoggerConfigEntry,
    LinkedData,
)
from custom_components.energy_logger.keys import KeyKind, keys_in, server_key, watch_key

from .selection import Choice, must_go


@callback
def remove_gone_devices(
    hass: HomeAssistant, entry: EnergyLoggerConfigEntry, linked: LinkedData
) -> None:
    """Remove devices of sites and areas that are gone, or shown by another entry.

    An area that is no longer wanted goes, with its substations; and so do a server
    whose store is another one now, and a peak watch of another area.
    """
    devices = dr.async_get(hass)
    choice = Choice(linked.keys, entry.runtime_data.skipped)
    for device in dr.async_entries_for_config_entry(devices, entry.entry_id):
        (key,) = keys_in(device.identifiers)
        if KeyKind.SERVER.includes(key):
            is_old = key != server_key(entry.unique_id)
        elif KeyKind.WATCH.includes(key):
            is_old = _is_old_watch(entry, linked, key)
        else:
            is_old = must_go(choice, linked.listings, key)
        if is_old:
            devices.async_remove_device(device.id)


def _is_old_watch(entry: EnergyLoggerConfigEntry, linked: LinkedData, key: str) -> bool:
    """Return whether a device is that of a watch that is known to be another now."""
    if not linked.watch.last_update_success:
        return False
    area_id = linked.watch.area_id
    return area_id is None or key != watch_key(entry.unique_id, area_id)


@callback
def is_of_closed_site(entry: EnergyLoggerConfigEntry, device: AnyDeviceEntry) -> bool:
    """Return whether a device is that of a site which a linked entry shows no longer.

    It stays for a new site to take over, unless the user removes it.
    """
    if entry.state is not ConfigEntryState.LOADED or entry.runtime_data.linked is None:
        return False
    keys = entry.runtime_data.linked.keys
    return any(
        KeyKind.SITE.includes(key) and key not in keys
        for key in keys_in(device.identifiers)
    )
