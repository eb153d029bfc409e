"""Sensors of how far off forecasts were an hour ahead; off unless they are wanted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfPower
from homeassistant.core import HomeAssistant

from custom_components.energy_logger.api.channels import directed_aud
from custom_components.energy_logger.api.server_scores import ForecastScore
from custom_components.energy_logger.const import AUD_PER_KWH, PRICE_DIGITS
from custom_components.energy_logger.coordinator import (
    AreaCoordinator,
    EnergyLoggerConfigEntry,
    LinkedData,
    PriceCoordinator,
    ScoresCoordinator,
)
from custom_components.energy_logger.devices import area_device, site_device
from custom_components.energy_logger.keys import CHANNEL_KEYS
from custom_components.energy_logger.sources.names import area_name

from .described import DescribedSensor, DescribedSensorDescription

_SHOWN_MINUTES = 60
_PREFERRED = "predicted"


@dataclass(frozen=True, slots=True)
class Errors:
    """How far off forecasts were, in the unit of the sensor.

    Attributes:
        shown: Of the forecast that the state is of, an hour ahead.
        all: Of every forecast at every horizon.
    """

    shown: ForecastScore
    all: tuple[ForecastScore, ...]


def errors_of(scores: tuple[ForecastScore, ...]) -> Errors | None:
    """Return what is shown of scores; None while nothing can be said an hour ahead.

    Amber's own forecast is taken where there is one.
    """
    ahead = [one for one in scores if one.horizon_minutes == _SHOWN_MINUTES]
    if not ahead:
        return None
    shown = min(ahead, key=lambda one: one.forecast != _PREFERRED)
    return Errors(shown, scores)


def _attributes(errors: Errors) -> dict[str, Any]:
    by_minutes: dict[str, dict[str, float]] = {}
    for one in errors.all:
        by_minutes.setdefault(one.forecast, {})[str(one.horizon_minutes)] = one.error
    shown = errors.shown
    return {
        "forecast": shown.forecast,
        "bias": shown.bias,
        "intervals": shown.count,
        "days": shown.days,
        "errors_by_minutes_ahead": by_minutes,
    }


def _description(
    key: str, unit: str, device_class: SensorDeviceClass | None, digits: int
) -> DescribedSensorDescription[Errors]:
    return DescribedSensorDescription[Errors](
        key=key,
        device_class=device_class,
        native_unit_of_measurement=unit,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=digits,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda errors: errors.shown.error,
        attributes=_attributes,
    )


PRICE_ERROR = _description("forecast_error", AUD_PER_KWH, None, PRICE_DIGITS)
LOAD_ERROR = _description(
    "load_forecast_error", UnitOfPower.KILO_WATT, SensorDeviceClass.POWER, 0
)


class ErrorSensor(DescribedSensor[Errors]):
    """A sensor whose coordinator asks once there is one that is enabled."""

    coordinator: ScoresCoordinator

    @override
    async def async_added_to_hass(self) -> None:
        """Let the server be asked."""
        await super().async_added_to_hass()
        self.coordinator.start()


def price_error_sensors(
    hass: HomeAssistant,
    entry: EnergyLoggerConfigEntry,
    linked: LinkedData,
    prices: PriceCoordinator,
) -> Iterable[SensorEntity]:
    """Return a sensor for each of a site's channels."""
    coordinator = ScoresCoordinator(
        hass,
        entry,
        prices.site_name,
        partial(linked.client.fetch_price_scores, prices.site.id),
        linked.server,
        has_key=True,
    )
    types = {channel.type for channel in prices.site.channels}
    return [
        ErrorSensor(
            coordinator,
            site_device(prices),
            PRICE_ERROR,
            partial(_errors, coordinator, channel, partial(_in_aud, channel)),
            prefix=f"{key}_",
        )
        for channel, key in CHANNEL_KEYS.items()
        if channel in types
    ]


def load_error_sensor(
    hass: HomeAssistant,
    entry: EnergyLoggerConfigEntry,
    linked: LinkedData,
    area: AreaCoordinator,
) -> SensorEntity:
    """Return the sensor of an area."""
    coordinator = ScoresCoordinator(
        hass,
        entry,
        area_name(area.area),
        partial(linked.client.fetch_load_scores, area.area.id),
        linked.server,
        has_key=False,
    )
    return ErrorSensor(
        coordinator,
        area_device(area.area),
        LOAD_ERROR,
        partial(_errors, coordinator, None, lambda one: one),
    )


def _errors(
    coordinator: ScoresCoordinator,
    channel: str | None,
    sized: Callable[[ForecastScore], ForecastScore],
) -> Errors | None:
    if coordinator.data is None:
        return None
    return errors_of(tuple(map(sized, coordinator.data.of(channel))))


def _in_aud(channel: str, score: ForecastScore) -> ForecastScore:
    """Return a score in AUD/kWh, its bias in the channel's direction."""
    return replace(
        score,
        error=abs(directed_aud(score.error, channel)),
        bias=directed_aud(score.bias, channel),
    )
