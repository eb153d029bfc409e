"""Reading upstream's JSON field by field; pure.

Strict about types, since ``True`` and ``"5"`` are no count of minutes; ``5.0`` is one:
JSON has one kind of number only. A record that lacks what it cannot do without is
rejected by itself; its neighbours stay.
"""

import json
from collections.abc import Callable, Iterable, Sequence, Sized
from decimal import Decimal
from math import isfinite

from .errors import SourceUnreadable
from .exact_json import JsonObject, JsonValue
from .models import RejectedRecord

_SAMPLE_LENGTH = 2000
# a greater float stands for several integers
_MOST_EXACT_COUNT = 2**53


class FieldError(ValueError):
    """A record lacks what it cannot do without; the text says what."""


def sift[Record](
    rows: Iterable[JsonValue], read: Callable[[int, JsonObject], Record]
) -> tuple[tuple[Record, ...], tuple[RejectedRecord, ...]]:
    """Return the readable records of a list, and those that are not, in its order.

    Args:
        rows: Upstream's list.
        read: Turns position and object into a record, or raises ``FieldError``.
    """
    records: list[Record] = []
    rejected: list[RejectedRecord] = []
    for position, row in enumerate(rows):
        try:
            if type(row) is not dict:
                raise FieldError("not an object")  # noqa: TRY301 - read() raises it too
            records.append(read(position, row))
        except FieldError as err:
            rejected.append(reject(position, str(err), row))
    return tuple(records), tuple(rejected)


def check_readable(
    source: str,
    path: str,
    records: Sized,
    rejected: Sequence[RejectedRecord],
    *,
    sample: str,
) -> None:
    """Let an answer pass unless it has content of which nothing can be read.

    Raises:
        SourceUnreadable: If records were rejected and none is left.
    """
    if records or not rejected:
        return
    reason = f"no record can be read; the first: {rejected[0].reason}"
    raise SourceUnreadable(source, path, reason, sample=sample)


def reject(position: int, reason: str, value: JsonValue) -> RejectedRecord:
    """Return the note about a value that could not be read."""
    return RejectedRecord(position, reason, sample_of(value))


def sample_of(value: JsonValue) -> str:
    """Return the start of a value as JSON text."""
    return json.dumps(value, ensure_ascii=False, default=str)[:_SAMPLE_LENGTH]


def number_or_none(value: JsonValue) -> float | None:
    """Return a finite number as a float; None for anything else, ``True`` included."""
    if type(value) is float:
        return value if isfinite(value) else None
    if type(value) is int or type(value) is Decimal:
        try:
            near = float(value)
        except OverflowError:
            return None
        return near if isfinite(near) else None
    return None


def count_or_none(value: JsonValue) -> int | None:
    """Return an integer, of ``5.0`` too; None for anything else, ``True`` included."""
    if type(value) is int:
        return value
    number = number_or_none(value)
    if number is None or not number.is_integer() or abs(number) > _MOST_EXACT_COUNT:
        return None
    return int(number)


def flag_or_none(value: JsonValue) -> bool | None:
    """Return a boolean; None for anything else."""
    return value if type(value) is bool else None


def text_or_none(value: JsonValue) -> str | None:
    """Return a text; None for anything else and where PostgreSQL cannot hold it."""
    return value if type(value) is str and "\0" not in value else None


def required_text(row: JsonObject, name: str) -> str:
    """Return a text that is part of a record's key.

    Raises:
        FieldError: If it is missing, no text, blank, or holds a NUL character.
    """
    value = row.get(name)
    if type(value) is str and "\0" not in value and not value.isspace() and value:
        return value
    raise FieldError(f"{name} is not usable text")


def known_number(row: JsonObject, name: str) -> float | None:
    """Return a number that upstream may not know: None when it is null.

    Raises:
        FieldError: If it is missing, which a field is that was given another name, or
            anything else but a finite number.
    """
    if name not in row:
        raise FieldError(f"{name} is missing")
    return None if row[name] is None else required_number(row, name)


def required_number(row: JsonObject, name: str) -> float:
    """Return a number that a record is about.

    Raises:
        FieldError: If it is missing, no number, or not finite.
    """
    number = number_or_none(row.get(name))
    if number is None:
        raise FieldError(f"{name} is not a finite number")
    return number
