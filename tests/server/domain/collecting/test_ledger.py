"""States of a day, and the names of series."""

from datetime import UTC, date, datetime

import pytest

from energy_logger_server.domain.collecting.ledger import (
    DayState,
    Kind,
    LedgerDay,
    SeriesKey,
    state_of_day,
)


@pytest.mark.parametrize(
    ("present", "estimated", "state"),
    [
        (0, 0, DayState.MISSING),
        (1439, 0, DayState.PARTIAL),
        (1439, 5, DayState.PARTIAL),
        (1440, 5, DayState.ESTIMATED),
        (1440, 0, DayState.COMPLETE),
    ],
)
def test_the_minutes_of_a_day_tell_its_state(present, estimated, state):
    assert (
        state_of_day(
            expected_minutes=1440, present_minutes=present, estimated_minutes=estimated
        )
        is state
    )


@pytest.mark.parametrize(
    ("state", "recheck", "needs_reading"),
    [
        (DayState.MISSING, False, True),
        (DayState.PARTIAL, False, True),
        (DayState.ESTIMATED, False, True),
        (DayState.COMPLETE, False, False),
        (DayState.COMPLETE, True, True),
        (DayState.UNAVAILABLE, False, False),
    ],
)
def test_what_may_still_be_had_needs_reading(state, recheck, needs_reading):
    line = LedgerDay(
        series=SeriesKey(Kind.USAGE, "site", "E1"),
        day=date(2026, 1, 3),
        state=state,
        expected_minutes=1440,
        present_minutes=0,
        estimated_minutes=0,
        attempts=0,
        checked_at=datetime(2026, 1, 4, tzinfo=UTC),
        cause=None,
        recheck=recheck,
    )

    assert line.needs_reading is needs_reading


def test_a_series_is_named_as_the_run_log_names_it():
    assert str(SeriesKey(Kind.USAGE, "site", "E1")) == "usage/site/E1"
    assert str(SeriesKey(Kind.LOAD, "7")) == "load/7"
