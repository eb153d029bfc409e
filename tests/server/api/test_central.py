"""KAMO's wall clock: both nights on which it jumps, and lists cut anywhere in them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.central import (
    central_date_at,
    central_day_start,
    central_label,
    instants_of_labels,
)

HOUR = timedelta(hours=1)
AUTUMN = date(2026, 11, 1)
SPRING = date(2026, 3, 8)
FIRST_ONE = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
SECOND_ONE = FIRST_ONE + HOUR


@pytest.mark.parametrize(
    ("day", "hours"), [(SPRING, 23), (date(2026, 7, 1), 24), (AUTUMN, 25)]
)
def test_a_central_day_has_the_hours_that_its_clock_shows(day, hours):
    assert central_day_start(day + timedelta(days=1)) - central_day_start(day) == (
        hours * HOUR
    )


def test_a_central_day_begins_at_its_own_midnight():
    assert central_day_start(AUTUMN) == datetime(2026, 11, 1, 5, 0, tzinfo=UTC)
    assert central_date_at(datetime(2026, 11, 2, 5, 59, tzinfo=UTC)) == AUTUMN
    assert central_date_at(datetime(2026, 11, 2, 6, 0, tzinfo=UTC)) > AUTUMN


def test_a_label_has_no_leading_zero_on_its_hour():
    assert central_label(datetime(2026, 1, 4, 9, 0, tzinfo=UTC)) == "01/04/2026 3:00"


def labels_from(first: datetime, count: int) -> tuple[list[str], list[datetime]]:
    hours = [first + index * HOUR for index in range(count)]
    return [central_label(hour) for hour in hours], hours


@pytest.mark.parametrize("count", [12, 36])
@pytest.mark.parametrize("day", [SPRING, date(2026, 7, 1), AUTUMN])
def test_a_list_of_hours_over_any_night_is_read_back(day, count):
    labels, hours = labels_from(central_day_start(day) - 5 * HOUR, count)

    assert instants_of_labels(labels) == hours


def test_the_repeated_hour_is_two_instants():
    labels = ["11/01/2026 0:00", "11/01/2026 1:00", "11/01/2026 1:00"]

    assert instants_of_labels(labels)[1:] == [FIRST_ONE, SECOND_ONE]


def test_a_list_may_begin_with_both_repeated_hours():
    labels, hours = labels_from(FIRST_ONE, 4)

    assert labels[0] == labels[1]
    assert instants_of_labels(labels) == hours


def test_a_list_may_begin_with_the_second_repeated_hour():
    labels, hours = labels_from(SECOND_ONE, 4)

    assert instants_of_labels(labels) == hours


@pytest.mark.parametrize("count", [6, 7], ids=["first", "second"])
def test_a_list_may_end_in_the_repeated_hour(count):
    labels, hours = labels_from(SECOND_ONE - 6 * HOUR, count)

    assert instants_of_labels(labels) == hours


def test_the_repeated_hour_alone_is_taken_for_its_first_instant():
    assert instants_of_labels(["11/01/2026 1:00"]) == [FIRST_ONE]


def test_an_unreadable_label_between_the_two_does_not_make_them_one():
    labels = ["11/01/2026 1:00", "?", "11/01/2026 1:00", "11/01/2026 2:00"]

    assert instants_of_labels(labels) == [
        FIRST_ONE,
        None,
        SECOND_ONE,
        SECOND_ONE + HOUR,
    ]


def test_a_third_label_of_the_repeated_hour_is_an_instant_that_was_there():
    labels = ["11/01/2026 1:00"] * 3

    assert instants_of_labels(labels) == [FIRST_ONE, SECOND_ONE, FIRST_ONE]


@pytest.mark.parametrize(
    "label",
    [
        pytest.param("03/08/2026 2:00", id="the-hour-that-spring-skips"),
        pytest.param("02/30/2026 1:00", id="no-date"),
        pytest.param("01/03/2026 24:00", id="no-hour"),
        pytest.param("2026-01-03 16:00", id="another-format"),
        pytest.param("12/31/9999 23:00", id="beyond-what-can-be-calculated"),
        pytest.param("01/01/0001 0:00", id="a-missing-year"),
        pytest.param("", id="empty"),
    ],
)
def test_a_label_that_names_no_instant_gives_none(label):
    assert instants_of_labels([label]) == [None]


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    st.integers(2, 60),
)
def test_any_run_of_two_hours_or_more_is_read_back(first, count):
    labels, hours = labels_from(first.replace(minute=0, second=0, microsecond=0), count)

    assert instants_of_labels(labels) == hours


@given(st.lists(st.text(max_size=20)))
def test_no_text_breaks_the_reading(labels):
    assert len(instants_of_labels(labels)) == len(labels)
