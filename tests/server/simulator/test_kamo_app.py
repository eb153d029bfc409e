"""The simulated KAMO over HTTP: shapes, labels, both DST nights, faults, recording."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web

from energy_logger_simulator.faults.fault import Fault, FaultAction
from energy_logger_simulator.faults.plan import FaultPlan
from energy_logger_simulator.kamo.answers import kamo_answers
from energy_logger_simulator.kamo.app import kamo_routes
from energy_logger_simulator.kamo.config import KamoConfig, KamoMode
from energy_logger_simulator.kamo.recording import (
    RECORDED_AT,
    recorded_area_list,
    recorded_grids,
    recorded_tables,
)
from energy_logger_simulator.request_log import RequestLog
from energy_logger_simulator.settable_clock import SettableClock

LIVE = KamoConfig()
RECORDED = KamoConfig(mode=KamoMode.RECORDED)
CENTRAL = ZoneInfo("America/Chicago")


@dataclass(frozen=True, slots=True)
class SimulatedKamo:
    """A running simulator and what a test may do to it."""

    session: aiohttp.ClientSession
    clock: SettableClock
    faults: FaultPlan
    requests: RequestLog

    async def get(self, path: str) -> aiohttp.ClientResponse:
        """Return an answer whose body has been read."""
        async with self.session.get(f"kamo/api/{path}") as response:
            await response.read()
            return response

    async def load(self, path: str) -> Any:
        """Return the parsed body of an answer that must be a good one."""
        response = await self.get(path)
        assert response.status == 200
        return await response.json()


type Start = Callable[[KamoConfig], Awaitable[SimulatedKamo]]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    async with AsyncExitStack() as stack:

        async def started(config: KamoConfig) -> SimulatedKamo:
            clock = SettableClock(RECORDED_AT)
            faults = FaultPlan()
            requests = RequestLog(clock.now)
            app = web.Application()
            app.add_routes(kamo_routes(config, clock.now, faults, requests))
            runner = web.AppRunner(app)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
            session = aiohttp.ClientSession(base_url=address)
            await stack.enter_async_context(session)
            return SimulatedKamo(session, clock, faults, requests)

        yield started


@pytest.fixture
async def live(start: Start) -> SimulatedKamo:
    return await start(LIVE)


@pytest.fixture
async def recorded(start: Start) -> SimulatedKamo:
    return await start(RECORDED)


def grid_at(at: datetime, config: KamoConfig = LIVE, area_id: int = 1) -> Any:
    body = kamo_answers(config, lambda: at).grid(area_id)
    assert body is not None
    return json.loads(body)


def shape_of(value: Any) -> Any:
    """Return names, order and types of a JSON value, of lists their first item."""
    if isinstance(value, dict):
        return [(name, shape_of(inner)) for name, inner in value.items()]
    if isinstance(value, list):
        return [shape_of(item) for item in value[:1]]
    return type(value)


async def test_the_area_list_is_the_recorded_one(live):
    assert await live.load("area") == recorded_area_list()


async def test_live_answers_have_the_shape_of_recorded_ones(live):
    grid, table = await live.load("areagrid/1"), await live.load("arealoadtable/1")

    assert shape_of(grid) == shape_of(recorded_grids()[1])
    assert shape_of(table) == shape_of(recorded_tables()[1])


async def test_measured_load_covers_twelve_hours_like_the_recording(live):
    grid = await live.load("areagrid/1")
    recording = recorded_grids()[1]

    actual = grid["chartLineData"][0]
    assert actual["label"] == "Actual"
    assert len(actual["data"]) == 12
    assert grid["lineChartLabels"][:12] == recording["lineChartLabels"]


async def test_the_forecast_covers_all_hours(live):
    grid = await live.load("areagrid/20")

    forecast = grid["chartLineData"][1]
    assert forecast["label"] == "Forecast"
    assert len(forecast["data"]) == len(grid["lineChartLabels"]) == 36


def test_look_back_horizon_and_name_of_the_forecast_can_be_chosen():
    config = KamoConfig(look_back_hours=6, forecast_hours=2, forecast_label="Predicted")

    grid = grid_at(RECORDED_AT, config)

    lengths = {line["label"]: len(line["data"]) for line in grid["chartLineData"]}
    assert lengths == {"Actual": 6, "Predicted": 8}
    assert len(grid["lineChartLabels"]) == 8


def test_without_a_horizon_there_is_no_forecast():
    grid = grid_at(RECORDED_AT, KamoConfig(forecast_hours=0))

    assert [line["label"] for line in grid["chartLineData"]] == ["Actual"]
    assert len(grid["lineChartLabels"]) == 12


def test_in_autumn_the_repeated_hour_has_its_label_twice():
    # 1:00 comes at 06:00 and at 07:00 UTC
    labels = grid_at(datetime(2026, 11, 1, 10, tzinfo=UTC))["lineChartLabels"]

    night = [label for label in labels if label.startswith("11/01/2026")][:5]
    assert night == [f"11/01/2026 {hour}:00" for hour in (0, 1, 1, 2, 3)]


def test_in_spring_the_skipped_hour_is_absent():
    labels = grid_at(datetime(2026, 3, 8, 10, tzinfo=UTC))["lineChartLabels"]

    night = [label for label in labels if label.startswith("03/08/2026")][:4]
    assert night == [f"03/08/2026 {hour}:00" for hour in (0, 1, 3, 4)]


@pytest.mark.parametrize(
    "noon",
    [
        datetime(2026, 3, 8, 12, tzinfo=CENTRAL),
        datetime(2026, 11, 1, 12, tzinfo=CENTRAL),
    ],
    ids=["spring", "autumn"],
)
def test_on_both_nights_answers_of_an_hour_earlier_agree(noon):
    for hours in range(1, 14):
        at = noon.astimezone(UTC) - timedelta(hours=hours)
        earlier, later = grid_at(at), grid_at(at + timedelta(hours=1))

        assert earlier["lineChartLabels"][1:] == later["lineChartLabels"][:-1]
        settled = earlier["chartLineData"][0]["data"][1:-1]
        assert settled == later["chartLineData"][0]["data"][:-2]


def test_the_running_hour_is_the_last_measured_one_and_moves():
    at = RECORDED_AT.replace(minute=0)
    values: list[Sequence[float]] = [
        grid_at(at + timedelta(minutes=3 * step))["chartLineData"][0]["data"]
        for step in range(20)
    ]

    assert len({tuple(data[:-1]) for data in values}) == 1
    assert len({data[-1] for data in values}) == 20


async def test_substations_are_read_anew_every_three_minutes(live):
    first = await live.load("arealoadtable/3")
    live.clock.advance(179)
    again = await live.load("arealoadtable/3")
    live.clock.advance(1)
    anew = await live.load("arealoadtable/3")

    assert first == again
    assert first != anew
    assert {(row["quality"], row["qualityNow"]) for row in anew["areaLoadData"]} == {
        (False, False)
    }


async def test_a_clock_that_goes_back_shows_what_it_showed(live):
    first = await live.load("areagrid/3")
    live.clock.advance(600)
    assert await live.load("areagrid/3") != first
    live.clock.advance(-600)

    assert await live.load("areagrid/3") == first


async def test_an_aggregate_has_an_empty_table(live):
    assert await live.load("arealoadtable/18") == {"Id": 18, "areaLoadData": []}


@pytest.mark.parametrize(
    "area_id", ["0", "21", "-1", "abc", "1.0", "\N{SUPERSCRIPT TWO}"]
)
@pytest.mark.parametrize("page", ["areagrid", "arealoadtable"])
async def test_an_unknown_area_is_404_in_json(live, page, area_id):
    response = await live.get(f"{page}/{area_id}")

    assert response.status == 404
    assert response.content_type == "application/json"
    assert "message" in await response.json()


async def test_answers_carry_type_and_simulated_date(live):
    live.clock.set(datetime(2031, 5, 6, 7, 8, 9, tzinfo=CENTRAL))

    for path in ("area", "areagrid/1", "arealoadtable/1", "areagrid/99"):
        response = await live.get(path)

        assert response.headers["Content-Type"] == "application/json; charset=utf-8"
        assert response.headers["Date"] == "Tue, 06 May 2031 12:08:09 GMT"


async def test_requests_are_logged_by_area(live):
    await live.get("area")
    await live.get("areagrid/4")
    await live.get("arealoadtable/4")
    await live.get("arealoadtable/99")

    assert [(entry.endpoint, entry.owner, entry.at) for entry in live.requests] == [
        ("kamo.area", None, RECORDED_AT),
        ("kamo.areagrid", "4", RECORDED_AT),
        ("kamo.arealoadtable", "4", RECORDED_AT),
        ("kamo.arealoadtable", "99", RECORDED_AT),
    ]


async def test_a_fault_befalls_one_area_and_leaves_the_others(live):
    live.faults.add(Fault(FaultAction.SERVER_ERROR, "kamo.areagrid", owner="2"))

    statuses = [
        (await live.get(path)).status
        for path in ("areagrid/1", "areagrid/2", "arealoadtable/2", "areagrid/2")
    ]

    assert statuses == [200, 500, 200, 200]


async def test_the_area_list_can_fail_too(live):
    live.faults.add(Fault(FaultAction.HTML200, "kamo.area"))

    response = await live.get("area")

    assert response.status == 200
    assert response.content_type == "text/html"


def table_fault(action: FaultAction, **options: Any) -> Fault:
    return Fault(action, "kamo.arealoadtable", options=options)


def grid_fault(action: FaultAction, **options: Any) -> Fault:
    return Fault(action, "kamo.areagrid", options=options)


async def test_one_row_of_a_table_can_be_spoilt(live):
    whole = await live.load("arealoadtable/1")
    live.faults.add(table_fault(FaultAction.WRONG_TYPE, index=3, field="kw"))

    spoilt = await live.load("arealoadtable/1")

    assert isinstance(spoilt["areaLoadData"][3]["kw"], str)
    del whole["areaLoadData"][3], spoilt["areaLoadData"][3]
    assert spoilt == whole


async def test_the_list_of_a_table_can_be_missing(live):
    live.faults.add(table_fault(FaultAction.MISSING, field="areaLoadData", whole=True))

    assert await live.load("arealoadtable/1") == {"Id": 1}


async def test_unknown_fields_can_appear_in_every_row(live):
    live.faults.add(table_fault(FaultAction.EXTRA))

    table = await live.load("arealoadtable/1")

    assert all("unheardOf" in row for row in table["areaLoadData"])


async def test_one_series_of_a_grid_can_be_spoilt(live):
    live.faults.add(grid_fault(FaultAction.MISSING, index=1, field="data"))

    grid = await live.load("areagrid/1")

    assert [sorted(line) for line in grid["chartLineData"]] == [
        ["data", "label"],
        ["label"],
    ]


@pytest.mark.parametrize(
    ("action", "options", "spoil"),
    [
        (FaultAction.WRONG_TYPE, {"value": None}, lambda d: [*d[:3], None, *d[4:]]),
        (FaultAction.WRONG_TYPE, {}, lambda d: [*d[:3], f"about {d[3]}", *d[4:]]),
        (FaultAction.MISSING, {}, lambda d: [*d[:3], *d[4:]]),
        (FaultAction.DUPLICATE, {}, lambda d: [*d[:4], *d[3:]]),
    ],
    ids=["null", "text", "missing", "duplicate"],
)
async def test_one_load_of_a_series_can_be_spoilt(live, action, options, spoil):
    whole = await live.load("areagrid/1")
    live.faults.add(grid_fault(action, point=3, **options))

    spoilt = await live.load("areagrid/1")

    before, after = whole["chartLineData"], spoilt["chartLineData"]
    assert after[0]["data"] == spoil(before[0]["data"])
    assert after[1] == before[1]


async def test_one_load_can_be_no_number(live):
    live.faults.add(grid_fault(FaultAction.NAN, point=0, index=1))

    text = await (await live.get("areagrid/1")).text()

    assert text.count("NaN") == 1


async def test_one_label_can_be_spoilt(live):
    live.faults.add(grid_fault(FaultAction.WRONG_TYPE, label_at=2, value="noon"))

    grid = await live.load("areagrid/1")

    assert grid["lineChartLabels"][2] == "noon"


async def test_load_can_be_stuck_in_the_past(live):
    whole = await live.load("areagrid/1")
    live.faults.add(
        grid_fault(FaultAction.STUCK_LOAD, newest=whole["lineChartLabels"][4])
    )

    grid = await live.load("areagrid/1")

    actual, forecast = grid["chartLineData"]
    assert actual["data"] == whole["chartLineData"][0]["data"][:5]
    assert forecast == whole["chartLineData"][1]
    assert grid["lineChartLabels"] == whole["lineChartLabels"]


async def test_a_fault_that_makes_no_sense_for_one_load_is_a_server_error(live, caplog):
    live.faults.add(grid_fault(FaultAction.NEW_ENUM, point=2))

    response = await live.get("areagrid/1")

    assert response.status == 500
    assert "not a fault" in caplog.text


async def test_the_recording_is_answered_as_it_was(recorded):
    assert await recorded.load("area") == recorded_area_list()
    for area_id in range(1, 10):
        assert await recorded.load(f"areagrid/{area_id}") == recorded_grids()[area_id]
        assert (
            await recorded.load(f"arealoadtable/{area_id}")
            == (recorded_tables()[area_id])
        )


async def test_numbers_of_the_recording_are_written_as_recorded(recorded):
    response = await recorded.get("areagrid/1")

    assert "77096.0]" in await response.text()


async def test_the_recording_has_108_loads_and_164_readings(recorded):
    loads, readings = 0, 0
    for area_id in range(1, 10):
        grid = await recorded.load(f"areagrid/{area_id}")
        table = await recorded.load(f"arealoadtable/{area_id}")
        loads += sum(len(line["data"]) for line in grid["chartLineData"])
        readings += len(table["areaLoadData"])

    assert (loads, readings) == (108, 164)


async def test_what_was_not_recorded_is_404(recorded):
    statuses = {
        (await recorded.get(f"{page}/{area_id}")).status
        for page in ("areagrid", "arealoadtable")
        for area_id in range(10, 21)
    }

    assert statuses == {404}


async def test_the_recording_does_not_follow_the_clock(recorded):
    before = await recorded.load("areagrid/1")
    recorded.clock.advance(86_400)

    assert await recorded.load("areagrid/1") == before
