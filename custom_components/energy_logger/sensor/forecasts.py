"""Opt-in sensors of forecasts, in the shape that planners read.

The action ``get_forecasts`` tells the same. These are for planners that can only read
an attribute; the list is never recorded.
"""

from typing import Any, override

from homeassistant.components.sensor import SensorEntity

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.coordinator import ChannelPrices, PriceCoordinator
from custom_components.energy_logger.entity import CHANNEL_KEYS, SiteEntity
from custom_components.energy_logger.wire import forecast_as_dict

from .prices import AUD_PER_KWH, PRICE_DIGITS


class ForecastSensor(SiteEntity[PriceCoordinator], SensorEntity):
    """The price of a channel's next interval, and of those after it."""

    _attr_entity_registry_enabled_default = False
    _attr_native_unit_of_measurement = AUD_PER_KWH
    _attr_suggested_display_precision = PRICE_DIGITS
    _unrecorded_attributes = frozenset({"forecasts"})

    def __init__(self, coordinator: PriceCoordinator, channel: ChannelType) -> None:
        """Show the forecasts of a channel."""
        super().__init__(coordinator, f"{CHANNEL_KEYS[channel]}_forecast")
        self._channel = channel

    @property
    @override
    def available(self) -> bool:
        """Whether the last answer was good and held forecasts, and the channel."""
        prices = self.coordinator.data
        return (
            super().available
            and self._channel in prices.channels
            and not prices.lacks_forecasts
        )

    @property
    @override
    def native_value(self) -> float | None:
        """The price of the next interval; None without a forecast."""
        forecasts = self._prices.forecasts
        return forecasts[0].price_aud_per_kwh if forecasts else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """All intervals to come."""
        return {"forecasts": [forecast_as_dict(one) for one in self._prices.forecasts]}

    @property
    def _prices(self) -> ChannelPrices:
        return self.coordinator.data.channels[self._channel]
