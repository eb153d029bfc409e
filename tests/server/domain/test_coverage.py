"""One duration covers an instant, or money counts twice."""

import pytest

from energy_logger_server.domain.coverage import Adoption, adopt, is_free_of_overlap

MIDNIGHT = -36_000
"""Begin of the NEM date 1970-01-01, epoch seconds."""


def day(duration: int, *, number: int = 0) -> list[tuple[int, int]]:
    start = MIDNIGHT + number * 86_400
    return [
        (start + duration * 60 * place, duration)
        for place in range(1, 1440 // duration + 1)
    ]


def test_nothing_stored_means_that_all_is_adopted():
    assert adopt(day(30), []) == Adoption(tuple(day(30)), (), ())


def test_what_is_stored_is_neither_adopted_nor_refused():
    assert adopt(day(30), day(30)) == Adoption((), (), ())


@pytest.mark.parametrize(("old", "new"), [(30, 5), (5, 30), (15, 30)])
def test_a_complete_day_supersedes_other_durations(old, new):
    assert adopt(day(new), day(old)) == Adoption(tuple(day(new)), tuple(day(old)), ())


def test_a_day_may_be_complete_in_mixed_durations():
    mixed = [*day(5)[:144], *day(30)[24:]]

    adoption = adopt(mixed, day(30))

    assert adoption.adopted == tuple(day(5)[:144])
    assert adoption.superseded == tuple(day(30)[:24])


def test_an_incomplete_day_keeps_what_is_stored():
    adoption = adopt(day(5)[:10], day(30)[:1])

    assert adoption.refused == tuple(day(5)[:6])
    assert adoption.adopted == tuple(day(5)[6:10])
    assert adoption.superseded == ()


def test_overlap_inside_an_answer_is_adopted_once():
    adoption = adopt([*day(30)[:2], *day(5)[:3]], [])

    assert adoption.adopted == (*day(5)[:3], day(30)[1])
    assert adoption.refused == (day(30)[0],)


def test_days_are_judged_one_by_one():
    adoption = adopt([*day(5), *day(5, number=1)[:1]], [*day(30), *day(30, number=1)])

    assert adoption.superseded == tuple(day(30))
    assert adoption.refused == tuple(day(5, number=1)[:1])


@pytest.mark.parametrize(
    ("keys", "is_free"),
    [([], True), (day(5), True), ([(600, 5), (660, 5)], False)],
    ids=["none", "day", "overlap"],
)
def test_overlap_is_seen_between_neighbours(keys, is_free):
    assert is_free_of_overlap(keys) is is_free
