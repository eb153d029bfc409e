"""How wide points are, where they begin, and where a chart has holes."""

from datetime import datetime

import pytest

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.domain.charts import (
    Aggregate,
    Bucket,
    Line,
    Point,
    Resolution,
    chart_of_buckets,
    holes,
    reached,
    resolutions,
)
from energy_logger_server.store.charts.drawing import CENTRAL_DAYS, NEM_DAYS

DAY_S = 86_400
YEAR_S = 365 * DAY_S


def line(*starts: int) -> Line:
    return Line("a", None, "kW", Aggregate.MEAN, {at: Point(1.0) for at in starts})


def central(text: str) -> int:
    """Return an instant of Central time, epoch seconds."""
    return int(datetime.fromisoformat(text).replace(tzinfo=CENTRAL).timestamp())


@pytest.mark.parametrize(
    ("span_s", "most", "row_s", "narrowest"),
    [
        (DAY_S, 1000, 3600, (Bucket.ROWS, 3600)),
        (DAY_S, 1000, 300, (Bucket.ROWS, 300)),
        (7 * DAY_S, 1000, 300, (Bucket.TIME, 900)),
        (365 * DAY_S, 1000, 300, (Bucket.TIME, 43_200)),
        (42 * DAY_S, 1000, 3600, (Bucket.TIME, 7200)),
        (10 * YEAR_S, 1000, 3600, (Bucket.DAYS, 4 * DAY_S)),
        (10 * YEAR_S, 10_000, 3600, (Bucket.TIME, 43_200)),
        (DAY_S, 10, 3600, (Bucket.TIME, 10_800)),
        (100 * YEAR_S, 10, 300, (Bucket.DAYS, 5215 * DAY_S)),
    ],
)
def test_points_are_as_narrow_as_they_can_be(
    span_s: int, most: int, row_s: int, narrowest: tuple[Bucket, int]
):
    found = next(resolutions(span_s, most, row_s))

    assert (found.bucket, found.seconds) == narrowest


@pytest.mark.parametrize("most", [10, 11, 500, 1000, 10_000])
@pytest.mark.parametrize("calendar", [CENTRAL_DAYS, NEM_DAYS])
def test_no_chart_has_more_points_than_wanted(most: int, calendar):
    begin = central("2025-03-09T00:17")
    for span_s in (1, 3599, 86_399, 30 * DAY_S + 7, YEAR_S, 30 * YEAR_S + 1):
        for resolution in resolutions(span_s, most, 300):
            if resolution.bucket is Bucket.ROWS:
                continue
            first, end = resolution.widened((begin, begin + span_s), calendar)
            chart = chart_of_buckets(resolution, [line(first, end - 1)], calendar)

            assert first <= begin
            assert begin + span_s <= end
            assert len(chart.times) <= most


def test_a_point_stays_the_same_when_a_chart_is_moved():
    hours = Resolution(Bucket.TIME, 7200)
    weeks = Resolution(Bucket.DAYS, 7 * DAY_S)
    begin = central("2026-01-04T03:00")

    for resolution in (hours, weeks):
        edges = {
            resolution.widened((begin + moved, begin + moved + 60), CENTRAL_DAYS)
            for moved in range(0, 3600, 600)
        }
        assert len(edges) == 1


@pytest.mark.parametrize(
    ("day", "hours"), [("2025-03-09", 23), ("2025-11-02", 25), ("2025-07-01", 24)]
)
def test_a_day_is_one_of_the_feeds_own_clock(day: str, hours: int):
    one_day = Resolution(Bucket.DAYS, DAY_S)
    noon = central(f"{day}T12:00")

    first, end = one_day.widened((noon, noon + 1), CENTRAL_DAYS)

    assert first == central(f"{day}T00:00")
    assert end - first == hours * 3600


def test_a_nem_day_begins_at_ten_hours_before_utc():
    first, end = Resolution(Bucket.DAYS, DAY_S).widened((0, 1), NEM_DAYS)

    assert (first, end) == (-36_000, 50_400)


def test_buckets_without_a_row_have_a_time_all_the_same():
    chart = chart_of_buckets(
        Resolution(Bucket.TIME, 3600), [line(3600, 14_400)], NEM_DAYS
    )

    assert [*chart.times] == [3600, 7200, 10_800, 14_400]


def test_days_without_a_row_have_a_time_all_the_same():
    days = [central(f"2025-11-0{day}T00:00") for day in (1, 2, 3, 4)]

    chart = chart_of_buckets(
        Resolution(Bucket.DAYS, DAY_S), [line(days[0], days[3])], CENTRAL_DAYS
    )

    assert [*chart.times] == days


def test_a_line_without_a_point_is_left_out():
    resolution = Resolution(Bucket.TIME, 3600)

    assert not chart_of_buckets(resolution, [line()], NEM_DAYS).lines


@pytest.mark.parametrize(
    ("covered", "found"),
    [
        ([], []),
        ([(0, 10)], []),
        ([(0, 10), (10, 20)], []),
        ([(0, 10), (20, 30)], [10]),
        ([(20, 30), (0, 10), (40, 50)], [10, 30]),
        ([(0, 40), (10, 20), (30, 50)], []),
    ],
)
def test_a_hole_is_where_nothing_is_covered(
    covered: list[tuple[int, int]], found: list[int]
):
    assert [*holes(covered)] == found


@pytest.mark.parametrize(
    ("instants", "found"),
    [
        ([], []),
        ([0], []),
        ([0, 300, 600], []),
        ([0, 300, 900, 1200], []),
        ([0, 300, 1500, 1800], [1050]),
        ([0, 1800, 3600, 10_800], [8100]),
    ],
)
def test_one_reading_that_failed_makes_no_hole_and_two_do(
    instants: list[int], found: list[int]
):
    assert [*holes(reached(instants))] == found


def test_a_chart_of_rows_shows_the_span_that_was_asked_for():
    span = (1_767_398_401, 1_767_401_999)

    assert Resolution(Bucket.ROWS, 300).widened(span, CENTRAL_DAYS) == span
