"""NEM time is ten hours ahead of UTC all year; labels name the end of an interval."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.nem import (
    MINUTES_PER_DAY,
    NEM_TIME,
    date_of_day_number,
    day_number,
    nem_date_at,
    nem_date_of,
    nem_day_number,
    nem_day_start,
)

DAYS = st.dates(date(1999, 1, 1), date(2999, 12, 31))


@pytest.mark.parametrize("month", [1, 7], ids=["daylight-saving", "standard"])
def test_nem_time_is_ten_hours_ahead_of_utc_in_every_season(month):
    label = datetime(2026, month, 10, 12, 0, tzinfo=NEM_TIME)

    assert label.astimezone(UTC).hour == 2


@pytest.mark.parametrize("minutes", [5, 15, 30])
def test_the_interval_that_ends_at_midnight_belongs_to_the_day_before(minutes):
    midnight = datetime(2026, 3, 2, 0, 0, tzinfo=NEM_TIME)
    after = midnight + timedelta(minutes=minutes)

    assert nem_date_of(midnight, minutes) == date(2026, 3, 1)
    assert nem_date_of(after.astimezone(UTC), minutes) == date(2026, 3, 2)


def test_a_nem_day_begins_at_two_in_the_afternoon_utc_of_the_day_before():
    begin = nem_day_start(date(2026, 3, 2))

    assert begin == datetime(2026, 3, 1, 14, 0, tzinfo=UTC)
    assert nem_date_at(begin) == date(2026, 3, 2)
    assert nem_date_at(begin - timedelta(seconds=1)) == date(2026, 3, 1)


@given(DAYS)
def test_a_day_number_gives_its_date_back(day):
    assert date_of_day_number(day_number(day)) == day


@given(DAYS, st.integers(1, 48))
def test_both_ways_to_an_intervals_nem_date_agree(day, step):
    ends_at = nem_day_start(day) + timedelta(minutes=30 * step)
    epoch_s = int(ends_at.timestamp())

    assert nem_date_of(ends_at, 30) == day
    assert date_of_day_number(nem_day_number(epoch_s, 30)) == day


@given(DAYS)
def test_every_nem_day_has_24_hours(day):
    span = nem_day_start(day + timedelta(days=1)) - nem_day_start(day)

    assert span == timedelta(minutes=MINUTES_PER_DAY)
