"""One word for how the server is doing."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.domain.collecting.runs import Outcome
from energy_logger_server.domain.health import (
    BOOKKEEPING,
    READING,
    Health,
    StoreState,
    health_of,
    success_percent,
)

GOOD, PARTIAL, BAD, CUT = (
    Outcome.SUCCESS,
    Outcome.PARTIAL,
    Outcome.FAILED,
    Outcome.INTERRUPTED,
)

NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("ended", "health"),
    [
        ([], Health.HEALTHY),
        ([GOOD], Health.HEALTHY),
        ([BAD, GOOD], Health.HEALTHY),
        ([GOOD, BAD], Health.DEGRADED),
        ([GOOD, PARTIAL], Health.DEGRADED),
        ([PARTIAL] * 9, Health.DEGRADED),
        ([BAD, CUT, GOOD], Health.UNHEALTHY),
        ([BAD], Health.UNHEALTHY),
    ],
)
def test_health_follows_the_runs_that_ended(ended: list[Outcome], health: Health):
    assert health_of(ended, StoreState()) is health


@pytest.mark.parametrize(
    ("ended", "percent"),
    [([], None), ([GOOD, PARTIAL, BAD], 33.3), ([GOOD], 100.0), ([BAD], 0.0)],
)
def test_the_rate_counts_successes_only(ended: list[Outcome], percent: float | None):
    assert success_percent(Counter(ended)) == percent


def test_a_store_that_fails_is_unhealthy_whatever_the_runs_before_it_were():
    store = StoreState().after_failure(NOON, "kamo", "its disk is full")

    assert health_of([GOOD] * 9, store) is Health.UNHEALTHY
    assert health_of([GOOD] * 9, StoreState()) is Health.HEALTHY


def test_a_store_fails_from_its_first_failure_on_and_for_its_last_reason():
    store = StoreState(NOON)
    store = store.after_failure(NOON + MINUTE, "kamo", "its disk is full")
    store = store.after_failure(NOON + 2 * MINUTE, "amber", "its disk is full")
    store = store.after_failure(NOON + 3 * MINUTE, "kamo", "its disk fails")

    assert store.failing_since == NOON + MINUTE
    assert store.cause == "its disk fails"
    assert store.last_write_at == NOON


@pytest.mark.parametrize(
    ("failed", "kept", "is_failing"),
    [
        ("kamo", "kamo", False),
        ("kamo", "amber", True),
        ("kamo", BOOKKEEPING, True),
        (BOOKKEEPING, "amber", False),
        (READING, BOOKKEEPING, False),
    ],
)
def test_a_source_works_again_when_a_whole_run_of_it_was_kept(
    failed: str, kept: str, *, is_failing: bool
):
    store = StoreState(NOON).after_failure(NOON, failed, "its disk is full")
    store = store.after_write(NOON + MINUTE, kept)

    assert store.is_failing is is_failing
    assert store.last_write_at == NOON + MINUTE


def test_a_read_says_nothing_of_writing():
    store = StoreState(NOON).after_failure(NOON, READING, "gone")
    assert store.after_read() == StoreState(NOON)

    store = store.after_failure(NOON, "kamo", "its disk is full").after_read()
    assert store.is_failing


def test_a_source_that_does_not_try_any_more_is_forgotten_after_an_hour():
    store = StoreState().after_failure(NOON, "kamo", "its disk is full")

    assert store.after_write(NOON + 59 * MINUTE, "amber").is_failing
    assert not store.after_write(NOON + 60 * MINUTE, "amber").is_failing
