"""Learning from periods that are over how likely an hour is, and what it is worth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import NamedTuple

from .evidence import Evidence
from .hour_worth import DaysOfPeriod, HourWorth, floor_for, hour_worth
from .probability import Logistic, fit_logistic
from .rule import Period


class Candidate(NamedTuple):
    """An hour that was not out of the question.

    Attributes:
        hour: Its index.
        days_left: Counted dates of the period behind its own.
        terms: What spoke for it when it would have been announced.
        is_peak: Whether it turned out to be a peak that counts.
    """

    hour: int
    days_left: int
    terms: tuple[float, ...]
    is_peak: bool


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """A period that is over.

    Attributes:
        period: Which.
        candidates: Its hours, ascending.
    """

    period: Period
    candidates: Sequence[Candidate]


@dataclass(frozen=True, slots=True)
class Budget:
    """How many hours may be announced.

    Attributes:
        most_hours: Of any one period, withdrawn ones too; None sets no bound.
        mean_hours: Of a period on average over those that were learnt from, if there
            were no bound; it sets how likely an hour must be at the least.
    """

    most_hours: int | None
    mean_hours: float


@dataclass(frozen=True, slots=True)
class Trained:
    """What the watch goes by."""

    logistic: Logistic
    worth: HourWorth


def peak_hours(evidence: Evidence, period: Period) -> Sequence[int]:
    """Return the hours of a period that set the bill, the highest first.

    Of each date only its highest hour counts, of equal ones the first; of equal dates
    the first. Hours without a known load are no peaks.
    """
    history = evidence.history
    best: dict[int, tuple[float, int]] = {}
    first = history.calendar.bounds(period.first_day)[0]
    end = history.calendar.bounds(period.end_day)[0]
    for index in range(first, min(end, len(history))):
        load = history.load_kw[index]
        if load is None or not evidence.counts[index]:
            continue
        day = history.calendar.day[index]
        if day not in best or -load < best[day][0]:
            best[day] = -load, index
    return [index for _load, index in nsmallest(evidence.rule.peaks, best.values())]


def past_period(evidence: Evidence, period: Period, lead_hours: int) -> PastPeriod:
    """Return a period's candidates, each as known when it was due to be announced."""
    calendar = evidence.history.calendar
    peaks = frozenset(peak_hours(evidence, period))
    candidates = []
    first, end = (calendar.bounds(day)[0] for day in (period.first_day, period.end_day))
    for index in range(first, end):
        terms = evidence.of(index, index - lead_hours - 1, period)
        if terms is not None:
            left = evidence.days_left(index, period)
            candidates.append(Candidate(index, left, terms, index in peaks))
    return PastPeriod(period, candidates)


def fit_probability(
    periods: Iterable[PastPeriod], starts_of_each: int
) -> Logistic | None:
    """Return how likely an hour is; None without a single peak to learn from.

    Args:
        periods: That are over.
        starts_of_each: How often an hour is in them.
    """
    candidates = [one for period in periods for one in period.candidates]
    are_peaks = [one.is_peak for one in candidates]
    if not any(are_peaks):
        return None
    rows = [one.terms for one in candidates]
    return fit_logistic(rows, are_peaks, 1 / starts_of_each)


def train(periods: Sequence[PastPeriod], logistic: Logistic, budget: Budget) -> Trained:
    """Return what the watch goes by under a budget."""
    days = [_by_days_left(one, logistic) for one in periods]
    floor = floor_for(days, budget.mean_hours)
    if budget.most_hours is None:
        return Trained(logistic, HourWorth(floor, ()))
    return Trained(logistic, hour_worth(days, budget.most_hours, floor))


def _by_days_left(past: PastPeriod, logistic: Logistic) -> DaysOfPeriod:
    length = past.period.end_day - past.period.first_day
    days: dict[int, list[float]] = {left: [] for left in range(length)}
    for one in past.candidates:
        days[one.days_left].append(logistic.probability(one.terms))
    return days
