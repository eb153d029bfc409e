"""When to poll, how far ahead to ask, and the cheapest window."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.plan import (
    MOST_INTERVALS,
    CheapestWindow,
    PricePoll,
    cheapest_window,
    forecast_count,
    next_tick,
    price_polls,
    ticks_between,
)

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
SYDNEY = ZoneInfo("Australia/Sydney")
INSTANTS = st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1999 < at.year < 2999)


def waits(boundary, interval_minutes):
    polls = price_polls(boundary, interval_minutes)
    return [(poll.at - boundary).total_seconds() for poll in polls]


def test_a_five_minute_price_is_followed_up_from_every_boundary():
    assert waits(NOON, 5) == waits(NOON + 5 * MINUTE, 5) == [12, 25, 45, 90]


def test_only_the_first_poll_asks_for_the_forecast():
    first, *others = price_polls(NOON, 5)

    assert first == PricePoll(NOON + timedelta(seconds=12), with_forecast=True)
    assert not any(poll.with_forecast for poll in others)


@pytest.mark.parametrize("minute", range(0, 60, 5))
def test_a_half_hour_price_is_followed_up_in_its_last_five_minutes_only(minute):
    expected = [12, 25, 45, 90] if minute in {25, 55} else [12]

    assert waits(NOON.replace(minute=minute), 30) == expected


def test_polls_are_reported_in_utc_whatever_the_zone_of_the_boundary():
    local = NOON.astimezone(SYDNEY)

    assert price_polls(local, 5) == price_polls(NOON, 5)
    assert price_polls(local, 5)[0].at.tzinfo is UTC


@pytest.mark.parametrize(
    ("interval_minutes", "offset_s", "expected"),
    [
        (5, 0, "12:05:00"),
        (10, 0, "12:10:00"),
        (15, 12, "12:15:12"),
        (30, 0, "12:30:00"),
        (5, 120, "12:07:00"),
        (5, 121, "12:02:01"),
        (5, 0.5, "12:05:00.500000"),
    ],
)
def test_the_next_tick_is_on_a_mark_of_the_clock_and_later_than_now(
    interval_minutes, offset_s, expected
):
    tick = next_tick(NOON + 2 * MINUTE, interval_minutes, offset_s)

    assert (tick.time().isoformat(), tick.tzinfo) == (expected, UTC)


def test_ticks_follow_each_other_over_a_change_of_daylight_saving():
    at = datetime(2026, 4, 5, 2, 30, tzinfo=SYDNEY, fold=0)
    ticks = []
    for _ in range(4):
        at = next_tick(at, 30).astimezone(SYDNEY)
        ticks.append(f"{at:%H:%M}")

    assert ticks == ["02:00", "02:30", "03:00", "03:30"]


@given(INSTANTS, st.sampled_from([5, 10, 15, 30]), st.integers(0, 299))
def test_between_now_and_the_next_tick_there_is_none(now, interval_minutes, offset_s):
    tick = next_tick(now, interval_minutes, offset_s)

    assert now < tick <= now + interval_minutes * MINUTE
    assert ticks_between(now, tick, interval_minutes, offset_s) == 1
    before = tick - timedelta(microseconds=1)
    assert ticks_between(now, before, interval_minutes, offset_s) == 0


def test_a_long_run_misses_the_ticks_that_fell_in_it():
    began = NOON + timedelta(seconds=12)

    assert ticks_between(began, began + 4 * MINUTE, 5, 12) == 0
    assert ticks_between(began, began + 16 * MINUTE, 5, 12) == 3


def test_a_clock_that_was_set_back_missed_no_ticks():
    assert ticks_between(NOON, NOON - HOUR, 5) == 0


def steps_of_forecast(now, interval_minutes):
    """Yield the ends of the intervals after the current one, as Amber lays them out."""
    step = timedelta(minutes=interval_minutes)
    end = next_tick(now, interval_minutes)
    last_mark = next_tick(now + HOUR, 30) - 30 * MINUTE
    while True:
        end += step if end < last_mark else 30 * MINUTE
        yield end


@given(INSTANTS, st.sampled_from([5, 15, 30]), st.floats(0.1, 200))
def test_a_forecast_count_covers_the_hours_ahead(now, interval_minutes, hours_ahead):
    count = forecast_count(interval_minutes, hours_ahead)

    ends = steps_of_forecast(now, interval_minutes)
    reached = [next(ends) for _ in range(count)][-1]
    assert reached >= now + timedelta(hours=hours_ahead)


@pytest.mark.parametrize(
    ("interval_minutes", "hours_ahead", "count"),
    [(30, 24, 48), (5, 24, 60), (5, 0, 0), (5, -1, 0), (5, 5000, MOST_INTERVALS)],
)
def test_a_forecast_count_is_not_much_larger_and_never_too_large(
    interval_minutes, hours_ahead, count
):
    assert forecast_count(interval_minutes, hours_ahead) == count


@dataclass(frozen=True)
class Span:
    """A price for a span of time."""

    starts_at: datetime
    ends_at: datetime
    price_aud_per_kwh: float


def spans(*parts: tuple[float, float], start=NOON):
    """Return adjoining spans from pairs of minutes and AUD/kWh."""
    made = []
    for minutes, price in parts:
        made.append(Span(start, start + minutes * MINUTE, price))
        start = made[-1].ends_at
    return made


def find(prices, minutes, earliest=NOON, latest=NOON + 100 * HOUR):
    return cheapest_window(
        prices, duration=minutes * MINUTE, earliest=earliest, latest=latest
    )


def begins(window):
    return None if window is None else (window.starts_at - NOON) / MINUTE


def test_the_cheapest_of_equal_steps_is_found():
    window = find(spans((30, 0.3), (30, 0.1), (30, 0.2)), 30)

    assert window == CheapestWindow(NOON + 30 * MINUTE, NOON + HOUR, 0.1)


def test_steps_of_different_lengths_count_by_their_overlap():
    window = find(spans((5, 0.9), (5, 0.1), (5, 0.1), (30, 0.4), (30, 0.2)), 20)

    assert begins(window) == 45
    window = find(spans((5, 0.9), (5, 0.1), (5, 0.1), (30, 0.4), (30, 0.3)), 20)
    assert begins(window) == 5
    assert window.mean_aud_per_kwh == 0.25


def test_a_window_may_begin_within_an_interval_so_that_it_ends_with_one():
    window = find(spans((30, 0.3), (30, 0.1), (30, 0.5)), 40)

    assert begins(window) == 20
    assert window.mean_aud_per_kwh == 0.15


def test_of_equally_cheap_windows_the_earliest_is_taken():
    flat = spans(*[(5, 0.1), (5, 0.2), (5, 0.3)] * 20)

    assert begins(find(flat, 15)) == 0
    assert begins(find(spans(*[(30, 0.1)] * 10), 45, NOON + 7 * MINUTE)) == 7


def test_the_window_stays_between_earliest_and_latest():
    prices = spans((30, 0.2), (30, 0.3), (30, 0.2), (30, 0.0))

    window = find(prices, 20, NOON + 20 * MINUTE, NOON + 80 * MINUTE)

    assert begins(window) == 60
    assert window.ends_at == NOON + 80 * MINUTE


def test_a_negative_price_is_the_cheapest():
    assert begins(find(spans((30, 0.1), (30, -0.05), (30, 0.0)), 30)) == 30


@pytest.mark.parametrize(
    ("prices", "minutes", "latest"),
    [
        pytest.param([], 5, NOON + HOUR, id="no-prices"),
        pytest.param(spans((30, 0.1)), 31, NOON + HOUR, id="too-few-prices"),
        pytest.param(spans((30, 0.1)), 30, NOON + 29 * MINUTE, id="too-little-time"),
        pytest.param(spans((30, 0.1)), 5, NOON - HOUR, id="time-before-the-prices"),
        pytest.param(
            spans((30, 0.1)) + spans((30, 0.1), start=NOON + 31 * MINUTE),
            45,
            NOON + 9 * HOUR,
            id="a-gap",
        ),
        pytest.param([Span(NOON, NOON, 0.1)], 5, NOON + HOUR, id="an-empty-span"),
    ],
)
def test_without_prices_for_the_whole_of_it_there_is_no_window(prices, minutes, latest):
    assert find(prices, minutes, latest=latest) is None


def test_windows_on_either_side_of_a_gap_are_compared():
    prices = spans((30, 0.2)) + spans((30, 0.1), start=NOON + HOUR)

    assert begins(find(prices, 30)) == 60


def test_the_order_of_the_prices_does_not_matter():
    prices = spans((30, 0.3), (30, 0.1), (30, 0.2))

    assert find(prices[::-1], 30) == find(prices, 30)


def test_where_prices_overlap_the_one_that_began_first_counts():
    fine = spans((5, 0.1), (5, 0.1))
    coarse = [Span(NOON, NOON + 30 * MINUTE, 0.9), Span(NOON, NOON + 5 * MINUTE, 0.5)]

    assert begins(find(fine + coarse[:1], 10)) == 0
    window = find([*coarse, Span(NOON + 5 * MINUTE, NOON + 15 * MINUTE, 0.0)], 30)
    assert window.mean_aud_per_kwh == pytest.approx((5 * 0.5 + 25 * 0.9) / 30)


def test_daylight_saving_neither_shortens_nor_lengthens_a_window():
    begin = datetime(2026, 4, 5, 0, 0, tzinfo=SYDNEY)
    prices = spans(*[(30, 0.1)] * 12, start=begin.astimezone(UTC))

    window = cheapest_window(
        prices,
        duration=6 * HOUR,
        earliest=begin,
        latest=datetime(2026, 4, 5, 5, 0, tzinfo=SYDNEY),
    )

    assert window is not None
    assert window.ends_at - window.starts_at == 6 * HOUR


@pytest.mark.parametrize("minutes", [0, -5])
def test_a_window_has_a_length(minutes):
    with pytest.raises(ValueError, match="above zero"):
        find(spans((30, 0.1)), minutes)


PARTS = st.lists(
    st.tuples(st.sampled_from([5, 10, 30]), st.integers(-50, 50)), max_size=12
)


@given(PARTS, st.integers(1, 90), st.integers(-10, 60), st.integers(0, 200))
def test_no_minute_to_begin_at_is_cheaper(parts, minutes, first, room):
    prices = spans(*((length, cents / 100) for length, cents in parts))
    by_minute = [Fraction(cents, 100) for length, cents in parts for _ in range(length)]
    totals = {
        start: sum(by_minute[start : start + minutes])
        for start in range(max(first, 0), first + room + 1)
        if start + minutes <= min(len(by_minute), first + room)
    }

    window = find(
        prices, minutes, NOON + first * MINUTE, NOON + (first + room) * MINUTE
    )

    if not totals:
        assert window is None
    else:
        best = min(totals, key=lambda start: (totals[start], start))
        assert begins(window) == best
        assert window.mean_aud_per_kwh == pytest.approx(float(totals[best] / minutes))
