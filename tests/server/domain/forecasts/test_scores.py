"""Scores are those that are worked out by hand."""

import pytest

from energy_logger_server.domain.forecasts.past import Kept, pasts
from energy_logger_server.domain.forecasts.report import (
    ScoreOrder,
    SeriesPast,
    correction_lines,
    score_lines,
    score_report,
)
from energy_logger_server.domain.forecasts.scores import judged_since, score_of
from energy_logger_server.domain.forecasts.settled import SettledValue, SettledValues

HALF = 1800
HORIZON = 60


def utc(instant: int) -> tuple[int, int]:
    return instant // 86_400, instant // 3600 % 24


def settled(*values: int, first: int = 0, length: int = HALF) -> SettledValues:
    return SettledValues.of(
        SettledValue(first + place * length, first + (place + 1) * length, value)
        for place, value in enumerate(values)
    )


def kept(place: int, *scaled: int | None, horizon: int = HORIZON) -> Kept:
    return Kept(place * HALF, (place + 1) * HALF, horizon, scaled)


def series(
    values: SettledValues,
    *forecasts: Kept,
    names=("predicted",),
    channel: str = "general",
) -> SeriesPast:
    found = pasts(names, forecasts, values, utc, 10)
    return SeriesPast(channel, found, values, utc)


def test_scores_are_those_of_four_half_hours_worked_out_by_hand():
    # forecast 12, 9, 16, 20; what came 10, 12, 16, 15: errors 2, -3, 0, 5
    values = settled(80, 90, 110, 100, 120, 160, 150)
    past = series(values, kept(3, 120), kept(4, 90), kept(5, 160), kept(6, 200))

    [line] = score_lines(past, 0, is_by_hour=False)

    score = line.score
    assert (score.count, score.days) == (4, 1)
    assert score.is_small
    assert score.mae == pytest.approx((2 + 3 + 0 + 5) / 4)
    assert score.bias == pytest.approx((2 - 3 + 0 + 5) / 4)
    assert score.pinball == pytest.approx((1 + 1.5 + 0 + 2.5) / 4)
    assert score.share_at_or_below == 0.75
    # an hour before each began, the last that was over were 8, 9, 11 and 10
    assert score.persistence_count == 4
    assert score.persistence_mae == pytest.approx((2 + 3 + 5 + 5) / 4)
    assert score.skill == pytest.approx(1 - 10 / 15)


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [("low", 0.1, (0.9 * 2 + 0.1 * 3) / 2), ("high", 0.9, (0.1 * 2 + 0.9 * 3) / 2)],
)
def test_an_end_of_a_band_is_charged_by_its_level(name, level, expected):
    past = series(settled(100, 120), kept(0, 120), kept(1, 90), names=(name,))

    [line] = score_lines(past, 0, is_by_hour=False)

    assert line.level == level
    assert line.score.pinball == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "level"), [("low", 0.9), ("predicted", 0.5), ("high", 0.1)]
)
def test_the_lowest_earnings_of_feed_in_are_the_greatest_number(name, level):
    past = series(settled(-100), kept(0, -120), names=(name,), channel="feedIn")

    [line] = score_lines(past, 0, is_by_hour=False)

    assert line.level == level
    assert line.score.pinball == pytest.approx(level * 2)


def test_what_is_no_part_of_a_band_has_no_pinball_loss():
    past = series(settled(100), kept(0, 120), names=("spot",))

    [line] = score_lines(past, 0, is_by_hour=False)

    assert (line.level, line.score.pinball) == (None, None)


def test_half_an_hour_that_is_settled_in_fives_counts_by_their_mean():
    fives = settled(10, 20, 30, 40, 50, 60, length=300)

    assert fives.mean(0, HALF) == 35
    assert fives.mean(300, 900) == 25


def test_half_an_hour_of_which_five_minutes_are_missing_is_left_out_and_counted():
    values = SettledValues.of(
        SettledValue(start, start + 300, 100) for start in (0, 300, 900, 1200, 1500)
    )
    past = series(values, kept(0, 120))

    [line] = score_lines(past, 0, is_by_hour=False)

    assert line.score.count == 0
    assert line.score.mae is line.score.bias is line.score.skill is None
    assert line.without_actual == 1
    assert line.minutes_without_forecast == 25


def test_time_that_nothing_was_forecast_of_is_counted_in_minutes():
    values = settled(*[100] * 10)
    past = series(values, kept(2, 120), kept(7, 120), kept(4, 120, horizon=30))

    of_30, of_60 = score_lines(past, 0, is_by_hour=False)

    assert (of_30.horizon_minutes, of_30.minutes_without_forecast) == (30, 7 * 30)
    assert (of_60.horizon_minutes, of_60.minutes_without_forecast) == (60, 6 * 30)


def test_each_hour_of_the_day_has_its_score_and_its_gaps():
    past = series(settled(100, 100, 100), kept(0, 120), kept(2, 90), kept(6, 5))

    lines = list(score_lines(past, 0, is_by_hour=True))

    assert [
        (
            one.hour,
            one.score.count,
            one.score.bias,
            one.without_actual,
            one.minutes_without_forecast,
        )
        for one in lines
    ] == [(0, 1, 2, 0, 30), (1, 1, -1, 0, 0), (3, 0, None, 1, 0)]


def test_what_began_before_the_days_that_are_asked_for_does_not_count():
    past = series(settled(100, 100), kept(0, 900), kept(1, 110), kept(9, 1))

    [line] = score_lines(past, HALF, is_by_hour=False)

    assert (line.score.count, line.score.mae, line.without_actual) == (1, 1, 1)
    assert list(score_lines(past, 10 * HALF, is_by_hour=False)) == []


def test_persistence_without_error_has_no_skill_to_be_held_against():
    past = series(settled(*[100] * 4), kept(3, 120))

    score = score_of(judged_since(past.pasts["predicted", HORIZON], 0), None)

    assert (score.persistence_mae, score.skill) == (0, None)


def test_persistence_that_is_not_known_is_left_out():
    past = series(settled(100, 110), kept(1, 120))

    [line] = score_lines(past, 0, is_by_hour=False)

    assert (line.score.count, line.score.persistence_count) == (1, 0)
    assert line.score.persistence_mae is None


def test_ends_of_a_band_are_scored_and_not_corrected():
    past = series(
        settled(100), kept(0, 120, 90, None), names=("predicted", "low", "high")
    )

    assert [one.forecast for one in score_lines(past, 0, is_by_hour=False)] == [
        "predicted",
        "low",
    ]
    assert [one.forecast for one in correction_lines(past, HALF)] == ["predicted"]


def test_a_report_holds_the_scores_of_all_channels():
    one = series(settled(100), kept(0, 120))

    report = score_report([one, one], ScoreOrder(0, HALF))

    assert [line.channel for line in report.scores] == ["general"] * 2
    assert [line.correction for line in report.corrections] == [None, None]
