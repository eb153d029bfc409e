"""The life of a price interval: forecast, current by estimate, current, actual."""

from datetime import datetime
from typing import NamedTuple

from energy_logger_simulator.keyed_hash import Draw, draw

from .forecast import SPIKE_CENTS, Band, Forecaster
from .labels import STEP_S, position_at
from .spot import SpotMarket


class PriceInterval(NamedTuple):
    """What all channels of a site share in one interval.

    Attributes:
        position: Where it starts.
        fives: Its length.
        type: Amber's word for its life.
        spot: c/kWh with GST.
        renewables: Per cent.
        spike_status: Amber's word.
        estimate: Of the current interval: whether its price is still a forecast.
        spread: Minimum and maximum spot forecast.
        advanced: Band of spot prices behind the advanced price.
    """

    position: int
    fives: int
    type: str
    spot: float
    renewables: float
    spike_status: str
    estimate: bool | None = None
    spread: tuple[float, float] | None = None
    advanced: Band | None = None


class IntervalView:
    """Intervals as seen at one instant. Does not know of channels or tariffs.

    A five's price is confirmed a while after it began; until then it is the last
    forecast. A half hour's price is the mean of what is confirmed and what is
    forecast of its fives, and settled once the last of them is confirmed.
    """

    def __init__(
        self, market: SpotMarket, forecaster: Forecaster, seed: int, now: datetime
    ) -> None:
        self._market = market
        self._forecaster = forecaster
        self._here = position_at(now)
        age_s = now.timestamp() - self._here * STEP_S
        delay_s = confirmation_delay_s(draw(seed, "confirmation"), self._here)
        self._is_confirmed = age_s >= delay_s

    def at(self, position: int, fives: int) -> PriceInterval:
        """Return an interval in the life that it has now."""
        if position + fives <= self._here:
            return actual_interval(self._market, position, fives)
        if position <= self._here:
            return self._current(position, fives)
        return self._forecast(position, fives)

    def _current(self, position: int, fives: int) -> PriceInterval:
        spot = round(sum(map(self._spot, range(position, position + fives))) / fives, 5)
        is_last = self._here == position + fives - 1
        return PriceInterval(
            position,
            fives,
            "CurrentInterval",
            spot,
            round(self._market.renewables(position, fives), 3),
            _spike_status(spot),
            estimate=not (is_last and self._is_confirmed),
            advanced=self._forecaster.band(spot, position, self._here),
        )

    def _spot(self, position: int) -> float:
        if position < self._here or (position == self._here and self._is_confirmed):
            return self._market.spot(position, 1)
        return self._forecaster.spot(position, self._here)

    def _forecast(self, position: int, fives: int) -> PriceInterval:
        expectation = self._forecaster.expectation(position, fives, self._here)
        status = _spike_status(expectation.spot)
        if status == "none" and expectation.is_potential_spike:
            status = "potential"
        return PriceInterval(
            position,
            fives,
            "ForecastInterval",
            expectation.spot,
            expectation.renewables,
            status,
            spread=expectation.spread,
            advanced=expectation.advanced,
        )


def actual_interval(market: SpotMarket, position: int, fives: int) -> PriceInterval:
    """Return an interval that has ended."""
    spot = market.spot(position, fives)
    return PriceInterval(
        position,
        fives,
        "ActualInterval",
        spot,
        market.renewables(position, fives),
        _spike_status(spot),
    )


def confirmation_delay_s(uniform: Draw, position: int) -> float:
    """Return how many seconds after its start a five's price is confirmed.

    Nine in ten take 14 to 30 s, 8 % up to a minute, 2 % up to four (as measured by
    users of the real API).
    """
    chance = uniform(position)
    if chance < 0.9:  # noqa: PLR2004 -- shares are in the docstring
        return 14 + 16 * chance / 0.9
    if chance < 0.98:  # noqa: PLR2004 -- shares are in the docstring
        return 30 + 30 * (chance - 0.9) / 0.08
    return 60 + 180 * (chance - 0.98) / 0.02


def _spike_status(spot: float) -> str:
    return "spike" if spot >= SPIKE_CENTS else "none"
