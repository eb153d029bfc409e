"""The recording of KAMO goes in over HTTP and comes out over HTTP."""

from datetime import UTC, datetime

import pytest

from energy_logger_server.domain.collecting.runs import Outcome, Source
from energy_logger_simulator.kamo.config import KamoConfig, KamoMode
from energy_logger_simulator.kamo.recording import (
    RECORDED_AT,
    recorded_grids,
    recorded_tables,
)


@pytest.fixture
async def recorded(start_world):
    """A server that has collected the recording once."""
    kamo = KamoConfig(mode=KamoMode.RECORDED)
    async with start_world(at=RECORDED_AT, kamo=kamo) as world:
        run = await world.server.collecting.collect_now(Source.KAMO)
        yield world, run


async def test_areas_that_answered_404_make_the_run_partial_not_lost(recorded):
    _world, run = recorded

    assert run.end.outcome is Outcome.PARTIAL
    failed = {failure.subject: failure.code for failure in run.end.failures}
    loads = {f"load/{area}" for area in range(10, 21)}
    tables = {f"substations/{area}" for area in range(10, 18)}
    assert failed == dict.fromkeys(loads | tables, "missing")
    assert run.end.counts.load.new == 108
    assert run.end.counts.substation.new == 164


async def test_the_current_load_of_area_1_is_the_recorded_one(recorded):
    world, _run = recorded

    answer = await world.get("/api/load/current/1")

    assert answer["load_kw"] == 77096
    assert answer["timestamp"] == "2026-01-04T03:00:00-06:00"


async def test_area_1_has_its_28_substations_with_the_recorded_values(recorded):
    world, _run = recorded

    answer = await world.get("/api/substations/current/1")

    assert len(answer["substations"]) == 28
    (battlefield,) = [
        one for one in answer["substations"] if one["substation_name"] == "Battlefield"
    ]
    assert (battlefield["kw"], battlefield["kvar"], battlefield["pf"]) == (
        5182,
        -3025,
        -0.86,
    )


async def test_all_loads_and_readings_equal_the_files(recorded):
    world, _run = recorded

    loads, readings = 0, 0
    for area, grid in recorded_grids().items():
        answer = await world.get(f"/api/load/history/{area}?hours=24")
        assert [one["load_kw"] for one in answer["data"]] == grid["chartLineData"][0][
            "data"
        ]
        loads += len(answer["data"])
        table = await world.get(f"/api/substations/current/{area}")
        assert sorted(
            (one["substation_name"], one["kw"], one["kvar"], one["pf"], one["quality"])
            for one in table["substations"]
        ) == sorted(
            (one["name"], one["kw"], one["kvar"], one["pf"], one["quality"])
            for one in recorded_tables()[area]["areaLoadData"]
        )
        readings += len(table["substations"])
    assert (loads, readings) == (108, 164)


async def test_the_times_of_the_loads_are_the_labels_of_the_recording(recorded):
    world, _run = recorded

    answer = await world.get("/api/load/history/1?hours=24")

    labels = [
        datetime.fromisoformat(one["timestamp"]).astimezone(UTC)
        for one in answer["data"]
    ]
    assert labels == [datetime(2026, 1, 3, 22 + n, tzinfo=UTC) for n in (0, 1)] + [
        datetime(2026, 1, 4, n, tzinfo=UTC) for n in range(10)
    ]
