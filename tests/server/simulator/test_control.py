"""The simulator's control pages."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from energy_logger_server.clock import SystemClock
from energy_logger_simulator.faults.fault import Fault, FaultAction
from energy_logger_simulator.server import KamoConfig, Simulator, serve
from tests.server.simulator.running_amber import START, RunningAmber


@pytest.fixture
async def control(amber: RunningAmber) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"{amber.url}/_sim/") as session:
        yield session


async def send(control: aiohttp.ClientSession, path: str, body: Any) -> tuple[int, Any]:
    async with control.post(path, json=body) as response:
        return response.status, await response.json()


async def tell(control: aiohttp.ClientSession, path: str) -> Any:
    async with control.get(path) as response:
        assert response.status == 200
        return await response.json()


async def test_the_clock_can_be_read_set_and_advanced(
    amber: RunningAmber, control: aiohttp.ClientSession
) -> None:
    assert await tell(control, "clock") == {"now": START.isoformat()}

    status, answer = await send(control, "clock", {"now": "2026-10-01T10:00:00+10:00"})

    assert (status, answer) == (200, {"now": "2026-10-01T00:00:00+00:00"})
    await send(control, "clock", {"advance": 90.5})
    assert amber.clock.now() == datetime(2026, 10, 1, 0, 1, 30, 500_000, tzinfo=UTC)
    assert await amber.records("sites")


@pytest.mark.parametrize(
    "body",
    [
        {"now": "2026-10-01T10:00:00"},
        {"now": "soon"},
        {"advance": "1"},
        {"advance": True},
        {"advance": 1, "now": "2026-10-01T10:00:00Z"},
        [],
    ],
)
async def test_a_clock_is_not_set_to_nonsense(
    amber: RunningAmber, control: aiohttp.ClientSession, body: Any
) -> None:
    status, answer = await send(control, "clock", body)

    assert status == 400
    assert answer["message"]
    assert amber.clock.now() == START


async def test_a_clock_that_runs_by_itself_cannot_be_set() -> None:
    simulator = Simulator(kamo=KamoConfig(), now=SystemClock().now)

    async with (
        serve(simulator) as url,
        aiohttp.ClientSession(f"{url}/_sim/") as control,
    ):
        status, answer = await send(control, "clock", {"advance": 1})

    assert status == 409
    assert "cannot be set" in answer["message"]


async def test_faults_can_be_added_listed_and_dropped(
    amber: RunningAmber, control: aiohttp.ClientSession
) -> None:
    one = {"action": "500", "endpoint": "kamo.area", "count": 3, "nth": 2}
    two = {"action": "slow", "probability": 0.5, "options": {"seconds": 2}}

    status, answer = await send(control, "faults", [one, two])

    assert status == 200
    assert answer == await tell(control, "faults")
    assert [fault["action"] for fault in answer] == ["500", "slow"]
    assert amber.simulator.faults.pending() == (
        Fault(FaultAction.SERVER_ERROR, "kamo.area", nth=2, count=3),
        Fault(FaultAction.SLOW, probability=0.5, options={"seconds": 2}),
    )
    async with control.delete("faults") as response:
        assert await response.json() == []
    assert amber.simulator.faults.pending() == ()


async def test_one_fault_befalls_both_utilities(
    amber: RunningAmber, control: aiohttp.ClientSession
) -> None:
    await send(control, "faults", {"action": "500", "count": 2})

    kamo = await amber.session.get(f"{amber.url}/kamo/api/area")

    assert kamo.status == 500
    assert (await amber.get("sites")).status == 500
    assert (await amber.get("sites")).status == 200


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (1, "object"),
        ({"action": "explode"}, "action"),
        ({}, "action"),
        ({"action": "500", "when": 1}, "when"),
        ({"action": "500", "count": "1"}, "count"),
        ({"action": "500", "nth": True}, "nth"),
        ([{"action": "500"}, {"action": "500", "options": []}], "options"),
    ],
)
async def test_a_fault_that_makes_no_sense_is_refused(
    amber: RunningAmber, control: aiohttp.ClientSession, body: Any, word: str
) -> None:
    status, answer = await send(control, "faults", body)

    assert status == 400
    assert word in answer["message"]
    assert amber.simulator.faults.pending() == ()


async def test_a_body_that_is_no_json_is_refused(
    control: aiohttp.ClientSession,
) -> None:
    async with control.post("faults", data=b"{") as response:
        assert response.status == 400


async def test_counters_can_be_reset(
    amber: RunningAmber, control: aiohttp.ClientSession
) -> None:
    await amber.get("sites")

    async with control.post("counters/reset") as response:
        assert response.status == 204

    reply = await amber.get("sites")
    assert reply.headers["RateLimit-Remaining"] == "49"


async def test_the_request_log_can_be_read_and_dropped(
    amber: RunningAmber, control: aiohttp.ClientSession
) -> None:
    await amber.get("sites")
    amber.clock.advance(60)
    await amber.session.get(f"{amber.url}/kamo/api/areagrid/1")

    answer = await tell(control, "requests")
    of_amber = await tell(control, "requests?endpoint=amber.sites")

    assert [(one["endpoint"], one["owner"], one["status"]) for one in answer] == [
        ("amber.sites", None, 200),
        ("kamo.areagrid", "1", 200),
    ]
    assert answer[1]["at"] == (START + timedelta(seconds=60)).isoformat()
    assert of_amber == answer[:1]
    async with control.delete("requests") as response:
        assert response.status == 204
    assert await tell(control, "requests") == []


async def test_a_port_that_is_taken_is_reported(amber: RunningAmber) -> None:
    port = int(amber.url.rsplit(":", 1)[1])

    with pytest.raises(OSError, match="address already in use"):
        async with serve(amber.simulator, port=port):
            raise AssertionError
