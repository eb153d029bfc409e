"""Sensors of usage and money of whole days: yesterday, and the newest complete one.

Amber publishes the days of some sites late. Yesterday's is unknown then; the newest
complete one's is not, and has its date beside it.
"""

from collections.abc import Callable, Iterable
from typing import Any

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
)
from homeassistant.const import EntityCategory, UnitOfEnergy

from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.const import AUD
from custom_components.energy_logger.coordinator import (
    DayUsage,
    SiteUsage,
    UsageCoordinator,
)
from custom_components.energy_logger.devices import site_device

from .described import DescribedSensor, DescribedSensorDescription

type _Sum = Callable[[DayUsage], float | None]

_ENERGY, _MONEY = SensorDeviceClass.ENERGY, SensorDeviceClass.MONETARY
_KWH = UnitOfEnergy.KILO_WATT_HOUR
_SUMS: tuple[tuple[str, SensorDeviceClass, str, _Sum], ...] = (
    ("import", _ENERGY, _KWH, lambda day: day.import_kwh),
    ("export", _ENERGY, _KWH, lambda day: day.export_kwh),
    ("cost", _MONEY, AUD, lambda day: day.cost_aud),
    ("earnings", _MONEY, AUD, lambda day: day.earnings_aud),
)
"""A day's: name, class, unit, how to read it."""
_OF_FEED_IN = ("export", "earnings")
"""Names of those that only a site which exports can have."""


def _day_sensors(
    suffix: str, day: Callable[[SiteUsage], DayUsage | None], *, has_date: bool
) -> Iterable[DescribedSensorDescription[SiteUsage]]:
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

    def attributes(usage: SiteUsage) -> dict[str, Any]:
        return _date_of(day(usage) if has_date else None)

    for name, kind, unit, read in _SUMS:
        yield DescribedSensorDescription[SiteUsage](
            key=f"{name}_{suffix}",
            device_class=kind,
            native_unit_of_measurement=unit,
            suggested_display_precision=2,
            value=of_day(read),
            attributes=attributes,
        )


USAGE_SENSORS = (
    *_day_sensors("yesterday", lambda usage: usage.yesterday, has_date=False),
    *_day_sensors("newest_day", lambda usage: usage.newest, has_date=True),
    DescribedSensorDescription[SiteUsage](
        key="usage_latest",
        device_class=SensorDeviceClass.DATE,
        entity_category=EntityCategory.DIAGNOSTIC,
        value=lambda usage: usage.latest_day,
    ),
)


def usage_sensors(coordinator: UsageCoordinator) -> Iterable[SensorEntity]:
    """Return the sensors of a site's usage."""
    device = site_device(coordinator)
    has_feed_in = ChannelType.FEED_IN in coordinator.site.price_channels
    return [
        DescribedSensor(coordinator, device, description, lambda: coordinator.data)
        for description in USAGE_SENSORS
        if has_feed_in or not description.key.startswith(_OF_FEED_IN)
    ]


def _date_of(day: DayUsage | None) -> dict[str, Any]:
    """Return which day it is of, and whether Amber may still replace it."""
    if day is None:
        return {}
    return {"date": day.day.isoformat(), "estimate": day.is_estimated}
