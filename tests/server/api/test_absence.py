"""A listed thing is gone when several listings over days say so, never on one word."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from energy_logger_server.api.absence import (
    RELIST_AFTER,
    Absence,
    is_gone,
    is_suspicious,
    record_listing,
)

START = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BOTH = Absence(known=frozenset({1, 2}))


def after(
    *listings: tuple[timedelta, Iterable[int]], state: Absence[int] = BOTH
) -> Absence[int]:
    """Return the state after listings at such times from the start."""
    for since_start, keys in listings:
        state = record_listing(state, keys, START + since_start)
    return state


def test_what_a_listing_names_is_known_and_there():
    state = after((0 * DAY, [3]), state=Absence())

    assert state.known == {3}
    assert not is_gone(state, 3)
    assert not is_suspicious(state, [3])


def test_what_was_missing_once_is_not_gone():
    state = after((0 * DAY, [1]))

    assert not is_gone(state, 2)
    assert is_suspicious(state, [1])


def test_three_listings_over_two_days_make_it_gone():
    state = after((0 * DAY, [1]), (DAY, [1]), (2 * DAY, [1]))

    assert is_gone(state, 2)
    assert not is_gone(state, 1)


@pytest.mark.parametrize(
    "times",
    [
        pytest.param([0 * DAY, 5 * DAY], id="two-listings-far-apart"),
        pytest.param([n * RELIST_AFTER for n in range(200)], id="many-within-a-day"),
        pytest.param([0 * DAY, DAY, 2 * DAY - RELIST_AFTER], id="not-quite-two-days"),
    ],
)
def test_few_listings_or_a_short_time_are_not_enough(times):
    state = after(*((time, [1]) for time in times))

    assert not is_gone(state, 2)


def test_presence_starts_it_all_anew():
    state = after((0 * DAY, [1]), (DAY, [1]), (2 * DAY, [1, 2]), (3 * DAY, [1]))

    assert not is_gone(state, 2)
    assert state.missing[2].listings == 1


def test_what_is_gone_may_come_back():
    gone = after(*((n * DAY, [1]) for n in range(3)))
    back = after((3 * DAY, [1, 2]), state=gone)

    assert is_gone(gone, 2)
    assert not is_gone(back, 2)


def test_an_empty_listing_is_never_believed():
    state = after(*((n * DAY, []) for n in range(30)))

    assert state == BOTH
    assert is_suspicious(state, [])
    nothing_known: Absence[int] = Absence()
    assert is_suspicious(nothing_known, [])


def test_an_empty_listing_in_between_changes_nothing():
    state = after((0 * DAY, [1]), (DAY, []), (2 * DAY, [1]))

    assert not is_gone(state, 2)
    assert is_gone(after((3 * DAY, [1]), state=state), 2)


def test_a_missing_entry_is_looked_for_soon_a_few_times_only():
    state, suspicions = BOTH, []
    for n in range(5):
        state = after((n * RELIST_AFTER, [1]), state=state)
        suspicions.append(is_suspicious(state, [1]))

    assert suspicions == [True, True, False, False, False]


def test_another_missing_entry_is_looked_for_soon_too():
    state = after(*((n * DAY, [1, 3]) for n in range(3)))

    assert not is_suspicious(state, [1, 3])
    assert is_suspicious(after((3 * DAY, [1]), state=state), [1])


def test_a_clock_that_was_set_back_starts_the_count_anew():
    state = after((30 * DAY, [1]), (31 * DAY, [1]), (0 * DAY, [1]), (DAY, [1]))

    assert state.missing[2].listings == 2
    assert not is_gone(state, 2)
    assert is_gone(after((2 * DAY, [1]), state=state), 2)


def test_what_was_never_known_is_not_gone():
    assert not is_gone(BOTH, 9)


@given(
    st.lists(
        st.tuples(st.timedeltas(0 * DAY, 9 * DAY), st.frozensets(st.integers(1, 4))),
        max_size=12,
    )
)
def test_whatever_comes_what_the_last_good_listing_names_is_there(listings):
    state = after(*listings)
    last: frozenset[int] = next(
        (keys for _, keys in reversed(listings) if keys), frozenset()
    )

    assert not any(is_gone(state, key) for key in last)
    assert state.missing.keys() == (state.known - last if last else set())
