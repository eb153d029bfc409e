"""The device of our server, and what its entities share."""

from homeassistant.const import CONF_URL, EntityCategory
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from custom_components.energy_logger.const import CONF_APP_SLUG, DOMAIN
from custom_components.energy_logger.coordinator import (
    EnergyLoggerConfigEntry,
    ServerCoordinator,
    ServerState,
)


class ServerEntity(CoordinatorEntity[ServerCoordinator]):
    """An entity of the server; all of them are diagnostic."""

    _attr_has_entity_name = True
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    def __init__(self, coordinator: ServerCoordinator, key: str) -> None:
        """Name it.

        Args:
            coordinator: Of the server.
            key: Tells it from the server's other entities.
        """
        super().__init__(coordinator)
        entry = coordinator.config_entry
        self._attr_unique_id = f"{server_key(entry)}_{key}"
        self._attr_translation_key = key
        self._attr_device_info = server_device(entry, coordinator.data)


def server_key(entry: EnergyLoggerConfigEntry) -> str:
    """Return what tells a server's device and entities from those of another one."""
    return f"server_{entry.unique_id}"


def server_device(entry: EnergyLoggerConfigEntry, state: ServerState) -> DeviceInfo:
    """Return the device of a server; an app's page is inside Home Assistant."""
    slug: str | None = entry.data.get(CONF_APP_SLUG)
    page = entry.data[CONF_URL] if slug is None else f"homeassistant://app/{slug}"
    return DeviceInfo(
        identifiers={(DOMAIN, server_key(entry))},
        entry_type=DeviceEntryType.SERVICE,
        configuration_url=page,
        manufacturer="Energy Logger",
        name="Energy Logger",
        sw_version=state.info.version,
    )
