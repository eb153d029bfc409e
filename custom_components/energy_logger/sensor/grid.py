"""Sensors of KAMO areas and their substations."""

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
from homeassistant.const import EntityCategory, UnitOfPower, UnitOfReactivePower
from homeassistant.helpers.restore_state import ExtraStoredData, RestoreEntity

from custom_components.energy_logger.api.kamo_models import SubstationReading
from custom_components.energy_logger.coordinator import AreaCoordinator, AreaState
from custom_components.energy_logger.coordinator.peak_today import DayHours
from custom_components.energy_logger.entity import AreaEntity, SubstationEntity

_FEW = 12
"""Substations of which everything is shown; areas have 8 to 28 (recorded answers)."""


@dataclass(frozen=True, kw_only=True)
class AreaSensorDescription(SensorEntityDescription):
    """A sensor of an area.

    Attributes:
        value: Reads the state; None is unknown.
    """

    value: Callable[[AreaState], float | datetime | None]


@dataclass(frozen=True, kw_only=True)
class SubstationSensorDescription(SensorEntityDescription):
    """A sensor of a substation.

    Attributes:
        value: Reads the state; None is unknown.
        is_detail: Whether it is noise to most where there are many substations.
    """

    value: Callable[[SubstationReading], float | None]
    is_detail: bool = False


AREA_SENSORS = (
    AreaSensorDescription(
        key="load",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=0,
        value=lambda area: None if area.newest is None else area.newest.load_kw,
    ),
    AreaSensorDescription(
        key="load_forecast_peak",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value=lambda area: (
            None if area.forecast_peak is None else area.forecast_peak.load_kw
        ),
    ),
    AreaSensorDescription(
        key="load_forecast_peak_time",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        value=lambda area: (
            None if area.forecast_peak is None else area.forecast_peak.hour_at
        ),
    ),
    AreaSensorDescription(
        key="updated",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda area: area.fetched_at,
    ),
)

SUBSTATION_SENSORS = (
    SubstationSensorDescription(
        key="power",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=0,
        value=lambda reading: reading.load_kw,
    ),
    SubstationSensorDescription(
        key="reactive_power",
        device_class=SensorDeviceClass.REACTIVE_POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfReactivePower.KILO_VOLT_AMPERE_REACTIVE,
        value=lambda reading: reading.reactive_kvar,
        is_detail=True,
    ),
    SubstationSensorDescription(
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


def area_sensors(coordinator: AreaCoordinator) -> Iterable[SensorEntity]:
    """Return the sensors of an area."""
    return [
        PeakTodaySensor(coordinator, "peak_today"),
        *(AreaSensor(coordinator, description) for description in AREA_SENSORS),
    ]


def substation_sensors(
    coordinator: AreaCoordinator, parent_id: str, substation: str
) -> Iterable[SensorEntity]:
    """Return the sensors of a substation.

    Args:
        coordinator: Of its area.
        parent_id: Of the area's device.
        substation: Its name.
    """
    return [
        SubstationSensor(coordinator, substation, description, parent_id)
        for description in SUBSTATION_SENSORS
    ]


class AreaSensor(AreaEntity, SensorEntity):
    """A sensor of an area."""

    entity_description: AreaSensorDescription

    def __init__(
        self, coordinator: AreaCoordinator, description: AreaSensorDescription
    ) -> None:
        """Show a value of an area."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> float | datetime | None:
        """The value now."""
        return self.entity_description.value(self.coordinator.data)


@dataclass(frozen=True, slots=True)
class _SeenHours(ExtraStoredData):
    hours: DayHours

    @override
    def as_dict(self) -> dict[str, object]:
        return self.hours.as_dict()


class PeakTodaySensor(AreaEntity, RestoreEntity, SensorEntity):
    """The highest hour of the Central day; remembers the hours it saw."""

    _attr_device_class = SensorDeviceClass.POWER
    _attr_native_unit_of_measurement = UnitOfPower.KILO_WATT
    _attr_suggested_display_precision = 0

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
        peak = self.coordinator.data.today.peak
        return None if peak is None else peak[1]

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str]:
        """The hour of the peak."""
        peak = self.coordinator.data.today.peak
        return {} if peak is None else {"hour": peak[0].isoformat()}

    @property
    @override
    def extra_restore_state_data(self) -> ExtraStoredData:
        """The hours to remember."""
        return _SeenHours(self.coordinator.data.today)


class SubstationSensor(SubstationEntity, SensorEntity):
    """A sensor of a substation; unavailable while it is missing."""

    entity_description: SubstationSensorDescription

    def __init__(
        self,
        coordinator: AreaCoordinator,
        substation: str,
        description: SubstationSensorDescription,
        parent_id: str,
    ) -> None:
        """Show a value of a substation."""
        super().__init__(coordinator, substation, description.key, parent_id)
        self.entity_description = description
        are_many = len(coordinator.data.substations) > _FEW
        self._attr_entity_registry_enabled_default = not (
            description.is_detail and are_many
        )

    @property
    @override
    def available(self) -> bool:
        """Whether the last answer was good and held the substation."""
        return (
            super().available and self.substation in self.coordinator.data.substations
        )

    @property
    @override
    def native_value(self) -> float | None:
        """The value now."""
        reading = self.coordinator.data.substations[self.substation]
        return self.entity_description.value(reading)
