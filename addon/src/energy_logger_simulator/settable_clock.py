"""A clock that stands where it is put."""

from datetime import UTC, datetime, timedelta
from typing import override

from energy_logger_server.clock import Clock


class SettableClock(Clock):
    """Stands still until it is set or advanced, backwards too.

    Args:
        at: Where it starts; aware, any offset.
    """

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    @override
    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Put it at an aware instant."""
        self._at = at.astimezone(UTC)

    def advance(self, seconds: float) -> None:
        """Move it on; a negative number moves it back."""
        self._at += timedelta(seconds=seconds)
