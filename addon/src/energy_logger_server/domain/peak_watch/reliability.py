"""Whether probabilities may be shown as such: how they compare with what came."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from .past import FittedOn, Past
from .training import peak_hours

_SUM = (0.7, 1.4)
"""Of a period's probabilities, for each peak that counts: what still is honest."""


class _Day(NamedTuple):
    probability: float
    climatology: float
    is_peak: bool


@dataclass(frozen=True, slots=True)
class Reliability:
    """How the probabilities of days compare with what came.

    Attributes:
        periods: How many they are of.
        brier_skill: Share of the squared error that they save, compared with saying the
            same of each day of a period: 1 at best, below 0 where they are worse.
        period_sum: Mean sum of a period's probabilities for each peak that counts; 1
            if they are neither too high nor too low.
    """

    periods: int
    brier_skill: float
    period_sum: float

    @property
    def is_shown(self) -> bool:
        """Whether a probability may be shown in per cent, and need not be a word."""
        least, most = _SUM
        return self.brier_skill > 0 and least <= self.period_sum <= most


def reliability(past: Past, fitted_on: FittedOn) -> Reliability | None:
    """Return how the trained periods did; None without any."""
    days: list[_Day] = []
    periods = 0
    judged = frozenset(past.periods)
    for one in past.learnt:
        logistic = (
            past.logistic(one.period, fitted_on) if one.period in judged else None
        )
        if logistic is None:
            continue
        periods += 1
        evidence = past.evidence
        of_day = {
            day: [0.0, 0.0]
            for day in range(one.period.first_day, one.period.end_day)
            if evidence.rule.counts_on(day)
        }
        for candidate in one.candidates:
            of = of_day[evidence.history.calendar.day[candidate.hour]]
            of[0] += logistic.probability(candidate.terms)
        for peak in peak_hours(evidence, one.period):
            of_day[evidence.history.calendar.day[peak]][1] = 1.0
        share = min(evidence.rule.peaks / max(len(of_day), 1), 1.0)
        days += [_Day(min(p, 1.0), share, bool(was)) for p, was in of_day.values()]
    return _compared(days, periods) if days else None


def _compared(days: Iterable[_Day], periods: int) -> Reliability:
    error = usual = total = 0.0
    peaks = 0
    for day in days:
        error += (day.probability - day.is_peak) ** 2
        usual += (day.climatology - day.is_peak) ** 2
        total += day.probability
        peaks += day.is_peak
    # where every day counts there is nothing to foretell
    skill = 1 - error / usual if usual else 0.0
    return Reliability(periods, skill, total / max(peaks, 1))
