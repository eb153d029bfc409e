"""Scaled integers: exact for the digits that upstream sends, small on disk."""

from collections.abc import Sequence

# far beyond any price or power, and sums over a day still fit 64 bits
LIMIT = 10**13

E1, E3, E4, E5 = 10, 1_000, 10_000, 100_000
"""Factors of the columns whose names end so."""


def scaled(value: float, factor: int) -> int:
    """Return ``value * factor`` as an integer that a 64-bit column can hold.

    A value with more digits is rounded, one beyond the column is cut: ``extra`` then
    holds what was sent.
    """
    product = value * factor
    if -LIMIT < product < LIMIT:
        return round(product)
    return LIMIT if product > 0 else -LIMIT


def scaled_all(values: Sequence[float], factor: int) -> list[int]:
    """Return ``scaled`` of each value; hundreds in a row cost half of it each."""
    most = LIMIT / factor
    if values and -most < min(values) and max(values) < most:
        return [round(value * factor) for value in values]
    return [scaled(value, factor) for value in values]


def scaled_if_known(value: float | None, factor: int) -> int | None:
    """Return the same; None stays None."""
    return None if value is None else scaled(value, factor)


def plain_number(stored: int, factor: int) -> int | float:
    """Return a stored number as JavaScript would print it: whole ones as integers.

    So does Amber (recorded answers: ``0`` beside ``15.63436``).
    """
    whole, rest = divmod(stored, factor)
    return stored / factor if rest else whole


def plain_float(value: float) -> int | float:
    """Return a float the same way."""
    return int(value) if value.is_integer() else value
