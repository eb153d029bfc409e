"""A correction goes by what was known, and is on only where it was better."""

import random

import pytest

from energy_logger_server.domain.forecasts.correction import (
    ERROR_DAYS,
    JUDGED_DAYS,
    KnownErrors,
    Way,
    correction_of,
    counted_at,
    nearest_horizon,
)
from energy_logger_server.domain.forecasts.horizons import HORIZONS_MINUTES
from energy_logger_server.domain.forecasts.past import Past
from energy_logger_server.domain.forecasts.scores import judged_since
from tests.server.domain.forecasts.material import DAY_S, HOUR_S, hours_past

DAYS = 80
NOW = DAYS * DAY_S


def noisy(bias_at) -> list[float]:
    """Return errors of forecasts: a bias by hour of the day, and noise."""
    drawn = random.Random(15)
    return [bias_at(number % 24) + drawn.gauss(0, 1) for number in range(DAYS * 24)]


def known_at_each(past: Past, way: Way) -> list[float | None]:
    """Return the running error that was known when each forecast counted."""
    errors = KnownErrors(judged_since(past, 0), way)
    return [errors.at(counted_at(came, past), came.hour) for came in past.came]


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("horizon", HORIZONS_MINUTES)
def test_nothing_that_came_later_changes_what_was_known(way, horizon):
    errors = noisy(lambda hour: hour / 4)
    changed_from = 40 * 24
    zeros = [0.0] * len(errors)
    past = hours_past(zeros, errors, horizon)
    other = hours_past(
        zeros[:changed_from] + [1000.0] * (len(errors) - changed_from), errors, horizon
    )

    before, after = known_at_each(past, way), known_at_each(other, way)

    # a forecast that counted before the first changed hour was over knew none of it
    end = (changed_from + 1) * HOUR_S
    known = [one.start_at - horizon * 60 < end for one in past.came]
    assert known.count(True) > changed_from
    assert [one for one, is_known in zip(before, known, strict=True) if is_known] == [
        one for one, is_known in zip(after, known, strict=True) if is_known
    ]
    assert before[-1] != after[-1]


@pytest.mark.parametrize("way", Way)
def test_the_running_error_is_the_mean_of_a_week_that_was_over(way):
    errors = noisy(lambda _hour: 2.0)
    past = hours_past([0.0] * len(errors), errors, 240)

    known = known_at_each(past, way)

    number = 30 * 24 + 7
    counted_at = number - 4
    week = range(counted_at - ERROR_DAYS * 24, counted_at)
    taken = [
        errors[one]
        for one in week
        if way is Way.OVERALL or one % 24 == past.came[number].hour
    ]
    assert known[number] == pytest.approx(sum(taken) / len(taken))


def test_too_few_days_know_no_error():
    past = hours_past([0.0] * 60, [1.0] * 60)

    known = known_at_each(past, Way.OVERALL)

    # at 01:00 of the third day its first hour is over
    assert known[: 48 + 2] == [None] * 50
    assert known[50] == 1.0


def test_a_steady_error_is_corrected_and_says_by_how_much_that_was_better():
    errors = noisy(lambda _hour: 3.0)
    correction = correction_of(hours_past([0.0] * len(errors), errors), NOW)

    assert correction is not None
    assert correction.is_on
    assert correction.way is Way.OVERALL
    assert correction.days == JUDGED_DAYS
    assert correction.count == JUDGED_DAYS * 24
    assert correction.gain == pytest.approx(
        1 - correction.corrected_mae / correction.mae
    )
    assert correction.gain > 0.6
    week = errors[-ERROR_DAYS * 24 :]
    mean = sum(week) / len(week)
    assert correction.corrected(10.0, 5) == pytest.approx(10.0 - mean)


def test_the_verdict_is_that_of_each_days_mean_of_the_week_before_it():
    errors = noisy(lambda hour: hour / 4)
    correction = correction_of(hours_past([0.0] * len(errors), errors), NOW)

    # an hour ahead of an hour, all hours up to the one before it are over
    judged = range((DAYS - JUDGED_DAYS) * 24, DAYS * 24)
    week = ERROR_DAYS * 24
    left = []
    for number in judged:
        over = [
            errors[one]
            for one in range(number - 1 - week, number - 1)
            if one % 24 == number % 24
        ]
        left.append(abs(errors[number] - sum(over) / len(over)))
    assert correction is not None
    assert correction.way is Way.BY_HOUR
    assert correction.corrected_mae == pytest.approx(sum(left) / len(left))
    assert correction.mae == pytest.approx(
        sum(abs(errors[number]) for number in judged) / len(judged)
    )


def test_an_error_of_some_hours_is_corrected_hour_by_hour():
    errors = noisy(lambda hour: 6.0 if hour in {17, 18} else 0.0)
    correction = correction_of(hours_past([0.0] * len(errors), errors), NOW)

    assert correction is not None
    assert correction.is_on
    assert correction.way is Way.BY_HOUR
    evening, night = correction.corrected(10.0, 17), correction.corrected(10.0, 3)
    assert evening == pytest.approx(4.0, abs=1)
    assert night == pytest.approx(10.0, abs=1)


def test_a_correction_that_was_no_better_is_off():
    # what was too much in one week is too little in the next
    errors = [1.0 if number // 24 // 7 % 2 else -1.0 for number in range(DAYS * 24)]
    correction = correction_of(hours_past([0.0] * len(errors), errors), NOW)

    assert correction is not None
    assert not correction.is_on
    assert correction.gain < 0
    assert correction.corrected(10.0, 5) is None


def test_a_forecast_without_error_is_not_corrected():
    zeros = [0.0] * DAYS * 24
    correction = correction_of(hours_past(zeros, zeros), NOW)

    assert correction is not None
    assert (correction.is_on, correction.gain) == (False, 0)


def test_an_hour_that_knows_no_error_is_not_corrected():
    errors = [3.0 if number % 24 else 0.0 for number in range(DAYS * 24)]
    past = hours_past([0.0] * len(errors), errors)
    # nothing came of the last week's hours after 01:00
    del past.came[-6 * 24 :], past.errors[-6 * 24 :]

    correction = correction_of(past, NOW)

    assert correction is not None
    assert correction.is_on
    assert correction.corrected(10.0, 5) is None


def test_too_few_days_judge_no_correction():
    past = hours_past([0.0] * 24 * 16, [3.0] * 24 * 16)

    assert correction_of(past, 16 * DAY_S) is None
    assert correction_of(hours_past([], []), NOW) is None


def test_a_forecast_is_corrected_at_the_nearest_horizon():
    nearest = [
        nearest_horizon(minutes, HORIZONS_MINUTES)
        for minutes in (0, 45, 46, 90, 100, 1000, 1440, 1441)
    ]

    assert nearest == [30, 30, 60, 60, 120, 720, 1440, None]
