"""What speaks for an hour being the peak of its period, as numbers without unit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nlargest
from math import log
from statistics import fmean, median
from typing import NamedTuple

from .foresight import Foresight
from .history import LoadHistory
from .rule import PeakRule, Period

_BELOW_PEAK = 0.15
_BELOW_TODAY = 0.10
"""An hour forecast so much below is out of the question, as shares."""
_MONTH_DAYS = 30
_WEEK_DAYS = 7
_YEAR_DAYS = 365
_AROUND_DAYS = 15
_YEAR_AGO_PEAKS = 3
"""How many of the peaks of the 31 days around this date a year ago are averaged."""


class _AsKnown(NamedTuple):
    """An hour beside what does not depend on where its period begins.

    Logarithms of loads, and shares.
    """

    load: float
    deviation: float
    rival: float
    month_max: float
    month_median: float
    week_max: float
    year_ago: float | None


@dataclass(frozen=True)
class Evidence:
    """Evidence of a history's hours under a rule, each as of when it was announced.

    Attributes:
        foresight: What was forecast, and the history.
        rule: Which hours count.
    """

    foresight: Foresight
    rule: PeakRule
    _as_known: dict[tuple[int, int], _AsKnown | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def history(self) -> LoadHistory:
        """Whose hours."""
        return self.foresight.history

    @cached_property
    def counts(self) -> Sequence[bool]:
        """Whether the rule counts each hour of the calendar, were its month one."""
        calendar, rule = self.history.calendar, self.rule
        of_day = {day: rule.counts_on(day) for day in calendar.starts}
        return [
            of_day[day] and hour in rule.hours
            for day, hour in zip(calendar.day, calendar.hour, strict=True)
        ]

    @cached_property
    def _day_peaks(self) -> dict[int, float]:
        """Highest counted load of each date, its logarithm; by date, ascending."""
        peaks: dict[int, float] = {}
        # the calendar and what counts of it reach beyond the loads
        days = self.history.calendar.day
        hours = zip(self.history.log_load, days, self.counts, strict=False)
        for load, day, does_count in hours:
            if does_count and load > peaks.get(day, float("-inf")):
                peaks[day] = load
        return peaks

    def days_left(self, index: int, period: Period) -> int:
        """Return how many counted dates of a period come after an hour's own."""
        day = self.history.calendar.day[index]
        return sum(map(self.rule.counts_on, range(day + 1, period.end_day)))

    def of(self, index: int, known: int, period: Period) -> tuple[float, ...] | None:
        """Return what speaks for an hour, the same number of terms for each.

        Args:
            index: Of the hour.
            known: Index of the newest hour that counts as known.
            period: In which it is to be the peak.

        Returns:
            None if it does not count, is out of the question, or cannot be forecast.
        """
        if not self.counts[index]:
            return None
        key = index, known
        if key not in self._as_known:
            self._as_known[key] = self._read(index, known)
        hour = self._as_known[key]
        if hour is None:
            return None
        to_beat = self.to_beat(index, known, period)
        above_peak = 0.25 if to_beat is None else hour.load - to_beat
        if above_peak <= -_BELOW_PEAK:
            return None
        return _terms(hour, above_peak, self.days_left(index, period))

    def _read(self, index: int, known: int) -> _AsKnown | None:
        estimate = self.foresight.estimate(index, known)
        if estimate is None:
            return None
        load, deviation = estimate
        rival = self._rival(index, known)
        if rival is None:
            rival = load - 0.5
        if load - rival <= -_BELOW_TODAY:
            return None
        day = self.history.calendar.day[index]
        recent = self.recent_peaks(known, day)
        return _AsKnown(
            load,
            deviation,
            rival,
            max(recent),
            median(recent),
            max(recent[-_WEEK_DAYS:]),
            self._year_ago(day),
        )

    def _rival(self, index: int, known: int) -> float | None:
        """Return the highest other hour of the same date, known or forecast."""
        first, end = self.history.calendar.bounds(self.history.calendar.day[index])
        highest: float | None = None
        for other in range(first, end):
            if other == index or not self.counts[other]:
                continue
            if other <= known:
                load = self.history.log_load[other]
            else:
                estimate = self.foresight.estimate(other, known)
                if estimate is None:
                    continue
                load = estimate.log_kw
            if highest is None or load > highest:
                highest = load
        return highest

    def recent_peaks(self, known: int, day: int) -> Sequence[float]:
        """Return the peaks of the last 30 dates that are over, ascending by date."""
        last = day - 1
        while self.history.calendar.bounds(last)[1] > known + 1:
            last -= 1
        days = range(last - _MONTH_DAYS + 1, last + 1)
        return [self._day_peaks[one] for one in days if one in self._day_peaks]

    def _year_ago(self, day: int) -> float | None:
        middle = day - _YEAR_DAYS
        days = range(middle - _AROUND_DAYS, middle + _AROUND_DAYS + 1)
        peaks = [self._day_peaks[one] for one in days if one in self._day_peaks]
        if len(peaks) <= _AROUND_DAYS:
            return None
        return fmean(nlargest(_YEAR_AGO_PEAKS, peaks))

    def to_beat(self, index: int, known: int, period: Period) -> float | None:
        """Return what the hour must exceed by what is known; None: nothing yet.

        That is the highest hour of its own date, and the day peak that would be the
        lowest of those that count.
        """
        days = self.history.calendar.day
        today = days[index]
        running = min(days[known], today)
        others = [
            self._day_peaks[day]
            for day in range(period.first_day, running)
            if day in self._day_peaks
        ]
        so_far = self._so_far(running, known)
        lowest: float | None = None
        if so_far is not None and running < today and running >= period.first_day:
            others.append(so_far)
        elif so_far is not None and running == today:
            lowest = so_far
        if len(others) >= self.rule.peaks:
            nth = nlargest(self.rule.peaks, others)[-1]
            return nth if lowest is None else max(nth, lowest)
        return lowest

    def _so_far(self, day: int, known: int) -> float | None:
        first, end = self.history.calendar.bounds(day)
        loads = [
            self.history.log_load[one]
            for one in range(first, min(end, known + 1))
            if self.counts[one]
        ]
        return max(loads, default=None)


def _terms(hour: _AsKnown, above_peak: float, days_left: int) -> tuple[float, ...]:
    in_deviations = _within(above_peak, 0.3, 0.25) / hour.deviation
    above_rival = 20 * _within(hour.load - hour.rival, 0.2, 0.1)
    year_ago = 0.0 if hour.year_ago is None else hour.load - hour.year_ago
    return (
        1.0,
        in_deviations,
        min(in_deviations, 0.0),
        above_rival,
        min(above_rival, 0.0),
        log(days_left + 1),
        10 * _within(hour.load - hour.month_max, 0.3, 0.3),
        10 * _within(hour.load - hour.month_median, 0.3, 0.4),
        10 * _within(hour.load - hour.week_max, 0.3, 0.3),
        10 * _within(year_ago, 0.4, 0.4),
    )


def _within(value: float, below: float, above: float) -> float:
    return max(-below, min(above, value))
