"""What announced hours were worth, once their loads are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .watch import AnnouncedHour


class Outcome(StrEnum):
    """What an announced hour turned out to be.

    ``pending``: it is not over, or its load is not known yet.
    ``withdrawn``: it was withdrawn before it began.
    ``highest``: it is the month's highest hour so far, and the month is not over.
    ``caught``: it set the month's peak.
    ``false_alarm``: another hour of its month is higher.
    """

    PENDING = "pending"
    WITHDRAWN = "withdrawn"
    HIGHEST = "highest"
    CAUGHT = "caught"
    FALSE_ALARM = "false_alarm"


@dataclass(frozen=True, slots=True)
class PeakOfMonth:
    """A month's peak as it is known.

    Attributes:
        first: The first of the month.
        load_kw: Of the highest hour.
        hour: Which that was, epoch seconds // 3600; of equal ones the first.
        is_over: Whether the month is, with its last hour.
    """

    first: date
    load_kw: float
    hour: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class JudgedHour:
    """An announced hour and what came of it.

    Attributes:
        announced: The hour.
        load_kw: What came; None while it is not known.
        outcome: What it turned out to be.
        below_peak_kw: How far the month's peak is above it: 0 of the peak itself.
    """

    announced: AnnouncedHour
    load_kw: float | None
    outcome: Outcome
    below_peak_kw: float | None


@dataclass(frozen=True, slots=True)
class JudgedMonth:
    """A month in which the watch was at work.

    Attributes:
        first: The first of the month.
        peak: As it is known; None without any load.
        hours: That were announced, ascending.
    """

    first: date
    peak: PeakOfMonth | None
    hours: Sequence[JudgedHour]

    @property
    def is_caught(self) -> bool | None:
        """Whether the peak was announced in time; None while it may be another one."""
        if self.peak is None or not self.peak.is_over:
            return None
        return any(one.outcome is Outcome.CAUGHT for one in self.hours)


def judged_month(
    first: date,
    peak: PeakOfMonth | None,
    announced: Sequence[AnnouncedHour],
    loads_kw: Mapping[int, float],
) -> JudgedMonth:
    """Return what a month's announcements were worth.

    Args:
        first: The first of the month.
        peak: As it is known.
        announced: Its hours, ascending; all hours as epoch seconds // 3600.
        loads_kw: Those that are known, by hour.
    """
    return JudgedMonth(
        first, peak, [_judged(one, peak, loads_kw.get(one.hour)) for one in announced]
    )


def _judged(
    one: AnnouncedHour, peak: PeakOfMonth | None, load_kw: float | None
) -> JudgedHour:
    below = None if peak is None or load_kw is None else peak.load_kw - load_kw
    return JudgedHour(one, load_kw, _outcome(one, peak, load_kw), below)


def _outcome(
    one: AnnouncedHour, peak: PeakOfMonth | None, load_kw: float | None
) -> Outcome:
    if one.withdrawn_at is not None:
        return Outcome.WITHDRAWN
    if load_kw is None or peak is None:
        return Outcome.PENDING
    if one.hour != peak.hour:
        return Outcome.FALSE_ALARM
    return Outcome.CAUGHT if peak.is_over else Outcome.HIGHEST
