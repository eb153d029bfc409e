"""Sensors of a channel that planners read, and of where its price stands."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, override

from homeassistant.components.sensor import SensorEntity, SensorStateClass
from homeassistant.const import UnitOfRatio
from homeassistant.util.dt import get_default_time_zone, utcnow

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.api.planner_feeds import (
    day_span,
    haeo_feed,
    predbat_feed,
)
from custom_components.energy_logger.api.price_source import (
    PriceSource,
    PriceStep,
    price_step,
    price_steps,
)
from custom_components.energy_logger.const import AUD_PER_KWH, PRICE_DIGITS
from custom_components.energy_logger.coordinator import ChannelPrices, PriceCoordinator
from custom_components.energy_logger.coordinator.price_history import KEPT
from custom_components.energy_logger.coordinator.price_rank import percentile_rank
from custom_components.energy_logger.coordinator.shapes import forecast_as_dict
from custom_components.energy_logger.devices import site_device
from custom_components.energy_logger.keys import CHANNEL_KEYS

from .described import DescribedSensor, DescribedSensorDescription

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChannelHistory:
    """What is known of a channel's prices.

    Attributes:
        prices: The present one and those to come.
        steps: Those of the last days, the market operator's, in no certain order.
    """

    prices: ChannelPrices
    steps: tuple[PriceStep, ...]


def _next_price(source: PriceSource) -> Callable[[ChannelPrices], float | None]:
    return lambda prices: (
        price_step(prices.forecasts[0], source).price_aud_per_kwh
        if prices.forecasts
        else None
    )


def _haeo(prices: ChannelPrices) -> dict[str, Any]:
    return {**haeo_feed(price_steps(prices.forecasts, PriceSource.ADVANCED))}


def _present(known: ChannelHistory) -> float | None:
    current = known.prices.current
    return None if current is None else current.price_aud_per_kwh


def _predbat(source: PriceSource) -> Callable[[ChannelHistory], dict[str, Any]]:
    def attributes(known: ChannelHistory) -> dict[str, Any]:
        now, zone = utcnow(), get_default_time_zone()
        # the history is of a month, and this is made whenever a price comes
        begin, _ = day_span(now.astimezone(zone).date(), zone)
        expected = price_steps(known.prices.known, source)
        behind = expected[0].starts_at if expected else now
        over = sorted(
            (one for one in known.steps if begin <= one.starts_at < behind),
            key=lambda one: one.starts_at,
        )
        return {**predbat_feed((*over, *expected), now, zone)}

    return attributes


def _rank_ahead(prices: ChannelPrices) -> float | None:
    current = prices.current
    if current is None:
        return None
    begin = current.starts_at
    steps = price_steps(prices.known, PriceSource.AEMO)
    return percentile_rank(steps, current.price_aud_per_kwh, begin, begin + _DAY)


def _rank_behind(known: ChannelHistory) -> float | None:
    current = known.prices.current
    if current is None:
        return None
    end: datetime = current.ends_at
    return percentile_rank(known.steps, current.price_aud_per_kwh, end - KEPT, end)


FORECASTS = (
    DescribedSensorDescription[ChannelPrices](
        key="forecast",
        native_unit_of_measurement=AUD_PER_KWH,
        suggested_display_precision=PRICE_DIGITS,
        entity_registry_enabled_default=False,
        value=_next_price(PriceSource.AEMO),
        attributes=lambda prices: {
            "forecasts": [forecast_as_dict(price) for price in prices.forecasts]
        },
    ),
    DescribedSensorDescription[ChannelPrices](
        key="advanced_forecast",
        native_unit_of_measurement=AUD_PER_KWH,
        suggested_display_precision=PRICE_DIGITS,
        entity_registry_enabled_default=False,
        value=_next_price(PriceSource.ADVANCED),
        attributes=_haeo,
    ),
    DescribedSensorDescription[ChannelPrices](
        key="price_rank_ahead",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value=_rank_ahead,
    ),
)

HISTORIES = (
    DescribedSensorDescription[ChannelHistory](
        key="day_prices",
        native_unit_of_measurement=AUD_PER_KWH,
        suggested_display_precision=PRICE_DIGITS,
        entity_registry_enabled_default=False,
        value=_present,
        attributes=_predbat(PriceSource.AEMO),
    ),
    DescribedSensorDescription[ChannelHistory](
        key="advanced_day_prices",
        native_unit_of_measurement=AUD_PER_KWH,
        suggested_display_precision=PRICE_DIGITS,
        entity_registry_enabled_default=False,
        value=_present,
        attributes=_predbat(PriceSource.ADVANCED),
    ),
    DescribedSensorDescription[ChannelHistory](
        key="price_rank_30_days",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value=_rank_behind,
    ),
)


def feed_sensors(
    coordinator: PriceCoordinator, channel: ChannelType
) -> Iterable[SensorEntity]:
    """Return the sensors of a channel that planners read."""
    device = site_device(coordinator)
    prefix = f"{CHANNEL_KEYS[channel]}_"

    def with_forecasts() -> ChannelPrices | None:
        if coordinator.data.lacks_forecasts:
            return None
        return coordinator.data.channels.get(channel)

    def with_history() -> ChannelHistory | None:
        prices = coordinator.data.channels.get(channel)
        if prices is None:
            return None
        return ChannelHistory(prices, tuple(coordinator.history.steps(channel)))

    for forecast in FORECASTS:
        yield ForecastSensor(
            coordinator, device, forecast, with_forecasts, prefix=prefix
        )
    for history in HISTORIES:
        yield HistorySensor(coordinator, device, history, with_history, prefix=prefix)


class ForecastSensor(DescribedSensor[ChannelPrices]):
    """Something of a channel's prices to come.

    The action ``get_forecasts`` returns the same. This is for planners that can only
    read an attribute; the list is never recorded.
    """

    _unrecorded_attributes = frozenset({"forecasts"})


class HistorySensor(DescribedSensor[ChannelHistory]):
    """Something of a channel's prices that needs those of the last days, too."""

    coordinator: PriceCoordinator
    _unrecorded_attributes = frozenset({"raw_today", "raw_tomorrow"})

    @override
    async def async_added_to_hass(self) -> None:
        """Let the prices of the last days be read."""
        await super().async_added_to_hass()
        self.coordinator.history.want()
