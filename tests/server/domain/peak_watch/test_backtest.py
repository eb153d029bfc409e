"""The watch on real load of 2016 and 2017, and on months made up to be awkward."""

from functools import lru_cache

import pytest

from energy_logger_server.domain.peak_watch.backtest import (
    JudgedPeriod,
    backtest,
    tally,
)
from energy_logger_server.domain.peak_watch.history import LoadHistory
from energy_logger_server.domain.peak_watch.past import FittedOn, Past
from energy_logger_server.domain.peak_watch.reliability import (
    Reliability,
    reliability,
)
from energy_logger_server.domain.peak_watch.rule import (
    BillingPeriod,
    PeakRule,
    Period,
)
from energy_logger_server.domain.peak_watch.threshold_rule import (
    by_newest_load,
    by_nowcast,
)
from energy_logger_server.domain.peak_watch.training import Budget, peak_hours
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour

from .made_up import FIRST_HOUR, announcing, daily_wave, loads, unlearnt
from .past_watch import OCTOBER, SEPTEMBER, announced_in, announced_until_october
from .real_load import HOUR_2018, cut, two_years

NEARLY_A_YEAR = 364 * 24


@lru_cache(maxsize=1)
def short_of_a_year() -> Past:
    """Return days that are each a little different, and the same every month."""
    history = loads(NEARLY_A_YEAR, lambda hour: daily_wave(hour) + hour // 24 * 7 % 31)
    return Past.of(history, PeakRule(), lead_hours=2)


def test_most_peaks_of_two_years_are_announced_in_few_hours():
    past = two_years()

    found = tally(backtest(past, FittedOn.OTHER_YEARS, Budget(None, 13)))
    bounded = tally(backtest(past, FittedOn.OTHER_YEARS, Budget(20, 20)))

    assert found.periods == found.peaks == 24
    assert found.caught >= 22
    assert found.mean_hours <= 15
    assert bounded.caught >= 19
    assert bounded.most_hours <= 20


def test_probabilities_of_real_days_may_be_shown_in_per_cent():
    found = reliability(two_years(), FittedOn.OTHER_YEARS)

    assert found is not None
    assert found.periods == 24
    assert found.brier_skill > 0.08
    assert found.is_shown


def test_simple_rules_take_more_hours_for_fewer_peaks():
    past = two_years()
    free = Budget(None, 0)

    react = tally(backtest(past, FittedOn.PAST, free, lambda _p: by_newest_load(0.99)))
    nowcast = tally(backtest(past, FittedOn.PAST, free, lambda _p: by_nowcast(0.0)))

    assert react.caught_share < 0.4
    assert react.mean_hours > 20
    assert nowcast.mean_hours > 15


def test_what_comes_later_changes_nothing_that_was_announced_before():
    """The whole way: regressions, probabilities, thresholds, announcements."""
    changed_from = SEPTEMBER + 14 * 24
    real = cut(OCTOBER)
    since = changed_from - real.first_hour
    changed = LoadHistory(
        real.first_hour,
        [
            kw if index < since or kw is None else kw * (1.6 if index % 24 < 12 else 1)
            for index, kw in enumerate(real.load_kw)
        ],
    )

    as_it_was = announced_until_october()
    as_changed = announced_in(changed)

    assert _before(changed_from, as_changed) == _before(changed_from, as_it_was)
    assert len(_before(changed_from, as_it_was)) > 40
    assert as_changed != as_it_was


SUMMER = PeakRule(months=frozenset({7, 8, 9}), peaks=3, period=BillingPeriod.SEASON)


def test_three_days_in_a_row_can_be_announced():
    hottest = (200, 201, 202)
    history = loads(
        NEARLY_A_YEAR,
        lambda hour: daily_wave(hour) * (1.2 if hour // 24 in hottest else 1),
    )

    [summer] = backtest(Past.of(history, SUMMER, 2), FittedOn.PAST, Budget(None, 15))

    assert [hour // 24 for hour in summer.peaks] == [*hottest]
    assert {one.hour // 24 for one in summer.caught} == {*hottest}
    assert summer.days_caught == 3


def test_what_comes_later_changes_nothing_that_was_announced_of_a_season():
    real = cut(HOUR_2018)
    changed = LoadHistory(
        real.first_hour,
        [kw and kw * (1 + index % 5 / 9) for index, kw in enumerate(real.load_kw)],
    )
    since = HOUR_2018 - 150 * 24 - real.first_hour
    later = [*real.load_kw[:since], *changed.load_kw[since:]]
    rule = PeakRule(
        months=SUMMER.months | {12, 1, 2, 3}, peaks=3, period=BillingPeriod.SEASON
    )

    as_it_was, as_changed = (
        backtest(Past.of(one, rule, 2), FittedOn.PAST, Budget(None, 25))
        for one in (real, LoadHistory(real.first_hour, later))
    )

    said = [
        [hour for one in judged for hour in one.announced if hour.said_at <= since]
        for judged in (as_it_was, as_changed)
    ]
    assert said[0] == said[1]
    assert len(said[0]) > 40
    assert as_it_was[-1].announced != as_changed[-1].announced


def _before(now: int, announced: list[AnnouncedHour]) -> list[AnnouncedHour]:
    """Return what had been said by an hour, as it stood then."""
    return [
        one
        if one.withdrawn_at is None or one.withdrawn_at <= now
        else one._replace(withdrawn_at=None)
        for one in announced
        if one.said_at <= now
    ]


def test_with_less_than_a_year_of_history_a_threshold_decides():
    past = short_of_a_year()

    judged = backtest(past, FittedOn.PAST, Budget(None, 15))
    bounded = backtest(past, FittedOn.PAST, Budget(15, 15))

    assert [one.period.first.month for one in judged] == [7, 8, 9, 10, 11]
    assert not any(one.is_trained for one in judged)
    assert reliability(past, FittedOn.PAST) is None
    assert all(one.caught for one in judged)
    assert {len(one.announced) for one in bounded} == {15}


def test_a_history_without_a_whole_month_to_judge_has_nothing_to_tell():
    past = Past.of(loads(190 * 24, daily_wave), PeakRule(), 2)

    assert backtest(past, FittedOn.PAST, Budget(15, 15)) == []
    assert tally([]).mean_hours == tally([]).caught_share == 0


def test_a_year_alone_has_no_other_years_to_learn_from():
    past = short_of_a_year()

    assert not past.is_trained(past.periods[0], FittedOn.OTHER_YEARS)


def test_of_equal_hours_and_days_the_first_is_the_peak():
    evidence = unlearnt(loads(31 * 24, lambda _hour: 500.0))

    assert peak_hours(evidence, Period(17532, 17563)) == [0]


def test_each_day_counts_once_among_the_peaks():
    evidence = unlearnt(
        loads(31 * 24, lambda hour: 100.0 + hour % 3), PeakRule(peaks=3)
    )

    assert peak_hours(evidence, Period(17532, 17563)) == [2, 26, 50]


def test_hours_without_a_load_are_no_peaks():
    evidence = unlearnt(loads(31 * 24, lambda hour: None if hour != 400 else 3.0))

    assert peak_hours(evidence, Period(17532, 17563)) == [400]


def test_an_alarm_is_false_unless_its_hour_set_the_bill_and_in_vain_if_withdrawn():
    announced = [
        AnnouncedHour(10, 0, 8, 0.5),
        AnnouncedHour(11, 0, 9, 0.5, withdrawn_at=10),
        AnnouncedHour(12, 0, 10, 0.5),
    ]
    judged = JudgedPeriod(Period(0, 30), [11, 12], announced, 1, is_trained=True)

    assert [one.hour for one in judged.caught] == [12]
    assert judged.false_alarms == 1
    assert tally([judged]).withdrawn_hours == 1


def test_hours_that_the_watch_found_worth_it_are_told_by_their_month():
    past = short_of_a_year()
    first = past.evidence.history.calendar.bounds(past.periods[1].first_day)[0]
    decide = announcing(first - 1, first)

    judged = backtest(past, FittedOn.PAST, Budget(15, 15), lambda _p: decide)

    assert [[hour.hour for hour in one.announced] for one in judged[:3]] == [
        [first - 1],
        [first],
        [],
    ]
    assert past.evidence.history.first_hour == FIRST_HOUR


@pytest.mark.parametrize(
    ("skill", "period_sum", "is_shown"),
    [(0.1, 1.0, True), (-0.1, 1.0, False), (0.1, 0.6, False), (0.1, 1.5, False)],
)
def test_a_probability_that_is_not_honest_is_not_shown(skill, period_sum, is_shown):
    assert Reliability(24, skill, period_sum).is_shown is is_shown


def test_where_every_day_is_billed_there_is_nothing_to_foretell():
    rule = PeakRule(
        months=frozenset({2}), weekdays=frozenset({0}), hours=frozenset({17}), peaks=4
    )
    history = loads(3 * 365 * 24, lambda hour: daily_wave(hour) + hour // 24 * 7 % 31)

    found = reliability(Past.of(history, rule, 2), FittedOn.OTHER_YEARS)

    # each February of these years has four Mondays
    assert found is not None
    assert (found.periods, found.brier_skill, found.is_shown) == (2, 0.0, False)
