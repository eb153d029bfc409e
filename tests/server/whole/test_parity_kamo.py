"""What the predecessor for KAMO answered is answered here: paths, parameters, fields.

Every test asks the whole server, which has collected KAMO's recording once over HTTP.
Further fields may stand beside the predecessor's; none of its own may be missing.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession

from energy_logger_server.domain.collecting.runs import RunRecord, Source
from energy_logger_simulator.faults.fault import Fault, FaultAction
from energy_logger_simulator.kamo.config import KamoConfig, KamoMode
from energy_logger_simulator.kamo.recording import (
    RECORDED_AT,
    recorded_grids,
    recorded_tables,
)
from tests.server.whole.conftest import StartWorld, World

OZARK = {"area_id": 1, "area_name": "Ozark Electric Cooperative"}
RUN_FIELDS = {
    "id",
    "started_at",
    "completed_at",
    "status",
    "load_records_imported",
    "load_records_skipped",
    "substation_records_imported",
    "substation_records_skipped",
    "error_message",
    "duration_seconds",
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A server that has collected the recording once.

    Attributes:
        world: The server.
        run: The run that did.
        stranger: A client that knows no key.
    """

    world: World
    run: RunRecord
    stranger: ClientSession

    async def ask(
        self, path: str, *, method: str = "GET", has_key: bool = False
    ) -> tuple[int, Any]:
        """Return status and JSON of an answer."""
        client = self.world.client if has_key else self.stranger
        async with client.request(method, f"{self.world.url}{path}") as response:
            return response.status, await response.json()

    async def get(self, path: str, *, has_key: bool = False) -> Any:
        """Return the JSON of an answer that must be a good one."""
        status, answer = await self.ask(path, has_key=has_key)
        assert status == 200, answer
        return answer


@pytest.fixture
async def recorded(start_world: StartWorld) -> AsyncIterator[Recorded]:
    kamo = KamoConfig(mode=KamoMode.RECORDED)
    async with start_world(at=RECORDED_AT, kamo=kamo) as world:
        run = await world.server.collecting.collect_now(Source.KAMO)
        async with ClientSession() as stranger:
            yield Recorded(world, run, stranger)


async def test_health_says_that_the_server_is_there(recorded: Recorded):
    answer = await recorded.get("/api/health")

    assert set(answer) == {"status", "timestamp", "version"}
    assert answer["status"] == "healthy"


async def test_status_tells_how_collecting_goes_and_what_is_stored(recorded: Recorded):
    answer = await recorded.get("/api/status")

    assert answer["status"] == "degraded"
    assert set(answer) >= {
        "uptime_seconds",
        "last_successful_import",
        "imports_last_24h",
        "success_rate_24h",
        "notifications_enabled",
        "poll_interval_minutes",
    }
    assert set(answer["last_import"]) >= RUN_FIELDS
    assert answer["last_import"]["status"] == "partial"
    stats = answer["database_stats"]
    assert (stats["total_load_records"], stats["total_substation_records"]) == (
        108,
        164,
    )
    assert stats["total_cooperatives"] == 20
    assert stats["database_size_mb"] > 0
    assert stats["oldest_record"] < stats["newest_record"]


async def test_cooperatives_are_listed_by_name(recorded: Recorded):
    answer = await recorded.get("/api/cooperatives")

    assert all(
        set(one) == {"id", "name", "abbreviation", "is_aggregate"} for one in answer
    )
    assert [one["name"] for one in answer] == sorted(one["name"] for one in answer)
    assert {one["id"] for one in answer if one["is_aggregate"]} == {18, 19, 20}


async def test_imports_are_a_bare_list_newest_first(recorded: Recorded):
    await recorded.world.server.collecting.collect_now(Source.KAMO)

    answer = await recorded.get("/api/imports?limit=10", has_key=True)

    assert [one["id"] for one in answer] == [recorded.run.id + 1, recorded.run.id]
    assert set(answer[0]) >= RUN_FIELDS
    assert answer[1]["load_records_imported"] == 108
    assert answer[1]["substation_records_imported"] == 164


async def test_an_import_can_be_deleted_from_the_log(recorded: Recorded):
    path = f"/api/imports/{recorded.run.id}"

    refused, _error = await recorded.ask(path, method="DELETE")
    deleted = await recorded.ask(path, method="DELETE", has_key=True)
    again, error = await recorded.ask(path, method="DELETE", has_key=True)

    assert refused == 401
    assert deleted == (200, {"success": True, "deleted_id": recorded.run.id})
    assert (again, error["error"]["code"]) == (404, "unknown_id")
    assert (await recorded.get("/api/load/history/1"))["count"] == 12


async def test_an_import_can_be_triggered_with_the_key(recorded: Recorded):
    path = "/api/import/trigger?source=kamo"

    refused, _error = await recorded.ask(path, method="POST")
    status, answer = await recorded.ask(path, method="POST", has_key=True)

    assert (refused, status) == (401, 200)
    assert set(answer) >= {
        "success",
        "load_imported",
        "load_skipped",
        "substations_imported",
        "substations_skipped",
        "duration_seconds",
        "error",
    }
    assert (answer["load_imported"], answer["load_skipped"]) == (0, 108)
    assert (answer["success"], answer["error"]) == (
        False,
        "19 of 37 series failed: missing",
    )


async def test_a_test_mail_says_what_is_missing(recorded: Recorded):
    refused, _error = await recorded.ask("/api/test-email", method="POST")
    status, answer = await recorded.ask("/api/test-email", method="POST", has_key=True)

    assert (refused, status) == (401, 409)
    assert "NOTIFICATION_EMAIL" in answer["error"]["message"]


async def test_next_import_is_reported(recorded: Recorded):
    assert "next_import" in await recorded.get("/api/next-import")


async def test_tables_are_listed_with_their_counts_but_not_the_settings(
    recorded: Recorded,
):
    answer = await recorded.get("/api/tables", has_key=True)

    assert set(answer) == {"tables"}
    counts = {one["name"]: one["count"] for one in answer["tables"]}
    assert counts["loads"] == 108
    assert counts["substation_readings"] == 164
    assert (counts["areas"], counts["runs"]) == (20, 1)
    assert all(one["description"] for one in answer["tables"])
    assert not [name for name in counts if "setting" in name]


async def test_a_table_is_shown_sorted_and_paged(recorded: Recorded):
    answer = await recorded.get(
        "/api/tables/loads?limit=2&offset=1&sort_by=load_kw&sort_order=desc",
        has_key=True,
    )

    loads = sorted(
        (
            load
            for grid in recorded_grids().values()
            for load in grid["chartLineData"][0]["data"]
        ),
        reverse=True,
    )
    assert set(answer) >= {"table", "columns", "data", "total", "limit", "offset"}
    assert [row["load_kw"] for row in answer["data"]] == loads[1:3]
    assert (answer["total"], answer["limit"], answer["offset"]) == (108, 2, 1)


async def test_the_current_load_of_an_area_is_reported(recorded: Recorded):
    answer = await recorded.get("/api/load/current/1")

    assert set(answer) >= {"area_id", "area_name", "load_kw", "timestamp"}
    assert answer["load_kw"] == 77096
    status, error = await recorded.ask("/api/load/current/99")
    assert (status, error["error"]["parameter"]) == (404, "area")


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("", 0, 12),
        ("hours=3", 9, 12),
        ("start=2026-01-03T20:00:00&end=2026-01-03T22:00:00", 4, 7),
        ("limit=3", 9, 12),
        ("hours=3&start=2020-01-01", 9, 12),
    ],
)
async def test_a_history_of_load_holds_the_newest_hours_in_order(
    recorded: Recorded, query: str, first: int, last: int
):
    answer = await recorded.get(f"/api/load/history/1?{query}")

    loads = recorded_grids()[1]["chartLineData"][0]["data"][first:last]
    assert set(answer) >= {"area_id", "area_name", "data", "count"}
    assert [row["load_kw"] for row in answer["data"]] == loads
    assert answer["count"] == len(loads)
    assert set(answer["data"][0]) >= {"timestamp", "load_kw"}


@pytest.mark.parametrize("period", ["day", "month", "year"])
async def test_peaks_are_the_highest_load_of_each_period(
    recorded: Recorded, period: str
):
    answer = await recorded.get(f"/api/load/peaks/1?period={period}&limit=5")

    loads = recorded_grids()[1]["chartLineData"][0]["data"]
    highest = max(loads)
    assert [set(one) for one in answer] == [
        {"area_id", "area_name", "peak_kw", "timestamp", "period"}
    ] * len(answer)
    # eight of the twelve hours lie in the evening, four behind midnight
    expected = [highest, max(loads[8:])] if period == "day" else [highest]
    assert [one["peak_kw"] for one in answer] == expected


async def test_figures_of_load_are_reported_for_the_last_hours(recorded: Recorded):
    loads = recorded_grids()[1]["chartLineData"][0]["data"]

    assert await recorded.get("/api/load/stats/1?hours=24") == {
        **OZARK,
        "period_hours": 24,
        "record_count": 12,
        "min_kw": min(loads),
        "max_kw": max(loads),
        "avg_kw": round(sum(loads) / 12, 2),
    }


async def test_the_current_substations_are_those_of_the_recording(recorded: Recorded):
    answer = await recorded.get("/api/substations/current/1")

    assert set(answer) >= {"area_id", "area_name", "snapshot_time", "substations"}
    assert [
        {
            "name": one["substation_name"],
            "kw": one["kw"],
            "kvar": one["kvar"],
            "pf": one["pf"],
            "quality": one["quality"],
            "qualityNow": one["quality_now"],
        }
        for one in answer["substations"]
    ] == sorted(recorded_tables()[1]["areaLoadData"], key=lambda one: one["name"])


async def test_a_history_of_substations_holds_the_newest_snapshots_first(
    recorded: Recorded,
):
    recorded.world.clock.advance(300)
    await recorded.world.server.collecting.collect_now(Source.KAMO)

    answer = await recorded.get("/api/substations/history/1?substation=Battlefield")
    last = await recorded.get("/api/substations/history/1?limit=1&hours=1")
    first = await recorded.get("/api/substations/history/1?end=2026-01-04T03:10:00")

    assert set(answer) >= {"area_id", "area_name", "snapshots", "count"}
    assert [one["snapshot_time"] for one in answer["snapshots"]] == [
        "2026-01-04T03:14:00-06:00",
        "2026-01-04T03:09:00-06:00",
    ]
    (row,) = answer["snapshots"][0]["substations"]
    assert set(row) >= {"name", "kw", "kvar", "pf"}
    assert (row["name"], row["kw"]) == ("Battlefield", 5182)
    assert last["snapshots"][0]["snapshot_time"] == "2026-01-04T03:14:00-06:00"
    assert len(last["snapshots"]) == len(first["snapshots"]) == 1


async def test_the_names_of_an_areas_substations_are_listed(recorded: Recorded):
    names = sorted(one["name"] for one in recorded_tables()[1]["areaLoadData"])

    assert await recorded.get("/api/substations/list/1") == {
        **OZARK,
        "substations": names,
        "count": 28,
    }


async def test_figures_of_a_substation_are_reported_for_the_last_hours(
    recorded: Recorded,
):
    answer = await recorded.get("/api/substations/stats/1/Battlefield?hours=24")

    assert answer == {
        **OZARK,
        "substation_name": "Battlefield",
        "period_hours": 24,
        "snapshot_count": 1,
        "min_kw": 5182,
        "max_kw": 5182,
        "avg_kw": 5182,
        "avg_pf": 0.8636,
    }


async def test_the_log_of_runs_says_why_each_area_failed(recorded: Recorded):
    run = await recorded.get(f"/api/runs/{recorded.run.id}", has_key=True)

    failed = {one["subject"] for one in run["failures"]}
    assert failed == {
        *(f"load/{area}" for area in range(10, 21)),
        *(f"substations/{area}" for area in range(10, 18)),
    }
    assert {one["code"] for one in run["failures"]} == {"missing"}
    assert run["counts"]["load"] == {"new": 108, "changed": 0, "unchanged": 0}


async def test_the_forecast_of_an_area_is_reported(start_world: StartWorld):
    async with start_world(at=RECORDED_AT) as world:
        await world.server.collecting.collect_now(Source.KAMO)
        answer: Any = await world.get("/api/load/forecast/1")

    assert answer["area_id"] == 1
    assert answer["count"] == len(answer["data"]) > 0
    now = "2026-01-04T03:00:00-06:00"
    assert all(row["timestamp"] >= now for row in answer["data"])


async def test_the_server_answers_while_its_first_run_waits_for_kamo(
    start_world: StartWorld,
):
    async with start_world(at=RECORDED_AT) as world:
        never = Fault(FaultAction.TIMEOUT, endpoint="kamo.areagrid", count=None)
        world.simulator.faults.add(never)
        run = asyncio.ensure_future(world.server.collecting.collect_now(Source.KAMO))
        while not world.simulator.requests.count("kamo.areagrid"):
            health: Any = await world.get("/api/health")
            assert health["status"] == "healthy"

        status: Any = await world.get("/api/status")

        assert not run.done()
        assert status["last_import"]["status"] == "running"
        run.cancel()
        await asyncio.wait({run})
