"""Months, weekdays and hours as a user writes them: ``6-9,12-3``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Numbers:
    """Some numbers of a clock or calendar.

    Attributes:
        text: As a user writes them.
        chosen: The numbers.
    """

    text: str
    chosen: frozenset[int]


def parse_numbers(text: str, low: int, high: int) -> Numbers:
    """Return numbers from ``low`` to ``high``, single ones and spans between commas.

    A span may go past the end: months ``12-3`` are December to March.

    Raises:
        ValueError: If it is anything else, or names no number.
    """
    chosen: set[int] = set()
    for part in text.split(","):
        first, *last = (_number(one, low, high) for one in part.split("-"))
        if len(last) > 1:
            raise ValueError(part)
        end = last[0] if last else first
        if first <= end:
            chosen |= {*range(first, end + 1)}
        else:
            chosen |= {*range(first, high + 1), *range(low, end + 1)}
    return Numbers(text, frozenset(chosen))


def _number(text: str, low: int, high: int) -> int:
    number = int(text)
    if not low <= number <= high:
        raise ValueError(text)
    return number
