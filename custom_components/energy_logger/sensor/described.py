"""The one sensor class: a description reads the value from what is known."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, override

from homeassistant.components.sensor import SensorEntity, SensorEntityDescription
from homeassistant.helpers.device_registry import ChildDeviceInfo, DeviceInfo

from custom_components.energy_logger.coordinator import EntityCoordinator
from custom_components.energy_logger.entity import DeviceEntity

type Value = float | str | date | datetime | None


@dataclass(frozen=True, kw_only=True)
class DescribedSensorDescription[State](SensorEntityDescription):
    """A sensor of something whose state is known: a channel, an area, the server.

    Attributes:
        value: Reads the value; None is unknown.
        attributes: Reads what stands beside it.
        exists: Whether the utility has such a thing at all.
    """

    value: Callable[[State], Value]
    attributes: Callable[[State], dict[str, Any]] = lambda _state: {}
    exists: Callable[[State], bool] = lambda _state: True


class DescribedSensor[State](DeviceEntity[EntityCoordinator], SensorEntity):
    """A sensor; unavailable while there is no state of what it is of."""

    entity_description: DescribedSensorDescription[State]

    def __init__(
        self,
        coordinator: EntityCoordinator,
        device: DeviceInfo | ChildDeviceInfo,
        description: DescribedSensorDescription[State],
        read: Callable[[], State | None],
        *,
        prefix: str = "",
    ) -> None:
        """Show a value.

        Args:
            coordinator: Tells when there is something new.
            device: See ``devices``.
            description: Reads the value.
            read: Returns the present state; None when there is none.
            prefix: Of the key, where a device has several of a kind.
        """
        super().__init__(coordinator, device, f"{prefix}{description.key}")
        self.entity_description = description
        self._read = read

    @property
    @override
    def available(self) -> bool:
        return super().available and self._read() is not None

    @property
    @override
    def native_value(self) -> Value:
        state = self._read()
        return None if state is None else self.entity_description.value(state)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        state = self._read()
        return {} if state is None else self.entity_description.attributes(state)
