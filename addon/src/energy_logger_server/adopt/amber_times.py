"""amber-home's times: NEM time, sometimes written as Sydney's.

NEM time is UTC+10 all year; amber-home takes it for Sydney's clock, which is an hour
ahead in summer. A time with an offset is an instant all the same. One without is read
by the clock that fits the rows' NEM dates.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from energy_logger_server.api.nem import NEM_TIME, nem_date_of

_SYDNEY = ZoneInfo("Australia/Sydney")
_SHIFT = timedelta(hours=1)


class LabelClock(StrEnum):
    """The clock of times that say no offset."""

    NEM = "nem"
    SYDNEY = "sydney"


def by_clock(wall: datetime, clock: LabelClock) -> datetime | None:
    """Return the instant (UTC) of a naive time; None if Sydney's clock has two or none.

    Args:
        wall: Naive.
        clock: Which shows it.
    """
    if clock is LabelClock.NEM:
        return wall.replace(tzinfo=NEM_TIME).astimezone(UTC)
    first, second = (
        wall.replace(tzinfo=_SYDNEY, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    return first if first == second else None


def clock_of(rows: Iterable[tuple[datetime, int, date]]) -> LabelClock | None:
    """Return the one clock by which every interval lies on its NEM date.

    Args:
        rows: Naive end, duration in minutes and NEM date of intervals.

    Returns:
        None if both clocks fit, or none.
    """
    fitting = {*LabelClock}
    for wall, minutes, day in rows:
        for clock in [*fitting]:
            end = by_clock(wall, clock)
            if end is not None and nem_date_of(end, minutes) != day:
                fitting.discard(clock)
        if not fitting:
            return None
    return next(iter(fitting)) if len(fitting) == 1 else None


def is_shifted(label: datetime, end: datetime) -> bool:
    """Return whether a label is the end by Sydney's clock, taken for NEM time.

    Args:
        label: Instant (UTC) that the label would be.
        end: The end itself.
    """
    offset = end.astimezone(_SYDNEY).utcoffset()
    return label - end == _SHIFT and offset == timedelta(hours=11)
