"""Whether Amber's "too many calls" has become a lasting state; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

_MANY = 3
# after a window of Amber's the calls are free again, unless someone else takes them
_LONG = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Refusals:
    """Calls refused in a row with 429, though our own count allowed them.

    Attributes:
        count: How many.
        first_at: When it began; None without any.
        last_at: The newest one.
    """

    count: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None

    def one_more(self, now: datetime) -> Self:
        """Return the row with one more; a clock that was set back begins it anew."""
        return type(self)(self.count + 1, min(self.first_at or now, now), now)

    @property
    def is_lasting(self) -> bool:
        """Whether something else must be using up the token's calls."""
        if self.first_at is None or self.last_at is None:
            return False
        return self.count >= _MANY and self.last_at - self.first_at >= _LONG
