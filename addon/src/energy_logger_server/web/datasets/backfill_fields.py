"""How backfill stands, as answers show it."""

from datetime import datetime, timedelta
from typing import Literal, TypedDict

from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
    BackfillStatus,
    WaitingFor,
)
from energy_logger_server.web.http.answer_types import Time

from .fields import utc_text

type NotSetUp = Literal["not_set_up"]

NOT_SET_UP: NotSetUp = "not_set_up"
"""State of a server without an Amber token."""

_MOVING = (BackfillState.RUNNING, BackfillState.WAITING)


class BackfillProgressAnswer(TypedDict):
    """One moment of a pass."""

    state: NotSetUp | BackfillState
    """Of the pass under way, or how the last one ended."""
    started_at: Time | None
    updated_at: Time | None
    """When the figures were noted."""
    windows_done: int | None
    """At most seven days each."""
    windows_total: int | None
    windows_failed: int | None
    """Of those done."""
    percent: float | None
    rows: int | None
    """New or changed ones."""
    windows_per_minute: float | None
    waiting_until: Time | None
    waiting_for: WaitingFor | None
    """rate_limit: for calls; retry: after a failure."""
    time_left_seconds: float | None
    """null when it is unknown."""
    error: str | None
    """Why the pass failed."""


class BackfillAnswer(BackfillProgressAnswer):
    """How backfill stands."""

    is_running: bool
    """Also while a pass waits or is paused."""
    is_paused: bool
    """Nothing more is read until it is resumed."""
    is_queued: bool
    """Another pass begins when this one has ended."""
    next_daily_pass_at: Time | None
    key_refused_since: Time | None
    """While Amber refuses the key no pass gets anything."""


_NOT_SET_UP: BackfillAnswer = {
    "state": NOT_SET_UP,
    "is_running": False,
    "is_paused": False,
    "is_queued": False,
    "started_at": None,
    "updated_at": None,
    "windows_done": None,
    "windows_total": None,
    "windows_failed": None,
    "percent": None,
    "rows": None,
    "windows_per_minute": None,
    "waiting_until": None,
    "waiting_for": None,
    "time_left_seconds": None,
    "next_daily_pass_at": None,
    "key_refused_since": None,
    "error": None,
}


def backfill_fields(status: BackfillStatus | None, now: datetime) -> BackfillAnswer:
    """Return how backfill stands.

    Args:
        status: None on a server without an Amber token.
        now: The time left is counted from here.
    """
    if status is None:
        return _NOT_SET_UP
    return {
        **progress_fields(status.progress, now),
        "is_running": status.is_running,
        "is_paused": status.is_paused,
        "is_queued": status.is_queued,
        "next_daily_pass_at": utc_text(status.next_daily_pass_at),
        "key_refused_since": utc_text(status.key_refused_since),
    }


def progress_fields(
    progress: BackfillProgress, now: datetime | None = None
) -> BackfillProgressAnswer:
    """Return one moment of a pass.

    Args:
        progress: The moment.
        now: The time left is counted from here; None for the moment itself.
    """
    return {
        "state": progress.state,
        "started_at": utc_text(progress.started_at),
        "updated_at": utc_text(progress.at),
        "windows_done": progress.windows_done,
        "windows_total": progress.windows_total,
        "windows_failed": progress.windows_failed,
        "percent": progress.percent,
        "rows": progress.rows,
        "windows_per_minute": _rate(progress),
        "waiting_until": utc_text(progress.waiting_until),
        "waiting_for": progress.waiting_for,
        "time_left_seconds": _time_left_s(progress, now),
        "error": progress.error,
    }


def _rate(progress: BackfillProgress) -> float | None:
    rate = progress.windows_per_minute
    return None if rate is None else round(rate, 2)


def _time_left_s(progress: BackfillProgress, now: datetime | None) -> int | None:
    """Return what is left of the estimated time; of a paused pass nobody knows."""
    if progress.state not in _MOVING:
        return None
    if progress.time_left is None or progress.at is None:
        return None
    left = progress.time_left - ((now or progress.at) - progress.at)
    return round(max(left, timedelta()).total_seconds())
