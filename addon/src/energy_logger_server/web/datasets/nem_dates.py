"""NEM dates in queries: days, months, and how far to go back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import voluptuous as vol

from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.domain.costs.costs import Dates, last_of_month
from energy_logger_server.web.http.checks import JsonSchema, WholeNumber
from energy_logger_server.web.http.errors import contradiction

MOST_DAYS = 36_600
"""How far ``days`` can go back: a hundred years."""

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Day:
    """A date such as ``2026-01-04``."""

    def __call__(self, text: str) -> date:
        """Return the date."""
        try:
            if _DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            # such as 30 February
            pass
        raise vol.Invalid("must be a date such as 2026-01-04")

    @property
    def json_schema(self) -> JsonSchema:
        """A date."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Month:
    """A month such as ``2026-01``; gives its first and its last date."""

    def __call__(self, text: str) -> Dates:
        """Return the month's dates."""
        if not _MONTH.fullmatch(text):
            raise vol.Invalid("must be a month such as 2026-01")
        first = date.fromisoformat(f"{text}-01")
        return first, last_of_month(first)

    @property
    def json_schema(self) -> JsonSchema:
        """A month of the years 1000 to 2999."""
        return {"type": "string", "pattern": f"^{_MONTH.pattern}$"}


DAYS = WholeNumber(1, MOST_DAYS)

LAST_DAYS = (
    "How many NEM dates that are over to go back from yesterday; today is added to "
    "them, though its usage comes tomorrow."
)
"""What ``days`` means where usage is concerned."""


SPAN = {
    vol.Optional("start", description="First NEM date."): Day(),
    vol.Optional("end", description="Last NEM date, included."): Day(),
    vol.Optional("days", description=f"{LAST_DAYS} Wins over start and end."): DAYS,
}
"""What ``dates_asked`` goes by, to be spread into a schema."""


def last_days(days: int, now: datetime) -> Dates:
    """Return so many NEM dates that are over, and today."""
    today = nem_date_at(now)
    return today - timedelta(days=days), today


def dates_asked(query: Mapping[str, Any], now: datetime, default_days: int) -> Dates:
    """Return the dates that ``start``, ``end`` and ``days`` name.

    ``days`` wins over the others. Without an end it is today; without a start, all
    that lies before the end.

    Raises:
        ApiError: If end lies before start.
    """
    if "days" in query or not {"start", "end"} & query.keys():
        return last_days(query.get("days", default_days), now)
    first: date = query.get("start", date.min)
    last: date = query.get("end", nem_date_at(now))
    if "end" in query and last < first:
        raise contradiction("end", "must not lie before start")
    return first, last
