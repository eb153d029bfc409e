"""Judges without anything learnt: for short histories, and to compare with."""

from math import log
from statistics import median

from .evidence import Evidence
from .history import DAY_HOURS
from .rule import Period
from .watch import Decision, DecisionRule

_WEEK = range(1, 8)


def by_nowcast(margin: float) -> DecisionRule:
    """Return a judge that carries the newest load on as the last seven days went.

    An hour is worth it if it comes within ``margin`` (a share) of what it must exceed,
    and reaches the median of the last 30 days' peaks.
    """

    def decide(
        evidence: Evidence, index: int, known: int, period: Period, left: int
    ) -> Decision:
        del left
        if not evidence.counts[index] or known - _WEEK[-1] * DAY_HOURS < 0:
            return Decision(is_worth_it=False, is_ruled_out=True, probability=None)
        load = _carried_on(evidence, index, known)
        recent = evidence.recent_peaks(known, evidence.history.calendar.day[index])
        to_beat = evidence.to_beat(index, known, period)
        reaches = recent and load >= median(recent)
        exceeds = to_beat is None or load >= to_beat + log(1 - margin)
        return Decision(bool(reaches and exceeds), is_ruled_out=False, probability=None)

    return decide


def by_newest_load(share: float) -> DecisionRule:
    """Return a judge that reacts: to a newest load at so much of the peak so far."""

    def decide(
        evidence: Evidence, index: int, known: int, period: Period, left: int
    ) -> Decision:
        del left
        to_beat = evidence.to_beat(known + 1, known, period)
        load = evidence.history.log_load[known]
        is_high = to_beat is None or load >= to_beat + log(share)
        return Decision(
            evidence.counts[index] and is_high, is_ruled_out=False, probability=None
        )

    return decide


def _carried_on(evidence: Evidence, index: int, known: int) -> float:
    load = evidence.history.log_load
    growth = [
        load[index - days * DAY_HOURS] - load[known - days * DAY_HOURS]
        for days in _WEEK
    ]
    return load[known] + sum(growth) / len(growth)
