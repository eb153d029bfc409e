"""What time it is at a source, by the dates of its answers; pure."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

REMEMBERED_S = 3600.0
"""How long the date of an answer counts."""
_SAME_S = 60.0


@dataclass(frozen=True, slots=True)
class _ServerTime:
    time: datetime
    received_s: float

    def passed(self, now_s: float) -> timedelta:
        return timedelta(seconds=now_s - self.received_s)


@dataclass(slots=True)
class SourceTime:
    """The dates of one source's answers within the last hour.

    A ``Date`` is never ahead of the clock that made it, but is behind: by the rest of
    its second, by the way of the answer, by hours when it comes out of a cache that
    does not say its ``Age``. So the one that makes it latest at the source is the best
    evidence, and an old one beside it says nothing.

    All ``..._s`` are seconds of a clock that nobody sets, such as an event loop's. One
    that stands still while the machine sleeps makes what was dated before too early,
    which the next answer makes good.
    """

    _times: deque[_ServerTime] = field(default_factory=deque)
    """Each makes it earlier at the source than the one before it: at most one a minute,
    and none that a later one has outdone."""

    def record(self, time: datetime, received_s: float) -> None:
        """Take in the date of an answer.

        Args:
            time: The source's own, UTC.
            received_s: When it came.
        """
        kept = self._times
        while kept and time - kept[-1].time >= kept[-1].passed(received_s):
            kept.pop()
        if not kept or received_s - kept[-1].received_s >= _SAME_S:
            kept.append(_ServerTime(time, received_s))
        while received_s - kept[0].received_s > REMEMBERED_S:
            kept.popleft()

    def lead(self, now: datetime, now_s: float) -> timedelta | None:
        """Return by how much our clock is ahead of the source's; negative for behind.

        Args:
            now: Our time, UTC.
            now_s: The same instant on the clock that nobody sets.

        Returns:
            None when no answer was dated within the last hour.
        """
        for at_source in self._times:
            if now_s - at_source.received_s <= REMEMBERED_S:
                return now - at_source.time - at_source.passed(now_s)
        return None
