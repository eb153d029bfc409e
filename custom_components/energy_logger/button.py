"""The button that imports all the history of a site."""

from typing import override

from homeassistant.components.button import ButtonEntity
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import EnergyLoggerConfigEntry, StatisticsCoordinator
from .devices import site_device
from .entity import DeviceEntity
from .keys import site_key

PARALLEL_UPDATES = 1


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: EnergyLoggerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the button of every site."""
    runtime = entry.runtime_data
    async_add_entities(
        ImportHistoryButton(
            runtime.statistics[site_key(site_id)], site_device(site.usage)
        )
        for site_id, site in runtime.sites.items()
    )


class ImportHistoryButton(DeviceEntity[StatisticsCoordinator], ButtonEntity):
    """Compares all of a site's statistics with their source, and writes what differs.

    What only Home Assistant has stays as it is.
    """

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(self, coordinator: StatisticsCoordinator, device: DeviceInfo) -> None:
        """Make the button.

        Args:
            coordinator: Of the site.
            device: Of the site.
        """
        super().__init__(coordinator, device, "import_history")

    @property
    @override
    def available(self) -> bool:
        """Whether it can be pressed: if the source fails, it says so."""
        return True

    @override
    async def async_press(self) -> None:
        """Import it."""
        await self.coordinator.import_history()
