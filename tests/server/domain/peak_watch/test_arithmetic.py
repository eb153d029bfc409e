"""Regression, probability and an hour's worth, beside values worked out by hand."""

from math import log

import pytest

from energy_logger_server.domain.peak_watch.hour_worth import (
    HourWorth,
    floor_for,
    hour_worth,
)
from energy_logger_server.domain.peak_watch.least_squares import Sums, solved
from energy_logger_server.domain.peak_watch.load_forecast import Estimate
from energy_logger_server.domain.peak_watch.probability import (
    Logistic,
    fit_logistic,
)


def test_three_equations_are_solved():
    # 4x + 2y = 10, 2x + 5y + z = 16, y + 3z = 11
    assert solved([[4.0], [2.0, 5.0], [0.0, 1.0, 3.0]], [10, 16, 11]) == pytest.approx(
        [1.5, 2, 3]
    )


def test_sums_of_parts_fit_like_the_whole():
    rows = [(1.0, float(x)) for x in range(50)]
    values = [3 + 2 * x + (-1) ** x for x in range(50)]
    sums = Sums(2)

    sums.add(rows[:20], values[:20])
    sums.add(rows[20:], values[20:])
    weights, deviation = sums.fit()

    assert sums.rows == 50
    assert weights == pytest.approx([3.06, 1.998], abs=0.01)
    assert deviation == pytest.approx(1, abs=0.01)


def test_a_band_leaves_a_tenth_at_each_end():
    estimate = Estimate(log(1000), 0.1)

    assert estimate.load_kw == pytest.approx(1000)
    assert estimate.low_kw == pytest.approx(879.7, abs=0.1)
    assert estimate.high_kw == pytest.approx(1136.7, abs=0.1)


def test_probabilities_become_the_shares_that_were_seen():
    rows = [(1.0, 0.0)] * 400 + [(1.0, 1.0)] * 400
    were = [place < 40 for place in range(400)] + [place < 200 for place in range(400)]

    fitted = fit_logistic(rows, were, 1.0)

    assert fitted.probability((1.0, 0.0)) == pytest.approx(0.1, abs=0.01)
    assert fitted.probability((1.0, 1.0)) == pytest.approx(0.5, abs=0.01)


def test_a_fit_that_does_not_settle_in_time_is_taken_as_it_is(monkeypatch):
    rows, were = [(1.0,)] * 100, [True] * 10 + [False] * 90
    settled = fit_logistic(rows, were, 1.0)
    monkeypatch.setattr(
        "energy_logger_server.domain.peak_watch.probability._MOST_STEPS", 1
    )

    first_step = fit_logistic(rows, were, 1.0)

    assert settled.probability((1.0,)) == pytest.approx(0.1)
    assert first_step.weights == pytest.approx([-1.6])


def test_observations_without_weight_teach_nothing():
    # all that is left is the pull towards 0, and so even odds
    fitted = fit_logistic([(1.0, 2.0)] * 10, [True] * 10, 0.0)

    assert fitted == Logistic([0.0, 0.0])


def test_an_hour_is_worth_what_the_days_to_come_would_bring():
    # the last day has an hour of 0.4 or none, the day before one of 0.1
    periods = [{0: [0.4], 1: [0.1], 2: []}, {0: [], 1: [0.1]}]

    worth = hour_worth(periods, budget_hours=2, floor=0.01)

    assert worth.threshold(0, 1) == 0.01
    # an hour kept brings 0.39 in one case of two; a second brings nothing more
    assert worth.threshold(1, 1) == pytest.approx(0.01 + 0.195)
    assert worth.threshold(1, 2) == pytest.approx(0.01)
    # 0.1 is less than what the last day brings: the only hour is kept for that
    assert worth.threshold(2, 1) == pytest.approx(0.01 + 0.195)
    assert worth.threshold(2, 2) == pytest.approx(0.01 + 0.09)
    # what is further off than anything that was learnt from is like the furthest
    assert worth.threshold(9, 1) == worth.threshold(2, 1)
    assert worth.threshold(2, 9) == worth.threshold(2, 2)


def test_days_left_that_no_period_had_change_nothing():
    worth = hour_worth([{0: [0.5], 2: [0.5]}], budget_hours=1, floor=0.1)

    assert worth.threshold(2, 1) == worth.threshold(1, 1) == pytest.approx(0.5)


def test_the_floor_is_what_so_many_hours_of_a_period_reach():
    periods = [{0: [0.9, 0.2]}, {0: [0.5], 1: [0.3]}]

    assert floor_for(periods, 1) == 0.5
    assert floor_for(periods, 2) == 0.2
    assert floor_for(periods, 99) == 0.2
    assert floor_for([], 5) == 1.0
    assert floor_for(periods, 0.2) == 1.0
    # what is negligible stays so at any budget
    assert floor_for([{0: [0.0001]}], 1) == 0.004


def test_without_a_bound_the_floor_is_all():
    assert HourWorth(0.2, ()).threshold(5, 1) == 0.2
