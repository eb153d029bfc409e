"""Which rollups cover a span of time, and what remains for single rows."""

from dataclasses import dataclass

from .central_days import (
    central_day_bounds,
    central_day_of_hour,
)

_HOUR_S = 3600

type Span = tuple[int, int]
"""First instant and the one past the last, epoch seconds; empty when equal."""


@dataclass(frozen=True, slots=True)
class DayCover:
    """A span as whole Central days between two edges.

    Attributes:
        head: From the span's start up to its first whole day, or all of it.
        days: First day and the one past the last, as days since 1970-01-01.
        tail: From the end of its last whole day on.
    """

    head: Span
    days: tuple[int, int]
    tail: Span


@dataclass(frozen=True, slots=True)
class HourCover:
    """A span as whole UTC hours between two edges, each within one hour.

    Attributes:
        head: From the span's start up to its first full hour, or all of it.
        hours: First hour and the one past the last, as epoch seconds // 3600.
        tail: From its last full hour on.
    """

    head: Span
    hours: tuple[int, int]
    tail: Span


def cover_by_days(first: int, end: int) -> DayCover:
    """Return how whole Central days cover the instants from ``first`` before ``end``.

    Args:
        first: Epoch seconds.
        end: Epoch seconds, not before ``first``.
    """
    first_day = central_day_of_hour(first // _HOUR_S)
    if central_day_bounds(first_day)[0] < first:
        first_day += 1
    end_day = central_day_of_hour(end // _HOUR_S)
    if first_day >= end_day:
        return DayCover((first, end), (first_day, first_day), (end, end))
    return DayCover(
        (first, central_day_bounds(first_day)[0]),
        (first_day, end_day),
        (central_day_bounds(end_day)[0], end),
    )


def cover_by_hours(span: Span) -> HourCover:
    """Return how whole UTC hours cover a span."""
    first, end = span
    first_hour, end_hour = -(-first // _HOUR_S), end // _HOUR_S
    if first_hour > end_hour:
        return HourCover(span, (first_hour, first_hour), (end, end))
    return HourCover(
        (first, first_hour * _HOUR_S),
        (first_hour, end_hour),
        (end_hour * _HOUR_S, end),
    )
