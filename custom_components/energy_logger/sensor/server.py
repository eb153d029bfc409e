"""Sensors of our server: how much it keeps, and since when."""

from collections.abc import Iterable

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfInformation

from custom_components.energy_logger.api.server import ServerStatus
from custom_components.energy_logger.coordinator import ServerCoordinator
from custom_components.energy_logger.devices import server_device

from .described import DescribedSensor, DescribedSensorDescription

SERVER_SENSORS = (
    DescribedSensorDescription[ServerStatus](
        key="database_size",
        device_class=SensorDeviceClass.DATA_SIZE,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfInformation.MEBIBYTES,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda status: status.database_size_mib,
    ),
    DescribedSensorDescription[ServerStatus](
        key="oldest_record",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda status: status.oldest_record_at,
    ),
    DescribedSensorDescription[ServerStatus](
        key="newest_record",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda status: status.newest_record_at,
    ),
)


def server_sensors(coordinator: ServerCoordinator) -> Iterable[SensorEntity]:
    """Return the sensors of the server."""
    device = server_device(coordinator.config_entry, coordinator.data)
    return [
        DescribedSensor(
            coordinator, device, description, lambda: coordinator.data.status
        )
        for description in SERVER_SENSORS
    ]
