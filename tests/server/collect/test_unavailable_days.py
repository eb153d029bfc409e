"""Which days are given up, with what cause."""

from datetime import date, datetime, timedelta

import pytest

from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.collect.planning.site_ledger import SiteLedger
from energy_logger_server.collect.planning.unavailable_days import (
    NEVER_METERED,
    NOT_ACTIVE,
    Unavailable,
    is_past_empty,
    unavailable_among,
    unavailable_past,
)
from energy_logger_server.domain.collecting.ledger import (
    DayState,
    Kind,
    LedgerDay,
    SeriesKey,
)
from tests.server.collect.ledgers import SITE, ago, ledger_of, line, nem


def asked_after(
    day: date, state: DayState, days: int, *, kind: Kind = Kind.USAGE, attempts: int = 1
) -> LedgerDay:
    """Return a line last checked so many days after the end of its day."""
    checked_at: datetime = nem_day_start(day) + timedelta(days=1 + days)
    return line(day, state, kind=kind, checked_at=checked_at, attempts=attempts)


def days_given_up(known: SiteLedger, *, is_active: bool = True) -> list[date]:
    """Return the days that are unavailable, ascending."""
    unavailable_days = unavailable_among(known, is_active=is_active)
    return sorted(day for unavailable in unavailable_days for day in unavailable.days)


@pytest.mark.parametrize(("waited", "is_lost"), [(6, False), (7, True)])
def test_an_empty_day_of_usage_gets_a_week_of_patience(waited: int, is_lost: bool):
    known = ledger_of(
        asked_after(ago(20), DayState.MISSING, waited, attempts=2),
        line(ago(3), DayState.COMPLETE),
    )

    assert days_given_up(known) == [ago(20)] * is_lost


@pytest.mark.parametrize(("age", "is_lost"), [(85, False), (86, True)])
def test_one_empty_answer_is_believed_only_of_usage_that_may_have_been_dropped(
    age: int, is_lost: bool
):
    known = ledger_of(
        asked_after(ago(age), DayState.MISSING, age - 1),
        line(ago(3), DayState.COMPLETE),
    )

    assert days_given_up(known) == [ago(age)] * is_lost


def test_an_empty_day_is_not_given_up_before_a_later_day_has_come():
    known = ledger_of(
        line(ago(21), DayState.COMPLETE),
        asked_after(ago(20), DayState.MISSING, 15, attempts=2),
    )

    assert days_given_up(known) == []


def test_a_closed_site_has_no_later_days_to_wait_for():
    known = ledger_of(asked_after(ago(20), DayState.MISSING, 8, attempts=2))

    assert days_given_up(known, is_active=False) == [ago(20)]


@pytest.mark.parametrize(("waited", "is_lost"), [(84, False), (85, True)])
def test_a_part_of_a_day_is_hoped_for_as_long_as_upstream_keeps_usage(
    waited: int, is_lost: bool
):
    known = ledger_of(
        asked_after(ago(100), DayState.PARTIAL, waited), line(ago(3), DayState.COMPLETE)
    )

    assert days_given_up(known) == [ago(100)] * is_lost


@pytest.mark.parametrize(
    ("attempts", "waited", "is_lost"), [(3, 14, True), (2, 14, False), (3, 13, False)]
)
def test_a_price_day_is_given_up_after_two_weeks_and_three_attempts(
    attempts: int, waited: int, is_lost: bool
):
    gap = asked_after(
        ago(40), DayState.PARTIAL, waited, kind=Kind.PRICE, attempts=attempts
    )
    known = ledger_of(
        gap, line(ago(3), DayState.COMPLETE, kind=Kind.PRICE), kind=Kind.PRICE
    )

    assert days_given_up(known) == [ago(40)] * is_lost


def test_a_day_that_nobody_asked_for_is_not_given_up():
    known = ledger_of(
        asked_after(ago(20), DayState.MISSING, 15, attempts=0),
        line(ago(3), DayState.COMPLETE),
    )

    assert days_given_up(known) == []


def test_a_day_to_be_read_again_is_not_given_up_before():
    known = ledger_of(
        line(ago(60), DayState.MISSING, checked_at=nem(0), recheck=True),
        line(ago(3), DayState.COMPLETE),
    )

    assert days_given_up(known) == []


def test_settled_days_are_left_alone():
    known = ledger_of(
        asked_after(ago(60), DayState.UNAVAILABLE, 50),
        asked_after(ago(59), DayState.ESTIMATED, 50),
        line(ago(3), DayState.COMPLETE),
    )

    assert days_given_up(known) == []


def test_days_with_the_same_cause_are_marked_together():
    known = ledger_of(
        line(ago(31), DayState.MISSING, checked_at=nem(4), attempts=2),
        line(ago(30), DayState.MISSING, checked_at=nem(4), attempts=2),
        line(ago(3), DayState.COMPLETE),
    )

    (unavailable,) = unavailable_among(known, is_active=True)

    assert unavailable.days == (ago(31), ago(30))
    assert unavailable.cause == "on 2026-03-10 Amber had none, though it had later days"


def past(known: SiteLedger, start: date) -> tuple[Unavailable, ...]:
    """Return what of the past is unavailable, today at noon."""
    return unavailable_past(known, start, nem(12))


def usage_from(oldest: int, empty: range) -> SiteLedger:
    """Return a ledger with one day of usage and some empty days before it."""
    return ledger_of(
        line(ago(oldest), DayState.COMPLETE),
        *(line(ago(n), DayState.MISSING, checked_at=nem(4)) for n in empty),
    )


def test_two_empty_weeks_beyond_the_known_depth_settle_the_time_before():
    known = usage_from(89, range(90, 104))

    (unavailable,) = past(known, ago(200))

    assert unavailable.days == tuple(ago(n) for n in range(200, 89, -1))
    assert "no usage before 2025-12-11" in unavailable.cause


def test_less_than_two_empty_weeks_settle_nothing():
    assert past(usage_from(89, range(90, 103)), ago(200)) == ()


def test_empty_days_that_upstream_may_still_have_settle_nothing():
    assert past(usage_from(60, range(61, 99)), ago(200)) == ()


def test_a_gap_in_what_was_asked_for_settles_nothing():
    assert past(usage_from(89, range(91, 130)), ago(200)) == ()


def test_without_any_data_nothing_is_settled():
    known = ledger_of(*(line(ago(n), DayState.MISSING) for n in range(86, 200)))

    assert past(known, ago(200)) == ()


def test_days_given_up_before_stay_as_they_are():
    known = ledger_of(
        line(ago(89), DayState.COMPLETE),
        *(line(ago(n), DayState.UNAVAILABLE) for n in range(90, 201)),
    )

    assert past(known, ago(200)) == ()


@pytest.mark.parametrize(("empty_days", "is_settled"), [(27, False), (28, True)])
def test_four_empty_weeks_of_prices_settle_the_time_before(
    empty_days: int, is_settled: bool
):
    known = ledger_of(
        line(ago(9), DayState.COMPLETE, kind=Kind.PRICE),
        *(
            line(ago(n), DayState.MISSING, kind=Kind.PRICE)
            for n in range(10, 10 + empty_days)
        ),
        kind=Kind.PRICE,
    )

    assert len(past(known, ago(99))) == is_settled


def test_every_channel_is_marked():
    known = ledger_of(
        *(
            line(ago(n), state, channel=channel)
            for channel in ("E1", "B1")
            for n, state in (
                (89, DayState.COMPLETE),
                *((n, DayState.MISSING) for n in range(90, 104)),
            )
        ),
        channels=("E1", "B1"),
    )

    assert [unavailable.series.channel for unavailable in past(known, ago(110))] == [
        "E1",
        "B1",
    ]


def test_empty_recent_usage_never_says_anything_of_older():
    assert not is_past_empty(Kind.USAGE, [ago(n) for n in range(1, 99)], nem(12))
    assert is_past_empty(Kind.USAGE, [ago(n) for n in range(1, 100)], nem(12))


def metered(*, days: int, idle: DayState = DayState.MISSING) -> SiteLedger:
    """Return a ledger in which one register is whole on some days, and one is not."""
    return ledger_of(
        *(line(ago(n), DayState.COMPLETE) for n in range(1, days + 1)),
        *(line(ago(n), idle, channel="E2") for n in range(1, days + 1)),
        line(ago(days + 1), DayState.PARTIAL),
        line(ago(days + 1), DayState.MISSING, channel="E2"),
        channels=("E1", "E2"),
    )


@pytest.mark.parametrize(("days", "is_given_up"), [(2, False), (3, True)])
def test_a_register_that_never_has_usage_is_given_up_where_the_others_are_whole(
    days: int, is_given_up: bool
):
    unavailable_days = unavailable_among(metered(days=days), is_active=True)

    expected = Unavailable(
        SeriesKey(Kind.USAGE, SITE, "E2"), (ago(3), ago(2), ago(1)), NEVER_METERED
    )
    assert unavailable_days == ((expected,) if is_given_up else ())


def test_a_register_that_had_usage_once_is_waited_for():
    assert unavailable_among(
        metered(days=9, idle=DayState.COMPLETE), is_active=True
    ) == (())


def test_what_is_missing_outside_a_sites_time_is_given_up_at_once():
    known = ledger_of(
        line(ago(5), DayState.COMPLETE),
        line(ago(4), DayState.MISSING, attempts=0),
        line(ago(3), DayState.COMPLETE),
        line(ago(2), DayState.MISSING, attempts=0),
        closed_on=ago(5),
    )

    (unavailable,) = unavailable_among(known, is_active=False)

    assert (unavailable.days, unavailable.cause) == ((ago(4), ago(2)), NOT_ACTIVE)
