"""What the watch says from hour to hour, with the in_every_period left to the test."""

from collections.abc import Iterable

from energy_logger_server.domain.peak_watch.evidence import Evidence
from energy_logger_server.domain.peak_watch.rule import PeakRule
from energy_logger_server.domain.peak_watch.watch import (
    DecisionRule,
    Moment,
    Notice,
    NoticeKind,
    WatchState,
    check,
)

from .made_up import announcing, daily_wave, loads, unlearnt

LEAD = 2
JANUARY_HOURS = 31 * 24


def said(
    evidence: Evidence,
    decide: DecisionRule,
    hours: Iterable[int],
    *,
    most_hours: int | None = None,
    state: WatchState | None = None,
) -> tuple[WatchState, list[tuple[int, NoticeKind, int]]]:
    """Look once at the beginning of each hour; return what was said when."""
    state = state or WatchState()
    told = []
    for now in hours:
        moment = Moment(now, now - 1, now + LEAD)
        state, notices = check(state, moment, evidence, lambda _p: decide, most_hours)
        told += [(now, one.kind, one.hour) for one in notices]
    return state, told


def two_months() -> Evidence:
    return unlearnt(loads(JANUARY_HOURS + 28 * 24, daily_wave))


def test_an_hour_is_announced_the_lead_ahead_and_once_and_cleared_when_it_is_over():
    _state, told = said(two_months(), announcing(41, 42), range(30, 60))

    assert told == [
        (39, NoticeKind.ANNOUNCED, 41),
        (40, NoticeKind.ANNOUNCED, 42),
        (43, NoticeKind.ALL_CLEAR, 43),
    ]


def test_looking_again_in_the_same_hour_says_nothing_new():
    _state, told = said(two_months(), announcing(41, 42), [39, 39, 40, 39, 40, 40])

    assert told == [(39, NoticeKind.ANNOUNCED, 41), (40, NoticeKind.ANNOUNCED, 42)]


def test_no_period_has_more_hours_announced_than_the_budget():
    every = announcing(*range(JANUARY_HOURS + 100))

    state, told = said(two_months(), every, range(JANUARY_HOURS + 50), most_hours=3)

    announced = [hour for _now, kind, hour in told if kind is NoticeKind.ANNOUNCED]
    assert announced == [2, 3, 4, *range(JANUARY_HOURS, JANUARY_HOURS + 3)]
    assert [one.hour for one in state.announced] == announced[3:]


def test_a_month_that_begins_in_an_announced_hour_keeps_that_hour_till_it_is_over():
    hours = (JANUARY_HOURS - 1, JANUARY_HOURS)

    _state, told = said(
        two_months(),
        announcing(*hours),
        range(JANUARY_HOURS - 6, JANUARY_HOURS + 5),
        most_hours=1,
    )

    assert told == [
        (JANUARY_HOURS - 3, NoticeKind.ANNOUNCED, JANUARY_HOURS - 1),
        (JANUARY_HOURS - 2, NoticeKind.ANNOUNCED, JANUARY_HOURS),
        (JANUARY_HOURS + 1, NoticeKind.ALL_CLEAR, JANUARY_HOURS + 1),
    ]


def test_an_hour_that_is_ruled_out_before_it_begins_is_withdrawn_once():
    evidence = two_months()
    state, _told = said(evidence, announcing(41, 42), range(30, 41))

    state, told = said(
        evidence, announcing(ruled_out=(41, 42)), range(41, 50), state=state
    )

    # hour 41 has begun by then: it is too late to say anything about it
    assert told == [
        (41, NoticeKind.WITHDRAWN, 42),
        (42, NoticeKind.ALL_CLEAR, 42),
    ]
    assert [one.withdrawn_at for one in state.announced] == [None, 41]


def test_a_withdrawn_hour_is_spent_all_the_same():
    evidence = two_months()
    state, _told = said(evidence, announcing(41), range(30, 40), most_hours=1)
    gone = announcing(60, ruled_out=(41,))

    _state, told = said(evidence, gone, range(40, 70), most_hours=1, state=state)

    assert [kind for _now, kind, _hour in told] == [
        NoticeKind.WITHDRAWN,
        NoticeKind.ALL_CLEAR,
    ]


def test_a_restart_at_any_hour_changes_nothing():
    evidence, decide = two_months(), announcing(41, 42, 43, 65, 66)
    whole = said(evidence, decide, range(30, 80), most_hours=4)

    for stop in range(31, 79):
        state, before = said(evidence, decide, range(30, stop), most_hours=4)
        state, after = said(
            evidence, decide, range(stop, 80), most_hours=4, state=state
        )
        assert (state, [*before, *after]) == whole


def test_hours_that_passed_unseen_are_not_announced_too_late():
    _state, told = said(two_months(), announcing(41, 42, 43), [30, 41, 42])

    assert told == [(41, NoticeKind.ANNOUNCED, 43)]


def test_months_that_the_rule_leaves_out_are_silent():
    evidence = unlearnt(
        loads(JANUARY_HOURS + 24, daily_wave), PeakRule(months=frozenset({2}))
    )
    every = announcing(*range(JANUARY_HOURS + 24))

    _state, told = said(evidence, every, range(JANUARY_HOURS - 10, JANUARY_HOURS + 1))

    assert told[0] == (JANUARY_HOURS - 2, NoticeKind.ANNOUNCED, JANUARY_HOURS)


def test_a_notice_tells_how_likely_its_hour_is():
    evidence = two_months()
    moment = Moment(39, 38, 41)

    _state, notices = check(
        WatchState(), moment, evidence, lambda _p: announcing(41), None
    )

    assert notices == [Notice(NoticeKind.ANNOUNCED, 41, 0.5)]
