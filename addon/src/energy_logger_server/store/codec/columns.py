"""Many JSON objects at once, column by column.

What thousands of records have in common is checked by a few passes over a column
instead of many steps for each record. Each check is about being *exactly* alike, type
included: Python thinks ``1 == True == 1.0``.
"""

from collections.abc import Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from energy_logger_server.api.exact_json import JsonObject

from .scale import LIMIT

type Columns = dict[str, list[Any]]
"""Parsed JSON values by the name of their field."""


def columns_of(objects: Sequence[JsonObject], names: Sequence[str]) -> Columns | None:
    """Return the values of two or more fields; None unless all objects have just those.

    Args:
        objects: At least one.
        names: The fields.
    """
    if {*map(len, objects)} != {len(names)}:
        return None
    try:
        # object by object, since they lie far apart in memory
        values = list(chain.from_iterable(map(itemgetter(*names), objects)))
    except KeyError:
        return None
    return {name: values[place :: len(names)] for place, name in enumerate(names)}


def is_all(column: Sequence[Any], *kinds: type) -> bool:
    """Return whether every value is exactly of one of these types."""
    return {*map(type, column)} <= {*kinds}


def exact_scaled(sent: Sequence[Any], factor: int) -> list[int] | None:
    """Return numbers as scaled integers; None unless each gives back what was sent.

    Args:
        sent: Values of a field, at least one; whole ones as integers, as Amber does.
        factor: As in ``scaled``.
    """
    stored = _scaled(sent, factor) if _is_plain(sent) else None
    return stored if _gives_back(stored, sent, factor) else None


def exact_floats(sent: Sequence[Any]) -> list[float] | None:
    """Return numbers as floats; None unless each gives back what was sent."""
    if not _is_plain(sent):
        return None
    numbers = list(map(float, sent))
    return numbers if numbers == sent else None


def _is_plain(sent: Sequence[Any]) -> bool:
    """Return whether whole numbers are integers and all others floats."""
    if not is_all(sent, float, int):
        return False
    floats = [number for number in sent if type(number) is float]
    return not any(map(float.is_integer, floats))


def _scaled(sent: Sequence[float], factor: int) -> list[int] | None:
    try:
        stored = [round(number * factor) for number in sent]
    except (OverflowError, ValueError):
        # infinite, or not a number
        return None
    return stored if -LIMIT < min(stored) <= max(stored) < LIMIT else None


def _gives_back(stored: Sequence[int] | None, sent: Sequence[Any], factor: int) -> bool:
    return stored is not None and [number / factor for number in stored] == sent
