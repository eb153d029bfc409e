"""What time it is for programs that run beside a test, wherever the wall clock is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Present:
    """A clock that is put somewhere and goes on from there at the wall's pace.

    Attributes:
        ahead: Of the wall clock; negative when it is behind.
    """

    ahead: timedelta = timedelta()

    @classmethod
    def from_now_on(cls, at: datetime) -> Self:
        """Return a clock that shows an aware instant now."""
        return cls(at - _wall())

    def now(self) -> datetime:
        """Return its present instant in UTC."""
        return _wall() + self.ahead


def _wall() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the only place that reads it here
