"""Periods of billing rules."""

from datetime import date

import pytest

from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.peak_watch.numbers_text import parse_numbers
from energy_logger_server.domain.peak_watch.rule import (
    BillingPeriod,
    PeakRule,
    Period,
    stretches,
    thirds,
)

FIRST, END = day_number(date(2023, 6, 15)), day_number(date(2025, 3, 10))


def firsts(rule: PeakRule) -> list[tuple[str, int]]:
    return [
        (one.first.isoformat(), one.end_day - one.first_day)
        for one in rule.periods(FIRST, END)
    ]


def test_months_that_count_are_periods_if_they_are_whole():
    found = firsts(PeakRule(months=frozenset({2, 6})))

    # of June 2023 the history has only half
    assert found == [("2024-02-01", 29), ("2024-06-01", 30), ("2025-02-01", 28)]


def test_a_season_may_span_the_turn_of_the_year():
    rule = PeakRule(months=frozenset({12, 1, 2}), period=BillingPeriod.SEASON)

    assert firsts(rule) == [("2023-12-01", 91), ("2024-12-01", 90)]
    assert rule.period_of(day_number(date(2024, 1, 5))) == Period(
        day_number(date(2023, 12, 1)), day_number(date(2024, 3, 1))
    )


def test_a_season_of_all_months_is_the_year():
    assert firsts(PeakRule(period=BillingPeriod.SEASON)) == [("2024-01-01", 366)]


def test_only_weekdays_that_count_do():
    rule = PeakRule(weekdays=frozenset(range(5)), months=frozenset({7}))

    assert rule.counts_on(day_number(date(2024, 7, 5)))
    assert not rule.counts_on(day_number(date(2024, 7, 6)))
    assert rule.period_of(day_number(date(2024, 8, 5))) is None


def test_there_are_three_starts_of_each_period_as_far_as_the_history_goes():
    june = Period(0, 30)

    assert [*thirds([june], 45)] == [june, Period(10, 40)]
    assert [*thirds([june], 50)] == [june, Period(10, 40), Period(20, 50)]


def test_a_season_is_learnt_from_stretches_as_long_that_begin_with_every_month():
    rule = PeakRule(months=frozenset({6, 7, 8}), period=BillingPeriod.SEASON)
    periods = [*rule.periods(FIRST, END)]

    learnt = stretches(rule, periods, day_number(date(2024, 12, 2)))

    assert [(one.first.month, one.end_day - one.first_day) for one in periods] == [
        (6, 92)
    ]
    assert [one.first.month for one in learnt.stretches] == [6, 7, 8, 9]
    assert {one.end_day - one.first_day for one in learnt.stretches} == {92}
    assert learnt.starts_of_each == 3
    assert stretches(rule, [], END).stretches == []


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("7", {7}),
        ("6-9,12-3", {6, 7, 8, 9, 12, 1, 2, 3}),
        (" 1 - 2 , 5", {1, 2, 5}),
    ],
)
def test_numbers_are_written_as_single_ones_and_spans(text, chosen):
    assert parse_numbers(text, 1, 12).chosen == chosen


@pytest.mark.parametrize("text", ["", "0", "13", "1-2-3", "june", "1,"])
def test_what_is_no_number_of_the_calendar_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_numbers(text, 1, 12)
