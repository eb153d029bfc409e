"""A clock that is put somewhere and goes on from there."""

from datetime import datetime, timedelta
from time import monotonic
from typing import override

from energy_logger_server.clock import Clock


class RunningClock(Clock):
    """Goes at the pace of the wall.

    Args:
        at: Aware instant from which it goes on.
    """

    def __init__(self, at: datetime) -> None:
        self.put(at)

    def put(self, at: datetime) -> None:
        """Go on from an aware instant."""
        self._at, self._since = at, monotonic()

    @override
    def now(self) -> datetime:
        return self._at + timedelta(seconds=monotonic() - self._since)
