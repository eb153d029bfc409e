"""A history made ready to be judged: what there was to learn from at any time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

from energy_logger_server.api.nem import day_number

from .evidence import Evidence
from .foresight import Foresight
from .history import LoadHistory
from .probability import Logistic
from .rule import BillingPeriod, PeakRule, Period, stretches
from .steps import Step, ignore_progress
from .threshold_rule import by_nowcast
from .training import Budget, PastPeriod, fit_probability, past_period, train
from .watch import DecisionRule, JudgeOf, by_probability

TRAINED_AFTER_DAYS = 365
"""With less history than this before a period, the watch is untrained."""

JUDGED_AFTER_DAYS = 180
"""Periods that begin earlier in a history are not judged: loads are not forecast."""

_UNTRAINED_MARGIN = 0.01


class FittedOn(StrEnum):
    """From which periods the watch learnt what it goes by.

    ``past``: those that were over, as it was or would have been.
    ``other-years``: all but those of the year that is judged, later ones too; it judges
    the method where there is little history. A season's year are the twelve months
    that begin with it.
    """

    PAST = "past"
    OTHER_YEARS = "other-years"


@dataclass(frozen=True)
class Past:
    """All that does not depend on the budget.

    Attributes:
        evidence: Of the hours of a history.
        lead_hours: From an announcement to the hour's beginning, at the least.
        periods: That are judged, ascending.
        learnt: What there is to learn from: these, and those that ``stretches`` adds.
        starts_of_each: How often a day is in them.
    """

    evidence: Evidence
    lead_hours: int
    periods: Sequence[Period]
    learnt: Sequence[PastPeriod]
    starts_of_each: int
    _fits: dict[tuple[FittedOn, tuple[int, int]], Logistic | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(
        cls,
        history: LoadHistory,
        rule: PeakRule,
        lead_hours: int,
        step: Step = ignore_progress,
    ) -> "Past":
        """Forecast every hour of a history as it could have been.

        Args:
            history: Of which.
            rule: What sets the bill.
            lead_hours: From an announcement to the hour's beginning, at the least.
            step: Called with the share that is done.
        """
        # to learn forecasts takes as long as to learn from them
        evidence = Evidence(Foresight.of(history, lambda done: step(done / 2)), rule)
        days = history.calendar.day
        first, end = days[0] + JUDGED_AFTER_DAYS, days[len(history)]
        periods = [*rule.periods(first, end)]
        of = stretches(rule, periods, end)
        learnt: list[PastPeriod] = []
        for one in of.stretches:
            learnt.append(past_period(evidence, one, lead_hours))
            step((1 + len(learnt) / len(of.stretches)) / 2)
        return cls(evidence, lead_hours, periods, learnt, of.starts_of_each)

    def judge_of(self, fitted_on: FittedOn, budget: Budget) -> JudgeOf:
        """Return who decides on each period: what was learnt, or else a threshold."""

        @cache
        def of(period: Period) -> DecisionRule:
            logistic = self.logistic(period, fitted_on)
            if logistic is None:
                return by_nowcast(_UNTRAINED_MARGIN)
            learnt = self._learnt_for(period, fitted_on)
            return by_probability(train(learnt, logistic, budget))

        return of

    def is_trained(self, period: Period, fitted_on: FittedOn) -> bool:
        """Return whether a period is judged by what was learnt."""
        return self.logistic(period, fitted_on) is not None

    def logistic(self, period: Period, fitted_on: FittedOn) -> Logistic | None:
        """Return what a period's probabilities come from; None while untrained."""
        if fitted_on is FittedOn.PAST:
            began = self.evidence.history.calendar.day[0]
            if period.first_day - began < TRAINED_AFTER_DAYS:
                return None
        key = fitted_on, self._year_of(period, fitted_on)
        if key not in self._fits:
            self._fits[key] = fit_probability(
                self._learnt_for(period, fitted_on), self.starts_of_each
            )
        return self._fits[key]

    def _learnt_for(self, period: Period, fitted_on: FittedOn) -> list[PastPeriod]:
        first_day, end_day = self._year_of(period, fitted_on)
        if fitted_on is FittedOn.PAST:
            # the last hours before a period are not known when its first are due
            return [one for one in self.learnt if one.period.end_day < first_day]
        return [
            one
            for one in self.learnt
            if one.period.end_day <= first_day or one.period.first_day >= end_day
        ]

    def _year_of(self, period: Period, fitted_on: FittedOn) -> tuple[int, int]:
        """Return the days that a period must not be learnt from: first and end.

        Periods that learn from the same ones have the same.
        """
        if fitted_on is FittedOn.PAST:
            return period.first_day, period.end_day
        first = period.first
        if self.evidence.rule.period is BillingPeriod.MONTH:
            first = first.replace(month=1)
        return day_number(first), day_number(first.replace(year=first.year + 1))
