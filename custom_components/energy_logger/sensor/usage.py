"""Sensors of yesterday's usage and money; unknown until Amber has the whole day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory, UnitOfEnergy

from custom_components.energy_logger.api.models import ChannelType
from custom_components.energy_logger.coordinator import (
    DayUsage,
    SiteUsage,
    UsageCoordinator,
)
from custom_components.energy_logger.entity import SiteEntity

AUD = "AUD"


@dataclass(frozen=True, kw_only=True)
class UsageSensorDescription(SensorEntityDescription):
    """A sensor of a site's usage.

    Attributes:
        value: Reads the state; None is unknown.
        needs_feed_in: Whether only a site that exports can have it.
    """

    value: Callable[[SiteUsage], float | date | None]
    needs_feed_in: bool = False


def _of_yesterday(
    read: Callable[[DayUsage], float | None],
) -> Callable[[SiteUsage], float | None]:
    return lambda usage: None if usage.yesterday is None else read(usage.yesterday)


# no state class: Home Assistant would file a day's sum under the hour it was read in,
# which lies in another day
USAGE_SENSORS = (
    UsageSensorDescription(
        key="import_yesterday",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        value=_of_yesterday(lambda day: day.import_kwh),
    ),
    UsageSensorDescription(
        key="export_yesterday",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        suggested_display_precision=2,
        value=_of_yesterday(lambda day: day.export_kwh),
        needs_feed_in=True,
    ),
    UsageSensorDescription(
        key="cost_yesterday",
        device_class=SensorDeviceClass.MONETARY,
        native_unit_of_measurement=AUD,
        suggested_display_precision=2,
        value=_of_yesterday(lambda day: day.cost_aud),
    ),
    UsageSensorDescription(
        key="earnings_yesterday",
        device_class=SensorDeviceClass.MONETARY,
        native_unit_of_measurement=AUD,
        suggested_display_precision=2,
        value=_of_yesterday(lambda day: day.earnings_aud),
        needs_feed_in=True,
    ),
    UsageSensorDescription(
        key="usage_latest",
        device_class=SensorDeviceClass.DATE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda usage: usage.latest_day,
    ),
)


def usage_sensors(coordinator: UsageCoordinator) -> Iterable[SensorEntity]:
    """Return the sensors of a site's usage."""
    has_feed_in = ChannelType.FEED_IN in coordinator.site.price_channels
    return [
        UsageSensor(coordinator, description)
        for description in USAGE_SENSORS
        if has_feed_in or not description.needs_feed_in
    ]


class UsageSensor(SiteEntity[UsageCoordinator], SensorEntity):
    """A sensor of a site's usage."""

    entity_description: UsageSensorDescription

    def __init__(
        self, coordinator: UsageCoordinator, description: UsageSensorDescription
    ) -> None:
        """Show a value of usage."""
        super().__init__(coordinator, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> float | date | None:
        """The value now."""
        return self.entity_description.value(self.coordinator.data)
