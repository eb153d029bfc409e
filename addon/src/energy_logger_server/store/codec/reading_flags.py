"""The bits beside a substation's numbers: declared once, read in Python and in SQL.

They hold KAMO's two quality flags, which may be true, false or not sent, which numbers
were sent as integers, and which are unknown.
"""

from collections.abc import Sequence
from types import NoneType

_QUALITY, _QUALITY_NOW, _NO_QUALITY, _NO_QUALITY_NOW = 1, 2, 4, 8
INT_LOAD, INT_REACTIVE, INT_FACTOR = 16, 32, 64
NO_REACTIVE, NO_FACTOR = 128, 256
"""The number beside is unknown: null or not sent, and 0 in its column."""

LACKING = _NO_QUALITY | _NO_QUALITY_NOW | NO_REACTIVE | NO_FACTOR
"""Something was null or not sent."""

_ALL_FLAGS = range(512)


def flags_of(
    quality: bool | None,  # noqa: FBT001 - a value, not a switch
    quality_now: bool | None,  # noqa: FBT001 - likewise
    types: Sequence[type],
) -> int:
    """Return the bits of a reading: one of a few dozen combinations.

    Args:
        quality: KAMO's flag; None where it was not sent.
        quality_now: Likewise.
        types: Of load, reactive power and power factor, as they were sent.
    """
    load, reactive, factor = types
    return (
        _truth_bits(quality, _QUALITY, _NO_QUALITY)
        | _truth_bits(quality_now, _QUALITY_NOW, _NO_QUALITY_NOW)
        | (INT_LOAD if load is int else 0)
        | (INT_REACTIVE if reactive is int else 0)
        | (INT_FACTOR if factor is int else 0)
        | (NO_REACTIVE if reactive is NoneType else 0)
        | (NO_FACTOR if factor is NoneType else 0)
    )


def _truth_bits(value: bool | None, is_set: int, is_absent: int) -> int:  # noqa: FBT001 - a value, not a switch
    if value is None:
        return is_absent
    return is_set if value else 0


def _truth_sql(flags: str, is_set: int, is_absent: int) -> str:
    # a CASE without ELSE is null
    return (
        f"CASE WHEN ({flags} & {is_absent}) = 0 THEN ({flags} & {is_set}) = {is_set}"
        " END"
    )


QUALITY: Sequence[bool | None] = [
    None if flags & _NO_QUALITY else bool(flags & _QUALITY) for flags in _ALL_FLAGS
]
"""KAMO's flag ``quality`` by bits; None where it was not sent."""

QUALITY_NOW: Sequence[bool | None] = [
    None if flags & _NO_QUALITY_NOW else bool(flags & _QUALITY_NOW)
    for flags in _ALL_FLAGS
]
"""KAMO's flag ``qualityNow`` likewise."""


def known_sql(number: str, flags: str, is_unknown: int) -> str:
    """Return the SQL of a number that is null where a bit says that it is unknown."""
    return f"CASE WHEN ({flags} & {is_unknown}) = 0 THEN {number} END"


def quality_sql(flags: str) -> str:
    """Return the SQL of ``QUALITY`` for a column of bits."""
    return _truth_sql(flags, _QUALITY, _NO_QUALITY)


def quality_now_sql(flags: str) -> str:
    """Return the SQL of ``QUALITY_NOW`` for a column of bits."""
    return _truth_sql(flags, _QUALITY_NOW, _NO_QUALITY_NOW)


UNKNOWN_REACTIVE_LOAD_SQL = (
    f"sum(CASE WHEN (flags & {NO_REACTIVE}) = 0 THEN 0 ELSE load_e1 END)"
)
"""SQL: the sum of the loads of readings that lack reactive power."""

UNKNOWN_REACTIVE_COUNT_SQL = (
    f"sum(CASE WHEN (flags & {NO_REACTIVE}) = 0 THEN 0 ELSE 1 END)"
)
"""SQL: how many readings lack reactive power."""
