"""Peaks by calendar period: the highest load of each day, month or year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from heapq import nsmallest


class Period(StrEnum):
    """A calendar period in Central dates."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DayPeak:
    """The highest load of an area on one Central date.

    Attributes:
        day: The date.
        load_e1: Tenths of kW.
        at: Label of its hour, epoch seconds; of equal hours the first.
    """

    day: date
    load_e1: int
    at: int


def highest_peaks(days: Iterable[DayPeak], period: Period, limit: int) -> list[DayPeak]:
    """Return the peak of each period, highest first, at most ``limit``.

    A period is in the list once: of equal peaks within it the first counts, and of
    equal peaks of different periods the earlier one comes first.
    """
    best: dict[tuple[int, ...], DayPeak] = {}
    for peak in days:
        key = _key(peak.day, period)
        known = best.get(key)
        if known is None or _rank(peak) < _rank(known):
            best[key] = peak
    return nsmallest(limit, best.values(), key=_rank)


def _rank(peak: DayPeak) -> tuple[int, int]:
    return -peak.load_e1, peak.at


def _key(day: date, period: Period) -> tuple[int, ...]:
    if period is Period.DAY:
        return day.year, day.month, day.day
    return (day.year, day.month) if period is Period.MONTH else (day.year,)
