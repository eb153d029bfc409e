"""What others draw on the same call limit, as far as our own answers show it; pure.

Amber does not say who made a call. But ``RateLimit-Remaining`` counts everybody's, so
what is missing there beyond our own calls was drawn by another client of the token.
What one did in a window it may do again, also all at once and at the very end.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .response_headers import CallLimits

RIVAL_CALLS = 25
"""Calls that another user of the token may make in a window."""

_REMEMBERED = timedelta(hours=24)
_MOST_LEFT_PERCENT = 60


@dataclass(frozen=True, slots=True)
class RivalCalls:
    """Calls of others on one counter.

    Attributes:
        own: Our calls in the window, those on their way included.
        window_ends_at: End of the window (UTC); None before the first that was stated.
        before_us: Calls in the window before our first one, when we came amid it: they
            may have been our own, of before a restart.
        drawn: Calls of others in the window, at least.
        most_drawn: The most of them in one window that is remembered.
        most_drawn_at: When that was seen (UTC); None before anything was.
    """

    own: int = 0
    window_ends_at: datetime | None = None
    before_us: int = 0
    drawn: int = 0
    most_drawn: int = 0
    most_drawn_at: datetime | None = None

    def with_call_begun(self) -> "RivalCalls":
        """Return this with one more call of our own."""
        return replace(self, own=self.own + 1)

    def with_answer(
        self,
        limits: CallLimits,
        now: datetime,
        *,
        limit: int,
        window: timedelta,
        in_flight: int,
    ) -> "RivalCalls":
        """Return this with what an answer shows, a 429 excepted.

        Args:
            limits: What it says of the call limit.
            now: Present instant.
            limit: Calls allowed in a window.
            window: Length of a window.
            in_flight: Our other calls that have not been answered yet.
        """
        if limits.remaining is None or limits.reset_s is None:
            return self
        ends_at = now + timedelta(seconds=limits.reset_s)
        used = limit - limits.remaining
        before = self.window_ends_at
        if before is None or before > now + 2 * window:
            # the first one, or the one before was noted by a clock set back since
            before_us = max(used - self.own, 0)
            return replace(self, window_ends_at=ends_at, before_us=before_us, drawn=0)
        if before - ends_at > window / 2:
            # a late answer of the window before
            return self
        seen = self
        if ends_at - before > window / 2:
            # of ours a new window has seen this call, and perhaps those on their way
            own = 1 + in_flight
            seen = replace(self, own=own, window_ends_at=ends_at, before_us=0, drawn=0)
        drawn = max(used - seen.own - seen.before_us, seen.drawn)
        return _remember(replace(seen, drawn=drawn), drawn, now)

    def with_refusal(
        self,
        limits: CallLimits,
        now: datetime,
        *,
        limit: int,
        window: timedelta,
        in_flight: int,
    ) -> "RivalCalls":
        """Return this with what a 429 shows; the arguments are those of an answer.

        Others who had a hand in it may have been refused too, so their calls count as
        many as a rival may make. A 429 with calls left is about something else; of one
        that says nothing this cannot be known, and the careful reading holds.
        """
        # a refused call was none of the window's
        asked = replace(self, own=max(self.own - 1, 0))
        seen = asked.with_answer(
            limits, now, limit=limit, window=window, in_flight=in_flight
        )
        is_whole = seen.is_open_at(now) and not seen.before_us
        is_rivals = (
            seen.drawn > 0 if limits.remaining == 0 else limits.remaining is None
        )
        if not (is_whole and is_rivals):
            return seen
        return _remember(seen, max(seen.drawn, RIVAL_CALLS), now)

    def drawn_at(self, now: datetime) -> int:
        """Return the calls of others in the present window, at least."""
        return self.drawn if self.is_open_at(now) else 0

    def expected_at(self, now: datetime, limit: int) -> int:
        """Return the calls that others are still to make in the present window.

        That is what they were seen to draw in one, and have not drawn in this one yet;
        at most a share of the limit, since a rival that draws more leaves too little
        to wait for it.

        Args:
            now: Present instant.
            limit: Calls allowed in a window.
        """
        if not self.remembers_at(now):
            return 0
        most = min(self.most_drawn, limit * _MOST_LEFT_PERCENT // 100)
        return max(most - self.drawn_at(now), 0)

    def is_open_at(self, now: datetime) -> bool:
        """Whether a window is known that ``now`` lies in."""
        return self.window_ends_at is not None and now < self.window_ends_at

    def remembers_at(self, now: datetime) -> bool:
        """Whether ``most_drawn`` still says something."""
        at = self.most_drawn_at
        # what a clock noted that has been set back since does not
        return at is not None and timedelta(0) <= now - at < _REMEMBERED


def _remember(rivals: RivalCalls, drawn: int, now: datetime) -> RivalCalls:
    if not drawn or (rivals.remembers_at(now) and drawn < rivals.most_drawn):
        return rivals
    return replace(rivals, most_drawn=drawn, most_drawn_at=now)
