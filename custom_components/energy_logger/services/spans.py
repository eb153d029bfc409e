"""Spans of time that actions are asked for; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_DAYS = 31
"""Longest span that an action answers for."""

_DAY = timedelta(days=1)


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
