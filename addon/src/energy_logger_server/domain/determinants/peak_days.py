"""The days of a season that are billed: those with the highest loads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import nsmallest

from energy_logger_server.domain.load.peaks import DayPeak

from .year import BillingYear, a_year_later


class Season(StrEnum):
    """Whose days are sought."""

    SUMMER = "summer"
    WINTER = "winter"


@dataclass(frozen=True, slots=True)
class SeasonDays:
    """A season's highest days, each with its highest hour.

    Attributes:
        season: Which.
        counted: Those that are billed, the highest first; of equal ones the earlier.
        next_out: The highest that is not; None if there is none.
        wanted: How many are billed.
    """

    season: Season
    counted: Sequence[DayPeak]
    next_out: DayPeak | None
    wanted: int

    @property
    def to_enter_e1(self) -> int | None:
        """Load above which another day enters, tenths of kW; None: any does."""
        return self.counted[-1].load_e1 if len(self.counted) == self.wanted else None

    def above_next_e1(self, day: DayPeak) -> int | None:
        """Return by how much a counted day is above the next one out, tenths of kW."""
        return None if self.next_out is None else day.load_e1 - self.next_out.load_e1


def season_days(
    season: Season, months: frozenset[int], days: Iterable[DayPeak], wanted: int
) -> SeasonDays:
    """Return the highest of some days that lie in a season's months.

    Args:
        season: Which.
        months: Its months, 1 to 12.
        days: Of one billing year.
        wanted: How many are billed.
    """
    of_season = (one for one in days if one.day.month in months)
    found = nsmallest(wanted + 1, of_season, key=lambda one: (-one.load_e1, one.at))
    return SeasonDays(
        season,
        found[:wanted],
        found[wanted] if len(found) > wanted else None,
        wanted,
    )


def with_days_to_come(
    year: BillingYear,
    days: Iterable[DayPeak],
    days_before: Iterable[DayPeak],
    known_until: DayPeak | None,
) -> list[DayPeak]:
    """Return a year's days, those to come with the loads of the year before.

    Args:
        year: Which.
        days: Its days so far.
        days_before: Of the year before.
        known_until: The newest of the days so far; None: all are to come.
    """
    newest = None if known_until is None else known_until.day
    to_come = (
        replace(one, day=later)
        for one in days_before
        if year.holds(later := a_year_later(one.day))
        and (newest is None or later > newest)
    )
    return [*days, *to_come]
