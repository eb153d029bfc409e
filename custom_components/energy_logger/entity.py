"""What entities share: the device that they belong to, and when they appear."""

from collections.abc import Callable, Hashable, Iterable

from homeassistant.core import callback
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .coordinator import (
    AreaCoordinator,
    EnergyLoggerConfigEntry,
    EntityCoordinator,
    PeakWatchCoordinator,
    PriceCoordinator,
    UsageCoordinator,
)
from .keys import keys_in, part_key


class DeviceEntity[Coordinator: EntityCoordinator](CoordinatorEntity[Coordinator]):
    """An entity of a device of ours."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: Coordinator, device: DeviceInfo | ChildDeviceInfo, key: str
    ) -> None:
        """Name it.

        Args:
            coordinator: Knows its state.
            device: See ``devices``.
            key: Tells it from the device's other entities.
        """
        super().__init__(coordinator)
        (owner,) = keys_in(device["identifiers"])
        self._attr_unique_id = part_key(owner, key)
        self._attr_translation_key = key
        self._attr_device_info = device


def add_as_they_appear[Key: Hashable](
    entry: EnergyLoggerConfigEntry,
    coordinator: PriceCoordinator
    | UsageCoordinator
    | AreaCoordinator
    | PeakWatchCoordinator,
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
