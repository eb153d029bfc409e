"""What the watch sees ahead: the next 24 hours, and how likely the peak is near."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .evidence import Evidence
from .history import DAY_HOURS
from .likelihood import Likelihood
from .load_forecast import Estimate
from .past import FittedOn, Past


class HourAhead(NamedTuple):
    """An hour that is not over.

    Attributes:
        hour: Its beginning, epoch seconds // 3600.
        estimate: Its load; None where there is too little to go by.
        probability: That it is its month's peak; None where nobody knows.
        is_near: Whether it begins within the lead: it was due to be announced, and its
            probability is the one that a back-test judges.
    """

    hour: int
    estimate: Estimate | None
    probability: float | None
    is_near: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is ahead, as it was seen at the beginning of an hour.

    Attributes:
        hours: The hour that runs, and those behind it; 24, ascending.
        is_probability_shown: Whether probabilities may be shown in per cent.
    """

    hours: Sequence[HourAhead]
    is_probability_shown: bool

    @property
    def probability(self) -> float | None:
        """That the month's peak is within the lead; None where nobody knows.

        Over a day these hours' probabilities add up to what a back-test judges. Those
        further off do not: by them a peak would seem half as likely as it is.
        """
        near = [one.probability for one in self.hours if one.is_near]
        known = [one for one in near if one is not None]
        return min(sum(known), 1.0) if known else None

    @property
    def likelihood(self) -> Likelihood:
        """The same as a word."""
        return Likelihood.of(self.probability)


def outlook(
    evidence: Evidence, past: Past, now: int, *, is_probability_shown: bool
) -> Outlook:
    """Return what is ahead.

    Args:
        evidence: Of a history up to the last hour that is over.
        past: What was learnt.
        now: Index of the hour that runs.
        is_probability_shown: Whether probabilities have been honest so far.
    """
    return Outlook(
        [*_hours(evidence, past, range(now, now + DAY_HOURS))], is_probability_shown
    )


def _hours(evidence: Evidence, past: Past, hours: range) -> Iterable[HourAhead]:
    history = evidence.history
    newest = len(history) - 1
    for index in hours:
        is_near = index <= hours.start + past.lead_hours
        known = min(newest, index - past.lead_hours - 1) if is_near else newest
        yield HourAhead(
            history.first_hour + index,
            evidence.foresight.estimate(index, newest),
            _probability(evidence, past, index, known),
            is_near,
        )


def _probability(
    evidence: Evidence, past: Past, index: int, known: int
) -> float | None:
    period = evidence.rule.period_of(evidence.history.calendar.day[index])
    logistic = None if period is None else past.logistic(period, FittedOn.PAST)
    if period is None or logistic is None:
        return None
    terms = evidence.of(index, known, period)
    return 0.0 if terms is None else logistic.probability(terms)
