"""How good forecasts were."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from energy_logger_server.api.channels import is_feed_in

from .past import Came, Past

_LEVELS: Mapping[str, float] = {"low": 0.1, "predicted": 0.5, "high": 0.9}
"""Share of values that are assumed to lie at or below each value of a band.

Amber does not say what its band means.
"""

_FEED_IN_LEVELS: Mapping[str, float] = {"low": 0.9, "predicted": 0.5, "high": 0.1}
"""What is earned is a price below 0: the lowest earnings are the greatest number."""

ENOUGH_DAYS = 14
"""A score of fewer days is one of a small sample."""

type Judged = Sequence[tuple[Came, float]]
"""What came, and what had been forecast less that; ascending."""


@dataclass(frozen=True, slots=True)
class Score:
    """How good a forecast was at a horizon, in the unit of its values.

    All but the counts are None without anything that could be judged.

    Attributes:
        count: Intervals that were judged.
        days: Local dates that they lie on.
        mae: Mean absolute error.
        bias: Mean of forecast less what came: above 0 too much was forecast.
        pinball: Mean pinball loss at the assumed level; None without one.
        share_at_or_below: Of what came, the share that was not above the forecast;
            to be held against the assumed level.
        persistence_count: Intervals for which persistence is known as well.
        persistence_mae: Mean absolute error of persistence over these.
        skill: 1 less the forecast's error over these by that of persistence: 1 is
            without error, 0 as good as persistence, below 0 worse. None if there are
            none, or persistence was without error.
    """

    count: int
    days: int
    mae: float | None
    bias: float | None
    pinball: float | None
    share_at_or_below: float | None
    persistence_count: int
    persistence_mae: float | None
    skill: float | None

    @property
    def is_small(self) -> bool:
        """Whether it says little: of few days."""
        return self.days < ENOUGH_DAYS


def assumed_level(channel: str, forecast: str) -> float | None:
    """Return the share of values that are assumed to lie at or below a forecast.

    Args:
        channel: Type of a site's channel: of feed-in the band is the other way round.
        forecast: Its name.

    Returns:
        None for what is no part of a band.
    """
    levels = _FEED_IN_LEVELS if is_feed_in(channel) else _LEVELS
    return levels.get(forecast)


def judged_since(past: Past, since: int) -> Judged:
    """Return what can be judged of intervals that began at an instant or later."""
    first = bisect_left(past.came, since, key=lambda came: came.start_at)
    return list(zip(past.came[first:], past.errors[first:], strict=True))


def by_hour(judged: Judged) -> Mapping[int, Judged]:
    """Return the same by the local hour of the day, 0 to 23."""
    hours: dict[int, list[tuple[Came, float]]] = {}
    for pair in judged:
        hours.setdefault(pair[0].hour, []).append(pair)
    return hours


def score_of(judged: Judged, level: float | None) -> Score:
    """Return how good forecasts were.

    Args:
        judged: Of one forecast at one horizon.
        level: See ``assumed_level``.
    """
    errors = [error for _came, error in judged]
    # a year of a site is millions of errors: each is looked at as seldom as can be
    sizes = [abs(error) for error in errors]
    rivals = [came.persistence_error for came, _error in judged]
    known = [one for one in rivals if one is not None]
    persistence = sum(known)
    own = sum(
        size for size, rival in zip(sizes, rivals, strict=True) if rival is not None
    )
    return Score(
        count=len(errors),
        days=len({came.day for came, _error in judged}),
        mae=_mean(sizes),
        bias=_mean(errors),
        pinball=None if level is None else _mean(_pinball(errors, level)),
        share_at_or_below=_mean([float(error >= 0) for error in errors]),
        persistence_count=len(known),
        persistence_mae=_mean(known),
        skill=1 - own / persistence if persistence else None,
    )


def _pinball(errors: Sequence[float], level: float) -> list[float]:
    """Return what each error costs: too much ``1 - level``, too little ``level``."""
    return [(1 - level) * error if error > 0 else -level * error for error in errors]


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
