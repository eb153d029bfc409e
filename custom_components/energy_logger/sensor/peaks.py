"""Sensors of the peak watch: how likely the month's peak is, and how far it is."""

from collections.abc import Iterable
from enum import StrEnum

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import UnitOfPower, UnitOfRatio
from homeassistant.helpers.device_registry import DeviceInfo

from custom_components.energy_logger.api.server_peaks import PeakWatch
from custom_components.energy_logger.coordinator import PeakWatchCoordinator

from .described import DescribedSensor, DescribedSensorDescription


class Likelihood(StrEnum):
    """Words of the server for a probability."""

    UNLIKELY = "unlikely"
    POSSIBLE = "possible"
    LIKELY = "likely"


_WORDS = frozenset(Likelihood)

PEAK_SENSORS = (
    DescribedSensorDescription[PeakWatch](
        key="peak_likelihood",
        device_class=SensorDeviceClass.ENUM,
        options=[*Likelihood],
        # a word that is not known yet is no option
        value=lambda watch: watch.likelihood if watch.likelihood in _WORDS else None,
    ),
    DescribedSensorDescription[PeakWatch](
        key="peak_risk",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=lambda watch: watch.probability_percent,
        exists=lambda watch: watch.probability_percent is not None,
    ),
    DescribedSensorDescription[PeakWatch](
        key="month_peak",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=0,
        value=lambda watch: watch.peak_kw,
        attributes=lambda watch: (
            {} if watch.peak_at is None else {"hour": watch.peak_at.isoformat()}
        ),
    ),
    DescribedSensorDescription[PeakWatch](
        key="headroom",
        device_class=SensorDeviceClass.POWER,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfPower.KILO_WATT,
        suggested_display_precision=0,
        value=lambda watch: watch.headroom_kw,
    ),
)


def shown_peak_keys(coordinator: PeakWatchCoordinator) -> Iterable[str]:
    """Return the sensors of the watch: per cents only once it may show them."""
    watch: PeakWatch | None = coordinator.data
    if watch is None:
        return []
    return [one.key for one in PEAK_SENSORS if one.exists(watch)]


def peak_sensors(
    coordinator: PeakWatchCoordinator, device: DeviceInfo, key: str
) -> Iterable[SensorEntity]:
    """Return the sensor with a key, by itself."""
    return [
        DescribedSensor(coordinator, device, description, lambda: coordinator.data)
        for description in PEAK_SENSORS
        if description.key == key
    ]
