"""A forecast less its own running error, where that was better of late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from .past import Came, Past
from .scores import ENOUGH_DAYS, Judged, by_hour, judged_since

ERROR_DAYS = 7
"""Days whose errors make the running error."""

JUDGED_DAYS = 60
"""Days on which a correction is judged."""

_LEAST_ERROR_DAYS = 3
_DAY_S = 86_400
_ALL_HOURS = -1


class Way(StrEnum):
    """Of which intervals the errors are taken."""

    OVERALL = "overall"
    BY_HOUR = "by_hour"
    """Of those that begin in the same local hour of the day."""


@dataclass(frozen=True, slots=True)
class Correction:
    """Whether a forecast is corrected at a horizon, and by what.

    Attributes:
        way: The one that was better.
        is_on: Whether the corrected forecast was better than the forecast.
        count: Intervals it was judged on.
        days: Local dates that they lie on.
        mae: Mean absolute error of the forecast on these.
        corrected_mae: The same, of what correction made of it; each with nothing but
            what was known when the forecast counted.
        errors: Running error as it is known now, by local hour: what to take off.
    """

    way: Way
    is_on: bool
    count: int
    days: int
    mae: float
    corrected_mae: float
    errors: Mapping[int, float]

    @property
    def gain(self) -> float:
        """How much better, as a share of the forecast's error; below 0: worse."""
        return 1 - self.corrected_mae / self.mae if self.mae else 0.0

    def corrected(self, value: float, hour: int) -> float | None:
        """Return a forecast less its running error.

        Args:
            value: The forecast.
            hour: Local hour in which its interval begins.

        Returns:
            None where it is not corrected.
        """
        error = self.errors.get(hour) if self.is_on else None
        return None if error is None else value - error


class _RunningErrors:
    """Means of the errors of some days, at instants that only ascend.

    Sums from the beginning on make each mean one subtraction: a year of a site has
    hundreds of thousands of them.
    """

    def __init__(self, judged: Judged) -> None:
        self._ends = [came.end_at for came, _error in judged]
        errors = (error for _came, error in judged)
        self._sums = list(accumulate(errors, initial=0.0))
        days = [came.day for came, _error in judged]
        begins = (day != before for day, before in zip(days[1:], days, strict=False))
        self._days = list(accumulate(map(int, begins), initial=0))
        self._first = self._behind = 0

    def at(self, instant: int) -> float | None:
        """Return the mean error of what was over; None if it is of too few days."""
        ends, behind, first = self._ends, self._behind, self._first
        while behind < len(ends) and ends[behind] <= instant:
            behind += 1
        oldest = instant - ERROR_DAYS * _DAY_S
        while first < behind and ends[first] <= oldest:
            first += 1
        self._behind, self._first = behind, first
        if first == behind:
            return None
        if self._days[behind - 1] - self._days[first] + 1 < _LEAST_ERROR_DAYS:
            return None
        return (self._sums[behind] - self._sums[first]) / (behind - first)


class KnownErrors:
    """Running errors of a forecast at a horizon, as they were known at any time."""

    def __init__(self, judged: Judged, way: Way) -> None:
        """Take what was forecast, ascending, and whose errors count."""
        self._way = way
        groups = by_hour(judged) if way is Way.BY_HOUR else {_ALL_HOURS: judged}
        self._errors = {key: _RunningErrors(one) for key, one in groups.items()}

    def at(self, instant: int, hour: int) -> float | None:
        """Return the mean error of the last ``ERROR_DAYS`` days that was known.

        Args:
            instant: When a forecast counted: only intervals that were over by then
                make it. No earlier one than before. Epoch seconds.
            hour: Local hour of the day in which the interval of the forecast begins.

        Returns:
            None where the errors lie on too few days.
        """
        errors = self._errors.get(hour if self._way is Way.BY_HOUR else _ALL_HOURS)
        return None if errors is None else errors.at(instant)


def correction_of(past: Past, now: int) -> Correction | None:
    """Return whether a forecast is corrected at a horizon.

    Both ways are judged on the intervals of the last ``JUDGED_DAYS`` days for which
    either knew an error.

    Args:
        past: What the forecast said at the horizon.
        now: Epoch seconds.

    Returns:
        None while too few days can be judged.
    """
    since = now - JUDGED_DAYS * _DAY_S
    # what the longest horizon knew at the first of these days
    known_since = since - (ERROR_DAYS + 1) * _DAY_S
    judged = judged_since(past, known_since)
    known = {way: KnownErrors(judged, way) for way in Way}
    errors = [
        (came.day, error, overall, hourly)
        for came, error in judged
        if (overall := known[Way.OVERALL].at(counted_at(came, past), came.hour))
        is not None
        and (hourly := known[Way.BY_HOUR].at(counted_at(came, past), came.hour))
        is not None
        and came.start_at >= since
    ]
    days = len({day for day, *_errors in errors})
    if days < ENOUGH_DAYS:
        return None
    count = len(errors)
    mae = sum(abs(error) for _day, error, *_known in errors) / count
    maes = {
        Way.OVERALL: sum(abs(error - known) for _, error, known, _ in errors) / count,
        Way.BY_HOUR: sum(abs(error - known) for _, error, _, known in errors) / count,
    }
    way = min(Way, key=lambda one: maes[one])
    now_known = {hour: known[way].at(now, hour) for hour in range(24)}
    return Correction(
        way=way,
        is_on=maes[way] < mae,
        count=count,
        days=days,
        mae=mae,
        corrected_mae=maes[way],
        errors={hour: one for hour, one in now_known.items() if one is not None},
    )


def counted_at(came: Came, past: Past) -> int:
    """Return the instant at which a forecast counted, epoch seconds."""
    return came.start_at - past.horizon_minutes * 60


def nearest_horizon(minutes: float, horizons: Sequence[int]) -> int | None:
    """Return the horizon that a forecast so long ahead is corrected at.

    Args:
        minutes: From now to the beginning of its interval.
        horizons: Ascending.

    Returns:
        The nearest, of two the shorter; None beyond the longest.
    """
    if minutes > horizons[-1]:
        return None
    return min(horizons, key=lambda one: abs(one - minutes))
