"""When a list is read, and what is thought of one."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.api.absence import Missing
from energy_logger_server.api.models import Answer, RejectedRecord
from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.collect.listing import (
    ListingPlan,
    ListingState,
    assess_listing,
)
from energy_logger_simulator.settable_clock import SettableClock

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
WHOLE: Answer[object] = Answer((object(),), (), START)


@pytest.mark.parametrize(
    ("is_suspicious", "minutes", "is_due"),
    [
        (False, 9, False),
        (True, 9, False),
        (True, 10, True),
        (False, 11 * 60 + 59, False),
        (False, 12 * 60, True),
    ],
)
def test_a_list_is_read_daily_and_soon_after_a_doubtful_one(
    minutes: int, *, is_suspicious: bool, is_due: bool
):
    clock = SettableClock(START)
    plan = ListingPlan(clock, nem_date_at)
    assert plan.is_due()
    plan.record(clock.now(), is_suspicious=is_suspicious)

    clock.advance(minutes * 60)

    assert plan.is_due() is is_due


def test_a_doubt_has_a_list_read_soon_and_once():
    clock = SettableClock(START)
    plan = ListingPlan(clock, nem_date_at)
    plan.record(clock.now(), is_suspicious=False)
    plan.invalidate()
    clock.advance(600)
    assert plan.is_due()

    plan.record(clock.now(), is_suspicious=False)
    clock.advance(600)

    assert not plan.is_due()


def test_a_whole_list_lacks_nothing():
    assert assess_listing({"1": None}, WHOLE, {"1", "2"}) == ListingState(
        is_empty=False, missing=(), is_suspicious=False
    )


def test_an_empty_list_is_always_suspicious():
    empty: Answer[object] = Answer((), (), START)

    assert assess_listing({}, empty, ()) == ListingState(
        is_empty=True, missing=(), is_suspicious=True
    )
    assert assess_listing({"1": None}, empty, ()).missing == ("1",)


@pytest.mark.parametrize(
    ("listings", "hours", "missing", "is_suspicious"),
    [
        pytest.param(0, 0, ("1",), True, id="first-time"),
        pytest.param(1, 1, ("1",), True, id="second-time"),
        pytest.param(2, 2, ("1",), False, id="often-enough-to-wait"),
        pytest.param(2, 48, (), False, id="gone"),
    ],
)
def test_what_is_missing_is_asked_for_again_soon_and_then_waited_for(
    listings: int, hours: int, missing: tuple[str, ...], *, is_suspicious: bool
):
    since = START - timedelta(hours=hours)
    before = Missing(listings, since, since) if listings else None

    state = assess_listing({"1": before, "2": None}, WHOLE, {"2"})

    assert (state.missing, state.is_suspicious) == (missing, is_suspicious)


BROKEN: Answer[object] = Answer(
    (object(),), (RejectedRecord(0, "id is no number", "{}"),), START
)


@pytest.mark.parametrize(
    "known",
    [
        pytest.param({"1": None, "2": None}, id="one-is-not-in-the-rest"),
        pytest.param({"1": Missing(2, START, START), "2": None}, id="it-was-missing"),
        pytest.param({}, id="nothing-is-known-yet"),
    ],
)
def test_a_list_with_unreadable_records_says_nothing_of_what_it_lacks(
    known: Mapping[str, Missing | None],
):
    assert assess_listing(known, BROKEN, {"2"}) == ListingState(
        is_empty=False, is_partial=True, missing=(), is_suspicious=True
    )


def test_a_list_that_has_all_that_is_known_is_whole_though_a_record_is_unreadable():
    state = assess_listing({"2": None}, BROKEN, {"2", "3"})

    assert state == ListingState(is_empty=False, missing=(), is_suspicious=False)
