"""The wholesale market that Amber passes through: spot prices and renewables.

In the months of which real prices are packaged those are replayed; at all other times
prices follow a curve with morning and evening peaks, a midday solar dip, price spikes
and negative events. Everything is a pure function of the seed and the position.
"""

from functools import lru_cache
from itertools import pairwise
from math import cos, exp, pi
from typing import NamedTuple

from energy_logger_simulator.keyed_hash import Draw, draw

from .labels import FIVES_PER_DAY, HALF_HOUR, STEP_S, day_at, day_position, slot_at
from .nem_prices import spot_cents_per_kwh

FLOOR_CENTS = -110.0
CAP_CENTS = 2230.0
"""Market floor and cap, with GST, in c/kWh."""

_FIVES_PER_HOUR = 12
_RUNS = (1, 1, 1, 1, 2, 2, 3, 4)
"""How many intervals in a row share a price; each divides an hour."""


def _bell(centre_h: float, width_h: float) -> tuple[float, ...]:
    """Return a bell over the day, 1 at its centre, for every five of the day."""
    return tuple(
        exp(-((((slot + 0.5) / _FIVES_PER_HOUR) - centre_h) ** 2) / (2 * width_h**2))
        for slot in range(FIVES_PER_DAY)
    )


_MORNING = _bell(7.5, 1.2)
_EVENING = _bell(18.25, 1.5)
SUN = _bell(12.25, 3.0)
"""Height of the sun for every five of a NEM day, 0 to 1."""

_PEAKS = tuple(
    8 + 4 * morning + 14 * evening
    for morning, evening in zip(_MORNING, _EVENING, strict=True)
)


class MarketDay(NamedTuple):
    """One NEM date of the market.

    Attributes:
        spots: Spot price in c/kWh with GST, of each five.
        half_hour_spots: The means of six of them.
        renewables: Share of renewables in per cent, of each five; may exceed 100.
        half_hour_renewables: The means of six of them.
    """

    spots: tuple[float, ...]
    half_hour_spots: tuple[float, ...]
    renewables: tuple[float, ...]
    half_hour_renewables: tuple[float, ...]


class SpotMarket:
    """Actual spot prices and renewables at every time. Does not know of forecasts."""

    def __init__(self, seed: int) -> None:
        self._noise = draw(seed, "spot")
        self._run = draw(seed, "run")
        self._sky = draw(seed, "sky")
        self._green = draw(seed, "green")
        self._event = draw(seed, "event")
        self._day = lru_cache(maxsize=64)(self._make_day)

    def spot(self, position: int, fives: int) -> float:
        """Return the price of an interval in c/kWh with GST, five decimals."""
        day = self._day(day_at(position))
        if fives == 1:
            return day.spots[slot_at(position)]
        return day.half_hour_spots[slot_at(position) // HALF_HOUR]

    def renewables(self, position: int, fives: int) -> float:
        """Return the renewables of an interval in per cent, unrounded."""
        day = self._day(day_at(position))
        if fives == 1:
            return day.renewables[slot_at(position)]
        return day.half_hour_renewables[slot_at(position) // HALF_HOUR]

    def clearness(self, day: int) -> float:
        """Return how clear the sky is on a NEM date: 1 cloudless, 0.2 overcast."""
        return 1.0 - 0.8 * self._sky(day) ** 3

    def _make_day(self, day: int) -> MarketDay:
        first = day_position(day)
        curve = self._curve_of(day)
        self._add_events(day, curve)
        spots = [
            _clamped(cents) if real is None else real
            for cents, real in zip(curve, _real_prices(first), strict=True)
        ]
        sunny = 70 * self.clearness(day)
        greens = [
            max(0.0, 15 + sunny * SUN[slot] + sway)
            for slot, sway in enumerate(self._weather_of(day))
        ]
        return MarketDay(
            tuple(spots),
            tuple(round(mean, 5) for mean in _means(spots)),
            tuple(greens),
            tuple(_means(greens)),
        )

    def _curve_of(self, day: int) -> list[float]:
        first = day_position(day)
        dip = 13 * self.clearness(day)
        season = _season(day)
        curve: list[float] = []
        for hour in range(0, FIVES_PER_DAY, _FIVES_PER_HOUR):
            run = _RUNS[int(self._run(first + hour) * len(_RUNS))]
            for slot in range(hour, hour + _FIVES_PER_HOUR, run):
                noise = 1.5 * (2 * self._noise(first + slot) - 1)
                cents = _PEAKS[slot] - dip * SUN[slot] + season + noise
                curve.extend([cents] * run)
        return curve

    def _weather_of(self, day: int) -> list[float]:
        """Return what wind adds to the renewables: half-hourly, joined by lines."""
        first = day_position(day) // HALF_HOUR
        knots = [
            30 * _triangular(self._green, first + step)
            for step in range(FIVES_PER_DAY // HALF_HOUR + 1)
        ]
        return [
            before + (after - before) * step / HALF_HOUR
            for before, after in pairwise(knots)
            for step in range(HALF_HOUR)
        ]

    def _add_events(self, day: int, curve: list[float]) -> None:
        """Put in a price spike one evening in 30, a glut one noon in 40."""
        kind, place, length, height = (self._event(4 * day + k) for k in range(4))
        if kind < 1 / 30:
            count = 2 + int(length * 7)
            # between 16:30 and 20:00
            slot = 198 + int(place * (42 - count + 1))
            for step in range(count):
                sway = self._noise(4 * day + step)
                curve[slot + step] = 100 + 1800 * height**2 * (0.5 + sway / 2)
        elif kind > 1 - 1 / 40:
            count = 2 + int(length * 7)
            # between 10:30 and 14:00
            slot = 126 + int(place * (42 - count + 1))
            curve[slot : slot + count] = [-20 - 80 * height**2] * count


def _season(day: int) -> float:
    """Return what winter adds and summer takes, in c/kWh; coldest in mid-July."""
    return 0.1 + 0.7 * cos(2 * pi * (day - 195.5) / 365.2425)


def _real_prices(first: int) -> list[float | None]:
    return [
        spot_cents_per_kwh((position + 1) * STEP_S)
        for position in range(first, first + FIVES_PER_DAY)
    ]


def _clamped(cents: float) -> float:
    return round(min(max(cents, FLOOR_CENTS), CAP_CENTS), 5)


def _triangular(uniform: Draw, index: int) -> float:
    """Return a number from -1 to 1 that is mostly near 0."""
    return uniform(2 * index) + uniform(2 * index + 1) - 1


def _means(values: list[float]) -> list[float]:
    return [
        sum(values[start : start + HALF_HOUR]) / HALF_HOUR
        for start in range(0, FIVES_PER_DAY, HALF_HOUR)
    ]
