"""The device of our server, and what its entities share."""

from homeassistant.const import CONF_URL, EntityCategory
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from custom_components.energy_logger.const import CONF_APP_SLUG
from custom_components.energy_logger.coordinator import (
    EnergyLoggerConfigEntry,
    ServerCoordinator,
    ServerState,
)
from custom_components.energy_logger.keys import identifiers_of, part_key, server_key


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
        self._attr_unique_id = part_key(server_key(entry.unique_id), key)
        self._attr_translation_key = key
        self._attr_device_info = server_device(entry, coordinator.data)


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
