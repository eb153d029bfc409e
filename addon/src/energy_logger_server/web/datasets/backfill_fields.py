"""How backfill stands, as answers show it."""

from datetime import datetime, timedelta

import voluptuous as vol

from energy_logger_server.domain.backfill_progress import (
    BackfillProgress,
    BackfillState,
    BackfillStatus,
    WaitingFor,
)
from energy_logger_server.web.http.checks import MAYBE_NUMBER, MAYBE_TEXT, MAYBE_TIME

from .fields import Fields, utc_text

NOT_SET_UP = "not_set_up"
"""State of a server without an Amber token."""

_STATES = (NOT_SET_UP, *(state.value for state in BackfillState))
_REASONS = tuple(reason.value for reason in WaitingFor)
_MOVING = (BackfillState.RUNNING, BackfillState.WAITING)
_COUNT = vol.Any(int, None)

BACKFILL = vol.Schema(
    {
        vol.Required(
            "state", description="Of the pass under way, or how the last one ended."
        ): vol.In(_STATES),
        vol.Required(
            "is_running", description="Also while a pass waits or is paused."
        ): bool,
        vol.Required(
            "is_paused", description="Nothing more is read until it is resumed."
        ): bool,
        vol.Required(
            "is_queued", description="Another pass begins when this one has ended."
        ): bool,
        vol.Required("started_at"): MAYBE_TIME,
        vol.Required("updated_at", description="When the figures were noted."): (
            MAYBE_TIME
        ),
        vol.Required("windows_done", description="At most seven days each."): _COUNT,
        vol.Required("windows_total"): _COUNT,
        vol.Required("windows_failed", description="Of those done."): _COUNT,
        vol.Required("percent"): MAYBE_NUMBER,
        vol.Required("rows", description="New or changed ones."): _COUNT,
        vol.Required("windows_per_minute"): MAYBE_NUMBER,
        vol.Required("waiting_until"): MAYBE_TIME,
        vol.Required(
            "waiting_for",
            description="rate_limit: for calls; retry: after a failure.",
        ): vol.Any(vol.In(_REASONS), None),
        vol.Required(
            "time_left_seconds", description="null when nobody can tell."
        ): MAYBE_NUMBER,
        vol.Required("next_daily_pass_at"): MAYBE_TIME,
        vol.Required(
            "key_refused_since",
            description="While Amber refuses the key no pass gets anything.",
        ): MAYBE_TIME,
        vol.Required("error", description="Why the pass failed."): MAYBE_TEXT,
    }
)


def backfill_fields(status: BackfillStatus | None, now: datetime) -> Fields:
    """Return how backfill stands.

    Args:
        status: None on a server without an Amber token.
        now: The time left is counted from here.
    """
    if status is None:
        nothing: Fields = {str(name): None for name in BACKFILL.schema}
        flags = {"is_running": False, "is_paused": False, "is_queued": False}
        return {**nothing, **flags, "state": NOT_SET_UP}
    return {
        **progress_fields(status.progress, now),
        "is_running": status.is_running,
        "is_paused": status.is_paused,
        "is_queued": status.is_queued,
        "next_daily_pass_at": utc_text(status.next_daily_pass_at),
        "key_refused_since": utc_text(status.key_refused_since),
    }


def progress_fields(progress: BackfillProgress, now: datetime | None = None) -> Fields:
    """Return one moment of a pass.

    Args:
        progress: The moment.
        now: The time left is counted from here; None for the moment itself.
    """
    return {
        "state": progress.state.value,
        "started_at": utc_text(progress.started_at),
        "updated_at": utc_text(progress.at),
        "windows_done": progress.windows_done,
        "windows_total": progress.windows_total,
        "windows_failed": progress.windows_failed,
        "percent": progress.percent,
        "rows": progress.rows,
        "windows_per_minute": _rate(progress),
        "waiting_until": utc_text(progress.waiting_until),
        "waiting_for": progress.waiting_for and progress.waiting_for.value,
        "time_left_seconds": _time_left_s(progress, now),
        "error": progress.error,
    }


def _rate(progress: BackfillProgress) -> float | None:
    rate = progress.windows_per_minute
    return None if rate is None else round(rate, 2)


def _time_left_s(progress: BackfillProgress, now: datetime | None) -> int | None:
    """Return what is left of the time that was told; of a paused pass nobody knows."""
    if progress.state not in _MOVING:
        return None
    if progress.time_left is None or progress.at is None:
        return None
    left = progress.time_left - ((now or progress.at) - progress.at)
    return round(max(left, timedelta()).total_seconds())
