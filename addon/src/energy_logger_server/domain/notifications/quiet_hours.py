"""Hours of the day in which nobody is to be disturbed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import override


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of the day to another, every day; both may lie around midnight.

    Attributes:
        start: Wall clock, the first quiet minute.
        end: Wall clock, the first minute that is not quiet.
    """

    start: time
    end: time

    @override
    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def covers(self, at: datetime, zone: tzinfo) -> bool:
        """Return whether an instant lies in them by a zone's wall clock."""
        now = at.astimezone(zone).time()
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def until(self, at: datetime, zone: tzinfo) -> datetime:
        """Return the instant from which on it is not quiet: ``at`` if it is not now.

        Where clocks are set on over the end, it is an hour later on them; where they
        are set back over it, it is the first time that they show it.
        """
        if not self.covers(at, zone):
            return at
        local = at.astimezone(zone)
        ends = (
            datetime.combine(local.date() + timedelta(days=days), self.end, zone)
            for days in (0, 1)
        )
        # compared as instants: clocks may be set back in between
        return min(end for one in ends if (end := one.astimezone(at.tzinfo)) > at)
