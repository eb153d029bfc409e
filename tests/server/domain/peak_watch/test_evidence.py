"""What speaks for an hour, and what a month's awkward beginnings do to it."""

from math import exp, log

import pytest

from energy_logger_server.domain.peak_watch.evidence import Evidence
from energy_logger_server.domain.peak_watch.foresight import Foresight, month_starts
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.rule import PeakRule, Period
from energy_logger_server.domain.peak_watch.threshold_rule import (
    by_newest_load,
    by_nowcast,
)

from .made_up import daily_wave, loads, unlearnt
from .real_load import HOUR_2018, cut, two_years

JANUARY, FEBRUARY = Period(17532, 17563), Period(17563, 17591)
FEBRUARY_1 = 31 * 24


def growing(hour: int) -> float:
    """Return the wave, with 1 kW more each day."""
    return daily_wave(hour) + hour // 24


def test_what_is_to_be_beaten_is_the_highest_of_the_period_so_far():
    evidence = unlearnt(loads(1416, growing))

    # nothing is known of a month before its first hour has passed
    assert evidence.to_beat(FEBRUARY_1 + 1, FEBRUARY_1 - 1, FEBRUARY) is None
    at_noon = evidence.to_beat(FEBRUARY_1 + 14, FEBRUARY_1 + 12, FEBRUARY)
    assert at_noon == pytest.approx(log(growing(FEBRUARY_1 + 12)))
    # before midnight today's peak is one of the days before tomorrow
    tomorrow = evidence.to_beat(FEBRUARY_1 + 24, FEBRUARY_1 + 22, FEBRUARY)
    assert tomorrow == pytest.approx(log(1331))


def test_of_several_peaks_the_lowest_that_counts_is_to_be_beaten():
    evidence = unlearnt(loads(1416, growing), PeakRule(peaks=2))
    third_noon = FEBRUARY_1 + 48 + 12

    assert exp(evidence.to_beat(third_noon, third_noon - 1, FEBRUARY) or 0) == (
        pytest.approx(1331)
    )
    # today's own peak is to be beaten, too: a day counts once
    evening = FEBRUARY_1 + 48 + 20
    assert exp(evidence.to_beat(evening, evening - 1, FEBRUARY) or 0) == (
        pytest.approx(1333)
    )


def test_an_hour_that_does_not_count_or_cannot_be_forecast_has_no_evidence():
    evidence = unlearnt(loads(1416, growing), PeakRule(hours=frozenset({17})))

    assert evidence.of(FEBRUARY_1 + 12, FEBRUARY_1 + 9, FEBRUARY) is None
    assert evidence.of(FEBRUARY_1 + 17, FEBRUARY_1 + 14, FEBRUARY) is None


def test_an_hour_of_day_that_counts_alone_has_no_rival_on_its_day():
    foresight = two_years().evidence.foresight
    rule = PeakRule(hours=frozenset({16}), weekdays=frozenset(range(5)))
    evidence = Evidence(foresight, rule)
    period = Period(17348, 17379)  # July 2017
    first = evidence.history.calendar.bounds(period.first_day)[0]

    found = [
        hour
        for hour in range(first, first + 31 * 24)
        if evidence.of(hour, hour - 3, period)
    ]

    assert len(found) > 10
    assert {evidence.history.calendar.hour[hour] for hour in found} == {16}


def test_only_days_that_count_are_left():
    evidence = unlearnt(loads(1416, growing), PeakRule(weekdays=frozenset({0})))

    # 2018-01-01 is a Monday, and so are the 8th, 15th, 22nd and 29th
    assert evidence.days_left(0, JANUARY) == 4
    assert evidence.days_left(28 * 24, JANUARY) == 0


def test_forecasts_reach_a_day_and_no_further():
    foresight = two_years().evidence.foresight
    known = len(foresight.history) - 100

    assert all(foresight.next_day(known))
    assert foresight.estimate(known + 25, known) is None


def test_a_forecast_of_the_utility_makes_ours_better_where_it_has_no_gap():
    hours = 200 * 24
    real = cut(HOUR_2018, with_forecast=True)
    history = LoadHistory(
        real.first_hour, real.load_kw[:hours], real.forecast_kw[:hours]
    )
    foresight = Foresight.of(history)
    known = hours - 60
    gap = [None if at == known - 1 else kw for at, kw in enumerate(real.forecast_kw)]

    corrected, own = (
        Foresight(
            LoadHistory(real.first_hour, history.load_kw, forecast),
            foresight.since,
            foresight.models,
        ).estimate(known + 10, known)
        for forecast in (real.forecast_kw[:hours], gap[:hours])
    )

    assert corrected is not None
    assert own is not None
    assert own.deviation > 1.5 * corrected.deviation


def test_a_model_is_learnt_at_the_beginning_of_each_month():
    assert month_starts(loads(1416, daily_wave)) == [0, FEBRUARY_1, 1416]


def test_a_history_too_short_to_learn_from_forecasts_nothing():
    foresight = Foresight.of(loads(1416, daily_wave))

    assert foresight.next_day(1000) == [None] * 24


@pytest.mark.parametrize("hour", [10, FEBRUARY_1 + 40])
def test_a_flat_month_is_at_its_peak_all_the_time_for_who_reacts(hour):
    evidence = unlearnt(loads(1416, lambda _hour: 700.0))
    period = JANUARY if hour < FEBRUARY_1 else FEBRUARY

    verdict = by_newest_load(0.99)(evidence, hour, hour - 3, period, 1)

    assert verdict.is_worth_it


def test_the_first_hours_of_a_history_are_not_carried_on():
    evidence = unlearnt(loads(1416, lambda _hour: 700.0))

    assert not by_nowcast(0.01)(evidence, 100, 97, JANUARY, 1).is_worth_it
    assert by_nowcast(0.01)(evidence, 300, 297, JANUARY, 1).is_worth_it


def test_a_peak_in_the_first_hour_keeps_the_rest_of_the_month_quiet():
    evidence = unlearnt(
        loads(1416, lambda hour: 5000.0 if hour == FEBRUARY_1 else daily_wave(hour))
    )

    quiet = [
        by_nowcast(0.01)(evidence, hour, hour - 3, FEBRUARY, 1).is_worth_it
        for hour in range(FEBRUARY_1 + 4, 1416)
    ]

    assert not any(quiet)


def test_evidence_is_the_same_number_of_terms_with_and_without_a_year_before():
    past = two_years()

    lengths = {
        len(candidate.terms) for one in past.learnt for candidate in one.candidates
    }

    assert lengths == {10}
