"""What a household's meter counts in five minutes, before Amber rounds it."""

from functools import lru_cache
from math import exp
from typing import NamedTuple

from energy_logger_server.api.channels import ChannelType
from energy_logger_simulator.keyed_hash import draw

from .market.labels import FIVES_PER_DAY, HALF_HOUR, day_position
from .market.spot import SUN, SpotMarket
from .sites import SimulatedSite

_FIVES_PER_HOUR = 12
_HOT_WATER_KW = 3.6
_HOT_WATER_FROM, _HOT_WATER_UNTIL = 23, 4
_SOLAR_KW = 5.0
_BASE_KW = 0.25


def _bump(centre_h: float, width_h: float, peak_kw: float) -> tuple[float, ...]:
    return tuple(
        peak_kw
        * exp(-((((slot + 0.5) / _FIVES_PER_HOUR) - centre_h) ** 2) / (2 * width_h**2))
        for slot in range(FIVES_PER_DAY)
    )


_HABITS_KW = tuple(
    _BASE_KW + morning + evening
    for morning, evening in zip(
        _bump(7.25, 0.9, 1.3), _bump(18.75, 1.7, 2.4), strict=True
    )
)


class MeterDay(NamedTuple):
    """Energy of the 288 fives of a NEM date in kWh, unrounded, none negative."""

    general: tuple[float, ...]
    controlled_load: tuple[float, ...]
    feed_in: tuple[float, ...]

    def of(self, channel: ChannelType) -> tuple[float, ...]:
        """Return what one channel counted."""
        return {
            ChannelType.GENERAL: self.general,
            ChannelType.CONTROLLED_LOAD: self.controlled_load,
            ChannelType.FEED_IN: self.feed_in,
        }[channel]


class Household:
    """Load and solar power of one site, as a pure function of the day.

    Args:
        seed: Another seed is another household.
        site: Only one with a feed-in channel has solar panels.
        market: Its sky is the one above the panels.
    """

    def __init__(self, seed: int, site: SimulatedSite, market: SpotMarket) -> None:
        self._site = site
        self._market = market
        self._noise = draw(seed, f"load/{site.id}")
        has_solar = ChannelType.FEED_IN in site.channel_types
        self._solar_kw = _SOLAR_KW if has_solar else 0.0
        self.meter = lru_cache(maxsize=32)(self._meter)

    def _meter(self, day: int) -> MeterDay:
        first = day_position(day)
        solar_kw = self._solar_kw * self._market.clearness(day)
        nets = [
            (
                habit_kw * (0.7 + 0.6 * self._noise(first + slot))
                - solar_kw * max(0.0, SUN[slot] - 0.1) / 0.9
            )
            / _FIVES_PER_HOUR
            for slot, habit_kw in enumerate(_HABITS_KW)
        ]
        return MeterDay(
            tuple(max(net, 0.0) for net in nets),
            tuple(self._hot_water_kwh(first + slot) for slot in range(FIVES_PER_DAY)),
            tuple(max(-net, 0.0) for net in nets),
        )

    def _hot_water_kwh(self, position: int) -> float:
        hour = self._site.tariff_at(position).local_hour
        if _HOT_WATER_UNTIL <= hour < _HOT_WATER_FROM:
            return 0.0
        return _HOT_WATER_KW / _FIVES_PER_HOUR


def summed(energies: tuple[float, ...], fives: int) -> list[float]:
    """Return the energies of longer intervals: of each five, or of each half hour."""
    if fives == 1:
        return list(energies)
    return [
        sum(energies[start : start + HALF_HOUR])
        for start in range(0, len(energies), HALF_HOUR)
    ]


def smoothed(energies: list[float]) -> list[float]:
    """Return a day's estimate: every interval has the mean of its hour."""
    per_hour = len(energies) // 24
    return [
        sum(energies[start : start + per_hour]) / per_hour
        for start in range(0, len(energies), per_hour)
        for _ in range(per_hour)
    ]
