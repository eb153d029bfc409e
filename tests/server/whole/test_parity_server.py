"""What the predecessors promised of exports and settings, and the defects they had.

Every test asks the whole server over HTTP. The defects are those that a study of both
predecessors measured or read in their code; each is named by what is right here.
"""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession

from energy_logger_server.domain.collecting.runs import Outcome, Source
from energy_logger_server.web.app import operations
from energy_logger_server.web.http.operation import Access
from energy_logger_simulator.faults.fault import Fault, FaultAction
from tests.server.whole.conftest import StartWorld, World


@pytest.fixture
async def world(start_world: StartWorld) -> AsyncIterator[World]:
    """A server that has collected KAMO once."""
    async with start_world() as started:
        await started.server.collecting.collect_now(Source.KAMO)
        yield started


async def send(
    world: World, method: str, path: str, body: object = None, *, has_key: bool = True
) -> tuple[int, Any]:
    """Return status and JSON of an answer."""
    async with (
        ClientSession() as stranger,
        (world.client if has_key else stranger).request(
            method, f"{world.url}{path}", json=body
        ) as answer,
    ):
        return answer.status, await answer.json()


async def exported(world: World, path: str) -> tuple[str, list[dict[str, str]]]:
    """Return the file's name and rows of an export as CSV."""
    async with world.client.get(f"{world.url}{path}") as answer:
        assert answer.status == 200
        text = await answer.text()
        name = answer.headers["Content-Disposition"]
    return name, [*csv.DictReader(io.StringIO(text, newline=""))]


async def test_load_is_exported_as_csv_with_the_predecessors_columns_first(
    world: World,
):
    name, rows = await exported(world, "/api/export/load/1")

    assert name == 'attachment; filename="load_OZEC_20260104T090900Z.csv"'
    assert [*rows[0]][:2] == ["timestamp", "load_kw"]
    assert len(rows) == 12


async def test_substations_are_exported_as_csv_with_the_predecessors_columns_first(
    world: World,
):
    _name, rows = await exported(world, "/api/export/substations/1")

    assert [*rows[0]][:7] == [
        "snapshot_time",
        "substation_name",
        "kw",
        "kvar",
        "pf",
        "quality",
        "quality_now",
    ]
    assert len(rows) == 28


@pytest.mark.parametrize("kind", ["load", "substations"])
async def test_an_export_as_json_has_the_predecessors_fields(world: World, kind: str):
    status, answer = await send(world, "GET", f"/api/export/{kind}/1?format=json")

    assert status == 200
    assert answer["area_id"] == 1
    assert answer["area_name"] == "Ozark Electric Cooperative"
    assert answer["exported_at"] == "2026-01-04T09:09:00+00:00"
    assert answer["record_count"] == len(answer["data"])


async def test_an_export_of_nothing_is_404_as_it_was(world: World):
    status, answer = await send(world, "GET", "/api/export/load/1?end=2020-01-01")

    assert (status, answer["error"]["code"]) == (404, "no_data")


async def test_settings_are_listed_with_description_type_and_default(world: World):
    status, answer = await send(world, "GET", "/api/settings")

    assert status == 200
    interval = answer["settings"]["POLL_INTERVAL_MINUTES"]
    assert interval["value"] == interval["default"] == 5
    assert interval["description"]
    assert interval["type"] == "integer"


async def test_one_setting_is_reported_by_its_predecessors_name(world: World):
    status, answer = await send(world, "GET", "/api/settings/poll_interval_minutes")

    assert (status, answer["value"]) == (200, 5)


async def test_a_setting_is_changed_and_reset(world: World):
    path = "/api/settings/poll_interval_minutes"

    assert await send(world, "PUT", path, {"value": 15}) == (
        200,
        {
            "key": "poll_interval_minutes",
            "value": 15,
            "success": True,
            "source": "saved",
            "applies": "now",
        },
    )
    status, answer = await send(world, "DELETE", path)
    assert (status, answer["reset"], answer["value"]) == (200, True, 5)


async def test_several_settings_are_changed_at_once(world: World):
    status, answer = await send(
        world,
        "POST",
        "/api/settings",
        {"settings": {"poll_interval_minutes": 10, "log_level": "WARNING"}},
    )

    assert status == 200
    assert answer["results"] == {"poll_interval_minutes": True, "log_level": True}


async def test_the_interval_that_is_saved_is_the_one_that_status_tells(world: World):
    await send(world, "PUT", "/api/settings/poll_interval_minutes", {"value": 30})

    _status, answer = await send(world, "GET", "/api/status")

    assert answer["poll_interval_minutes"] == 30


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
async def test_the_documentation_is_where_it_was(world: World, path: str):
    async with world.client.get(f"{world.url}{path}") as answer:
        assert answer.status == 200
        assert answer.url.path.startswith("/api/")


async def test_no_setting_gives_a_secret_away(world: World):
    for key in ("api_key", "API_KEY", "amber_api_key", "smtp_password"):
        status, answer = await send(world, "GET", f"/api/settings/{key}")
        assert (status, answer["value"]) == (200, None)
    status, _answer = await send(world, "GET", "/api/settings/model_config")
    assert status == 404


async def test_every_change_needs_the_key(world: World):
    # signing in changes nothing but what the browser itself keeps
    changes = [
        one
        for one in operations()
        if one.method != "GET" and one.path != "/api/session"
    ]

    assert changes
    for one in changes:
        path = one.path.replace("{", "").replace("}", "")
        status, _answer = await send(world, one.method, path, {}, has_key=False)
        assert status == 401, one.path
        assert one.access is Access.KEY


async def test_the_power_factor_of_many_is_that_of_their_sums(world: World):
    _status, now = await send(world, "GET", "/api/substations/current/1")
    kw = sum(row["kw"] for row in now["substations"])
    kvar = sum(row["kvar"] for row in now["substations"])

    assert now["total"]["pf"] == pytest.approx(
        kw / (kw * kw + kvar * kvar) ** 0.5, abs=1e-4
    )


async def test_the_repeated_autumn_hour_is_kept_twice(start_world: StartWorld):
    night = datetime(2026, 11, 1, 12, 9, tzinfo=UTC)
    async with start_world(at=night) as world:
        await world.server.collecting.collect_now(Source.KAMO)
        _status, answer = await send(
            world, "GET", "/api/load/history/1?start=2026-11-01&end=2026-11-01"
        )

    times = [row["timestamp"] for row in answer["data"]]
    assert "2026-11-01T01:00:00-05:00" in times
    assert "2026-11-01T01:00:00-06:00" in times


async def test_an_hour_that_runs_on_gets_its_later_value(world: World):
    _status, first = await send(world, "GET", "/api/load/current/1")
    world.clock.advance(3600)
    await world.server.collecting.collect_now(Source.KAMO)

    _status, later = await send(world, "GET", "/api/load/history/1?hours=3")

    by_time = {row["timestamp"]: row for row in later["data"]}
    assert first["is_settled"] is False
    assert by_time[first["timestamp"]]["is_settled"] is True


async def test_success_rates_are_of_the_last_day_and_week_not_since_midnight(
    world: World,
):
    world.simulator.faults.add(Fault(FaultAction.FORBIDDEN, count=None))
    failed = await world.server.collecting.collect_now(Source.KAMO)
    world.simulator.faults.clear()
    world.clock.advance(25 * 3600)
    await world.server.collecting.collect_now(Source.KAMO)

    _status, answer = await send(world, "GET", "/api/status")

    assert failed.end is not None
    assert failed.end.outcome is Outcome.FAILED
    assert answer["success_rate_24h"] == 100.0
    assert answer["success_rate_7d"] == pytest.approx(66.7, abs=0.1)


async def test_one_failing_area_makes_the_run_partial_and_is_named(world: World):
    world.simulator.faults.add(
        Fault(FaultAction.FORBIDDEN, endpoint="kamo.areagrid", owner="7", count=None)
    )
    run = await world.server.collecting.collect_now(Source.KAMO)

    _status, answer = await send(world, "GET", f"/api/runs/{run.id}")

    assert answer["status"] == "partial"
    assert [one["subject"] for one in answer["failures"]] == ["load/7"]


async def test_a_fresh_server_is_healthy(start_world: StartWorld):
    async with start_world() as fresh:
        _status, answer = await send(fresh, "GET", "/api/status")

    assert answer["status"] == "healthy"


async def test_a_short_history_holds_the_newest_rows(world: World):
    _status, answer = await send(world, "GET", "/api/load/history/1?limit=3")

    newest = [row["timestamp"] for row in answer["data"]]
    assert newest == [
        "2026-01-04T01:00:00-06:00",
        "2026-01-04T02:00:00-06:00",
        "2026-01-04T03:00:00-06:00",
    ]
    assert answer["truncated"] is True


async def test_a_zone_in_a_parameter_is_heeded(world: World):
    _status, utc = await send(
        world, "GET", "/api/load/history/1?start=2026-01-04T07:00:00Z"
    )
    _status, central = await send(
        world, "GET", "/api/load/history/1?start=2026-01-04T01:00:00"
    )

    assert utc["data"] == central["data"]
    assert utc["count"] == 3


@pytest.mark.parametrize("query", ["limit=-1", "hours=-5", "hours=0", "limit=99999"])
async def test_numbers_out_of_bounds_are_refused(world: World, query: str):
    status, answer = await send(world, "GET", f"/api/load/history/1?{query}")

    assert (status, answer["error"]["code"]) == (400, "invalid_parameter")
