"""A billing year, and what is still to come of it."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from energy_logger_server.domain.load.months import month_after


@dataclass(frozen=True, slots=True)
class BillingYear:
    """Twelve Central months.

    Attributes:
        first: Its first date, the first of a month.
    """

    first: date

    @property
    def end(self) -> date:
        """The date behind its last."""
        return self.first.replace(year=self.first.year + 1)

    @property
    def before(self) -> "BillingYear":
        """The year before."""
        return BillingYear(self.first.replace(year=self.first.year - 1))

    def months(self) -> Iterator[date]:
        """Return the first of each month, ascending."""
        month = self.first
        while month < self.end:
            yield month
            month = month_after(month)

    def holds(self, day: date) -> bool:
        """Return whether a date lies in it."""
        return self.first <= day < self.end


def a_year_later(day: date) -> date:
    """Return the date with the same name; of 29 February the day before."""
    last = monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))


def days_in(month: date, until: Iterable[date] = ()) -> int:
    """Return how many days a month has, or had before the earliest of some dates."""
    end = min((month_after(month), *until))
    return max((end - month).days, 0)
