"""What stands of a billing year so far, and how it may end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from energy_logger_server.domain.load.months import LoadOfDay
from energy_logger_server.domain.load.peaks import DayPeak

from .bill import Bill, bill
from .peak_days import Season, SeasonDays, season_days, with_days_to_come
from .substation_peaks import (
    MonthOfSubstation,
    PeakReview,
    SubstationDay,
    base_by_month,
    months_of_substations,
    with_months_to_come,
)
from .year import BillingYear


@dataclass(frozen=True, slots=True)
class YearRule:
    """How a year is billed; each part may differ from what was reported.

    Attributes:
        summer: Months whose days are the hottest, 1 to 12.
        winter: Months whose days are the coldest.
        days: How many days of each count.
        counts_suspects: Whether a substation's spike counts as its month's peak.
    """

    summer: frozenset[int] = frozenset({6, 7, 8, 9})
    winter: frozenset[int] = frozenset({12, 1, 2, 3})
    days: int = 3
    counts_suspects: bool = False

    def seasons(self, days: Iterable[DayPeak]) -> tuple[SeasonDays, SeasonDays]:
        """Return the billed days of summer and winter, out of a year's."""
        listed = [*days]
        return (
            season_days(Season.SUMMER, self.summer, listed, self.days),
            season_days(Season.WINTER, self.winter, listed, self.days),
        )


@dataclass(frozen=True, slots=True)
class DeterminantsSoFar:
    """A billing year.

    Attributes:
        seasons: The days that count so far.
        substations: Their own monthly peaks so far, by name and month.
        so_far: The figures if nothing more came; None while a season has no day, or
            without any substation.
        projected: The figures if what is to come is as in the year before; None while
            even that is not known.
        projected_months: How many months the projected base has: below twelve it is
            too low.
    """

    seasons: tuple[SeasonDays, SeasonDays]
    substations: Sequence[MonthOfSubstation]
    so_far: Bill | None
    projected: Bill | None
    projected_months: int


def standing(
    year: BillingYear,
    rule: YearRule,
    days: Sequence[DayPeak],
    substations: Sequence[SubstationDay],
    today: date,
    reviews: Sequence[PeakReview] = (),
) -> DeterminantsSoFar:
    """Return how a year stands.

    Args:
        year: Which.
        rule: How it is billed.
        days: The area's days, of this year and the one before.
        substations: Days of its substations, likewise.
        today: The present Central date.
        reviews: What the owner said of days of substations.
    """
    of_year = [one for one in days if year.holds(one.day)]
    before = [one for one in days if year.before.holds(one.day)]
    seasons = rule.seasons(of_year)
    months = [
        months_of_substations(
            [one for one in substations if which.holds(one.day)],
            today,
            reviews,
            counts_suspects=rule.counts_suspects,
        )
        for which in (year, year.before)
    ]
    base, base_before = map(base_by_month, months)
    newest = max(of_year, key=lambda one: one.day, default=None)
    to_end = rule.seasons(with_days_to_come(year, of_year, before, newest))
    filled = with_months_to_come(year, base, base_before, today)
    return DeterminantsSoFar(
        seasons,
        months[0],
        bill(seasons, [*base.values()]) if base else None,
        bill(to_end, [*filled.values()]) if filled else None,
        len(filled),
    )


@dataclass(frozen=True, slots=True)
class SystemPeakOfMonth:
    """A month of the system.

    Attributes:
        first: The first of the month.
        load_e1: Its peak, tenths of kW.
        at: The hour of that, epoch seconds; of equal ones the first.
        above_next_e1: How far that day is above the next highest one; None without.
    """

    first: date
    load_e1: int
    at: int
    above_next_e1: int | None


def system_peaks(days: Iterable[LoadOfDay]) -> list[SystemPeakOfMonth]:
    """Return the system's peak of each month.

    Args:
        days: Of the system, ascending.
    """
    found = []
    for first, group in groupby(days, lambda one: one.day.replace(day=1)):
        highest, *others = sorted(group, key=lambda one: (-one.load_max_e1, one.max_at))
        found.append(
            SystemPeakOfMonth(
                first,
                highest.load_max_e1,
                highest.max_at,
                highest.load_max_e1 - others[0].load_max_e1 if others else None,
            )
        )
    return found
