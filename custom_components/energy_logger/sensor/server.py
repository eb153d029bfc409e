"""Sensors of our server: how much it keeps, and since when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfInformation

from custom_components.energy_logger.api.server import ServerStatus
from custom_components.energy_logger.coordinator import ServerCoordinator
from custom_components.energy_logger.devices.server import ServerEntity


@dataclass(frozen=True, kw_only=True)
class ServerSensorDescription(SensorEntityDescription):
    """A sensor of the server.

    Attributes:
        value: Reads the state; None is unknown.
    """

    value: Callable[[ServerStatus], float | datetime | None]


SERVER_SENSORS = (
    ServerSensorDescription(
        key="database_size",
        device_class=SensorDeviceClass.DATA_SIZE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        suggested_display_precision=1,
        value=lambda status: status.database_size_mib,
    ),
    ServerSensorDescription(
        key="oldest_record",
        device_class=SensorDeviceClass.TIMESTAMP,
        value=lambda status: status.oldest_record_at,
    ),
    ServerSensorDescription(
        key="newest_record",
        device_class=SensorDeviceClass.TIMESTAMP,
        value=lambda status: status.newest_record_at,
    ),
)


def server_sensors(coordinator: ServerCoordinator) -> Iterable[SensorEntity]:
    """Return the sensors of the server."""
    return [ServerSensor(coordinator, description) for description in SERVER_SENSORS]


class ServerSensor(ServerEntity, SensorEntity):
    """A sensor of the server."""

    entity_description: ServerSensorDescription

    def __init__(
        self, coordinator: ServerCoordinator, description: ServerSensorDescription
    ) -> None:
        """Show what the server says of itself."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> float | datetime | None:
        """The value now."""
        return self.entity_description.value(self.coordinator.data.status)
