"""Which forecast is kept for each horizon."""

from typing import NamedTuple

from energy_logger_server.domain.forecasts.horizons import at_horizons

MINUTE = 60
HOUR = 3600
START = 100 * HOUR


class Forecast(NamedTuple):
    """A forecast that says nothing but when it was made."""

    fetched_at: int
    start_at: int = START
    end_at: int = START + 1800


def kept(forecasts, answers=None, begun=(START - 1, START)):
    forecasts = sorted(forecasts)
    if answers is None:
        answers = [one.fetched_at for one in forecasts]
    return {
        one.horizon_minutes: (START - one.forecast.fetched_at) // MINUTE
        for one in at_horizons(forecasts, answers, begun)
    }


def before(*minutes: int):
    return [Forecast(START - at * MINUTE) for at in minutes]


def test_of_each_horizon_the_last_forecast_that_was_known_then_is_kept():
    found = kept(before(1445, 1441, 1439, 725, 480, 244, 61, 59, 31, 29, 5))

    assert found == {1440: 1441, 720: 725, 480: 480, 240: 244, 60: 61, 30: 31}


def test_a_forecast_that_stayed_the_same_stands_while_answers_come():
    answers = [START - minutes * MINUTE for minutes in range(1500, 0, -5)]

    found = kept(before(1500), answers)

    assert found == dict.fromkeys((30, 60, 120, 240, 480, 720, 1440), 1500)


def test_a_horizon_before_which_no_answer_came_has_none():
    # 1 hour: 30 minutes of silence; 2 hours: 91; 30 minutes: 60
    answers = [START - minutes * MINUTE for minutes in (1500, 211, 90)]

    assert kept(before(1500), answers) == {1440: 1500, 60: 1500}


def test_an_interval_that_was_divided_since_has_none():
    halves = before(120, 90)
    fives = [
        Forecast(START - 61 * MINUTE, START + five, START + five + 300)
        for five in (0, 300)
    ]

    assert kept([*halves, *fives], begun=(START - 1, START)) == {60: 61, 120: 120}


def test_an_interval_that_begins_outside_the_span_waits():
    found = before(61)

    assert kept(found, begun=(START, START + HOUR)) == {}
    assert kept(found, begun=(START - HOUR, START - 1)) == {}
    assert kept(found, begun=(START - HOUR, START + HOUR)) == {60: 61}
