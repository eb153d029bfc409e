"""How fast backfill may go, and how long it will honestly take; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from energy_logger_server.api.rate_limit import (
    BACKFILL_RESERVE,
    Counter,
    CounterSnapshot,
)
from energy_logger_server.api.rivals import RIVAL_CALLS

_WINDOW = timedelta(seconds=300)
_ENOUGH_TO_MEASURE = 2 * _WINDOW
_LONG_CALL = timedelta(seconds=5)


def paced_until(counter: CounterSnapshot, now: datetime) -> datetime | None:
    """Return when backfill may call again, None for now.

    Besides what live polling keeps, as many calls are left as another client of the
    token could draw evenly in the rest of the window, unless it was seen to have drawn
    them already. A rival that draws nothing thus costs nothing, only the calls are
    spread.

    Args:
        counter: State of the counter that the call draws on.
        now: Present instant.
    """
    if counter.blocked_until is not None:
        return counter.blocked_until
    if counter.resets_at is None:
        # nothing was drawn yet; the answer will state the limit
        return None
    left = counter.resets_at - now
    spare = counter.remaining - counter.in_flight - BACKFILL_RESERVE - 1
    to_come = max(RIVAL_CALLS - counter.rival_calls, 0)
    if spare >= min(RIVAL_CALLS * (left / _WINDOW), to_come):
        return None
    return counter.resets_at - max(spare, 0) * _WINDOW / RIVAL_CALLS


def time_left(
    waiting: Mapping[Counter, int],
    counters: Sequence[CounterSnapshot],
    *,
    done: int,
    elapsed: timedelta,
) -> timedelta | None:
    """Return how long the windows to come will take, None when it is unknown.

    What a call took so far, what the rate limit will let pass, and, after ten minutes,
    the rate so far with all its waits: the slowest of the three.

    Args:
        waiting: Windows to come by the counter that they draw on.
        counters: State of the counters.
        done: Windows done so far.
        elapsed: Time since the start.
    """
    total = sum(waiting.values())
    if not total:
        return timedelta()
    if not done:
        return None
    limited = sum(
        (_limited(waiting.get(counter.counter, 0), counter) for counter in counters),
        timedelta(),
    )
    measured = elapsed / done * total
    if elapsed >= _ENOUGH_TO_MEASURE:
        return max(limited, measured)
    # the first calls of a window are not waited for, so their pace says too little
    return limited + min(measured, total * _LONG_CALL)


def _limited(windows: int, counter: CounterSnapshot) -> timedelta:
    in_window = max(counter.limit - BACKFILL_RESERVE, 1)
    at_once = max(in_window - RIVAL_CALLS, 0)
    return max(windows - at_once, 0) * _WINDOW / in_window
