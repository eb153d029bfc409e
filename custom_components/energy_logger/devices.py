"""Devices of sites, areas, substations and servers, derived from the utility alone.

So a site or an area keeps its device, its entities and their history, whichever way it
is reached.
"""

from collections import Counter

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import (
    ChildDeviceInfo,
    DeviceEntryType,
    DeviceInfo,
)

from .api.kamo_models import Area
from .api.server_peaks import PeakWatch
from .const import CONF_APP_SLUG, INTERVAL_MINUTES
from .coordinator import (
    AreaCoordinator,
    EnergyLoggerConfigEntry,
    PriceCoordinator,
    ServerState,
    UsageCoordinator,
)
from .keys import (
    area_key,
    identifiers_of,
    is_part_of,
    keys_in,
    part_key,
    server_key,
    site_key,
    watch_key,
)
from .sources.names import area_name

_ANSWERS_OF_A_DAY = 24 * 60 // INTERVAL_MINUTES


def site_device(coordinator: PriceCoordinator | UsageCoordinator) -> DeviceInfo:
    """Return the device of a coordinator's site."""
    return DeviceInfo(
        identifiers=identifiers_of(site_key(coordinator.site.id)),
        entry_type=DeviceEntryType.SERVICE,
        manufacturer="Amber Electric",
        name=coordinator.site_name,
    )


def area_device(area: Area) -> DeviceInfo:
    """Return the device of an area."""
    return DeviceInfo(
        identifiers=identifiers_of(area_key(area.id)),
        entry_type=DeviceEntryType.SERVICE,
        manufacturer="KAMO Power",
        name=area_name(area),
    )


def substation_device(area: Area, substation: str, parent_id: str) -> ChildDeviceInfo:
    """Return the device of a substation, a child of its area's.

    Args:
        area: Its area.
        substation: Its name, unique in the area.
        parent_id: Of the area's device in the registry.
    """
    return ChildDeviceInfo(
        identifiers=identifiers_of(part_key(area_key(area.id), substation)),
        name=substation,
        parent_device_id=parent_id,
    )


def server_device(entry: EnergyLoggerConfigEntry, state: ServerState) -> DeviceInfo:
    """Return the device of a server; an app's page is inside Home Assistant."""
    slug: str | None = entry.data.get(CONF_APP_SLUG)
    page = entry.data[CONF_URL] if slug is None else f"homeassistant://app/{slug}"
    return DeviceInfo(
        identifiers=identifiers_of(server_key(entry.unique_id)),
        entry_type=DeviceEntryType.SERVICE,
        configuration_url=page,
        manufacturer="Energy Logger",
        name="Energy Logger",
        sw_version=state.info.version,
    )


def watch_device(entry: EnergyLoggerConfigEntry, watch: PeakWatch) -> DeviceInfo:
    """Return the device of a server's peak watch, which shows in no area's own."""
    return DeviceInfo(
        identifiers=identifiers_of(watch_key(entry.unique_id, watch.area_id)),
        entry_type=DeviceEntryType.SERVICE,
        manufacturer="Energy Logger",
        name=f"Peak watch {watch.area_abbreviation}",
    )


@callback
def watch_substations(
    hass: HomeAssistant,
    entry: EnergyLoggerConfigEntry,
    area: AreaCoordinator,
    parent_id: str,
) -> None:
    """Remove an area's devices of substations that are not there any more.

    One that is missing is unavailable at once. It goes when a day's answers in a row
    have listed others without it: stations drop out for hours.

    Args:
        hass: Home Assistant.
        entry: Ends it when it is unloaded.
        area: Tells what is listed.
        parent_id: Of the area's device.
    """
    devices = dr.async_get(hass)
    if not area.with_substations:
        for device in dr.async_entries_for_parent_device(devices, parent_id):
            devices.async_remove_device(device.id)
        return
    answers_without: Counter[str] = Counter()

    @callback
    def check() -> None:
        if not area.last_update_success or not area.data.lists_all_substations:
            return
        gone = False
        for device in dr.async_entries_for_parent_device(devices, parent_id):
            if _is_listed(area, device):
                answers_without.pop(device.id, None)
                continue
            answers_without[device.id] += 1
            if answers_without[device.id] >= _ANSWERS_OF_A_DAY:
                devices.async_remove_device(device.id)
                gone = True
        if gone:
            # so that it is added again should it come back
            hass.config_entries.async_schedule_reload(entry.entry_id)

    entry.async_on_unload(area.async_add_listener(check))


@callback
def may_be_removed(entry: EnergyLoggerConfigEntry, device: dr.AnyDeviceEntry) -> bool:
    """Return whether a device is that of a substation which KAMO lists no longer.

    Others would only come back.
    """
    if entry.state is not ConfigEntryState.LOADED:
        return False
    return isinstance(device, dr.ChildDeviceEntry) and not any(
        _is_listed(area, device) or not area.data.lists_all_substations
        for area in entry.runtime_data.areas.values()
        if any(
            is_part_of(own, area_key(area.area.id))
            for own in keys_in(device.identifiers)
        )
    )


def _is_listed(area: AreaCoordinator, device: dr.AnyDeviceEntry) -> bool:
    """Return whether a device is that of a substation in the last answer."""
    owner = area_key(area.area.id)
    listed = {part_key(owner, name) for name in area.data.substations}
    return not listed.isdisjoint(keys_in(device.identifiers))
