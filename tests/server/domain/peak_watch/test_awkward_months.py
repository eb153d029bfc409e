"""Months made up to be awkward: which hours are announced, and which set the bill."""

from collections.abc import Callable
from math import cos, pi
from typing import NamedTuple

import pytest

from energy_logger_server.domain.peak_watch.backtest import backtest
from energy_logger_server.domain.peak_watch.past import FittedOn, Past
from energy_logger_server.domain.peak_watch.rule import PeakRule
from energy_logger_server.domain.peak_watch.training import Budget

from .made_up import daily_wave, loads

JULY = 181 * 24 - 1
"""Index of 2018-07-01 00:00 CDT, counted from 2018-01-01 00:00 CST."""
HOURS = 31 * 24
EVENING = 18
"""Central hour in which the wave of each day of July is highest."""


class July(NamedTuple):
    """What came of July; hours are counted from its first."""

    announced: list[int]
    peaks: list[int]
    caught: list[int]


def july(load: Callable[[int], float], budget: Budget | None = None) -> July:
    """Return what the back-test says of July, by a load of each hour since January."""
    past = Past.of(loads(JULY + HOURS, load), PeakRule(), lead_hours=2)
    [judged] = backtest(past, FittedOn.PAST, budget or Budget(None, 13))
    return July(
        [one.hour - JULY for one in judged.announced],
        [peak - JULY for peak in judged.peaks],
        [one.hour - JULY for one in judged.caught],
    )


def midnight_wave(hour: int) -> float:
    """Return a load in kW that is greatest at each midnight of July."""
    return 1000 + 300 * cos(2 * pi * (hour - JULY) / 24)


@pytest.mark.parametrize("load_kw", [1.0, 500.0])
def test_in_a_flat_month_every_hour_may_be_the_peak_and_the_first_is(load_kw: float):
    free = july(lambda _hour: load_kw)
    bounded = july(lambda _hour: load_kw, Budget(5, 5))

    assert free == July([*range(HOURS)], [0], [0])
    assert bounded == July([0, 1, 2, 3, 4], [0], [0])


def test_a_peak_in_the_first_hour_is_announced_in_the_month_before():
    found = july(lambda hour: midnight_wave(hour) * (1.1 if hour == JULY else 1))

    # nothing reaches it any more, so that nothing else is announced
    assert found == July([0], [0], [0])


def test_a_first_hour_that_is_high_without_notice_is_missed_and_no_other_is_announced():
    found = july(lambda hour: daily_wave(hour) * (1.5 if hour == JULY else 1))

    assert found == July([], [0], [])


def test_of_two_days_alike_both_are_announced_and_the_first_sets_the_bill():
    higher = (9, 19)

    found = july(lambda hour: daily_wave(hour) + 40 * ((hour - JULY) // 24 in higher))

    first, second = (day * 24 + EVENING for day in higher)
    assert found.peaks == found.caught == [first]
    assert {first, second} <= {*found.announced}
    assert len(found.announced) <= 13
