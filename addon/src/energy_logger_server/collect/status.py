"""How collecting goes, for a status page."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from energy_logger_server.domain.runs import RunEnd, Source

_KEPT_CYCLES = 288


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """State of one source.

    Attributes:
        source: Which one.
        interval_minutes: Minutes between its ticks.
        is_running: Whether a live run is under way.
        next_tick_at: Instant (UTC) of the next run; None when none is planned.
        ticks_skipped: Since the program started.
        last_end: How the latest live run ended; None before the first end.
        refused_since: Instant (UTC) from which on the key is refused, or None.
        cycle_p50_s: Median duration of the last 288 runs, seconds; None before any.
        cycle_max_s: Longest of them, seconds.
    """

    source: Source
    interval_minutes: int
    is_running: bool
    next_tick_at: datetime | None
    ticks_skipped: int
    last_end: RunEnd | None
    refused_since: datetime | None
    cycle_p50_s: float | None
    cycle_max_s: float | None


class CycleTimes:
    """Durations of the latest cycles."""

    def __init__(self) -> None:
        self._durations_s: deque[float] = deque(maxlen=_KEPT_CYCLES)

    def add(self, duration_s: float) -> None:
        """Note a cycle."""
        self._durations_s.append(duration_s)

    def p50_s(self) -> float | None:
        """Return the median, seconds; None before the first cycle."""
        return median(self._durations_s) if self._durations_s else None

    def max_s(self) -> float | None:
        """Return the longest, seconds; None before the first cycle."""
        return max(self._durations_s, default=None)
