"""Sensors of prices: one set for each channel, and those of the whole site."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfRatio

from custom_components.energy_logger.api.amber_models import Price
from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.coordinator import (
    ChannelPrices,
    PriceCoordinator,
    SitePrices,
)
from custom_components.energy_logger.entity import CHANNEL_KEYS, SiteEntity
from custom_components.energy_logger.translation_keys import (
    DESCRIPTORS,
    SPIKE_STATUSES,
    TARIFF_PERIODS,
)

AUD_PER_KWH = "AUD/kWh"
PRICE_DIGITS = 4


def _no_details(_prices: ChannelPrices) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class ChannelSensorDescription(SensorEntityDescription):
    """A sensor of one channel.

    Attributes:
        value: Reads the state; None is unknown.
        details: Reads the attributes.
        needs_forecasts: Whether there is nothing to show without them.
    """

    value: Callable[[ChannelPrices], float | str | datetime | None]
    details: Callable[[ChannelPrices], dict[str, Any]] = _no_details
    needs_forecasts: bool = False


@dataclass(frozen=True, kw_only=True)
class SiteSensorDescription(SensorEntityDescription):
    """A sensor of the whole site.

    Attributes:
        value: Reads the state; None is unknown.
        is_there: Whether Amber tells such a thing of the site at all.
    """

    value: Callable[[SitePrices], float | str | datetime | None]
    is_there: Callable[[SitePrices], bool] = lambda _prices: True


def _of_current(
    read: Callable[[Price], float | str | None],
) -> Callable[[ChannelPrices], float | str | None]:
    return lambda prices: None if prices.current is None else read(prices.current)


def _advanced(price: Price) -> float | None:
    band = price.advanced_price_aud
    return None if band is None else band.predicted


def _span(prices: ChannelPrices) -> dict[str, Any]:
    if prices.current is None:
        return {}
    return {
        "start_time": prices.current.starts_at.isoformat(),
        "end_time": prices.current.ends_at.isoformat(),
        "estimate": not prices.current.is_settled,
    }


CHANNEL_SENSORS = (
    ChannelSensorDescription(
        key="price",
        native_unit_of_measurement=AUD_PER_KWH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=PRICE_DIGITS,
        value=_of_current(lambda price: price.price_aud_per_kwh),
        details=_span,
    ),
    ChannelSensorDescription(
        key="advanced_price",
        native_unit_of_measurement=AUD_PER_KWH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=PRICE_DIGITS,
        value=_of_current(_advanced),
    ),
    ChannelSensorDescription(
        key="price_descriptor",
        device_class=SensorDeviceClass.ENUM,
        options=[*DESCRIPTORS.values()],
        value=_of_current(lambda price: DESCRIPTORS.get(price.descriptor or "")),
    ),
    ChannelSensorDescription(
        key="lowest_price_start",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        value=lambda prices: (
            None if prices.lowest_to_come is None else prices.lowest_to_come.starts_at
        ),
        needs_forecasts=True,
    ),
)

SITE_SENSORS = (
    SiteSensorDescription(
        key="spot_price",
        native_unit_of_measurement=AUD_PER_KWH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=PRICE_DIGITS,
        entity_registry_enabled_default=False,
        value=lambda prices: _general(prices, lambda price: price.spot_aud_per_kwh),
    ),
    SiteSensorDescription(
        key="renewables",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=lambda prices: _general(prices, lambda price: price.renewables_percent),
    ),
    SiteSensorDescription(
        key="spike_status",
        device_class=SensorDeviceClass.ENUM,
        options=[*SPIKE_STATUSES],
        value=lambda prices: _general(
            prices, lambda price: SPIKE_STATUSES.get(price.spike_status or "")
        ),
    ),
    SiteSensorDescription(
        key="tariff_period",
        device_class=SensorDeviceClass.ENUM,
        options=[*TARIFF_PERIODS.values()],
        entity_registry_enabled_default=False,
        value=lambda prices: _general(prices, _tariff_period),
        is_there=lambda prices: bool(_general(prices, _has_tariff_period)),
    ),
    SiteSensorDescription(
        key="prices_fetched",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value=lambda prices: prices.fetched_at,
    ),
)


def shown_channels(prices: SitePrices) -> tuple[ChannelType, ...]:
    """Return the channels of an answer that there are sensors for."""
    return tuple(channel for channel in CHANNEL_KEYS if channel in prices.channels)


def channel_sensors(
    coordinator: PriceCoordinator, channel: ChannelType
) -> Iterable[SensorEntity]:
    """Return the sensors of a channel."""
    return [
        ChannelSensor(coordinator, channel, description)
        for description in CHANNEL_SENSORS
    ]


def shown_site_keys(prices: SitePrices) -> Iterable[str]:
    """Return the sensors of what all channels share, as far as Amber tells it."""
    return [one.key for one in SITE_SENSORS if one.is_there(prices)]


def site_sensors(coordinator: PriceCoordinator, key: str) -> Iterable[SensorEntity]:
    """Return the sensor with a key, by itself."""
    return [SiteSensor(coordinator, one) for one in SITE_SENSORS if one.key == key]


class ChannelSensor(SiteEntity[PriceCoordinator], SensorEntity):
    """A sensor of one channel; unavailable while the channel is missing."""

    entity_description: ChannelSensorDescription

    def __init__(
        self,
        coordinator: PriceCoordinator,
        channel: ChannelType,
        description: ChannelSensorDescription,
    ) -> None:
        """Show a channel's value."""
        super().__init__(coordinator, f"{CHANNEL_KEYS[channel]}_{description.key}")
        self.entity_description = description
        self._channel = channel

    @property
    @override
    def available(self) -> bool:
        """Whether the last answer was good and held the channel, and what it needs."""
        prices = self.coordinator.data
        lacks_it = self.entity_description.needs_forecasts and prices.lacks_forecasts
        return super().available and self._channel in prices.channels and not lacks_it

    @property
    @override
    def native_value(self) -> float | str | datetime | None:
        """The value now."""
        return self.entity_description.value(self._prices)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What belongs to the value."""
        return self.entity_description.details(self._prices)

    @property
    def _prices(self) -> ChannelPrices:
        return self.coordinator.data.channels[self._channel]


class SiteSensor(SiteEntity[PriceCoordinator], SensorEntity):
    """A sensor of what all channels of a site share."""

    entity_description: SiteSensorDescription

    def __init__(
        self, coordinator: PriceCoordinator, description: SiteSensorDescription
    ) -> None:
        """Show a site's value."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> float | str | datetime | None:
        """The value now."""
        return self.entity_description.value(self.coordinator.data)


def _general[Value](prices: SitePrices, read: Callable[[Price], Value]) -> Value | None:
    """Read what all channels share, from the first one that has a current price."""
    shown = (prices.channels.get(channel) for channel in CHANNEL_KEYS)
    current = next((one.current for one in shown if one and one.current), None)
    return None if current is None else read(current)


def _has_tariff_period(price: Price) -> bool:
    return price.tariff is not None and price.tariff.period is not None


def _tariff_period(price: Price) -> str | None:
    if price.tariff is None:
        return None
    return TARIFF_PERIODS.get(price.tariff.period or "")
