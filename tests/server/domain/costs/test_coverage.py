"""One duration covers an instant, or money counts twice."""

import pytest

from energy_logger_server.domain.costs.coverage import (
    MergedIntervals,
    is_free_of_overlap,
    merge,
)

MIDNIGHT = -36_000
"""Begin of the NEM date 1970-01-01, epoch seconds."""


def day(duration: int, *, number: int = 0) -> list[tuple[int, int]]:
    start = MIDNIGHT + number * 86_400
    return [
        (start + duration * 60 * place, duration)
        for place in range(1, 1440 // duration + 1)
    ]


def test_nothing_stored_means_that_all_is_adopted():
    assert merge(day(30), []) == MergedIntervals(tuple(day(30)), (), ())


def test_what_is_stored_is_neither_adopted_nor_refused():
    assert merge(day(30), day(30)) == MergedIntervals((), (), ())


@pytest.mark.parametrize(("old", "new"), [(30, 5), (5, 30), (15, 30)])
def test_a_complete_day_supersedes_other_durations(old, new):
    assert merge(day(new), day(old)) == MergedIntervals(
        tuple(day(new)), tuple(day(old)), ()
    )


def test_a_day_may_be_complete_in_mixed_durations():
    mixed = [*day(5)[:144], *day(30)[24:]]

    merged = merge(mixed, day(30))

    assert merged.adopted == tuple(day(5)[:144])
    assert merged.superseded == tuple(day(30)[:24])


def test_an_incomplete_day_keeps_what_is_stored():
    merged = merge(day(5)[:10], day(30)[:1])

    assert merged.refused == tuple(day(5)[:6])
    assert merged.adopted == tuple(day(5)[6:10])
    assert merged.superseded == ()


def test_overlap_inside_an_answer_is_adopted_once():
    merged = merge([*day(30)[:2], *day(5)[:3]], [])

    assert merged.adopted == (*day(5)[:3], day(30)[1])
    assert merged.refused == (day(30)[0],)


def test_days_are_judged_one_by_one():
    merged = merge([*day(5), *day(5, number=1)[:1]], [*day(30), *day(30, number=1)])

    assert merged.superseded == tuple(day(30))
    assert merged.refused == tuple(day(5, number=1)[:1])


@pytest.mark.parametrize(
    ("keys", "is_free"),
    [([], True), (day(5), True), ([(600, 5), (660, 5)], False)],
    ids=["none", "day", "overlap"],
)
def test_overlap_is_seen_between_neighbours(keys, is_free):
    assert is_free_of_overlap(keys) is is_free
