"""``/api/next-import`` and ``/api/import/trigger``."""

from dataclasses import replace
from datetime import timedelta

from energy_logger_server.domain.collecting.runs import (
    Failure,
    KindCounts,
    Outcome,
    RunEnd,
    RunRecord,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.web.conftest import Api

TRIGGER = "/api/import/trigger"


def run_of(source: Source, *failures: Failure, counts: WriteCounts) -> RunRecord:
    """Return a run of a quarter second."""
    return RunRecord(
        id=7,
        source=source,
        trigger=Trigger.MANUAL,
        interval_minutes=5,
        started_at=RECORDED_AT,
        end=RunEnd(
            finished_at=RECORDED_AT + timedelta(milliseconds=250),
            outcome=Outcome.PARTIAL if failures else Outcome.SUCCESS,
            series_total=4,
            failures=failures,
            counts=counts,
        ),
    )


KAMO_RUN = run_of(
    Source.KAMO,
    counts=WriteCounts(load=KindCounts(2, 1, 9), substation=KindCounts(20, 0, 0)),
)
AMBER_RUN = run_of(
    Source.AMBER,
    Failure("usage/01ABC", "unreachable", "no answer in 30 s"),
    counts=WriteCounts(price=KindCounts(1, 0, 2), usage=KindCounts(0, 4, 8)),
)


async def test_the_next_import_is_the_earliest_tick(api: Api):
    api.collecting.set_up(Source.KAMO, next_tick_at=RECORDED_AT + timedelta(minutes=6))
    api.collecting.set_up(Source.AMBER, next_tick_at=RECORDED_AT + timedelta(minutes=1))

    assert await api.get("/api/next-import", key=None) == {
        "next_import": "2026-01-04T09:10:00+00:00",
        "sources": {
            "kamo": "2026-01-04T09:15:00+00:00",
            "amber": "2026-01-04T09:10:00+00:00",
        },
    }


async def test_without_a_schedule_there_is_no_next_import(api: Api):
    api.collecting.set_up(Source.KAMO)

    assert await api.get("/api/next-import", key=None) == {
        "next_import": None,
        "sources": {"kamo": None},
    }


async def test_a_trigger_runs_every_source_that_is_set_up(api: Api):
    api.collecting.set_up(Source.KAMO, Source.AMBER)
    api.collecting.runs = {Source.KAMO: KAMO_RUN, Source.AMBER: AMBER_RUN}

    answer = await api.get(TRIGGER, method="POST")

    runs = answer.pop("runs")
    assert answer == {
        "success": False,
        "load_imported": 3,
        "load_skipped": 9,
        "substations_imported": 20,
        "substations_skipped": 0,
        "prices_imported": 1,
        "prices_skipped": 2,
        "usage_imported": 4,
        "usage_skipped": 8,
        "duration_seconds": 0.5,
        "error": "1 of 4 series failed: unreachable",
    }
    assert [(run["source"], run["status"]) for run in runs] == [
        ("kamo", "success"),
        ("amber", "partial"),
    ]
    assert runs[1]["failures"] == [
        {
            "subject": "usage/01ABC",
            "code": "unreachable",
            "message": "no answer in 30 s",
        }
    ]


async def test_a_trigger_can_be_for_one_source(api: Api):
    api.collecting.set_up(Source.KAMO, Source.AMBER)
    api.collecting.runs = {Source.KAMO: KAMO_RUN}

    answer = await api.get(f"{TRIGGER}?source=kamo", method="POST")

    assert (answer["success"], answer["error"]) == (True, None)
    assert api.collecting.asked == [Source.KAMO]


async def test_a_trigger_while_a_run_is_under_way_starts_nothing(api: Api):
    api.collecting.set_up(Source.KAMO)
    api.collecting.set_up(Source.AMBER, is_running=True)
    api.collecting.runs = {Source.KAMO: KAMO_RUN}

    status, error = await api.error(TRIGGER, method="POST")

    assert (status, error["code"]) == (409, "run_in_progress")
    assert error["message"] == "a run of amber is under way: wait for its end"
    assert api.collecting.asked == []


async def test_a_run_that_began_in_the_meantime_is_a_conflict_too(api: Api):
    api.collecting.set_up(Source.KAMO)

    status, error = await api.error(TRIGGER, method="POST")

    assert (status, error["code"], error["parameter"]) == (
        409,
        "run_in_progress",
        "source",
    )


async def test_a_source_that_is_not_set_up_cannot_be_triggered(api: Api):
    api.collecting.set_up(Source.KAMO)

    status, error = await api.error(f"{TRIGGER}?source=amber", method="POST")

    assert (status, error["code"]) == (409, "not_set_up")


async def test_an_unknown_source_is_refused(api: Api):
    status, error = await api.error(f"{TRIGGER}?source=sun", method="POST")

    assert (status, error["parameter"]) == (400, "source")


async def test_a_run_whose_end_is_not_logged_brings_nothing_yet(api: Api):
    api.collecting.set_up(Source.KAMO)
    api.collecting.runs = {Source.KAMO: replace(KAMO_RUN, end=None)}

    answer = await api.get(TRIGGER, method="POST")

    assert (answer["load_imported"], answer["duration_seconds"]) == (0, 0)
    assert answer["runs"][0]["status"] == "running"
