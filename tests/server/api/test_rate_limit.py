"""The budget never overshoots, whoever else draws on it and whatever headers say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.rate_limit import (
    BACKFILL_RESERVE,
    CallBudget,
    Counter,
    CounterSnapshot,
)
from energy_logger_simulator.settable_clock import SettableClock

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PRICE = Counter.PRICE
OK, TOO_MANY = 200, 429


def limits(remaining, reset_s, limit=50):
    return {
        "RateLimit-Limit": f"{limit}",
        "RateLimit-Remaining": f"{remaining}",
        "RateLimit-Reset": f"{reset_s}",
        "RateLimit-Policy": f"{limit};w=300",
    }


def call(budget, headers, status=OK, *, reserve=0):
    """Make one call that is answered at once."""
    assert budget.acquire(PRICE, reserve=reserve) is None
    budget.note(PRICE, headers, status)


def price(budget: CallBudget) -> CounterSnapshot:
    return next(each for each in budget.snapshot() if each.counter is PRICE)


def test_before_the_first_answer_fifty_calls_in_five_minutes_are_assumed(budget, clock):
    for _ in range(50):
        call(budget, {})

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=300)


def test_a_window_of_our_own_ends_five_minutes_after_its_first_call(budget, clock):
    call(budget, {})
    clock.advance(299)
    for _ in range(49):
        call(budget, {})

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=1)
    clock.advance(1)
    assert budget.acquire(PRICE) is None


def test_deciding_takes_no_call(budget, clock):
    for _ in range(100):
        assert budget.decide(PRICE, 0, clock.now()) is None

    assert price(budget).calls_made == 0


def test_the_two_counters_know_nothing_of_each_other(budget):
    call(budget, limits(0, 120))

    assert budget.acquire(PRICE) is not None
    assert budget.acquire(Counter.SITE) is None


def test_the_first_answer_corrects_our_assumption(budget, clock):
    call(budget, limits(30, 120))

    assert price(budget).remaining == 30
    assert price(budget).resets_at == clock.now() + timedelta(seconds=120)


def test_backfill_leaves_its_reserve_to_live_polling(budget, clock):
    call(budget, limits(16, 120))

    call(budget, limits(15, 120), reserve=BACKFILL_RESERVE)

    wanted = clock.now() + timedelta(seconds=120)
    assert budget.acquire(PRICE, reserve=BACKFILL_RESERVE) == wanted
    assert budget.acquire(PRICE) is None


def test_live_polling_may_use_the_window_up(budget, clock):
    for left in range(14, -1, -1):
        call(budget, limits(left, 120))

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=120)


def test_calls_in_flight_count(budget, clock):
    call(budget, limits(3, 120))
    for _ in range(3):
        assert budget.acquire(PRICE) is None

    soon = clock.now() + timedelta(seconds=1)
    assert budget.acquire(PRICE) == soon


def test_a_call_that_was_never_answered_counts_and_is_over(budget):
    call(budget, limits(2, 120))
    call(budget, {}, status=None)

    assert (price(budget).remaining, price(budget).in_flight) == (1, 0)


def test_concurrent_backfill_leaves_room_for_what_a_rival_may_draw_unseen(budget):
    begun = 0
    while budget.acquire(PRICE, reserve=BACKFILL_RESERVE) is None:
        begun += 1

    assert begun == 50 - 25 - BACKFILL_RESERVE


def test_backfill_one_by_one_sees_what_a_rival_draws(budget, clock):
    call(budget, limits(40, 120))
    assert budget.acquire(PRICE, reserve=BACKFILL_RESERVE) is None

    soon = clock.now() + timedelta(seconds=1)
    assert budget.acquire(PRICE, reserve=BACKFILL_RESERVE) == soon
    budget.note(PRICE, limits(38, 120), OK)
    assert budget.acquire(PRICE, reserve=BACKFILL_RESERVE) is None


def test_a_limit_below_the_reserve_starves_nobody(budget, clock):
    call(budget, limits(9, 120, limit=10))
    assert budget.acquire(PRICE, reserve=BACKFILL_RESERVE) is not None

    clock.advance(121)

    assert budget.acquire(PRICE, reserve=BACKFILL_RESERVE) is None


def test_the_lowest_of_overtaking_answers_is_believed(budget):
    for _ in range(3):
        assert budget.acquire(PRICE) is None
    for remaining in (40, 38, 39):
        budget.note(PRICE, limits(remaining, 120), OK)

    assert price(budget).remaining == 38


def test_a_slow_answer_does_not_move_the_end_of_the_window(budget, clock):
    call(budget, limits(40, 120))
    resets_at = price(budget).resets_at
    assert budget.acquire(PRICE) is None
    clock.advance(20)
    budget.note(PRICE, limits(39, 119), OK)

    assert price(budget).resets_at == resets_at
    assert price(budget).remaining == 39


def test_an_answer_of_a_new_window_replaces_the_old_one(budget, clock):
    call(budget, limits(3, 10))
    clock.advance(9)
    call(budget, limits(49, 300))

    assert price(budget).remaining == 49
    assert price(budget).resets_at == clock.now() + timedelta(seconds=300)


def test_a_new_window_that_says_only_its_end_has_one_call_less(budget, clock):
    call(budget, limits(3, 10))
    clock.advance(9)
    call(budget, {"RateLimit-Reset": "300"})

    assert price(budget).remaining == 49


def test_a_late_answer_of_the_window_before_says_nothing_of_this_one(budget, clock):
    assert budget.acquire(PRICE) is None
    call(budget, limits(49, 290))
    budget.note(PRICE, limits(0, 1), OK)

    assert price(budget).remaining == 48
    assert price(budget).resets_at == clock.now() + timedelta(seconds=290)


def test_answers_without_an_end_of_the_window_are_counted(budget):
    call(budget, {"RateLimit-Remaining": "20"})
    call(budget, {"ratelimit-remaining": "19"})
    call(budget, {})

    assert price(budget).remaining == 18


def test_answers_without_a_count_are_counted(budget):
    for _ in range(3):
        call(budget, {"RateLimit-Reset": "100"})

    assert price(budget).remaining == 47


def test_another_limit_and_window_are_learned(budget, clock):
    call(budget, {"RateLimit-Policy": "4;w=60"})
    clock.advance(300)
    for _ in range(4):
        call(budget, {})

    assert price(budget).limit == 4
    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=60)


def test_a_429_with_an_end_of_the_window_is_obeyed(budget, clock):
    call(budget, limits(0, 77), TOO_MANY)

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=77)


def test_a_429_below_the_limit_is_obeyed_too(budget, clock):
    call(budget, limits(30, 77), TOO_MANY)

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=77)
    clock.advance(77)
    assert budget.acquire(PRICE) is None


def test_a_429_with_retry_after_is_obeyed(budget, clock):
    call(budget, {"Retry-After": "9"}, TOO_MANY)

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=9)


def test_429s_without_headers_back_off_twice_as_long_each_time(budget, clock):
    waits = []
    for _ in range(11):
        call(budget, {}, TOO_MANY)
        retry_at = budget.acquire(PRICE)
        waits.append((retry_at - clock.now()).total_seconds())
        clock.set(retry_at)

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_429s_of_one_burst_are_one_reason_to_back_off(budget, clock):
    for _ in range(4):
        assert budget.acquire(PRICE) is None
    for _ in range(4):
        budget.note(PRICE, {}, TOO_MANY)

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=1)


def test_a_shorter_wait_of_the_same_burst_does_not_end_the_longer_one(budget, clock):
    assert budget.acquire(PRICE) is None
    call(budget, limits(0, 90), TOO_MANY)
    budget.note(PRICE, {}, TOO_MANY)

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=90)


def test_success_forgets_the_back_off(budget, clock):
    for _ in range(3):
        call(budget, {}, TOO_MANY)
        clock.advance(300)
    call(budget, {})
    call(budget, {}, TOO_MANY)

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=1)


def test_a_success_that_was_sent_before_the_429_does_not_lift_it(budget):
    assert budget.acquire(PRICE) is None
    call(budget, {}, TOO_MANY)
    budget.note(PRICE, {}, OK)

    assert budget.acquire(PRICE) is not None


@pytest.mark.parametrize("status", [403, 500, None])
def test_other_failures_neither_block_nor_forget_a_back_off(budget, clock, status):
    call(budget, {}, TOO_MANY)
    clock.advance(1)
    call(budget, {}, status)
    call(budget, {}, TOO_MANY)

    assert budget.acquire(PRICE) == clock.now() + timedelta(seconds=2)


@pytest.mark.parametrize("seconds", [600, 3000, 86_400])
def test_a_clock_that_is_set_back_blocks_nobody_for_longer(budget, clock, seconds):
    call(budget, limits(0, 300), TOO_MANY)

    clock.advance(-seconds)

    assert budget.acquire(PRICE) is None
    assert price(budget).remaining == 50


def test_the_snapshot_shows_what_is_known(budget, clock):
    call(budget, limits(41, 200))
    assert budget.acquire(PRICE) is None

    assert budget.snapshot() == (
        CounterSnapshot(Counter.SITE, 50, 50, None, None, 0, 0),
        CounterSnapshot(
            PRICE, 50, 41, clock.now() + timedelta(seconds=200), None, 1, 2
        ),
    )


def test_the_snapshot_shows_a_block_and_the_end_of_a_window(budget, clock):
    call(budget, limits(0, 30), TOO_MANY)
    assert price(budget).blocked_until == clock.now() + timedelta(seconds=30)

    clock.advance(30)

    assert price(budget).blocked_until is None
    assert (price(budget).remaining, price(budget).resets_at) == (50, None)


def test_an_answer_after_the_end_of_its_window_leaves_no_window_open(budget, clock):
    assert budget.acquire(PRICE) is None
    clock.advance(301)
    budget.note(PRICE, {}, None)

    assert (price(budget).remaining, price(budget).resets_at) == (50, None)


class Server:
    """Fixed windows of 50 calls in 300 s, drawn on by a rival as well."""

    def __init__(self, clock: SettableClock) -> None:
        self.clock = clock
        self.used = 0
        self.ends_at = START

    def draw(self) -> tuple[int, dict[str, str]]:
        """Return status and headers of one more call."""
        now = self.clock.now()
        if now >= self.ends_at:
            self.used, self.ends_at = 0, now + timedelta(seconds=300)
        reset_s = -((now - self.ends_at) // timedelta(seconds=1))
        if self.used >= 50:
            return TOO_MANY, limits(0, reset_s)
        self.used += 1
        return OK, limits(50 - self.used, reset_s)


@given(st.data())
def test_backfill_beside_a_steady_rival_leaves_live_polling_its_calls(data):
    clock = SettableClock(START)
    server, budget = Server(clock), CallBudget(clock.now)
    answers: list[tuple[int, dict[str, str]]] = []
    rival_at = START
    steps = st.sampled_from(["rival", "begin", "begin", "end", "wait"])
    for step in data.draw(st.lists(steps, max_size=200)):
        if step == "rival" and clock.now() >= rival_at:
            server.draw()
            rival_at = clock.now() + timedelta(seconds=12)
        elif step == "begin" and len(answers) < 4:
            if budget.acquire(PRICE, reserve=BACKFILL_RESERVE) is None:
                answers.append(server.draw())
                assert 50 - server.used >= BACKFILL_RESERVE - 1
        elif step == "end" and answers:
            status, headers = answers.pop(0)
            budget.note(PRICE, headers, status)
        elif step == "wait":
            clock.advance(data.draw(st.integers(1, 40)))


def test_backfill_alone_gets_all_but_the_reserve_of_each_window(budget, clock):
    server = Server(clock)
    end = START + timedelta(seconds=900)
    while clock.now() < end:
        retry_at = budget.acquire(PRICE, reserve=BACKFILL_RESERVE)
        if retry_at:
            clock.set(retry_at)
            continue
        clock.advance(1)
        status, headers = server.draw()
        budget.note(PRICE, headers, status)
        assert status == OK

    assert price(budget).calls_made == 3 * 35


def test_backfill_that_was_away_for_long_does_not_trust_an_old_count(budget, clock):
    call(budget, limits(25, 300))
    clock.advance(100)
    assert budget.decide(PRICE, BACKFILL_RESERVE, clock.now()) is None

    clock.advance(30)

    resets_at = START + timedelta(seconds=300)
    assert budget.decide(PRICE, BACKFILL_RESERVE, clock.now()) == resets_at
    assert budget.decide(PRICE, 0, clock.now()) is None


@given(
    st.lists(
        st.tuples(
            st.dictionaries(
                st.sampled_from([*limits(1, 1), "Retry-After", "Date"]),
                st.text(max_size=12) | st.integers(-5, 400).map(str),
            ),
            st.sampled_from([200, 400, 429, 500, None]),
            st.integers(-400, 400),
        )
    )
)
def test_no_headers_break_the_budget_or_block_it_for_long(answers):
    clock = SettableClock(START)
    budget = CallBudget(clock.now)
    for headers, status, seconds in answers:
        if budget.acquire(PRICE) is None:
            budget.note(PRICE, headers, status)
        clock.advance(seconds)

    clock.advance(3601)

    assert budget.acquire(PRICE) is None
