"""Spans of time that actions are asked for; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from custom_components.energy_logger.api.nem import nem_date_at

MOST_DAYS = 31
"""Longest span that an action answers for."""

_NEM_DAYS_AT_ONCE = 7
_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant (aware) up to another, which is not in it."""

    start: datetime
    end: datetime

    @property
    def is_empty(self) -> bool:
        """Whether it ends no later than it starts."""
        return self.end <= self.start

    @property
    def is_too_long(self) -> bool:
        """Whether it is longer than an action answers for."""
        return self.end - self.start > MOST_DAYS * _DAY

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether something from ``start`` up to ``end`` lies at least partly in it."""
        return start < self.end and end > self.start

    def nem_pieces(self) -> Iterator[tuple[date, date]]:
        """Give the NEM days that it touches, first and last of at most seven."""
        last_day = nem_date_at(self.end - _INSTANT)
        first = nem_date_at(self.start)
        while first <= last_day:
            last = min(first + (_NEM_DAYS_AT_ONCE - 1) * _DAY, last_day)
            yield first, last
            first = last + _DAY
