"""``/api/imports`` and ``/api/runs``: the log of what was collected."""

import csv
import io
from typing import Any

import pytest

from energy_logger_server.domain.collecting.runs import (
    Failure,
    Outcome,
    Source,
    Trigger,
)
from energy_logger_server.store import Store
from energy_logger_server.web.datasets.run_answers import IMPORT_COLUMNS, RUN_COLUMNS
from tests.server.store.material import rows
from tests.server.web.answers import recording
from tests.server.web.conftest import Api

MISSING = Failure("load/10", "missing", "kamo answered 404")


async def numbers(api: Api, query: str) -> list[int]:
    """Return the numbers of the runs that a list shows."""
    return [run["id"] for run in await api.get(f"/api/imports?{query}")]


async def test_imports_are_a_bare_list_newest_first_with_the_known_fields(api: Api):
    await api.collector.run(*recording(), seconds=2.5)
    await api.collector.run(failures=[MISSING])

    newest, oldest = await api.get("/api/imports")

    assert tuple(newest) == IMPORT_COLUMNS
    assert (newest["id"], newest["status"]) == (2, "partial")
    assert newest["error_message"] == "1 of 3 series failed: missing"
    assert oldest == {
        "id": 1,
        "source": "kamo",
        "trigger": "tick",
        "started_at": "2026-01-04T09:09:00+00:00",
        "completed_at": "2026-01-04T09:09:02+00:00",
        "status": "success",
        "load_records_imported": 108,
        "load_records_skipped": 0,
        "substation_records_imported": 164,
        "substation_records_skipped": 0,
        "price_records_imported": 0,
        "price_records_skipped": 0,
        "usage_records_imported": 0,
        "usage_records_skipped": 0,
        "error_message": None,
        "duration_seconds": 2.5,
    }


async def test_a_run_tells_what_failed_and_what_it_brought(api: Api):
    await api.collector.run(*recording(), failures=[MISSING], series_total=30)

    run = await api.get("/api/runs/1")

    assert run["failures"] == [
        {"subject": "load/10", "code": "missing", "message": "kamo answered 404"}
    ]
    assert (run["series_total"], run["series_failed"], run["rejected"]) == (30, 1, 0)
    assert run["counts"]["load"] == {"new": 108, "changed": 0, "unchanged": 0}
    assert (await api.get("/api/runs")) == {
        "runs": [run],
        "count": 1,
        "truncated": False,
    }


async def test_a_run_under_way_is_shown_without_an_end(api: Api):
    await api.store.begin_run(Source.KAMO, Trigger.TICK, 5)

    (run,) = await api.get("/api/imports?status=running")

    assert (run["status"], run["completed_at"]) == ("running", None)
    assert run["duration_seconds"] is None
    assert (await api.get("/api/runs/1"))["failures"] == []


async def test_pages_lead_through_the_whole_log(api: Api):
    for _number in range(5):
        await api.collector.run()

    pages = await api.pages("/api/imports?limit=2")
    of_runs = await api.pages("/api/runs?limit=2&source=kamo")

    assert [[run["id"] for run in page] for page in pages] == [[5, 4], [3, 2], [1]]
    assert [page["truncated"] for page in of_runs] == [True, True, False]


async def test_fifty_runs_are_listed_when_nothing_is_said(api: Api):
    for _number in range(51):
        await api.collector.run()

    assert len(await api.get("/api/imports")) == 50


async def test_the_log_is_filtered_by_source_and_outcome(api: Api):
    await api.collector.run(source=Source.AMBER)
    await api.collector.run(failures=[MISSING])
    await api.collector.run(outcome=Outcome.FAILED)

    assert await numbers(api, "source=amber") == [1]
    assert await numbers(api, "status=partial") == [2]
    assert await numbers(api, "source=kamo&status=failed") == [3]
    assert await numbers(api, "source=amber&status=failed") == []


@pytest.mark.parametrize(
    ("path", "columns"), [("imports", IMPORT_COLUMNS), ("runs", RUN_COLUMNS)]
)
async def test_the_log_can_be_had_as_a_table(
    api: Api, path: str, columns: tuple[str, ...]
):
    await api.collector.run(failures=[MISSING])

    answer = await api.ask(f"/api/{path}?format=csv")

    read = csv.DictReader(io.StringIO(await answer.text()))
    (row,) = read
    assert tuple(read.fieldnames or ()) == columns
    assert (row["id"], row["status"]) == ("1", "partial")


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "status=bad", "source=x"])
async def test_wrong_parameters_are_named(api: Api, query: str):
    status, error = await api.error(f"/api/imports?{query}")

    assert (status, error["parameter"]) == (400, query.split("=", maxsplit=1)[0])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/imports"),
        ("DELETE", "/api/imports/1"),
        ("GET", "/api/runs"),
        ("GET", "/api/runs/1"),
    ],
)
async def test_the_log_needs_the_key(api: Api, method: str, path: str):
    await api.collector.run()

    status, _error = await api.error(path, method=method, key=None)

    assert status == 401
    assert await numbers(api, "") == [1]


async def test_a_run_that_is_taken_out_is_gone_but_not_what_it_brought(api: Api):
    await api.collector.run(*recording(), failures=[MISSING])

    answer = await api.get("/api/imports/1", method="DELETE")

    assert answer == {"success": True, "deleted_id": 1}
    assert await api.get("/api/imports") == []
    assert await rows(api.store, "SELECT count(*) FROM run_failure") == [(0,)]
    history = await api.get("/api/load/history/1")
    assert history["count"] == 12
    assert len((await api.get("/api/substations/current/1"))["substations"]) == 28
    assert (await api.get("/api/substations/history/1"))["count"] == 1
    shown = await api.get("/api/tables/substation_readings?limit=1&columns=run_id")
    assert shown["data"] == [{"run_id": 1}]


@pytest.mark.parametrize("number", ["7", "0", "x", "-1", "9" * 12, "1.5", "%00"])
@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/api/imports"), ("GET", "/api/runs")]
)
async def test_a_run_that_is_not_there_is_named_as_unknown(
    api: Api, method: str, path: str, number: str
):
    status, error = await api.error(f"{path}/{number}", method=method)

    assert (status, error["code"], error["parameter"]) == (404, "unknown_id", "id")


async def test_a_run_under_way_cannot_be_taken_out(api: Api):
    await api.store.begin_run(Source.KAMO, Trigger.TICK, 5)

    status, error = await api.error("/api/imports/1", method="DELETE")

    assert (status, error["code"]) == (409, "run_in_progress")
    assert await numbers(api, "") == [1]


async def test_a_run_that_somebody_else_took_out_meanwhile_is_unknown(
    api: Api, monkeypatch: pytest.MonkeyPatch
):
    await api.collector.run()

    async def gone(_store: Store, _run_id: int) -> bool:
        return False

    monkeypatch.setattr(Store, "remove_run", gone)

    status, error = await api.error("/api/imports/1", method="DELETE")

    assert (status, error["code"]) == (404, "unknown_id")


async def test_the_number_of_a_run_that_was_taken_out_is_not_given_again(api: Api):
    for _number in range(3):
        await api.collector.run()
    for number in (2, 3, 1):
        await api.get(f"/api/imports/{number}", method="DELETE")

    again: Any = await api.collector.run()

    assert again == 4
