"""The highest load of an area's running day, as far as its hours are known; pure.

KAMO itself publishes only the last twelve hours. What was seen earlier in the day is
remembered, and what is remembered is worth something only if no hour is missing
between it and the hours of the newest answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from custom_components.energy_logger.api.central import (
    central_date_at,
    central_day_start,
)
from custom_components.energy_logger.api.kamo_models import LoadPoint

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DayHours:
    """The hours of one Central date that were seen.

    Attributes:
        day: Central date.
        loads_kw: Load by the instant (UTC) that the hour's label names.
    """

    day: date
    loads_kw: Mapping[datetime, float]

    @property
    def peak(self) -> tuple[datetime, float] | None:
        """The highest hour, the first of equal ones; None when hours are missing."""
        start = central_day_start(self.day)
        hours = sorted(self.loads_kw)
        expected = [start + index * _HOUR for index in range(len(hours))]
        if not hours or hours != expected:
            return None
        at = min(hours, key=lambda hour: (-self.loads_kw[hour], hour))
        return at, self.loads_kw[at]

    def as_dict(self) -> dict[str, Any]:
        """Return what a restart must remember, as JSON."""
        return {
            "day": self.day.isoformat(),
            "loads_kw": {at.isoformat(): kw for at, kw in self.loads_kw.items()},
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self | None:
        """Return what ``as_dict`` gave; None when it is something else."""
        try:
            day = date.fromisoformat(stored["day"])
            loads_kw = {
                datetime.fromisoformat(at): float(kw)
                for at, kw in stored["loads_kw"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        are_instants = all(at.tzinfo is not None for at in loads_kw)
        return cls(day, loads_kw) if are_instants else None


def hours_of_today(
    known: DayHours | None, actual: Iterable[LoadPoint], now: datetime
) -> DayHours:
    """Return the hours of the running day: those of an answer, and those known.

    Args:
        known: From the fetch before, or from before a restart.
        actual: Measured hours; their values replace those known.
        now: Says which day is running.
    """
    today = central_date_at(now)
    kept = known.loads_kw if known is not None and known.day == today else {}
    answered = {
        point.hour_at: point.load_kw
        for point in actual
        if central_date_at(point.hour_at) == today
    }
    return DayHours(today, {**kept, **answered})
