"""The windows of one pass over history, and what becomes of those that fail; pure."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from energy_logger_server.api.errors import (
    RangeTooLarge,
    SourceError,
    SourceMissing,
    SourceRateLimited,
    SourceRefused,
)
from energy_logger_server.api.rate_limit import Counter
from energy_logger_server.collect.planning.site_ledger import DayWindow
from energy_logger_server.collect.planning.unavailable_days import is_past_empty
from energy_logger_server.collect.temporary import TEMPORARY
from energy_logger_server.domain.collecting.backfill_progress import WaitingFor
from energy_logger_server.domain.collecting.ledger import Kind

_PAUSES = (timedelta(seconds=30), timedelta(minutes=2))
_MOST_LOST_IN_A_ROW = 3

type SeriesName = tuple[Kind, str]
"""Kind and site."""


@dataclass(frozen=True, slots=True)
class _Hold:
    until: datetime
    length: timedelta
    is_retry: bool = False

    def at_most_from(self, now: datetime) -> "_Hold":
        if self.until - now <= self.length:
            return self
        return replace(self, until=now + self.length)


class BackfillQueue:
    """What is still to be read, in order.

    Attributes:
        done: Windows read, given up, or found not worth reading.
        failed: Of these, how many were given up.
    """

    def __init__(
        self, windows: Sequence[DayWindow], oldest: Mapping[SeriesName, date]
    ) -> None:
        """Begin a pass.

        Args:
            windows: In the order in which to read them; of a series newest first.
            oldest: First day of which anything is stored, by series.
        """
        self.done = 0
        self.failed = 0
        self._hold: _Hold | None = None
        self._windows = deque(windows)
        self._oldest = dict(oldest)
        self._empty: dict[SeriesName, list[date]] = {}
        self._tries: dict[DayWindow, int] = {}
        self._lost_in_a_row = 0

    @property
    def head(self) -> DayWindow | None:
        """The window to read next, None when all are done."""
        return self._windows[0] if self._windows else None

    @property
    def total(self) -> int:
        """Windows done and to come."""
        return self.done + len(self._windows)

    def held_until(self, now: datetime) -> datetime | None:
        """Return the instant (UTC) before which nothing is to be asked, or None.

        A clock that was set back since does not make it longer than it was meant.

        Args:
            now: Present instant.
        """
        if self._hold is None:
            return None
        self._hold = self._hold.at_most_from(now)
        return self._hold.until

    def waits_for(self, until: datetime | None) -> WaitingFor | None:
        """Return why nothing is asked before an instant; None stays None."""
        if until is None:
            return None
        hold = self._hold
        is_retry = hold is not None and hold.is_retry and until == hold.until
        return WaitingFor.RETRY if is_retry else WaitingFor.RATE_LIMIT

    def waiting(self) -> Mapping[Counter, int]:
        """Return the number of windows to come by the counter they draw on."""
        counts = dict.fromkeys(Counter, 0)
        for window in self._windows:
            counts[counter_of(window)] += 1
        return counts

    def succeed(self, *, is_empty: bool, now: datetime) -> bool:
        """Take out the head, which was read.

        Args:
            is_empty: Whether the answer had no record at all.
            now: Present instant.

        Returns:
            Whether this showed that nothing older is there: then the rest of its
            series has been taken out as well.
        """
        window = self._windows.popleft()
        self.done += 1
        self._lost_in_a_row = 0
        series = (window.kind, window.site_id)
        oldest = self._oldest.get(series)
        if not is_empty:
            self._oldest[series] = min(oldest or window.first, window.first)
            self._empty.pop(series, None)
            return False
        if oldest is not None and window.last > oldest:
            return False
        empty = self._empty.setdefault(series, [])
        empty += window.days
        if not is_past_empty(window.kind, empty, now):
            return False
        self._drop(lambda other: (other.kind, other.site_id) == series)
        return True

    def fail(
        self,
        error: SourceError,
        cut: Callable[[DayWindow], Sequence[DayWindow]],
        now: datetime,
    ) -> None:
        """Decide what becomes of the head, which could not be read.

        Args:
            error: Why.
            cut: Gives the shorter windows to ask for after ``RangeTooLarge``.
            now: Present instant.

        Raises:
            SourceRefused: If that is the error: nothing else would get through.
            SourceError: If too many windows in a row have been given up.
        """
        window = self._windows[0]
        if isinstance(error, SourceRefused):
            raise error
        if isinstance(error, SourceRateLimited):
            self._hold = _Hold(error.retry_at, error.retry_at - now)
        elif isinstance(error, RangeTooLarge) and window.length > 1:
            self._replace_head(cut(window))
        elif isinstance(error, SourceMissing):
            self.failed += 1
            self._drop(lambda other: other.site_id == window.site_id)
        elif isinstance(error, TEMPORARY):
            self._try_again(window, error, now)
        else:
            self._give_up(error)

    def _try_again(self, window: DayWindow, error: SourceError, now: datetime) -> None:
        tries = self._tries.get(window, 0)
        self._tries[window] = tries + 1
        if tries < len(_PAUSES):
            pause = _PAUSES[tries]
            self._hold = _Hold(now + pause, pause, is_retry=True)
        elif window.length > 1:
            # a long answer can be more than the other end manages (5xx, time-outs)
            self._replace_head(window.cut(window.length // 2))
        else:
            self._give_up(error)

    def _give_up(self, error: SourceError) -> None:
        self._windows.popleft()
        self.done += 1
        self.failed += 1
        self._lost_in_a_row += 1
        if self._lost_in_a_row >= _MOST_LOST_IN_A_ROW:
            raise error

    def _replace_head(self, pieces: Sequence[DayWindow]) -> None:
        self._windows.popleft()
        self._windows.extendleft(reversed(pieces))

    def _drop(self, is_pointless: Callable[[DayWindow], bool]) -> None:
        kept = [window for window in self._windows if not is_pointless(window)]
        self.done += len(self._windows) - len(kept)
        self._windows = deque(kept)


def counter_of(window: DayWindow) -> Counter:
    """Return the counter of the rate limit that a window draws on."""
    return Counter.SITE if window.kind is Kind.USAGE else Counter.PRICE
