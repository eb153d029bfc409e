"""Sensors of KAMO areas and their substations."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfPower, UnitOfReactivePower
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.restore_state import ExtraStoredData, RestoreEntity

from custom_components.energy_logger.api.kamo_models import Area, SubstationReading
from custom_components.energy_logger.coordinator import AreaCoordinator, AreaState
from custom_components.energy_logger.coordinator.peak_today import DayHours
from custom_components.energy_logger.devices import area_device, substation_device
from custom_components.energy_logger.entity import DeviceEntity

from .described import DescribedSensor, DescribedSensorDescription

_FEW = 12
"""Substations of which everything is shown; areas have 8 to 28 (recorded answers)."""


AREA_SENSORS = (
    DescribedSensorDescription[AreaState](
        key="load",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=0,
        value=lambda area: None if area.newest is None else area.newest.load_kw,
    ),
    DescribedSensorDescription[AreaState](
        key="load_forecast_peak",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value=lambda area: (
            None if area.forecast_peak is None else area.forecast_peak.load_kw
        ),
    ),
    DescribedSensorDescription[AreaState](
        key="load_forecast_peak_time",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        value=lambda area: (
            None if area.forecast_peak is None else area.forecast_peak.hour_at
        ),
    ),
    DescribedSensorDescription[AreaState](
        key="updated",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda area: area.fetched_at,
    ),
)

SUBSTATION_SENSORS = (
    DescribedSensorDescription[SubstationReading](
        key="power",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=0,
        value=lambda reading: reading.load_kw,
    ),
    DescribedSensorDescription[SubstationReading](
        key="reactive_power",
        device_class=SensorDeviceClass.REACTIVE_POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfReactivePower.KILO_VOLT_AMPERE_REACTIVE,
        value=lambda reading: reading.reactive_kvar,
    ),
    DescribedSensorDescription[SubstationReading](
        key="power_factor",
        device_class=SensorDeviceClass.POWER_FACTOR,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=3,
        value=lambda reading: (
            None if reading.power_factor is None else abs(reading.power_factor)
        ),
    ),
)
"""Power factor without upstream's sign, which is that of the reactive power."""


_DETAILS = {"reactive_power"}
"""Keys of what is noise to most where there are many substations."""


def area_sensors(coordinator: AreaCoordinator) -> Iterable[SensorEntity]:
    """Return the sensors of an area."""
    device = area_device(coordinator.area)
    return [
        PeakTodaySensor(coordinator, device),
        *(
            DescribedSensor(
                coordinator,
                device,
                _with_unit(description, coordinator.area),
                lambda: coordinator.data,
            )
            for description in AREA_SENSORS
        ),
    ]


def _with_unit(
    description: DescribedSensorDescription[AreaState], area: Area
) -> DescribedSensorDescription[AreaState]:
    """Return a description; the power of a sum of areas is first shown in MW."""
    if not area.is_aggregate or description.device_class is not SensorDeviceClass.POWER:
        return description
    return replace(
        description,
        suggested_unit_of_measurement=UnitOfPower.MEGA_WATT,
        suggested_display_precision=1,
    )


def substation_sensors(
    coordinator: AreaCoordinator, parent_id: str, substation: str
) -> Iterable[SensorEntity]:
    """Return the sensors of a substation.

    Args:
        coordinator: Of its area.
        parent_id: Of the area's device.
        substation: Its name.
    """
    device = substation_device(coordinator.area, substation, parent_id)
    hidden = _DETAILS if len(coordinator.data.substations) > _FEW else set()
    return [
        DescribedSensor(
            coordinator,
            device,
            replace(
                description,
                entity_registry_enabled_default=description.key not in hidden,
            ),
            lambda: coordinator.data.substations.get(substation),
        )
        for description in SUBSTATION_SENSORS
    ]


@dataclass(frozen=True, slots=True)
class _SeenHours(ExtraStoredData):
    hours: DayHours

    @override
    def as_dict(self) -> dict[str, object]:
        return self.hours.as_dict()


class PeakTodaySensor(DeviceEntity[AreaCoordinator], RestoreEntity, SensorEntity):
    """The highest hour of the Central day; remembers the hours it saw."""

    _attr_device_class = SensorDeviceClass.POWER
    _attr_native_unit_of_measurement = UnitOfPower.KILO_WATT
    _attr_suggested_display_precision = 0

    def __init__(self, coordinator: AreaCoordinator, device: DeviceInfo) -> None:
        """Show the peak of an area; that of a sum is first shown in MW."""
        super().__init__(coordinator, device, "peak_today")
        if coordinator.area.is_aggregate:
            self._attr_suggested_unit_of_measurement = UnitOfPower.MEGA_WATT
            self._attr_suggested_display_precision = 1

    @override
    async def async_added_to_hass(self) -> None:
        """Take in what was seen before a restart."""
        await super().async_added_to_hass()
        stored = await self.async_get_last_extra_data()
        seen = None if stored is None else DayHours.from_dict(stored.as_dict())
        if seen is not None:
            self.coordinator.remember(seen)

    @property
    @override
    def native_value(self) -> float | None:
        """The peak; None while hours since midnight are missing."""
        return None if self._peak is None else self._peak[1]

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str]:
        """The hour of the peak."""
        return {} if self._peak is None else {"hour": self._peak[0].isoformat()}

    @property
    def _peak(self) -> tuple[datetime, float] | None:
        if self.coordinator.is_behind:
            # the highest hour may be among those that KAMO does not publish yet
            return None
        return self.coordinator.data.today.peak

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        """The hours to remember."""
        return _SeenHours(self.coordinator.data.today)
