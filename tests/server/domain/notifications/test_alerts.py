"""When the owner has to know of what collecting, store and start say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.domain.collecting.problems import Problem, ProblemCode
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.domain.collecting.status import CycleTimes, SourceStatus
from energy_logger_server.domain.health import StoreState
from energy_logger_server.domain.notifications.alerts import (
    Alert,
    AlertCode,
    Collected,
    FailedRuns,
    Observation,
    of_sources,
    of_startup,
    of_store,
)
from energy_logger_server.domain.startup import StartupProblem, StartupState

NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
STATUS = SourceStatus(
    source=Source.KAMO,
    interval_minutes=5,
    is_started=True,
    is_running=False,
    next_tick_at=None,
    refused_since=None,
    ticks_skipped=0,
    cycle_times=CycleTimes(count=1),
)
FAILING = (AlertCode.SOURCE_FAILING, "kamo")
REFUSED = (AlertCode.KEY_REFUSED, "kamo")
STORE_FAILING = (AlertCode.STORE_FAILING, "")
STORE_DAMAGED = (AlertCode.STORE_DAMAGED, "")


def of_kamo(status: SourceStatus | None, failed: FailedRuns) -> Observation:
    return of_sources({Source.KAMO: Collected(status, failed)})


@pytest.mark.parametrize(("count", "alerts"), [(0, 0), (2, 0), (3, 1), (300, 1)])
def test_a_source_fails_when_three_runs_in_a_row_got_nothing(count: int, alerts: int):
    seen = of_kamo(STATUS, FailedRuns(count, NOON if count else None))

    assert len(seen.alerts) == alerts
    assert all(one.key == FAILING and one.since == NOON for one in seen.alerts)


def test_a_failing_source_says_what_its_status_says():
    problem = Problem(ProblemCode.FAILING, "The last run got nothing (missing).", NOON)

    said = of_kamo(replace(STATUS, problems=(problem,)), FailedRuns(3, NOON))
    after_a_restart = of_kamo(STATUS, FailedRuns(3, NOON))

    assert said.alerts[0].message == problem.message
    assert after_a_restart.alerts[0].message == "The last runs got nothing."


def test_a_refused_key_is_one_thing_and_not_two():
    status = replace(STATUS, refused_since=NOON)

    seen = of_kamo(status, FailedRuns(9, NOON - MINUTE))

    assert [one.key for one in seen.alerts] == [REFUSED]
    assert seen.alerts[0].since == NOON
    assert seen.unknown == {FAILING}


def test_whether_a_key_is_refused_is_unknown_until_a_run_has_ended():
    fresh = replace(STATUS, cycle_times=CycleTimes())

    assert of_kamo(fresh, FailedRuns()) == Observation(unknown=frozenset({REFUSED}))
    assert of_kamo(STATUS, FailedRuns()) == Observation()


def test_nobody_is_told_of_a_source_that_is_switched_off():
    seen = of_kamo(None, FailedRuns(9, NOON))

    assert seen == Observation(withdrawn=frozenset({FAILING, REFUSED}))


def test_a_store_is_told_of_when_it_has_failed_for_a_while():
    state = StoreState().after_failure(NOON, "kamo", "its disk is full")

    soon = of_store(state, NOON + 4 * MINUTE, has_run=True)
    later = of_store(state, NOON + 5 * MINUTE, has_run=True)

    assert soon == Observation()
    assert later.alerts == (
        Alert(
            AlertCode.STORE_FAILING,
            "",
            "What is collected cannot be stored: its disk is full.",
            NOON,
        ),
    )
    assert later.unknown == {STORE_DAMAGED}


def test_a_store_that_was_opened_just_now_may_still_fail():
    seen = of_store(StoreState(), NOON, has_run=False)

    assert seen == Observation(unknown=frozenset({STORE_FAILING, STORE_DAMAGED}))


def test_damage_that_a_use_met_is_damage():
    state = StoreState().after_failure(
        NOON, "reading", "its file is damaged", is_damaged=True
    )

    seen = of_store(state, NOON + 5 * MINUTE, has_run=True)

    assert [one.key for one in seen.alerts] == [STORE_DAMAGED]


def startup(code: str) -> StartupState:
    problem = StartupProblem(code, "at /its/place: gone", "it is gone")
    return StartupState(NOON).after_failure(NOON, problem, is_retried=True)


def test_a_store_that_cannot_be_opened_is_told_of_after_a_while_and_without_its_place():
    state = startup("store_unavailable")

    soon, later = (of_startup(state, NOON + n * MINUTE) for n in (4, 5))

    assert soon.alerts == ()
    assert {STORE_FAILING, FAILING, REFUSED} <= soon.unknown
    assert [(one.key, one.message) for one in later.alerts] == [
        (STORE_FAILING, "The store cannot be opened: it is gone.")
    ]
    assert {STORE_DAMAGED, FAILING, REFUSED} <= later.unknown


def test_a_store_that_is_damaged_is_told_of_at_once():
    seen = of_startup(startup("store_damaged"), NOON)

    assert [one.key for one in seen.alerts] == [STORE_DAMAGED]


def test_opening_that_takes_its_time_is_nothing_to_tell():
    assert of_startup(StartupState(NOON), NOON + 60 * MINUTE).alerts == ()
