"""Sensors of usage and money of whole days: yesterday, and the newest complete one.

Amber tells the days of some sites late. Yesterday's is unknown then; the newest
complete one's is not, and has its date beside it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory, UnitOfEnergy

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.coordinator import (
    DayUsage,
    SiteUsage,
    UsageCoordinator,
)
from custom_components.energy_logger.entity import SiteEntity

AUD = "AUD"


type _Value = float | date | None
type _Sum = Callable[[DayUsage], float | None]

_ENERGY, _MONEY = SensorDeviceClass.ENERGY, SensorDeviceClass.MONETARY
_KWH = UnitOfEnergy.KILO_WATT_HOUR
_SUMS: tuple[tuple[str, SensorDeviceClass, str, _Sum, bool], ...] = (
    ("import", _ENERGY, _KWH, lambda day: day.import_kwh, False),
    ("export", _ENERGY, _KWH, lambda day: day.export_kwh, True),
    ("cost", _MONEY, AUD, lambda day: day.cost_aud, False),
    ("earnings", _MONEY, AUD, lambda day: day.earnings_aud, True),
)
"""A day's: name, class, unit, how to read it, whether only an exporting site has it."""


@dataclass(frozen=True, kw_only=True)
class UsageSensorDescription(SensorEntityDescription):
    """A sensor of a site's usage.

    Attributes:
        value: Reads the state; None is unknown.
        day: Reads the day whose date and certainty stand beside the value; None when
            the sensor's name says them.
        needs_feed_in: Whether only a site that exports can have it.
    """

    value: Callable[[SiteUsage], _Value]
    day: Callable[[SiteUsage], DayUsage | None] | None = None
    needs_feed_in: bool = False


def _day_sensors(
    suffix: str, day: Callable[[SiteUsage], DayUsage | None], *, has_date: bool
) -> Iterable[UsageSensorDescription]:
    """Return the sensors of one of a site's days.

    They have no state class: Home Assistant would file a day's sum under the hour in
    which it was read, which lies in another day.

    Args:
        suffix: Of their keys.
        day: Reads the day.
        has_date: Whether the date stands beside the value.
    """

    def of_day(read: _Sum) -> Callable[[SiteUsage], float | None]:
        def value(usage: SiteUsage) -> float | None:
            known = day(usage)
            return None if known is None else read(known)

        return value

    for name, kind, unit, read, needs_feed_in in _SUMS:
        yield UsageSensorDescription(
            key=f"{name}_{suffix}",
            device_class=kind,
            native_unit_of_measurement=unit,
            suggested_display_precision=2,
            value=of_day(read),
            day=day if has_date else None,
            needs_feed_in=needs_feed_in,
        )


USAGE_SENSORS = (
    *_day_sensors("yesterday", lambda usage: usage.yesterday, has_date=False),
    *_day_sensors("newest_day", lambda usage: usage.newest, has_date=True),
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
    def native_value(self) -> _Value:
        """The value now."""
        return self.entity_description.value(self.coordinator.data)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Which day it is of, and whether Amber may still replace it."""
        read = self.entity_description.day
        day = None if read is None else read(self.coordinator.data)
        if day is None:
            return {}
        return {"date": day.day.isoformat(), "estimate": day.is_estimated}
