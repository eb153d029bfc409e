"""Spans as NEM days, as many at once as Amber answers for; pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from custom_components.energy_logger.api.nem import nem_date_at

_NEM_DAYS_AT_ONCE = 7
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


def nem_weeks(start: datetime, end: datetime) -> Iterator[tuple[date, date]]:
    """Give the NEM days that a span touches, first and last of at most seven.

    Args:
        start: First instant, aware.
        end: The one past the last.
    """
    last_day = nem_date_at(end - _INSTANT)
    first = nem_date_at(start)
    while first <= last_day:
        last = min(first + (_NEM_DAYS_AT_ONCE - 1) * _DAY, last_day)
        yield first, last
        first = last + _DAY
