"""From a spot price to what a channel costs: network tariffs in local time."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from energy_logger_server.api.channels import ChannelType

from .labels import FIVES_PER_DAY, HALF_HOUR, STEP_S, day_position

_GENERAL_SLOPE = 1.07
_FEED_IN_SLOPE = -0.97
_CONTROLLED_LOAD_REBATE_CENTS = 6.0
_FLAT_CENTS = 7.2
_SATURDAY = 5
_SEASONS = ("summer", "autumn", "winter", "spring")


class TariffKind(StrEnum):
    """What a site's prices say of its network tariff."""

    DEMAND = "demand"  # the demand window only
    TIME_OF_USE = "time_of_use"  # period and season
    NONE = "none"


class Period(StrEnum):
    """A part of the day, in Amber's words."""

    OFF_PEAK = "offPeak"
    SOLAR_SPONGE = "solarSponge"
    SHOULDER = "shoulder"
    PEAK = "peak"


_IMPORT_CENTS = {
    Period.OFF_PEAK: 16.2,
    Period.SOLAR_SPONGE: 8.3,
    Period.SHOULDER: 8.6,
    Period.PEAK: 20.0,
}


class TariffSlot(NamedTuple):
    """The tariff of one half hour.

    Attributes:
        local_hour: Hour of the site's wall clock at its start.
        tariff_information: What import records carry, if anything.
        lines: Slope and constant (c/kWh) by channel: perKwh is a line in spot.
            The feed-in's falls: negative means that the customer is paid.
    """

    local_hour: int
    tariff_information: Mapping[str, object] | None
    lines: Mapping[ChannelType, tuple[float, float]]

    def per_kwh(self, channel: ChannelType, spot: float) -> float:
        """Return the all-in price in c/kWh, five decimals."""
        slope, constant = self.lines[channel]
        return round(slope * spot + constant, 5)

    def raised(self, cents: float) -> "TariffSlot":
        """Return the same with dearer imports."""
        lines = {
            channel: (slope, constant + cents * (channel is not ChannelType.FEED_IN))
            for channel, (slope, constant) in self.lines.items()
        }
        return self._replace(lines=lines)


@lru_cache(maxsize=128)
def tariff_day(kind: TariffKind, zone: str, day: int) -> tuple[TariffSlot, ...]:
    """Return the 48 half hours of a NEM date (days since 1970-01-01).

    Periods follow the wall clock of ``zone``, so daylight saving shifts them against
    the NEM date.
    """
    first = day_position(day)
    slot_of = {
        TariffKind.DEMAND: _demand_slot,
        TariffKind.TIME_OF_USE: _time_of_use_slot,
        TariffKind.NONE: _plain_slot,
    }[kind]
    return tuple(
        slot_of(datetime.fromtimestamp(position * STEP_S, ZoneInfo(zone)))
        for position in range(first, first + FIVES_PER_DAY, HALF_HOUR)
    )


def _demand_slot(local: datetime) -> TariffSlot:
    is_window = local.weekday() < _SATURDAY and 15 <= local.hour < 21  # noqa: PLR2004 -- the network's hours
    return TariffSlot(local.hour, {"demandWindow": is_window}, _lines(_FLAT_CENTS, 0.0))


def _time_of_use_slot(local: datetime) -> TariffSlot:
    period = _period(local.hour)
    period_fields = {"period": period.value, "season": _SEASONS[local.month % 12 // 3]}
    return TariffSlot(
        local.hour,
        period_fields,
        _lines(_IMPORT_CENTS[period], _export_cents(period, local)),
    )


def _plain_slot(local: datetime) -> TariffSlot:
    return TariffSlot(local.hour, None, _lines(_FLAT_CENTS, 0.0))


def _period(hour: int) -> Period:
    if 10 <= hour < 15:  # noqa: PLR2004 -- the network's hours
        return Period.SOLAR_SPONGE
    if 15 <= hour < 21:  # noqa: PLR2004 -- the network's hours
        return Period.PEAK
    if 7 <= hour < 22:  # noqa: PLR2004 -- the network's hours
        return Period.SHOULDER
    return Period.OFF_PEAK


def _export_cents(period: Period, local: datetime) -> float:
    """Return what a two-way tariff adds to the pay for exports."""
    if period is Period.SOLAR_SPONGE:
        return -1.9
    if period is Period.PEAK and local.weekday() < _SATURDAY:
        return 3.5
    return 0.0


def _lines(
    import_cents: float, export_cents: float
) -> Mapping[ChannelType, tuple[float, float]]:
    return {
        ChannelType.GENERAL: (_GENERAL_SLOPE, import_cents),
        ChannelType.CONTROLLED_LOAD: (
            _GENERAL_SLOPE,
            import_cents - _CONTROLLED_LOAD_REBATE_CENTS,
        ),
        ChannelType.FEED_IN: (_FEED_IN_SLOPE, -export_cents),
    }
