"""What is known of days, and the windows that cover them."""

from datetime import date

import pytest

from energy_logger_server.collect.planning.site_ledger import DayWindow
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from tests.server.collect.ledgers import SITE, ago, ledger_of, line, nem

BOTH = ("E1", "B1")


def test_windows_lie_on_a_fixed_grid_and_are_trimmed_to_the_days_needed():
    days = [date(2026, 3, 4), date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 9)]

    windows = ledger_of().windows(days)

    assert [(window.first, window.last) for window in windows] == [
        (date(2026, 3, 5), date(2026, 3, 9)),
        (date(2026, 3, 3), date(2026, 3, 4)),
    ]


def test_no_window_is_longer_than_seven_inclusive_days():
    windows = ledger_of().windows(ago(n) for n in range(1, 200))

    assert {window.length for window in windows[1:-1]} == {7}
    assert sum(window.length for window in windows) == 199


def test_no_days_make_no_window():
    assert ledger_of().windows(()) == ()


@pytest.mark.parametrize(
    ("longest", "lengths"),
    [(7, [7]), (3, [3, 3, 1]), (1, [1] * 7)],
)
def test_a_window_is_cut_newest_first(longest: int, lengths: list[int]):
    window = DayWindow(Kind.USAGE, SITE, date(2026, 3, 5), date(2026, 3, 11))

    pieces = window.cut(longest)

    assert [piece.length for piece in pieces] == lengths
    assert pieces[0].last == window.last
    assert sorted(day for piece in pieces for day in piece.days) == list(window.days)


def test_a_window_names_its_series_as_the_run_log_does():
    window = DayWindow(Kind.USAGE, SITE, ago(2), ago(1))

    assert window.subject == f"usage/{SITE}"


def test_a_day_without_a_line_of_every_register_is_open():
    known = ledger_of(line(ago(1), DayState.COMPLETE), channels=BOTH)

    assert not known.is_known(ago(1))
    assert known.is_open(ago(1))
    assert known.is_open(ago(2))


def test_a_site_whose_registers_are_not_known_goes_by_its_lines():
    known = ledger_of(line(ago(1), DayState.COMPLETE), channels=())

    assert not known.is_open(ago(1))
    assert known.is_open(ago(2))


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (DayState.MISSING, True),
        (DayState.PARTIAL, True),
        (DayState.ESTIMATED, False),
        (DayState.COMPLETE, False),
        (DayState.UNAVAILABLE, False),
    ],
)
def test_one_register_decides_whether_a_day_is_open(state: DayState, is_open: bool):
    lines = line(ago(1), DayState.COMPLETE), line(ago(1), state, channel="B1")

    assert ledger_of(*lines, channels=BOTH).is_open(ago(1)) is is_open


def test_a_former_register_still_counts():
    lines = line(ago(1), DayState.COMPLETE), line(ago(1), DayState.PARTIAL, channel="X")

    assert ledger_of(*lines).is_open(ago(1))


def test_lines_of_other_sites_and_kinds_are_left_out():
    other = line(ago(1), DayState.COMPLETE, kind=Kind.PRICE)

    assert not ledger_of(other).lines_of(ago(1))


def test_a_day_was_last_asked_for_when_its_stalest_register_was():
    lines = (
        line(ago(3), DayState.COMPLETE, checked_at=nem(5)),
        line(ago(3), DayState.MISSING, channel="B1", checked_at=nem(3)),
    )

    assert ledger_of(*lines, channels=BOTH).last_asked(ago(3)) == nem(3)


def test_what_this_process_asked_counts_when_it_is_newer():
    lines = (line(ago(3), DayState.MISSING, checked_at=nem(5)),)

    assert ledger_of(*lines, asked={ago(3): nem(6)}).last_asked(ago(3)) == nem(6)
    assert ledger_of(*lines, asked={ago(3): nem(4)}).last_asked(ago(3)) == nem(5)
    assert ledger_of(asked={ago(3): nem(4)}).last_asked(ago(3)) == nem(4)
    assert ledger_of().last_asked(ago(3)) is None


def test_an_empty_day_is_one_that_was_asked_for_in_vain():
    known = ledger_of(line(ago(2), DayState.MISSING), line(ago(3), DayState.PARTIAL))

    assert known.is_empty(ago(2))
    assert not known.is_empty(ago(3))
    assert not known.is_empty(ago(4))


def test_the_ends_of_what_is_stored_are_known():
    known = ledger_of(
        line(ago(2), DayState.MISSING),
        line(ago(3), DayState.PARTIAL),
        line(ago(5), DayState.COMPLETE),
        line(ago(6), DayState.MISSING),
    )

    assert (known.oldest_with_rows(), known.newest_with_rows()) == (ago(5), ago(3))
    assert (ledger_of().oldest_with_rows(), ledger_of().newest_with_rows()) == (
        None,
        None,
    )
