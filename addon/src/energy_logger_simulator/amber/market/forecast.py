"""What the market is thought to become, as seen at a time.

Views are redrawn every five minutes, so forecasts revise. One error is shared by the
six fives of a half hour: a half hour's forecast is the mean of theirs.
"""

from math import sqrt
from typing import NamedTuple

from energy_logger_simulator.keyed_hash import draw

from .labels import HALF_HOUR
from .spot import CAP_CENTS, FLOOR_CENTS, SpotMarket

_FIVES_PER_HOUR = 12
_ADVANCED_REACH = 24 * _FIVES_PER_HOUR + HALF_HOUR
"""Advanced prices reach 24.5 hours ahead; beyond that there is always a range, as in
the recorded answer."""
_FAR = 12 * _FIVES_PER_HOUR
_RANGE_SHARE = 0.3
_POTENTIAL_CENTS = 60.0
SPIKE_CENTS = 100.0


class Band(NamedTuple):
    """Spot prices in c/kWh between which the truth is expected."""

    low: float
    predicted: float
    high: float


class Expectation(NamedTuple):
    """What is thought of one interval.

    Attributes:
        spot: Its forecast in c/kWh with GST.
        renewables: Its forecast in per cent, unrounded.
        advanced: The band behind the advanced price; None when too far ahead.
        spread: Least and maximum spot price of the market's models, when they differ.
        is_potential_spike: Whether it may become one.
    """

    spot: float
    renewables: float
    advanced: Band | None
    spread: tuple[float, float] | None
    is_potential_spike: bool


class Forecaster:
    """Forecasts of spot prices. Does not know of sites or tariffs."""

    def __init__(self, seed: int, market: SpotMarket) -> None:
        self._market = market
        self._error = draw(seed, "forecast")
        self._width = draw(seed, "band")
        self._chance = draw(seed, "range")

    def spot(self, position: int, seen_from: int) -> float:
        """Return the forecast for a five, as seen in the five at ``seen_from``."""
        error = self._error_of(position // HALF_HOUR, seen_from)
        return _bounded(self._market.spot(position, 1) + error)

    def expectation(self, position: int, fives: int, seen_from: int) -> Expectation:
        """Return what is thought of the interval at a position."""
        half_hour = position // HALF_HOUR
        error = self._error_of(half_hour, seen_from)
        spot = _bounded(self._market.spot(position, fives) + error)
        ahead = position - seen_from
        band = self.band(spot, position, seen_from)
        is_potential = spot >= _POTENTIAL_CENTS or band.high >= SPIKE_CENTS
        return Expectation(
            spot,
            max(0.0, self._market.renewables(position, fives) + 1.7 * error),
            band if ahead <= _ADVANCED_REACH else None,
            self._spread_of(spot, band, half_hour, ahead, is_spike=is_potential),
            is_potential,
        )

    def band(self, spot: float, position: int, seen_from: int) -> Band:
        """Return the band about a spot price: strictly low, predicted, high."""
        hours = max(0, position - seen_from) / _FIVES_PER_HOUR
        width = 0.7 + 0.4 * sqrt(hours) + 0.1 * abs(spot)
        sway = self._width(_pair(position // HALF_HOUR, seen_from))
        predicted = round(spot + width * (sway - 0.5), 5)
        return Band(
            round(predicted - width * (0.5 + sway), 5),
            predicted,
            round(predicted + width * (1.7 - sway), 5),
        )

    def _spread_of(
        self, spot: float, band: Band, half_hour: int, ahead: int, *, is_spike: bool
    ) -> tuple[float, float] | None:
        chance = self._chance(half_hour)
        is_far = ahead > _FAR and chance < _RANGE_SHARE
        if not (is_spike or is_far or ahead > _ADVANCED_REACH):
            return None
        width = 1 + 3 * chance + 0.2 * abs(spot)
        maximum = max(spot + width, band.high) if is_spike else spot + width
        return round(spot - width, 5), round(maximum, 5)

    def _error_of(self, half_hour: int, seen_from: int) -> float:
        ahead = max(0, half_hour * HALF_HOUR + HALF_HOUR // 2 - seen_from)
        reach = 0.5 + 0.4 * sqrt(ahead / _FIVES_PER_HOUR)
        return (2 * self._error(_pair(half_hour, seen_from)) - 1) * reach


def _pair(half_hour: int, seen_from: int) -> int:
    return (half_hour << 16) + (half_hour * HALF_HOUR - seen_from)


def _bounded(cents: float) -> float:
    return round(min(max(cents, FLOOR_CENTS), CAP_CENTS), 5)
