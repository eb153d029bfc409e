"""How many calls a token may still make.

Amber counts calls in fixed windows, 50 in 300 seconds, on two counters a token, and
whatever else uses the token draws on the same ones (Amber OpenAPI 2.0.0; measurements
by others). The budget follows the ``RateLimit-*`` headers where they come, and its own
count where they do not; see ``rivals`` for what it learns of others. It never waits: it
says when to come back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from math import ceil

from .response_headers import (
    CallLimits,
    read_call_limits,
    read_retry_delay_s,
)
from .rivals import RIVAL_CALLS, RivalCalls

BACKFILL_RESERVE = 15
"""Calls of a window that backfill leaves to live polling."""

_ASSUMED_LIMIT = 50
_ASSUMED_WINDOW_S = 300
_FIRST_BACKOFF_S = 1
_LONGEST_BACKOFF_S = 300
# an answer on its way will show more
_SOON = timedelta(seconds=1)
# the end of a window is known no better than this: a slow answer makes it seem later
_BLUR = timedelta(seconds=60)


class Counter(StrEnum):
    """What Amber counts apart."""

    SITE = "site"
    """``/sites`` and ``/usage``."""
    PRICE = "price"
    """``/prices`` and ``/prices/current``."""


@dataclass(frozen=True, slots=True)
class CounterSnapshot:
    """State of a counter for a status page.

    Attributes:
        counter: Which one.
        limit: Calls allowed in a window.
        remaining: Calls left; the limit when no window is open.
        resets_at: End of the window (UTC); None when none is open.
        blocked_until: Instant (UTC) until which a 429 forbids calls, or None.
        in_flight: Calls that have not been answered yet.
        calls_made: Calls since the program started.
        rival_calls: Calls of others in the present window, as far as they were seen.
    """

    counter: Counter
    limit: int
    remaining: int
    resets_at: datetime | None
    blocked_until: datetime | None
    in_flight: int
    calls_made: int
    rival_calls: int = 0


class CallBudget:
    """The two counters of one token.

    Each ``acquire`` that returns None stands for one call, which ``note`` must end
    exactly once, whatever became of it. Not for use from several threads.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Assume Amber's usual limit until an answer says otherwise.

        Args:
            now: Clock, UTC.
        """
        self._now = now
        self._states = {counter: _State() for counter in Counter}

    def acquire(self, counter: Counter, *, reserve: int = 0) -> datetime | None:
        """Take a call and return None, or return the instant at which to try again.

        Args:
            counter: What the call draws on.
            reserve: Calls that must be left in the window after this one: 0 for live
                polling, ``BACKFILL_RESERVE`` for backfill.
        """
        now = self._now()
        retry_at = self.decide(counter, reserve, now)
        if retry_at is None:
            self._states[counter] = _begin(self._states[counter], now)
        return retry_at

    def decide(self, counter: Counter, reserve: int, now: datetime) -> datetime | None:
        """Return what ``acquire`` would, without taking a call."""
        return _decide(self._states[counter], reserve, now)

    def note(
        self, counter: Counter, headers: Mapping[str, str], status: int | None
    ) -> None:
        """End a call and learn from its answer.

        Args:
            counter: What the call drew on.
            headers: Headers of the answer, whatever its status; empty without one.
            status: HTTP status, None when no answer came.
        """
        now = self._now()
        limits = read_call_limits(headers)
        state = _end(self._states[counter], limits, now)
        state = _learn(state, limits, status, now)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            state = _stop(state, read_retry_delay_s(headers, now), now)
        elif status == HTTPStatus.OK:
            state = _resume(state, now)
        self._states[counter] = state

    def snapshot(self) -> tuple[CounterSnapshot, ...]:
        """Return the state of every counter at present."""
        now = self._now()
        return tuple(
            CounterSnapshot(
                counter=counter,
                limit=state.limit,
                remaining=state.remaining_at(now),
                resets_at=state.resets_at if state.is_open_at(now) else None,
                blocked_until=state.blocked_at(now),
                in_flight=state.in_flight,
                calls_made=state.calls_made,
                rival_calls=state.rivals.drawn_at(now),
            )
            for counter, state in self._states.items()
        )


@dataclass(frozen=True, slots=True)
class _State:
    limit: int = _ASSUMED_LIMIT
    window_s: int = _ASSUMED_WINDOW_S
    remaining: int = _ASSUMED_LIMIT
    resets_at: datetime | None = None
    # whether upstream stated the end of the window, or we assume to have opened it
    is_from_upstream: bool = False
    in_flight: int = 0
    answered_at: datetime | None = None
    calls_made: int = 0
    backoff_s: int = 0
    refused_at: datetime | None = None
    blocked_until: datetime | None = None
    rivals: RivalCalls = field(default_factory=RivalCalls)

    def is_open_at(self, now: datetime) -> bool:
        """Whether a window is known that ``now`` lies in.

        A window that ends later than any can was noted by a clock that has been set
        back since: it says nothing any more.
        """
        if self.resets_at is None:
            return False
        latest = now + timedelta(seconds=self.window_s) + _BLUR
        return now < self.resets_at <= latest

    def remaining_at(self, now: datetime) -> int:
        """Calls left, not counting those in flight."""
        return self.remaining if self.is_open_at(now) else self.limit

    def left_to_rivals_at(self, now: datetime) -> int:
        """Calls to leave to others, besides the reserve.

        That is what a rival may have made since the last answer: while a call is in
        flight nothing is sure, otherwise it grows with time. Or, if that is more, what
        rivals were seen to draw in a window and have not drawn in this one yet.
        """
        return max(self._unseen_at(now), self.rivals.expected_at(now, self.limit))

    def _unseen_at(self, now: datetime) -> int:
        most = max(RIVAL_CALLS - self.rivals.drawn_at(now), 0)
        if self.in_flight:
            return most
        if self.answered_at is None or not self.is_open_at(now):
            return 0
        share = (now - self.answered_at) / timedelta(seconds=self.window_s)
        return min(max(ceil(RIVAL_CALLS * share), 0), most)

    def blocked_at(self, now: datetime) -> datetime | None:
        """Until when a 429 forbids calls; None when it does not (any more).

        Before the refusal there is none: the clock has been set back since.
        """
        if self.blocked_until is None or self.refused_at is None:
            return None
        is_blocked = self.refused_at - _SOON <= now < self.blocked_until
        return self.blocked_until if is_blocked else None


def _decide(state: _State, reserve: int, now: datetime) -> datetime | None:
    blocked_until = state.blocked_at(now)
    if blocked_until is not None:
        return blocked_until
    remaining = state.remaining_at(now)
    if state.is_open_at(now) and remaining <= reserve:
        return state.resets_at
    # live polling takes the risk of a rival: its few calls are what the reserve is for
    rivals = state.left_to_rivals_at(now) if reserve else 0
    if remaining - state.in_flight - rivals > reserve:
        return None
    if state.in_flight:
        return now + _SOON
    return state.resets_at if state.is_open_at(now) else None


def _begin(state: _State, now: datetime) -> _State:
    state = replace(
        state,
        in_flight=state.in_flight + 1,
        calls_made=state.calls_made + 1,
        rivals=state.rivals.with_call_begun(),
    )
    if state.is_open_at(now):
        return state
    return replace(
        state,
        remaining=state.limit,
        resets_at=now + timedelta(seconds=state.window_s),
        is_from_upstream=False,
    )


def _end(state: _State, limits: CallLimits, now: datetime) -> _State:
    limit = limits.limit or state.limit
    counted = max(min(state.remaining_at(now), limit) - 1, 0)
    state = replace(
        state,
        limit=limit,
        window_s=max(limits.window_s or state.window_s, limits.reset_s or 0),
        in_flight=max(state.in_flight - 1, 0),
        answered_at=now,
    )
    # answers overtake each other: within a window the lowest is the newest
    before = state.remaining_at(now)
    lowest = counted if limits.remaining is None else min(before, limits.remaining)
    if limits.reset_s is None:
        return replace(state, remaining=lowest)
    resets_at = now + timedelta(seconds=limits.reset_s)
    if state.resets_at is None or not (
        state.is_from_upstream and state.is_open_at(now)
    ):
        # the first answer in a window knows better than our assumption
        left = counted if limits.remaining is None else limits.remaining
        return replace(
            state, remaining=left, resets_at=resets_at, is_from_upstream=True
        )
    later = resets_at - state.resets_at
    half = timedelta(seconds=state.window_s / 2)
    if later > half:
        # the window ended earlier than we thought
        left = state.limit - 1 if limits.remaining is None else limits.remaining
        return replace(state, remaining=left, resets_at=resets_at)
    if later < -half:
        # a late answer of the window before: its Remaining is not about this one
        return replace(state, remaining=counted)
    # a slow answer makes the end seem later, never earlier
    return replace(state, remaining=lowest, resets_at=min(resets_at, state.resets_at))


def _learn(
    state: _State, limits: CallLimits, status: int | None, now: datetime
) -> _State:
    """Note what an answer shows of others who draw on the counter."""
    rivals = state.rivals
    is_refused = status == HTTPStatus.TOO_MANY_REQUESTS
    learn = rivals.with_refusal if is_refused else rivals.with_answer
    learned = learn(
        limits,
        now,
        limit=state.limit,
        window=timedelta(seconds=state.window_s),
        in_flight=state.in_flight,
    )
    return replace(state, rivals=learned)


def _stop(state: _State, delay_s: int | None, now: datetime) -> _State:
    """Obey a 429, which may come without a word on how long, and below the limit."""
    already = state.blocked_at(now)
    if already is None:
        backoff_s = max(2 * state.backoff_s, _FIRST_BACKOFF_S)
        state = replace(state, backoff_s=min(backoff_s, _LONGEST_BACKOFF_S))
    until = now + timedelta(seconds=max(delay_s or 0, state.backoff_s))
    return replace(state, refused_at=now, blocked_until=max(until, already or until))


def _resume(state: _State, now: datetime) -> _State:
    """Forget the 429s, unless this success was sent before the last of them."""
    if state.blocked_at(now):
        return state
    return replace(state, backoff_s=0, refused_at=None, blocked_until=None)
