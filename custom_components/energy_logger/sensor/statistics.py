"""The sensor of the import of statistics."""

from collections.abc import Iterable
from typing import override

from homeassistant.components.sensor import SensorEntity
from homeassistant.const import PERCENTAGE, EntityCategory
from homeassistant.helpers.device_registry import DeviceInfo

from custom_components.energy_logger.coordinator import (
    StatisticsCoordinator,
    StatisticsState,
)

from .described import DescribedSensor, DescribedSensorDescription

_PERCENT = 100

STATISTICS_SENSORS = (
    DescribedSensorDescription[StatisticsState](
        key="statistics_import",
        native_unit_of_measurement=PERCENTAGE,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda state: None if state.share is None else _PERCENT * state.share,
    ),
)


class StatisticsSensor(DescribedSensor[StatisticsState]):
    """What is imported stays so while the source cannot be asked."""

    @property
    @override
    def available(self) -> bool:
        return True


def statistics_sensors(
    coordinator: StatisticsCoordinator, device: DeviceInfo
) -> Iterable[SensorEntity]:
    """Return the sensors of a site's or an area's import."""
    return [
        StatisticsSensor(coordinator, device, description, lambda: coordinator.data)
        for description in STATISTICS_SENSORS
    ]
