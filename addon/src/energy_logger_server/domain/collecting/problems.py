"""What is wrong for more than a moment: for status, log and metrics."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ProblemCode(StrEnum):
    """Stable names; they cross the wire.

    ``failing``: the last run got nothing.
    ``clock_differs``: this machine's clock and the source's differ by minutes.
    ``list_incomplete``: the list of sites or areas lacks what it had, or is empty.
    ``list_unreadable``: records of that list cannot be read, and what is known is not
    all among the others.
    ``no_current_price``: the last answer had no price for the present interval.
    ``no_current_load``: the last answers had no load of the last two hours.
    ``forecasts_missing``: prices come, but without those to come.
    ``unknown_area``: a setting names an area that does not exist.
    ``backup_failed``: the last backup could not be made.
    ``backup_overdue``: the last proven backup is older than it may be.
    """

    FAILING = "failing"
    CLOCK_DIFFERS = "clock_differs"
    LIST_INCOMPLETE = "list_incomplete"
    LIST_UNREADABLE = "list_unreadable"
    NO_CURRENT_PRICE = "no_current_price"
    NO_CURRENT_LOAD = "no_current_load"
    FORECASTS_MISSING = "forecasts_missing"
    UNKNOWN_AREA = "unknown_area"
    BACKUP_FAILED = "backup_failed"
    BACKUP_OVERDUE = "backup_overdue"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong at present.

    Attributes:
        code: Which.
        message: A sentence for the reader; names no household.
        since: Instant (UTC) at which it was noticed.
    """

    code: ProblemCode
    message: str
    since: datetime
