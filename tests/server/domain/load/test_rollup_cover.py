"""Spans as whole days or hours between edges."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.domain.load.central_days import central_day_bounds
from energy_logger_server.domain.load.rollup_cover import (
    DayCover,
    HourCover,
    cover_by_days,
    cover_by_hours,
)

# around the autumn night of 2026, in which a day has 25 hours
FIRST = int(datetime(2026, 10, 28, tzinfo=UTC).timestamp())
INSTANTS = st.integers(FIRST, FIRST + 8 * 86_400)
SPANS = st.tuples(INSTANTS, INSTANTS).map(sorted)


@given(SPANS)
def test_days_and_edges_follow_one_another_without_gap(span: list[int]):
    first, end = span

    cover = cover_by_days(first, end)

    middle = [central_day_bounds(day) for day in range(*cover.days)]
    pieces = [cover.head, *middle, cover.tail]
    assert pieces[0][0] == first
    assert pieces[-1][1] == end
    assert all(one[1] == other[0] for one, other in pairwise(pieces))
    assert all(start <= stop for start, stop in pieces)


@given(SPANS)
def test_hours_and_edges_follow_one_another_and_edges_stay_within_an_hour(
    span: list[int],
):
    first, end = span

    cover = cover_by_hours((first, end))

    hours = [(hour * 3600, hour * 3600 + 3600) for hour in range(*cover.hours)]
    pieces = [cover.head, *hours, cover.tail]
    assert (pieces[0][0], pieces[-1][1]) == (first, end)
    assert all(one[1] == other[0] for one, other in pairwise(pieces))
    for start, stop in (cover.head, cover.tail):
        assert start <= stop <= (start // 3600 + 1) * 3600


def test_an_edge_takes_less_than_a_day():
    start, end = central_day_bounds(20_758)

    assert cover_by_days(start, end) == DayCover(
        (start, start), (20_758, 20_759), (end, end)
    )
    assert cover_by_days(start + 1, end).head == (start + 1, end)


def test_whole_hours_need_no_edge():
    assert cover_by_hours((7200, 10_800)) == HourCover(
        (7200, 7200), (2, 3), (10_800, 10_800)
    )
