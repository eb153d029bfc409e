"""How backfill spreads its calls, and what it says of the time left."""

from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.api.rate_limit import Counter, CounterSnapshot
from energy_logger_server.collect.backfill.pace import paced_until, time_left

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


def counter(
    remaining: int = 50,
    reset_s: float | None = 300,
    *,
    kind: Counter = Counter.PRICE,
    blocked_s: float | None = None,
    in_flight: int = 0,
    rival_calls: int = 0,
) -> CounterSnapshot:
    """Return a counter of 50 calls."""
    return CounterSnapshot(
        counter=kind,
        limit=50,
        remaining=remaining,
        resets_at=None if reset_s is None else NOW + timedelta(seconds=reset_s),
        blocked_until=None if blocked_s is None else NOW + timedelta(seconds=blocked_s),
        in_flight=in_flight,
        calls_made=0,
        rival_calls=rival_calls,
    )


def waits_s(state: CounterSnapshot) -> float:
    """Return the seconds until the next call may be made."""
    until = paced_until(state, NOW)
    return 0.0 if until is None else (until - NOW).total_seconds()


@pytest.mark.parametrize(
    ("state", "seconds"),
    [
        pytest.param(counter(50, None), 0, id="no window is open"),
        pytest.param(counter(41, 300), 0, id="a rival of 25 and a reserve of 15 fit"),
        pytest.param(counter(40, 300), 12, id="one call in twelve seconds"),
        pytest.param(counter(40, 150), 0, id="half the window is over"),
        pytest.param(counter(40, 300, in_flight=1), 24, id="one is on its way"),
        pytest.param(counter(16, 100), 100, id="only the reserve is left"),
        pytest.param(counter(3, 100), 100, id="less than the reserve is left"),
        pytest.param(counter(21, 300, rival_calls=25), 0, id="the rival had its share"),
        pytest.param(counter(20, 300, rival_calls=20), 252, id="it may come once more"),
        pytest.param(counter(15, 300, rival_calls=25), 300, id="the reserve is left"),
        pytest.param(counter(50, 200, blocked_s=30), 30, id="a 429 forbids it"),
    ],
)
def test_calls_are_spread_so_that_a_rival_finds_its_share(
    state: CounterSnapshot, seconds: float
):
    assert waits_s(state) == pytest.approx(seconds)


@pytest.mark.parametrize("rival_calls", [0, 25])
def test_rival_reserve_and_backfill_together_keep_to_the_limit(rival_calls: int):
    backfill = 0
    for second in range(300):
        rival = rival_calls * second // 300
        while not waits_s(counter(50 - backfill - rival, 300 - second)):
            backfill += 1

    assert backfill + rival_calls + 15 in (49, 50)


def test_nothing_to_come_takes_no_time():
    assert time_left({}, [], done=0, elapsed=timedelta()) == timedelta()


def test_before_the_first_window_nobody_can_tell():
    waiting = {Counter.PRICE: 5}

    assert time_left(waiting, [counter()], done=0, elapsed=timedelta(0, 9)) is None


def test_a_few_windows_take_as_long_as_those_before():
    left = time_left(
        {Counter.PRICE: 4}, [counter()], done=2, elapsed=timedelta(seconds=6)
    )

    assert left == timedelta(seconds=12)


def test_many_windows_wait_for_the_rate_limit():
    left = time_left(
        {Counter.PRICE: 80}, [counter()], done=10, elapsed=timedelta(seconds=10)
    )

    assert left == timedelta(seconds=600 + 80)


def test_the_counters_are_waited_for_one_after_the_other():
    left = time_left(
        {Counter.PRICE: 45, Counter.SITE: 45},
        [counter(), counter(kind=Counter.SITE)],
        done=10,
        elapsed=timedelta(seconds=10),
    )

    assert left == timedelta(seconds=300 + 300 + 90)


def test_waiting_before_the_second_window_does_not_look_like_a_slow_call():
    left = time_left(
        {Counter.PRICE: 4}, [counter()], done=1, elapsed=timedelta(seconds=280)
    )

    assert left == timedelta(seconds=4 * 5)


def test_after_ten_minutes_the_rate_so_far_counts_waits_included():
    left = time_left(
        {Counter.PRICE: 30}, [counter()], done=20, elapsed=timedelta(minutes=10)
    )

    assert left == timedelta(minutes=15)
