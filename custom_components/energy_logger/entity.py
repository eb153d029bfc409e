"""Entities' devices and names, derived from the utility alone.

So a site or an area keeps its entities and their history, whichever way it is reached.
"""

from collections.abc import Callable, Hashable, Iterable

from homeassistant.core import callback
from homeassistant.helpers.device_registry import (
    ChildDeviceInfo,
    DeviceEntryType,
    DeviceInfo,
)
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .api.channels import ChannelType
from .api.kamo_models import Area
from .coordinator import (
    AreaCoordinator,
    EnergyLoggerConfigEntry,
    PriceCoordinator,
    UsageCoordinator,
)
from .keys import area_key, identifiers_of, part_key, site_key
from .names import area_name

CHANNEL_KEYS = {
    ChannelType.GENERAL: "general",
    ChannelType.CONTROLLED_LOAD: "controlled_load",
    ChannelType.FEED_IN: "feed_in",
}
"""Channels that Home Assistant shows, as keys write them."""


class SiteEntity[Coordinator: PriceCoordinator | UsageCoordinator](
    CoordinatorEntity[Coordinator]
):
    """An entity of an Amber site."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: Coordinator, key: str) -> None:
        """Name it.

        Args:
            coordinator: Of the site.
            key: Tells it from the site's other entities.
        """
        super().__init__(coordinator)
        self._attr_unique_id = part_key(site_key(coordinator.site.id), key)
        self._attr_translation_key = key
        self._attr_device_info = site_device(coordinator)


class AreaEntity(CoordinatorEntity[AreaCoordinator]):
    """An entity of a KAMO area."""

    _attr_has_entity_name = True

    def __init__(self, coordinator: AreaCoordinator, key: str) -> None:
        """Name it.

        Args:
            coordinator: Of the area.
            key: Tells it from the area's other entities.
        """
        super().__init__(coordinator)
        self._attr_unique_id = part_key(area_key(coordinator.area.id), key)
        self._attr_translation_key = key
        self._attr_device_info = area_device(coordinator.area)


class SubstationEntity(CoordinatorEntity[AreaCoordinator]):
    """An entity of a substation, whose device is a child of its area's."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: AreaCoordinator, substation: str, key: str, parent_id: str
    ) -> None:
        """Name it.

        Args:
            coordinator: Of the area.
            substation: Its name, unique in the area.
            key: Tells it from the substation's other entities.
            parent_id: Of the area's device in the registry.
        """
        super().__init__(coordinator)
        owner = part_key(area_key(coordinator.area.id), substation)
        self.substation = substation
        self._attr_unique_id = part_key(owner, key)
        self._attr_translation_key = key
        self._attr_device_info = ChildDeviceInfo(
            identifiers=identifiers_of(owner),
            name=substation,
            parent_device_id=parent_id,
        )


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


def add_as_they_appear[Key: Hashable](
    entry: EnergyLoggerConfigEntry,
    coordinator: PriceCoordinator | UsageCoordinator | AreaCoordinator,
    keys: Callable[[], Iterable[Key]],
    make: Callable[[Key], Iterable[Entity]],
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the entities of every key now, and of new ones as they appear.

    Args:
        entry: Ends it when it is unloaded.
        coordinator: Tells when there may be new ones.
        keys: Gives what there is: channels, substations.
        make: Gives the entities of one.
        async_add_entities: Of the platform.
    """
    known: set[Key] = set()

    @callback
    def add_new() -> None:
        new = [key for key in keys() if key not in known]
        known.update(new)
        async_add_entities([entity for key in new for entity in make(key)])

    add_new()
    entry.async_on_unload(coordinator.async_add_listener(add_new))
