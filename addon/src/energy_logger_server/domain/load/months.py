"""An area's load by Central month: its peak, and its share in the system's peak."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple


class LoadOfDay(NamedTuple):
    """One Central date of one area.

    Attributes:
        day: The date.
        hours: Hours with a value.
        load_sum_e1: Sum of the loads, tenths of kW.
        load_max_e1: Greatest load, tenths of kW.
        max_at: Its instant, epoch seconds; of equal ones the first.
    """

    day: date
    hours: int
    load_sum_e1: int
    load_max_e1: int
    max_at: int


@dataclass(frozen=True, slots=True)
class MonthPeak:
    """A peak of a month.

    Attributes:
        load_e1: Tenths of kW.
        at: Its instant, epoch seconds; of equal ones the first.
    """

    load_e1: int
    at: int


@dataclass(frozen=True, slots=True)
class LoadMonth:
    """One Central month of one area.

    Attributes:
        first: The first of the month.
        hours: Hours with a value.
        load_sum_e1: Sum of the loads, tenths of kW.
        peak: Of the area.
    """

    first: date
    hours: int
    load_sum_e1: int
    peak: MonthPeak

    @property
    def mean_e1(self) -> float:
        """Mean load, tenths of kW."""
        return self.load_sum_e1 / self.hours

    @property
    def load_factor(self) -> float | None:
        """Mean load as a share of the peak; None without any load."""
        return self.mean_e1 / self.peak.load_e1 if self.peak.load_e1 > 0 else None


def months_of(days: Iterable[LoadOfDay]) -> list[LoadMonth]:
    """Return months, ascending.

    Args:
        days: Ascending.
    """
    months = []
    for first, group in groupby(days, lambda one: one.day.replace(day=1)):
        of_month = list(group)
        highest = min(of_month, key=lambda one: (-one.load_max_e1, one.max_at))
        months.append(
            LoadMonth(
                first,
                sum(one.hours for one in of_month),
                sum(one.load_sum_e1 for one in of_month),
                MonthPeak(highest.load_max_e1, highest.max_at),
            )
        )
    return months


def peaks_by_month(months: Iterable[LoadMonth]) -> Mapping[date, MonthPeak]:
    """Return the peaks by the first of their month."""
    return {month.first: month.peak for month in months}


def month_after(first: date) -> date:
    """Return the first of the month behind a month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def months_back(today: date, months: int) -> date:
    """Return the first of the month so many months before that of a date."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(max(year, 1), month + 1, 1)
