"""What others drew is seen in our answers, remembered for a day, and left to them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.api.rate_limit import BACKFILL_RESERVE, CallBudget, Counter
from energy_logger_server.api.response_headers import CallLimits
from energy_logger_server.api.rivals import RIVAL_CALLS, RivalCalls
from energy_logger_simulator.settable_clock import SettableClock

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PRICE = Counter.PRICE
OK, TOO_MANY = 200, 429
WINDOW = timedelta(seconds=300)
NOBODY = CallLimits(limit=50, window_s=300, remaining=49, reset_s=300)


class Upstream:
    """Fixed windows of calls in 300 s that several clients draw on."""

    def __init__(self, clock: SettableClock, limit: int = 50) -> None:
        self.clock = clock
        self.limit = limit
        self.used = 0
        self.ends_at = START

    def draw(self, calls: int = 1) -> tuple[int, dict[str, str]]:
        """Return status and headers of the last of some calls."""
        now = self.clock.now()
        if now >= self.ends_at:
            self.used, self.ends_at = 0, now + WINDOW
        status = OK if self.used + calls <= self.limit else TOO_MANY
        self.used = min(self.used + calls, self.limit)
        return status, {
            "RateLimit-Limit": f"{self.limit}",
            "RateLimit-Remaining": f"{self.limit - self.used}",
            "RateLimit-Reset": f"{-((now - self.ends_at) // timedelta(seconds=1))}",
        }


class Ours:
    """Our client: a budget and the upstream it asks."""

    def __init__(self, clock: SettableClock, upstream: Upstream) -> None:
        self.clock = clock
        self.upstream = upstream
        self.budget = CallBudget(clock.now)

    def call(self, reserve: int = 0) -> int | None:
        """Make a call; return its status, None when the budget forbids it."""
        if self.budget.acquire(PRICE, reserve=reserve) is not None:
            return None
        status, headers = self.upstream.draw()
        self.budget.note(PRICE, headers, status)
        return status

    def backfill(self) -> int:
        """Call as often as backfill may at present; return how often."""
        made = 0
        while self.call(BACKFILL_RESERVE) is not None:
            made += 1
        return made

    def seen(self) -> int:
        """Return the calls of others that were seen in the window."""
        return next(
            each.rival_calls for each in self.budget.snapshot() if each.counter is PRICE
        )

    def next_window(self) -> None:
        """Let the window end."""
        self.clock.set(self.upstream.ends_at)


@pytest.fixture
def upstream(clock):
    return Upstream(clock)


@pytest.fixture
def ours(clock, upstream):
    return Ours(clock, upstream)


def test_what_is_missing_beyond_our_own_calls_was_drawn_by_others(ours, upstream):
    ours.call()
    assert ours.seen() == 0
    upstream.draw(7)
    ours.call()

    assert ours.seen() == 7
    ours.call()
    assert ours.seen() == 7


def test_a_window_that_is_over_says_nothing_of_the_next(ours, upstream):
    ours.call()
    upstream.draw(7)
    ours.call()

    ours.next_window()

    assert ours.seen() == 0
    ours.call()
    assert ours.seen() == 0


def test_a_window_that_another_opened_has_their_calls(ours, upstream):
    ours.call()
    ours.next_window()
    upstream.draw(5)

    ours.call()

    assert ours.seen() == 5


def test_what_was_drawn_before_our_first_call_may_have_been_ours(ours, upstream):
    upstream.draw(30)
    ours.call()
    assert ours.seen() == 0
    upstream.draw(2)
    ours.call()

    assert ours.seen() == 2


def test_our_calls_on_their_way_are_not_taken_for_those_of_others(ours, upstream):
    ours.call()
    for _ in range(3):
        assert ours.budget.acquire(PRICE) is None
    answers = [upstream.draw() for _ in range(3)]

    for status, headers in reversed(answers):
        ours.budget.note(PRICE, headers, status)

    assert ours.seen() == 0


def test_our_calls_that_a_new_window_sees_first_are_not_taken_for_others(
    ours, upstream
):
    ours.call()
    ours.next_window()
    for _ in range(3):
        assert ours.budget.acquire(PRICE) is None
    answers = [upstream.draw() for _ in range(3)]

    for status, headers in reversed(answers):
        ours.budget.note(PRICE, headers, status)

    assert ours.seen() == 0


def test_backfill_alone_leaves_the_reserve_only(ours):
    ours.call()

    assert ours.backfill() == 50 - 1 - BACKFILL_RESERVE


def test_a_burst_that_was_seen_once_is_waited_for_in_each_window(ours, upstream):
    ours.call()
    upstream.draw(20)
    ours.call()
    ours.next_window()

    ours.call()
    made = ours.backfill()
    status, _ = upstream.draw(20)

    assert made == 50 - 1 - 20 - BACKFILL_RESERVE
    assert status == OK
    assert [ours.call() for _ in range(BACKFILL_RESERVE)] == BACKFILL_RESERVE * [OK]


def test_once_the_burst_is_over_backfill_has_the_rest_of_the_window(ours, upstream):
    ours.call()
    upstream.draw(25)
    ours.call()
    ours.next_window()
    ours.call()
    ours.backfill()

    upstream.draw(25)
    ours.clock.advance(290)
    before = ours.call()

    assert before == OK
    assert ours.backfill() == 0
    assert upstream.used == 50 - BACKFILL_RESERVE + 1


def test_a_rival_that_had_its_share_leaves_the_rest_to_backfill_at_once(ours, upstream):
    ours.call()
    ours.next_window()
    upstream.draw(25)
    ours.call()

    assert ours.backfill() == 50 - 25 - 1 - BACKFILL_RESERVE


def test_a_429_after_a_burst_is_the_last_of_its_kind(ours, upstream):
    refused = 0
    for _ in range(6):
        ours.call()
        ours.backfill()
        ours.clock.advance(295)
        upstream.draw(25)
        statuses = [ours.call() for _ in range(3)]
        refused += statuses.count(TOO_MANY)
        ours.next_window()

    assert refused == 1


def test_who_was_refused_with_us_wanted_as_much_as_a_rival_may(ours, upstream):
    ours.call()
    ours.backfill()
    upstream.draw(25)
    ours.call()
    ours.next_window()

    ours.call()

    assert upstream.used + ours.backfill() == 50 - RIVAL_CALLS - BACKFILL_RESERVE


def test_live_polling_takes_what_it_needs_whoever_else_is_expected(ours, upstream):
    ours.call()
    upstream.draw(30)
    ours.call()
    ours.next_window()

    assert [ours.call() for _ in range(50)] == 50 * [OK]


def test_a_rival_of_nearly_everything_does_not_stop_backfill(ours, upstream):
    ours.call()
    upstream.draw(48)
    ours.call()
    ours.next_window()

    ours.call()

    assert ours.backfill() == 50 - 1 - 30 - BACKFILL_RESERVE


def test_a_small_limit_lets_one_call_of_backfill_a_window_through(clock):
    ours = Ours(clock, Upstream(clock, limit=8))
    ours.call()
    ours.upstream.draw(5)
    ours.call()

    for _ in range(3):
        ours.next_window()
        assert ours.backfill() == 1


def test_a_rival_is_forgotten_after_a_day(ours, upstream, clock):
    ours.call()
    upstream.draw(25)
    ours.call()
    clock.advance(86_400)
    ours.call()

    assert ours.backfill() == 50 - 1 - BACKFILL_RESERVE


def test_of_several_windows_the_most_is_remembered(ours, upstream):
    for calls in (10, 24, 3):
        ours.call()
        upstream.draw(calls)
        ours.call()
        ours.next_window()

    ours.call()

    assert ours.backfill() == 50 - 1 - 24 - BACKFILL_RESERVE


def test_a_clock_that_is_set_back_forgets_what_it_noted(ours, upstream, clock):
    ours.call()
    upstream.draw(25)
    ours.call()

    clock.advance(-86_400)
    ours.upstream.ends_at = clock.now()
    ours.call()

    assert ours.backfill() == 50 - 1 - BACKFILL_RESERVE
    assert ours.seen() == 0


@pytest.mark.parametrize(
    ("headers", "is_learned"),
    [
        pytest.param({}, True, id="nothing-said"),
        pytest.param({"RateLimit-Remaining": "0"}, False, id="only-ours"),
        pytest.param(
            {"RateLimit-Remaining": "49", "RateLimit-Reset": "299"},
            False,
            id="calls-left",
        ),
    ],
)
def test_a_429_shows_a_rival_when_nothing_speaks_against_it(
    ours, headers, is_learned, clock
):
    ours.call()
    clock.advance(1)
    assert ours.budget.acquire(PRICE) is None
    ours.budget.note(PRICE, headers, TOO_MANY)
    ours.next_window()

    ours.call()

    made = 50 - 1 - BACKFILL_RESERVE - (RIVAL_CALLS if is_learned else 0)
    assert ours.backfill() == made


def test_a_silent_429_before_any_window_is_known_shows_nobody():
    silent = CallLimits(limit=None, window_s=None, remaining=None, reset_s=None)

    noted = RivalCalls(own=1).with_refusal(
        silent, START, limit=50, window=WINDOW, in_flight=0
    )

    assert noted.expected_at(START, 50) == 0


def test_a_late_answer_of_the_window_before_shows_nobody():
    here = RivalCalls(own=1).with_answer(
        NOBODY, START, limit=50, window=WINDOW, in_flight=0
    )
    late = replace(NOBODY, remaining=0, reset_s=1)

    assert here.with_answer(late, START, limit=50, window=WINDOW, in_flight=0) == here
