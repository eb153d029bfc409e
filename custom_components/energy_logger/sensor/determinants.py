"""Sensors of what an area's demand bill is made of; off unless they are wanted."""

from collections.abc import Callable, Iterable

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import UnitOfPower

from custom_components.energy_logger.api.server_substations import Determinants
from custom_components.energy_logger.coordinator import SubstationCoordinator
from custom_components.energy_logger.devices import area_device

from .described import DescribedSensor, DescribedSensorDescription


def _figure(
    key: str, value: Callable[[Determinants], float | None]
) -> DescribedSensorDescription[Determinants]:
    return DescribedSensorDescription[Determinants](
        key=key,
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value=value,
    )


DETERMINANT_SENSORS = (
    _figure("billed_peak", lambda one: one.so_far.billed_kw),
    _figure("billed_peak_projected", lambda one: one.projected.billed_kw),
    _figure("peak_demand", lambda one: one.so_far.peak_kw),
    _figure("base_demand", lambda one: one.so_far.base_kw),
    _figure("summer_day_to_enter", lambda one: one.to_enter_kw.get("summer")),
    _figure("winter_day_to_enter", lambda one: one.to_enter_kw.get("winter")),
)


def determinant_sensors(coordinator: SubstationCoordinator) -> Iterable[SensorEntity]:
    """Return the sensors of an area's bill."""
    device = area_device(coordinator.area)
    return [
        DescribedSensor(
            coordinator, device, description, lambda: coordinator.data.determinants
        )
        for description in DETERMINANT_SENSORS
    ]
