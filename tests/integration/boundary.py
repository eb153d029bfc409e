"""An instant at which an interval ends and the next begins, soon after ``START``."""

from datetime import UTC, datetime, timedelta

BOUNDARY = datetime(2026, 1, 4, 9, 10, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """Return an instant after the boundary; timers fire in the second's first half."""
    return BOUNDARY + timedelta(seconds=seconds + 0.6)
