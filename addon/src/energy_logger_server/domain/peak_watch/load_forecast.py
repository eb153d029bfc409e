"""An area's load of the next 24 hours: a regression for each hour of the day and lead.

What is regressed is the logarithm of the load, on what was known so many hours before:
the newest loads, those of the same hour and of the newest one a day and a week before,
the weekday and the season. Where the utility's own forecast is known, it stands in for
most of that, and its errors of late correct it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, exp, pi, sin, sumprod
from typing import NamedTuple

from .history import DAY_HOURS, WEEK_HOURS, LoadHistory
from .least_squares import Sums

LEADS = (1, 2, 3, 4, 5, 7, 10, 14, 19, 24)
"""Hours from the newest known one to the one forecast, for which there is a fit each.

Others take the next longer one, and so do without the very newest hours.
"""

LONGEST_LAG = WEEK_HOURS + LEADS[-1]
_FEWEST_ROWS = 60
"""Days of an hour and lead before a fit is used: four for each term."""
_LEAST_DEVIATION = 0.001
"""No load is forecast better than to a thousandth, however steady it was so far."""
_WEEKEND = 5
_MONDAY = 0
_EPOCH_WEEKDAY = 3
_YEAR_DAYS = 365.25
_TENTH = 1.2815515655446004
"""A standard normal value is below minus this, or above this, in one of ten cases."""


class Estimate(NamedTuple):
    """A load that was forecast.

    Attributes:
        log_kw: Its natural logarithm.
        deviation: Standard deviation of that, as a share of the load.
    """

    log_kw: float
    deviation: float

    @property
    def load_kw(self) -> float:
        """As likely above as below."""
        return exp(self.log_kw)

    @property
    def low_kw(self) -> float:
        """One load of ten is below, if errors stay what they were."""
        return exp(self.log_kw - _TENTH * self.deviation)

    @property
    def high_kw(self) -> float:
        """One load of ten is above, if errors stay what they were."""
        return exp(self.log_kw + _TENTH * self.deviation)


def lead_for(hours: int) -> int:
    """Return the lead whose fit serves so many hours, 1 to 24."""
    return next(lead for lead in LEADS if lead >= hours)


@dataclass(frozen=True, slots=True)
class _Fit:
    weights: Sequence[float]
    deviation: float


@dataclass(frozen=True, slots=True)
class LoadModel:
    """What was learnt up to some hour.

    Attributes:
        own: By lead and hour of day, from the loads alone.
        corrected: Likewise, for hours that the utility forecast.
    """

    own: dict[tuple[int, int], _Fit]
    corrected: dict[tuple[int, int], _Fit]

    def estimate(self, history: LoadHistory, index: int, lead: int) -> Estimate | None:
        """Return the load of an hour, from what was known ``lead`` hours before it.

        Args:
            history: Reaches at least to hour ``index - lead``.
            index: Of the hour.
            lead: One of ``LEADS``.

        Returns:
            None where there is too little to go by yet.
        """
        key = lead, history.calendar.hour[index]
        for fits, terms_of in (
            (self.corrected, _corrected_terms),
            (self.own, _own_terms),
        ):
            fit = fits.get(key)
            terms = terms_of(history, index, lead) if fit else None
            if fit and terms:
                return Estimate(sumprod(fit.weights, terms), fit.deviation)
        return None


class Learning:
    """Sums of every hour and lead; grows by the months that are over."""

    def __init__(self) -> None:
        self._own: dict[tuple[int, int], Sums] = {}
        self._corrected: dict[tuple[int, int], Sums] = {}

    def add(self, history: LoadHistory, first: int, end: int) -> None:
        """Learn from hours of a history: from ``first`` on, before ``end``.

        An hour whose load is not known teaches nothing.
        """
        of_hour: dict[int, list[int]] = {}
        for index in range(max(first, LONGEST_LAG + 3), end):
            if history.load_kw[index] is not None:
                of_hour.setdefault(history.calendar.hour[index], []).append(index)
        for hour, indexes in of_hour.items():
            for lead in LEADS:
                own = [_own_terms(history, index, lead) for index in indexes]
                values = [history.log_load[index] for index in indexes]
                _add(self._own, (lead, hour), own, values)
                pairs = [
                    (terms, history.log_load[index])
                    for index in indexes
                    if (terms := _corrected_terms(history, index, lead))
                ]
                if pairs:
                    rows, of_rows = zip(*pairs, strict=True)
                    _add(self._corrected, (lead, hour), rows, of_rows)

    def model(self) -> LoadModel:
        """Return what was learnt so far."""
        return LoadModel(_fits(self._own), _fits(self._corrected))


def _add(
    sums: dict[tuple[int, int], Sums],
    key: tuple[int, int],
    rows: Sequence[Sequence[float]],
    values: Sequence[float],
) -> None:
    if key not in sums:
        sums[key] = Sums(len(rows[0]))
    sums[key].add(rows, values)


def _fits(sums: dict[tuple[int, int], Sums]) -> dict[tuple[int, int], _Fit]:
    return {key: _fitted(one) for key, one in sums.items() if one.rows >= _FEWEST_ROWS}


def _fitted(sums: Sums) -> _Fit:
    weights, deviation = sums.fit()
    return _Fit(weights, max(deviation, _LEAST_DEVIATION))


@lru_cache(maxsize=4096)
def _season(day: int) -> tuple[float, ...]:
    """Return the terms of a date, given as days since 1970-01-01."""
    angle = 2 * pi * day / _YEAR_DAYS
    weekday = (day + _EPOCH_WEEKDAY) % 7
    return (
        float(weekday >= _WEEKEND),
        float(weekday == _MONDAY),
        sin(angle),
        cos(angle),
        sin(2 * angle),
        cos(2 * angle),
    )


def _own_terms(history: LoadHistory, index: int, lead: int) -> tuple[float, ...]:
    load = history.log_load
    newest = index - lead
    return (
        1.0,
        load[newest],
        load[newest - 1],
        load[newest - 2],
        load[index - DAY_HOURS],
        load[newest - DAY_HOURS],
        load[index - 2 * DAY_HOURS],
        load[index - WEEK_HOURS],
        load[newest - WEEK_HOURS],
        *_season(history.calendar.day[index]),
    )


def _corrected_terms(
    history: LoadHistory, index: int, lead: int
) -> tuple[float, ...] | None:
    load, forecast = history.log_load, history.log_forecast
    newest = index - lead
    errors = []
    expected = forecast[index]
    if expected is None:
        return None
    for place in (
        newest, newest - 1, newest - 2, index - DAY_HOURS, index - WEEK_HOURS
    ):  # fmt: skip
        was = forecast[place]
        if was is None:
            return None
        errors.append(load[place] - was)
    return (
        1.0,
        expected,
        *errors,
        load[index - DAY_HOURS],
        *_season(history.calendar.day[index]),
    )
