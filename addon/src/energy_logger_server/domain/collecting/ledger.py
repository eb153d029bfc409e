"""The day ledger: for every series and day, whether it is complete, and if not, why.

Everything is counted in minutes: an Amber day has 1,440 (NEM time has no daylight
saving), a KAMO day 1,380, 1,440 or 1,500 (Central time).
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import override


class Kind(StrEnum):
    """What a series holds."""

    PRICE = "price"
    USAGE = "usage"
    LOAD = "load"
    SUBSTATIONS = "substations"


class DayState(StrEnum):
    """What is known of a series' day.

    ``estimated``: every minute is there, some may still be revised. ``unavailable``:
    what is missing cannot be had any more and is not asked for again.
    """

    MISSING = "missing"
    PARTIAL = "partial"
    ESTIMATED = "estimated"
    COMPLETE = "complete"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """Name of a series.

    Attributes:
        kind: What it holds.
        owner: Site id, or area number as text.
        channel: Price: channel type. Usage: register. KAMO: empty.
    """

    kind: Kind
    owner: str
    channel: str = ""

    @override
    def __str__(self) -> str:
        """Return ``kind/owner[/channel]``, as the run log writes it."""
        return "/".join(filter(None, (self.kind.value, self.owner, self.channel)))


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One line of the ledger.

    Attributes:
        series: Whose day.
        day: NEM date (Amber) or Central date (KAMO).
        state: What is known.
        expected_minutes: Length of the day that can be covered.
        present_minutes: Minutes covered by rows.
        estimated_minutes: Of these, how many may still be revised.
        attempts: How often upstream was asked without a complete answer.
        checked_at: Instant (UTC) of the last answer for this day.
        cause: Why minutes are missing, None when none are or nobody knows.
        recheck: Whether the day is to be read again whatever its state.
    """

    series: SeriesKey
    day: date
    state: DayState
    expected_minutes: int
    present_minutes: int
    estimated_minutes: int
    attempts: int
    checked_at: datetime
    cause: str | None
    recheck: bool

    @property
    def needs_reading(self) -> bool:
        """Whether upstream should be asked for this day (again)."""
        return self.recheck or self.state not in (
            DayState.COMPLETE,
            DayState.UNAVAILABLE,
        )


def state_of_day(
    *, expected_minutes: int, present_minutes: int, estimated_minutes: int
) -> DayState:
    """Return the state that the minutes of a day amount to."""
    if present_minutes <= 0:
        return DayState.MISSING
    if present_minutes < expected_minutes:
        return DayState.PARTIAL
    return DayState.ESTIMATED if estimated_minutes else DayState.COMPLETE
