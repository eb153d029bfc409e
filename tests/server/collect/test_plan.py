"""Which days are asked for, and when."""

from datetime import date, datetime, timedelta

import pytest

from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.collect.planning.plan import (
    RECENT_DAYS,
    backfill_windows,
    price_windows,
    usage_windows,
)
from energy_logger_server.collect.planning.site_ledger import SiteLedger
from energy_logger_server.collect.planning.unavailable_days import NEVER_METERED
from energy_logger_server.domain.collecting.ledger import DayState, Kind, LedgerDay
from tests.server.collect.ledgers import TODAY, ago, days_of, ledger_of, line, nem


def usage_days(
    known: SiteLedger, now: datetime, *, is_active: bool = True
) -> list[date]:
    """Return the days of usage that are due."""
    return days_of(usage_windows(known, now, is_active=is_active))


def complete_but(*others: LedgerDay, checked_at: datetime | None = None) -> SiteLedger:
    """Return a ledger of 100 complete days, but for these."""
    lines = {
        ago(n): line(ago(n), DayState.COMPLETE, checked_at=checked_at or nem(3, 1))
        for n in range(1, 101)
    }
    lines.update({other.day: other for other in others})
    return ledger_of(*lines.values())


@pytest.mark.parametrize(("hour", "minute", "is_due"), [(2, 59, False), (3, 0, True)])
def test_yesterdays_usage_is_asked_for_from_three_oclock(
    hour: int, minute: int, is_due: bool
):
    known = complete_but(line(ago(1), DayState.MISSING, checked_at=nem(1)))

    assert usage_days(known, nem(hour, minute)) == [ago(1)] * is_due


@pytest.mark.parametrize("state", [DayState.MISSING, DayState.PARTIAL])
def test_yesterday_is_asked_for_every_half_hour_until_all_of_it_is_there(
    state: DayState,
):
    known = complete_but(line(ago(1), state, checked_at=nem(7, 2)))

    assert usage_days(known, nem(7, 25)) == []
    assert usage_days(known, nem(7, 30)) == [ago(1)]


def test_usage_that_is_always_days_late_is_not_asked_for_every_half_hour():
    known = complete_but(
        line(ago(1), DayState.MISSING, checked_at=nem(6, 2)),
        line(ago(2), DayState.MISSING, checked_at=nem(6, 2)),
    )

    assert usage_days(known, nem(7, 59)) == []
    assert usage_days(known, nem(8)) == [ago(2), ago(1)]


def test_a_register_that_was_given_up_costs_no_call_of_its_own():
    whole = [line(ago(n), DayState.COMPLETE, checked_at=nem(3)) for n in range(1, 100)]
    idle = [
        line(
            ago(n),
            DayState.UNAVAILABLE,
            channel="E2",
            checked_at=nem(3),
            cause=NEVER_METERED,
        )
        for n in range(1, 100)
    ]
    known = ledger_of(*whole, *idle, channels=("E1", "E2"))

    assert usage_days(known, nem(12)) == []
    assert usage_days(known, nem(12, days_ago=-1)) == [TODAY]


def test_days_of_a_register_that_was_given_up_are_asked_for_once_it_is_metered():
    known = ledger_of(
        *(line(ago(n), DayState.COMPLETE, checked_at=nem(3)) for n in range(1, 100)),
        line(ago(1), DayState.COMPLETE, channel="E2", checked_at=nem(3)),
        *(
            line(
                ago(n),
                DayState.UNAVAILABLE,
                channel="E2",
                checked_at=nem(3, days_ago=min(n - 1, 25)),
                cause=NEVER_METERED,
            )
            for n in range(2, 100)
        ),
        channels=("E1", "E2"),
    )

    assert usage_days(known, nem(12)) == [ago(n) for n in range(14, 1, -1)]


@pytest.mark.parametrize("kind", [Kind.USAGE, Kind.PRICE])
def test_no_day_is_asked_for_on_which_the_site_was_not_active(kind: Kind):
    new = ledger_of(kind=kind, active_from=ago(3))
    closed = ledger_of(
        *(line(ago(n), DayState.MISSING, kind=kind) for n in range(1, 10)),
        kind=kind,
        closed_on=ago(6),
    )
    asked = {TODAY} if kind is Kind.PRICE else set()

    if kind is Kind.USAGE:
        recent = usage_windows(new, nem(12), is_active=True)
    else:
        recent = price_windows(new, nem(12))

    assert set(days_of(recent)) == asked | {ago(1), ago(2), ago(3)}
    assert days_of(backfill_windows(new, ago(30), nem(12), is_active=True)) == [
        ago(3),
        ago(2),
        ago(1),
    ]
    followed = days_of(backfill_windows(closed, None, nem(12), is_active=False))
    assert followed == [ago(9), ago(8), ago(7), ago(6)]


def test_a_site_that_began_today_has_no_yesterday():
    known = ledger_of(kind=Kind.PRICE, active_from=TODAY)

    assert days_of(price_windows(known, nem(12))) == [TODAY]


def test_a_register_without_a_line_keeps_yesterday_open():
    known = ledger_of(
        *(line(ago(n), DayState.COMPLETE, checked_at=nem(3)) for n in range(1, 100)),
        *(
            line(ago(n), DayState.COMPLETE, channel="B1", checked_at=nem(3))
            for n in range(2, 100)
        ),
        channels=("E1", "B1"),
    )

    assert usage_days(known, nem(4)) == [ago(1)]


def test_open_days_of_two_weeks_are_asked_for_every_two_hours():
    known = complete_but(
        line(ago(9), DayState.MISSING, checked_at=nem(6, 10)),
        line(ago(14), DayState.PARTIAL, checked_at=nem(6, 10)),
    )

    assert usage_days(known, nem(7, 59)) == []
    assert usage_days(known, nem(8, 0)) == [ago(14), ago(9)]


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (1, DayState.ESTIMATED),
        (10, DayState.ESTIMATED),
        (60, DayState.ESTIMATED),
        (15, DayState.MISSING),
        (88, DayState.PARTIAL),
    ],
)
def test_estimated_days_and_older_open_ones_are_asked_for_daily(
    days: int, state: DayState
):
    early = complete_but(line(ago(days), state, checked_at=nem(23, days_ago=1)))
    late = complete_but(line(ago(days), state, checked_at=nem(3)))

    assert usage_days(early, nem(3)) == [ago(days)]
    assert usage_days(late, nem(23)) == []


def test_days_never_asked_for_are_due_as_far_as_two_weeks_back():
    assert usage_days(ledger_of(), nem(12)) == [
        ago(n) for n in range(RECENT_DAYS, 0, -1)
    ]


def test_what_looks_final_is_audited_once_a_month_while_upstream_keeps_it():
    stale = complete_but(checked_at=nem(12) - timedelta(days=30))
    fresh = complete_but(checked_at=nem(12) - timedelta(days=29, hours=23))

    assert usage_days(stale, nem(12)) == [ago(n) for n in range(90, 0, -1)]
    assert usage_days(fresh, nem(12)) == []


def test_days_given_up_are_part_of_the_audit():
    known = complete_but(
        line(ago(40), DayState.UNAVAILABLE, checked_at=nem(0) - timedelta(days=31))
    )

    assert usage_days(known, nem(12)) == [ago(40)]


def test_a_closed_site_is_followed_only_where_it_has_lines():
    known = ledger_of(line(ago(3), DayState.ESTIMATED), line(ago(2), DayState.MISSING))

    assert usage_days(known, nem(12), is_active=False) == [ago(3), ago(2)]


def test_an_urgent_plan_asks_for_all_that_is_open_or_estimated_at_any_hour():
    just_now = nem(1, 59)
    known = complete_but(
        line(ago(1), DayState.MISSING, checked_at=just_now),
        line(ago(30), DayState.ESTIMATED, checked_at=just_now),
        checked_at=just_now,
    )

    windows = usage_windows(known, nem(2), is_active=True, is_urgent=True)

    assert days_of(windows) == [ago(30), ago(1)]


def price_lines(**states: DayState) -> list[LedgerDay]:
    """Return 20 complete days, but for ``d3=...`` days ago; today is partial."""
    lines = [line(TODAY, DayState.PARTIAL, kind=Kind.PRICE, channel="general")]
    for n in range(1, 21):
        state = states.get(f"d{n}", DayState.COMPLETE)
        is_open = state is not DayState.COMPLETE
        lines.append(
            line(
                ago(n),
                state,
                kind=Kind.PRICE,
                channel="general",
                checked_at=nem(22, days_ago=1) if is_open else nem(0, 5),
            )
        )
    return lines


def price_days(
    lines: list[LedgerDay], now: datetime, asked: dict[date, datetime] | None = None
) -> list[date]:
    """Return the days of prices that are due."""
    known = ledger_of(*lines, kind=Kind.PRICE, channels=("general",), asked=asked)
    return days_of(price_windows(known, now))


def test_todays_prices_are_read_anew_every_hour():
    asked = {ago(1): nem(9, 1), TODAY: nem(9, 1)}

    assert price_days(price_lines(), nem(9, 55), asked) == []
    assert price_days(price_lines(), nem(10, 0), asked) == [TODAY]


@pytest.mark.parametrize(
    ("hour", "state", "is_in"),
    [
        (3, DayState.COMPLETE, True),
        (4, DayState.COMPLETE, False),
        (4, DayState.PARTIAL, True),
    ],
)
def test_yesterday_rides_along_until_its_prices_are_surely_actual(
    hour: int, state: DayState, is_in: bool
):
    asked = {ago(1): nem(0, 1), TODAY: nem(0, 1)}

    days = price_days(price_lines(d1=state), nem(hour), asked)

    assert days == [ago(1)] * is_in + [TODAY]


def test_after_a_start_yesterday_and_today_are_read_at_once():
    known = ledger_of(*price_lines(), kind=Kind.PRICE, channels=("general",))

    (window,) = price_windows(known, nem(13, 2))

    assert window.days == (ago(1), TODAY)


def test_open_price_days_of_two_weeks_are_read_daily():
    lines = price_lines(d5=DayState.PARTIAL, d14=DayState.MISSING, d15=DayState.MISSING)
    now = nem(12)
    asked = {ago(14): nem(1), TODAY: now}

    assert price_days(lines, now, asked) == [ago(5)]


def test_a_day_is_read_once_more_three_days_after_its_end():
    hourly = {TODAY: nem(12)}
    early = line(
        ago(4),
        DayState.COMPLETE,
        kind=Kind.PRICE,
        channel="general",
        checked_at=nem(1, days_ago=3),
    )
    lines = [other for other in price_lines() if other.day != ago(4)]

    assert price_days([*lines, early], nem(12), hourly) == [ago(4)]
    assert price_days([*lines, early], nem(12), {**hourly, ago(4): nem(0, 1)}) == []


def test_an_urgent_plan_reads_prices_at_any_minute():
    known = ledger_of(
        *price_lines(d6=DayState.PARTIAL),
        kind=Kind.PRICE,
        channels=("general",),
        asked={TODAY: nem(12), ago(1): nem(12), ago(6): nem(12)},
    )

    assert days_of(price_windows(known, nem(12, 1), is_urgent=True)) == [ago(6), TODAY]


def history(
    known: SiteLedger, start: date | None, *, is_active: bool = True
) -> list[date]:
    """Return the days that backfill would read."""
    return days_of(backfill_windows(known, start, nem(12), is_active=is_active))


def test_backfill_reads_from_the_start_up_to_yesterday_newest_first():
    windows = backfill_windows(ledger_of(), ago(20), nem(12), is_active=True)

    assert days_of(windows) == [ago(n) for n in range(20, 0, -1)]
    assert [window.last for window in windows] == sorted(
        (window.last for window in windows), reverse=True
    )


def test_backfill_leaves_out_what_is_complete_or_unavailable_at_the_edges():
    known = ledger_of(
        line(ago(4), DayState.COMPLETE),
        line(ago(3), DayState.MISSING),
        line(ago(2), DayState.PARTIAL),
        line(ago(1), DayState.UNAVAILABLE),
    )

    assert history(known, ago(4)) == [ago(3), ago(2)]


def test_backfill_has_windows_only_where_something_is_needed():
    lines = [line(ago(n), DayState.COMPLETE) for n in range(1, 100)]
    lines[50] = line(ago(51), DayState.MISSING)

    (window,) = backfill_windows(ledger_of(*lines), ago(99), nem(12), is_active=True)

    assert window.days == (ago(51),)


def test_days_marked_for_rereading_are_read_whatever_their_state():
    known = ledger_of(
        line(ago(2), DayState.COMPLETE, recheck=True),
        line(ago(1), DayState.UNAVAILABLE, recheck=True),
    )

    assert history(known, ago(2)) == [ago(2), ago(1)]


def test_marked_days_before_the_start_are_read_and_nothing_between():
    known = ledger_of(
        line(ago(30), DayState.UNAVAILABLE, recheck=True),
        line(ago(29), DayState.MISSING),
        line(ago(2), DayState.COMPLETE),
        line(ago(1), DayState.COMPLETE),
    )

    assert history(known, ago(2)) == [ago(30)]


def test_without_a_start_only_gaps_behind_the_first_day_are_read():
    known = ledger_of(line(ago(9), DayState.COMPLETE))

    assert history(known, None) == [ago(n) for n in range(8, 0, -1)]
    assert history(ledger_of(), None) == []


def test_a_start_in_the_future_reads_nothing():
    assert history(ledger_of(), TODAY) == []


def test_of_a_closed_site_no_new_days_are_read():
    known = ledger_of(line(ago(5), DayState.PARTIAL))

    assert history(known, ago(9), is_active=False) == [ago(5)]


@pytest.mark.parametrize(
    ("kind", "asked_after_days", "is_read"),
    [(Kind.USAGE, 89, True), (Kind.USAGE, 90, False), (Kind.PRICE, 90, True)],
)
def test_an_estimate_that_upstream_has_dropped_is_final(
    kind: Kind, asked_after_days: int, is_read: bool
):
    day = ago(120)
    checked_at = nem_day_start(day) + timedelta(days=asked_after_days)
    known = ledger_of(
        line(day, DayState.ESTIMATED, kind=kind, checked_at=checked_at), kind=kind
    )

    assert (day in history(known, day)) is is_read
