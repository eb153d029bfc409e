"""The simulated market and its draws, in numbers."""

import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from energy_logger_server.api.nem import day_number
from energy_logger_simulator.amber.market.forecast import Forecaster
from energy_logger_simulator.amber.market.intervals import confirmation_delay_s
from energy_logger_simulator.amber.market.labels import day_position, position_at
from energy_logger_simulator.amber.market.nem_prices import MONTH_END, MONTH_START
from energy_logger_simulator.amber.market.spot import SpotMarket
from energy_logger_simulator.keyed_hash import draw, shuffled_order
from tests.server.simulator.running_amber import TODAY

FIRST_DAY = day_number(TODAY) - 365


@pytest.fixture(scope="module")
def spots() -> list[float]:
    """A year of five-minute prices."""
    market = SpotMarket(1)
    first = day_position(FIRST_DAY)
    return [market.spot(position, 1) for position in range(first, first + 288 * 365)]


def test_one_price_in_seven_is_negative(spots: list[float]) -> None:
    share = sum(spot < 0 for spot in spots) / len(spots)

    assert 0.11 < share < 0.18


def test_prices_have_spikes_and_gluts_within_the_market_limits(
    spots: list[float],
) -> None:
    assert 1 < sum(spot >= 100 for spot in spots) / 30 < 10
    assert any(spot <= -20 for spot in spots)
    assert min(spots) >= -110
    assert max(spots) <= 2230


def test_ordinary_lows_stay_near_minus_six(spots: list[float]) -> None:
    ordinary = [spot for spot in spots if spot > -19]

    assert -8 < min(ordinary) < -5


def test_prices_repeat_and_peak_in_the_evening(spots: list[float]) -> None:
    repeats = sum(one == other for one, other in pairwise(spots))
    by_slot = [sum(spots[slot::288]) for slot in range(288)]

    assert 0.1 < repeats / len(spots) < 0.5
    assert 17 * 12 < by_slot.index(max(by_slot)) < 20 * 12
    assert 11 * 12 < by_slot.index(min(by_slot)) < 14 * 12


def test_renewables_may_exceed_a_hundred_and_are_never_negative() -> None:
    market = SpotMarket(1)
    first = day_position(FIRST_DAY)

    shares = [market.renewables(first + step, 1) for step in range(288 * 365)]

    assert min(shares) >= 0
    assert 100 < max(shares) < 125


def test_real_prices_replace_the_curve_in_the_packaged_month_only() -> None:
    one, other = SpotMarket(1), SpotMarket(2)
    start, end = position_at(MONTH_START), position_at(MONTH_END)

    def same(first: int) -> int:
        return sum(
            one.spot(position, 1) == other.spot(position, 1)
            for position in range(first, first + 288)
        )

    assert [same(start), same(end - 288)] == [288, 288]
    assert same(start - 288) < 10
    assert same(end) < 10


def test_forecasts_err_more_the_further_ahead() -> None:
    market = SpotMarket(1)
    forecaster = Forecaster(1, market)
    first = day_position(FIRST_DAY)

    def error(ahead: int) -> float:
        seen_from = range(first, first + 288 * 20, 7)
        return sum(
            abs(forecaster.spot(now + ahead, now) - market.spot(now + ahead, 1))
            for now in seen_from
        ) / len(seen_from)

    assert 0.1 < error(1) < error(24) < error(288) < 2.5


def test_potential_spikes_are_reported_with_a_range() -> None:
    market = SpotMarket(1)
    forecaster = Forecaster(1, market)
    first = day_position(FIRST_DAY)
    potential = [
        expectation
        for position in range(first, first + 288 * 365, 6)
        if (expectation := forecaster.expectation(position, 6, position - 12)).spot
        >= 50
    ]

    assert potential
    for expectation in potential:
        if expectation.is_potential_spike:
            assert expectation.spread is not None
            assert expectation.spread[0] < expectation.spot < expectation.spread[1]
    assert any(expectation.is_potential_spike for expectation in potential)


def test_confirmation_takes_half_a_minute_mostly_and_at_most_four() -> None:
    uniform = draw(1, "confirmation")
    delays = sorted(confirmation_delay_s(uniform, position) for position in range(9999))

    assert delays[0] >= 14
    assert sum(delay <= 30 for delay in delays) / 9999 == pytest.approx(0.9, abs=0.01)
    assert sum(delay > 60 for delay in delays) / 9999 == pytest.approx(0.02, abs=0.005)
    assert 200 < delays[-1] <= 240


# draws


def test_draws_are_uniform_and_independent_of_each_other() -> None:
    one, other = draw(1, "one"), draw(1, "other")
    count = 20_000

    values = [one(index) for index in range(count)]
    paired = sum(value * other(index) for index, value in enumerate(values)) / count

    assert 0 <= min(values) < 0.001
    assert 0.999 < max(values) < 1
    assert sum(values) / count == pytest.approx(0.5, abs=0.01)
    assert paired == pytest.approx(0.25, abs=0.01)


def test_draws_are_the_same_in_another_process() -> None:
    program = (
        "from energy_logger_simulator.keyed_hash import draw;"
        "print(draw(7, 'x')(-3), draw(7, 'x')(10**12))"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "99"},
    ).stdout

    assert ended.split() == [str(draw(7, "x")(-3)), str(draw(7, "x")(10**12))]


def test_an_order_has_every_index_once() -> None:
    order = shuffled_order(draw(1, "order"), 50)

    assert sorted(order) == list(range(50))
    assert order != list(range(50))


def test_a_position_is_the_five_that_holds_an_instant() -> None:
    just_before = datetime(2026, 9, 3, 13, 59, 59, 999_999, tzinfo=UTC)
    midnight = datetime(2026, 9, 3, 14, tzinfo=UTC)

    assert position_at(midnight) == day_position(day_number(TODAY))
    assert position_at(just_before) == position_at(midnight) - 1
