"""How far a pass over history is, and what may hold it up."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class BackfillState(StrEnum):
    """What backfill is doing."""

    IDLE = "idle"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class WaitingFor(StrEnum):
    """What a pass waits for.

    ``rate_limit``: calls, of which live polling keeps its share. ``retry``: the pause
    after an answer that failed for now.
    """

    RATE_LIMIT = "rate_limit"
    RETRY = "retry"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillProgress:
    """A moment of one pass over history.

    Attributes:
        state: What it is doing.
        started_at: Instant (UTC); None before the first pass.
        at: Instant (UTC) of this record; None before the first pass.
        windows_done: Windows that were read, or found not worth reading.
        windows_total: These and the ones to come.
        windows_failed: Of those done, how many upstream would not give.
        rows: Rows that were new or changed.
        waiting_until: Instant (UTC) until which it waits, or None.
        waiting_for: Why it waits; None when it does not.
        time_left: Waits for the rate limit included; None when it is unknown.
        error: A sentence for the reader, if it failed; holds no secret.
    """

    state: BackfillState = BackfillState.IDLE
    started_at: datetime | None = None
    at: datetime | None = None
    windows_done: int = 0
    windows_total: int = 0
    windows_failed: int = 0
    rows: int = 0
    waiting_until: datetime | None = None
    waiting_for: WaitingFor | None = None
    time_left: timedelta | None = None
    error: str | None = None

    @property
    def windows_per_minute(self) -> float | None:
        """Mean rate since the start, waits included; None before it is known."""
        if self.started_at is None or self.at is None or self.at <= self.started_at:
            return None
        minutes = (self.at - self.started_at) / timedelta(minutes=1)
        return self.windows_done / minutes

    @property
    def percent(self) -> float | None:
        """Share of the windows that are done; None when there are none."""
        if not self.windows_total:
            return None
        return round(100 * self.windows_done / self.windows_total, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BackfillStatus:
    """How backfill stands, for whoever asks from outside.

    Attributes:
        progress: The pass under way, or how the last one ended.
        is_running: Whether a pass is under way, be it paused or waiting.
        is_paused: Whether nothing more is read until somebody lifts the pause.
        is_queued: Whether another pass was asked for and begins after this one.
        next_daily_pass_at: Instant (UTC) of the next pass that begins by itself; None
            while that one runs or waits for the key.
        key_refused_since: Instant (UTC) from which on Amber has been refusing the
            key; None when it does not.
    """

    progress: BackfillProgress = field(default_factory=BackfillProgress)
    is_running: bool = False
    is_paused: bool = False
    is_queued: bool = False
    next_daily_pass_at: datetime | None = None
    key_refused_since: datetime | None = None
