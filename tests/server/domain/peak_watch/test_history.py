"""Hourly load: the Central calendar of it, and its gaps."""

from datetime import date
from math import exp

import pytest

from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.peak_watch.history import LoadHistory

SPRING, AUTUMN = date(2018, 3, 11), date(2018, 11, 4)
MIDNIGHT_BEFORE = {SPRING: 1520661600, AUTUMN: 1541221200}
"""00:00 in America/Chicago of the date before, epoch seconds."""


@pytest.mark.parametrize(("on", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_day_on_which_clocks_change_has_its_hours(on, hours):
    history = LoadHistory(MIDNIGHT_BEFORE[on] // 3600, [1.0] * 96)

    first, end = history.calendar.bounds(day_number(on))

    assert (first, end - first) == (24, hours)
    shown = history.calendar.hour[first:end]
    assert shown[:4] == ([0, 1, 3, 4] if hours == 23 else [0, 1, 1, 2])
    assert history.hour_at(first) == MIDNIGHT_BEFORE[on] + 86_400


def test_a_gap_goes_on_as_the_day_before_went():
    day = [100.0 + hour for hour in range(24)]

    history = LoadHistory(420_000, [*day, 200.0, None, None, 300.0])

    filled = [*map(exp, history.log_load)]
    assert filled[24:] == pytest.approx([200, 202, 204, 300])


def test_a_gap_without_a_day_before_it_keeps_the_load():
    history = LoadHistory(420_000, [None, 50.0, None])

    assert [*map(exp, history.log_load)] == pytest.approx([1, 50, 50])


def test_single_hours_make_a_history_with_gaps():
    history = LoadHistory.of({10: 5.0, 12: 7.0, 13: 0.0, 14: -2.0}, {12: 6.5, 99: 1.0})

    assert history.first_hour == 10
    # nothing is known of a load that is not above 0
    assert history.load_kw == [5.0, None, 7.0, None, None]
    assert history.forecast_kw == [None, None, 6.5, None, None]


def test_a_forecast_that_is_not_above_0_is_none():
    history = LoadHistory(0, [1.0, 1.0], [0.0, None])

    assert len(history.log_forecast) == len(history.calendar.day)
    assert set(history.log_forecast) == {None}
