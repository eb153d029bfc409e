"""Positions on the five-minute grid, and what Amber writes on an interval there.

A *position* counts five-minute steps since the epoch and names the start of an
interval. Its length is given in *fives*: 1 is five minutes, 6 is thirty. Both kinds
of interval begin at multiples of their length in UTC as in NEM time.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from energy_logger_server.api.nem import date_of_day_number, day_number

STEP_S = 300
FIVES_PER_DAY = 288
HALF_HOUR = 6
"""Fives in thirty minutes."""

_NEM_OFFSET = 120
"""Fives in ten hours."""


class Labels(NamedTuple):
    """The time fields of a record, as text."""

    date: str
    start_time: str
    end_time: str
    nem_time: str


def position_at(instant: datetime) -> int:
    """Return the position of the five-minute interval that holds an instant."""
    return int(instant.timestamp()) // STEP_S


def day_at(position: int) -> int:
    """Return the NEM date of an interval as days since 1970-01-01."""
    return (position + _NEM_OFFSET) // FIVES_PER_DAY


def slot_at(position: int) -> int:
    """Return how many fives of its NEM date lie before a position."""
    return (position + _NEM_OFFSET) % FIVES_PER_DAY


def day_position(day: int) -> int:
    """Return the position at which a NEM date (days since 1970-01-01) begins."""
    return day * FIVES_PER_DAY - _NEM_OFFSET


def date_position(day: date) -> int:
    """Return the position at which a NEM date begins."""
    return day_position(day_number(day))


def labels(position: int, fives: int) -> Labels:
    """Return the time fields of the interval that starts at a position."""
    return _day_labels(day_at(position), fives)[slot_at(position) // fives]


@lru_cache(maxsize=64)
def _day_labels(day: int, fives: int) -> tuple[Labels, ...]:
    nem_date = date_of_day_number(day)
    midnight = datetime(nem_date.year, nem_date.month, nem_date.day)  # noqa: DTZ001 -- only a label is made of it
    found = []
    for slot in range(0, FIVES_PER_DAY, fives):
        start_utc = midnight + timedelta(minutes=5 * (slot - _NEM_OFFSET), seconds=1)
        end = midnight + timedelta(minutes=5 * (slot + fives))
        end_utc = end - timedelta(minutes=5 * _NEM_OFFSET)
        found.append(
            Labels(
                nem_date.isoformat(),
                f"{start_utc.isoformat()}Z",
                f"{end_utc.isoformat()}Z",
                f"{end.isoformat()}+10:00",
            )
        )
    return tuple(found)
