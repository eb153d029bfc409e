"""The only reader of the wall clock.

Everything else is handed a `Clock` and asks it. Waiting is plain
``asyncio.sleep``, so a simulated run makes time virtual by its event loop and a
clock that follows that loop, and no code in between notices.
"""

from datetime import UTC, datetime
from typing import Protocol, override


class Clock(Protocol):
    """Where the current time comes from."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""
        ...


class SystemClock(Clock):
    """The machine's own clock; follows its corrections and jumps."""

    @override
    def now(self) -> datetime:
        return datetime.now(UTC)
