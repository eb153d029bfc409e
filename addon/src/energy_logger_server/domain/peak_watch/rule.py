"""What is billed: which hours count, and over which stretch their peak is sought."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from energy_logger_server.api.nem import date_of_day_number, day_number
from energy_logger_server.domain.load.months import month_after

ALL_MONTHS = frozenset(range(1, 13))
_ALL_WEEKDAYS = frozenset(range(7))
ALL_HOURS = frozenset(range(24))
_MONTH_DAYS = 30


class BillingPeriod(StrEnum):
    """Over what a peak is sought.

    ``month``: each month that counts, on its own.
    ``season``: months that count and follow each other, together.
    """

    MONTH = "month"
    SEASON = "season"


@dataclass(frozen=True, slots=True)
class PeakRule:
    """What sets the bill.

    Attributes:
        months: That count, 1 to 12.
        weekdays: That count, 0 for Monday to 6.
        hours: That count, by the Central hour at which they begin, 0 to 23.
        peaks: How many days of a period count, each with its highest hour.
        period: Over what they are sought.
    """

    months: frozenset[int] = ALL_MONTHS
    weekdays: frozenset[int] = _ALL_WEEKDAYS
    hours: frozenset[int] = ALL_HOURS
    peaks: int = 1
    period: BillingPeriod = BillingPeriod.MONTH

    def counts_on(self, day: int) -> bool:
        """Return whether a date of a period counts, as days since 1970-01-01."""
        return date_of_day_number(day).weekday() in self.weekdays

    def period_of(self, day: int) -> "Period | None":
        """Return the period that a date lies in; None if its month does not count."""
        on = date_of_day_number(day)
        if on.month not in self.months:
            return None
        first = on.replace(day=1)
        end = month_after(first)
        if self.period is BillingPeriod.SEASON and self.months != ALL_MONTHS:
            while (first - timedelta(days=1)).month in self.months:
                first = (first - timedelta(days=1)).replace(day=1)
            while end.month in self.months:
                end = month_after(end)
        elif self.period is BillingPeriod.SEASON:
            first, end = date(on.year, 1, 1), date(on.year + 1, 1, 1)
        return Period(day_number(first), day_number(end))

    def periods(self, first_day: int, end_day: int) -> Iterator["Period"]:
        """Return the periods that lie wholly between two dates, ascending."""
        day = first_day
        while day < end_day:
            period = self.period_of(day)
            if period is None:
                day = day_number(month_after(date_of_day_number(day).replace(day=1)))
                continue
            if first_day <= period.first_day and period.end_day <= end_day:
                yield period
            day = period.end_day


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch over which a peak is sought, as days since 1970-01-01.

    Attributes:
        first_day: Its first date.
        end_day: The date behind its last.
    """

    first_day: int
    end_day: int

    def shifted(self, days: int) -> "Period":
        """Return a stretch as long, that begins so many days later."""
        return Period(self.first_day + days, self.end_day + days)

    @property
    def first(self) -> date:
        """Its first date."""
        return date_of_day_number(self.first_day)


@dataclass(frozen=True, slots=True)
class Stretches:
    """What is learnt from.

    Attributes:
        stretches: Judged periods, and others as long that overlap with them: the more,
            the more peaks there are to learn from.
        starts_of_each: In how many of them a day is, about.
    """

    stretches: Sequence[Period]
    starts_of_each: int


def stretches(rule: PeakRule, periods: Sequence[Period], end_day: int) -> Stretches:
    """Return what there is to learn from under a rule, up to a date.

    Of months, each, and stretches that begin a third and two thirds into it. Of
    seasons there are too few for that: stretches as long begin with every month.
    """
    if rule.period is BillingPeriod.MONTH or not periods:
        return Stretches([*thirds(periods, end_day)], 3)
    length = min(one.end_day - one.first_day for one in periods)
    firsts = {one.first for one in periods}
    month, found = periods[0].first, [*periods]
    while (stretch := _stretch(month, length)).end_day <= end_day:
        if month not in firsts:
            found.append(stretch)
        month = month_after(month)
    return Stretches(found, round(length / _MONTH_DAYS))


def _stretch(first: date, length: int) -> Period:
    return Period(day_number(first), day_number(first) + length)


def thirds(periods: Iterable[Period], end_day: int) -> Iterator[Period]:
    """Return periods, and as long stretches that begin a third and two thirds later.

    One that does not end by ``end_day`` is left out.
    """
    for period in periods:
        third = (period.end_day - period.first_day) // 3
        for days in (0, third, 2 * third):
            shifted = period.shifted(days)
            if shifted.end_day <= end_day:
                yield shifted
