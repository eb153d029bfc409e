"""Sensors of prices: one set for each channel, and those of the whole site."""

from collections.abc import Callable, Iterable
from typing import Any

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfRatio

from custom_components.energy_logger.api.amber_models import Price
from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.const import AUD_PER_KWH, PRICE_DIGITS
from custom_components.energy_logger.coordinator import (
    ChannelPrices,
    PriceCoordinator,
    SitePrices,
)
from custom_components.energy_logger.coordinator.shapes import (
    DESCRIPTORS,
    SPIKE_STATUSES,
    TARIFF_PERIODS,
)
from custom_components.energy_logger.devices import site_device
from custom_components.energy_logger.keys import CHANNEL_KEYS

from .described import DescribedSensor, DescribedSensorDescription
from .price_feeds import feed_sensors


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
    DescribedSensorDescription[ChannelPrices](
        key="price",
        native_unit_of_measurement=AUD_PER_KWH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=PRICE_DIGITS,
        value=_of_current(lambda price: price.price_aud_per_kwh),
        attributes=_span,
    ),
    DescribedSensorDescription[ChannelPrices](
        key="advanced_price",
        native_unit_of_measurement=AUD_PER_KWH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=PRICE_DIGITS,
        value=_of_current(_advanced),
    ),
    DescribedSensorDescription[ChannelPrices](
        key="price_descriptor",
        device_class=SensorDeviceClass.ENUM,
        options=[*DESCRIPTORS.values()],
        value=_of_current(lambda price: DESCRIPTORS.get(price.descriptor or "")),
    ),
)

LOWEST_PRICE_START = DescribedSensorDescription[ChannelPrices](
    key="lowest_price_start",
    device_class=SensorDeviceClass.TIMESTAMP,
    entity_registry_enabled_default=False,
    value=lambda prices: (
        None if prices.lowest_to_come is None else prices.lowest_to_come.starts_at
    ),
)

SITE_SENSORS = (
    DescribedSensorDescription[SitePrices](
        key="spot_price",
        native_unit_of_measurement=AUD_PER_KWH,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=PRICE_DIGITS,
        entity_registry_enabled_default=False,
        value=lambda prices: _general(prices, lambda price: price.spot_aud_per_kwh),
    ),
    DescribedSensorDescription[SitePrices](
        key="renewables",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value=lambda prices: _general(prices, lambda price: price.renewables_percent),
    ),
    DescribedSensorDescription[SitePrices](
        key="spike_status",
        device_class=SensorDeviceClass.ENUM,
        options=[*SPIKE_STATUSES],
        value=lambda prices: _general(
            prices, lambda price: SPIKE_STATUSES.get(price.spike_status or "")
        ),
    ),
    DescribedSensorDescription[SitePrices](
        key="tariff_period",
        device_class=SensorDeviceClass.ENUM,
        options=[*TARIFF_PERIODS.values()],
        entity_registry_enabled_default=False,
        value=lambda prices: _general(prices, _tariff_period),
        exists=lambda prices: bool(_general(prices, _has_tariff_period)),
    ),
    DescribedSensorDescription[SitePrices](
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
    yield from feed_sensors(coordinator, channel)
    device = site_device(coordinator)
    prefix = f"{CHANNEL_KEYS[channel]}_"

    def prices() -> ChannelPrices | None:
        return coordinator.data.channels.get(channel)

    def prices_with_forecasts() -> ChannelPrices | None:
        return None if coordinator.data.lacks_forecasts else prices()

    yield from (
        DescribedSensor(coordinator, device, description, prices, prefix=prefix)
        for description in CHANNEL_SENSORS
    )
    yield DescribedSensor(
        coordinator, device, LOWEST_PRICE_START, prices_with_forecasts, prefix=prefix
    )


def shown_site_keys(prices: SitePrices) -> Iterable[str]:
    """Return the sensors of what all channels share, as far as Amber sends it."""
    return [one.key for one in SITE_SENSORS if one.exists(prices)]


def site_sensors(coordinator: PriceCoordinator, key: str) -> Iterable[SensorEntity]:
    """Return the sensor with a key, by itself."""
    device = site_device(coordinator)
    return [
        DescribedSensor(coordinator, device, description, lambda: coordinator.data)
        for description in SITE_SENSORS
        if description.key == key
    ]


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
