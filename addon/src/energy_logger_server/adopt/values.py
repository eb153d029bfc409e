"""Single values of a predecessor's row, out of a database or a text."""

from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite

_TRUE = frozenset({"1", "t", "true"})
_FALSE = frozenset({"0", "f", "false"})


class Unreadable(ValueError):
    """A row lacks what it cannot do without; the text names the value."""


def required_number(value: object, name: str) -> float:
    """Return a finite number.

    Raises:
        Unreadable: If it is none.
    """
    found = number_or_none(value)
    if found is None:
        raise Unreadable(f"{name} is {value!r}")
    return found


def number_or_none(value: object) -> float | None:
    """Return a finite number; None of anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if isfinite(found) else None


def flag_or_none(value: object) -> bool | None:
    """Return a truth value; None of anything else."""
    text = str(value).casefold()
    if text in _TRUE:
        return True
    return False if text in _FALSE else None


def required_time(value: object, name: str) -> datetime:
    """Return a time, naive if it says no offset.

    Raises:
        Unreadable: If it is none.
    """
    found = time_or_none(value)
    if found is None:
        raise Unreadable(f"{name} is {value!r}")
    return found


def time_or_none(value: object) -> datetime | None:
    """Return a time, naive if it says no offset; None of anything else."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def instant_or_none(value: object) -> datetime | None:
    """Return a time that says its offset, in UTC; None of any other."""
    found = time_or_none(value)
    return None if found is None or found.tzinfo is None else found.astimezone(UTC)


def date_or_none(value: object) -> date | None:
    """Return a date; None of anything else."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
