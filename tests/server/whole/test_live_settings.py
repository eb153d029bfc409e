"""Settings changed over the API while the whole server collects, in virtual time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from sqlalchemy import text

from energy_logger_server import app
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.virtual_time import VirtualClock
from tests.server.whole.conftest import settings_for

pytestmark = pytest.mark.virtual_time

START = datetime(2026, 3, 10, 2, 1, tzinfo=UTC)
"""12:01 NEM; ticks of a quarter of an hour come at 15, 30, 45 minutes."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that collects, its utilities, and a client with the key."""

    server: app.Server
    simulator: Simulator
    clock: VirtualClock
    client: ClientSession

    async def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Return status and JSON of an answer."""
        url = f"http://127.0.0.1:{self.server.port}{path}"
        async with self.client.request(method, url, json=body) as response:
            return response.status, await response.json()

    async def put(self, name: str, value: object) -> None:
        """Save a setting."""
        status, answer = await self.ask(
            "PUT", f"/api/settings/{name}", {"value": value}
        )
        assert status == 200, answer

    async def until(self, minute: float) -> None:
        """Wait until so many minutes after two o'clock."""
        at = START.replace(minute=0) + timedelta(minutes=minute)
        await asyncio.sleep((at - self.clock.now()).total_seconds())

    async def next_ticks(self) -> dict[str, str | None]:
        """Return the minute of each source's next run."""
        _status, answer = await self.ask("GET", "/api/next-import")
        return {
            source: tick and tick[14:16] for source, tick in answer["sources"].items()
        }

    async def runs(self, source: str) -> list[tuple[int, str]]:
        """Return minute and outcome of the runs at ticks, oldest first."""
        rows = await self.server.collecting.shared.store.read(
            lambda connection: connection.execute(
                text(
                    "SELECT started_at_ms, outcome FROM run"
                    " WHERE source = :source AND trigger = 'tick' ORDER BY id"
                ),
                {"source": source},
            ).all()
        )
        return [
            (datetime.fromtimestamp(at // 1000, UTC).minute, outcome)
            for at, outcome in rows
        ]


@pytest.fixture
def values() -> dict[str, str]:
    """What the environment sets besides the token."""
    return {}


@pytest.fixture
async def running(tmp_path: Path, values: dict[str, str]) -> AsyncIterator[Running]:
    """A server with both sources, collecting since ``START``."""
    clock = VirtualClock(START)
    simulator = Simulator(
        amber=AmberConfig(start=START, price_depth_days=2, usage_depth_days=2),
        kamo=KamoConfig(),
        now=clock.now,
    )
    async with serve(simulator) as base_url:
        settings = settings_for(tmp_path, base_url, **values)
        headers = {"X-API-Key": "a-key-for-the-tests"}
        async with (
            app.running(settings, clock) as server,
            ClientSession(headers=headers) as client,
        ):
            collecting = asyncio.ensure_future(server.collecting.run())
            yield Running(server, simulator, clock, client)
            collecting.cancel()
            with suppress(asyncio.CancelledError):
                await collecting


def copied(folder: Path) -> Path:
    """Return a folder with the store as a kill -9 at this moment would leave it."""
    copy = folder / "copy"
    copy.mkdir()
    for file in folder.glob("energy-logger.db*"):
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


async def is_running(running: Running, source: str) -> bool:
    _status, answer = await running.ask("GET", "/api/status")
    return bool(answer["sources"][source]["is_running"])


async def test_an_interval_that_is_changed_during_a_run_holds_from_the_next_tick_on(
    running: Running,
):
    await running.until(5.21)
    assert await is_running(running, "amber")

    await running.put("COLLECTION_INTERVAL_MINUTES", 15)
    await running.put("POLL_INTERVAL_MINUTES", 15)

    assert await running.next_ticks() == {"kamo": "15", "amber": "15"}
    await running.until(32)
    assert await running.runs("amber") == [
        (5, "success"),
        (15, "success"),
        (30, "success"),
    ]
    assert await running.runs("kamo") == [
        (5, "success"),
        (15, "success"),
        (30, "success"),
    ]
    _status, answer = await running.ask("GET", "/api/status")
    assert answer["poll_interval_minutes"] == 15
    assert answer["sources"]["amber"]["ticks_skipped"] == 0


async def test_quick_changes_cost_no_call_and_the_budget_is_carried_over(
    running: Running,
):
    await running.until(8)
    _status, before = await running.ask("GET", "/api/status")
    asked = len(running.simulator.requests)

    for interval in (10, 15, 30, 5):
        await running.put("COLLECTION_INTERVAL_MINUTES", interval)
    await running.put("FORECAST_HOURS_AHEAD", 2)
    await running.put("FORECAST_RETENTION_HOURS", 0)

    _status, after = await running.ask("GET", "/api/status")
    assert len(running.simulator.requests) == asked
    assert after["call_budget"] == before["call_budget"]
    assert before["call_budget"]["price"]["calls_made"] > 0
    assert (await running.next_ticks())["amber"] == "10"


async def test_kamo_is_switched_off_and_on_while_amber_goes_on(running: Running):
    await running.until(6)
    await running.put("KAMO_ENABLED", value=False)
    assert await running.next_ticks() == {"amber": "10"}
    status, answer = await running.ask("POST", "/api/import/trigger?source=kamo")
    assert (status, answer["error"]["code"]) == (409, "not_set_up")

    await running.until(16)
    status, _answer = await running.ask("DELETE", "/api/settings/kamo_enabled")
    await running.until(22)

    assert status == 200
    assert [minute for minute, _outcome in await running.runs("kamo")] == [5, 20]
    assert [minute for minute, _outcome in await running.runs("amber")] == [
        5,
        10,
        15,
        20,
    ]


async def test_what_was_saved_holds_after_a_restart(running: Running, tmp_path: Path):
    await running.put("POLL_INTERVAL_MINUTES", 30)
    await running.put("KAMO_SUBSTATION_AREAS", ["OZEC"])
    settings = settings_for(copied(tmp_path), "http://127.0.0.1:1")
    async with app.running(settings, running.clock) as server:
        [kamo] = [
            one
            for one in server.collecting.status().sources
            if one.source.value == "kamo"
        ]

        assert kamo.interval_minutes == 30
        assert server.deps.settings.poll_interval_minutes == 30


WITHOUT_TOKEN = pytest.mark.parametrize("values", [{"AMBER_API_KEY": ""}])
TOKEN = AmberConfig(start=START).token_valid


async def backfill_began_at(running: Running) -> str | None:
    """Return when the latest pass over history began."""
    _status, answer = await running.ask("GET", "/api/backfill")
    began: str | None = answer["started_at"]
    return began


def amber_requests(running: Running) -> int:
    """Return how often Amber was asked for anything."""
    return sum(one.endpoint.startswith("amber.") for one in running.simulator.requests)


@WITHOUT_TOKEN
async def test_a_token_that_is_entered_collects_at_once_without_a_restart(
    running: Running,
):
    await running.until(6)
    assert await running.next_ticks() == {"kamo": "10"}
    status, tried = await running.ask("POST", "/api/amber/try", {"token": TOKEN})
    assert status == 200

    await running.put("AMBER_API_KEY", TOKEN)
    await running.until(9)

    _status, answer = await running.ask("GET", "/api/sites")
    found = [site["id"] for site in answer["sites"]]
    assert found == [site["id"] for site in tried["sites"]]
    status, prices = await running.ask("GET", f"/api/prices/current/{found[0]}")
    assert (status, bool(prices["prices"])) == (200, True)
    assert await running.next_ticks() == {"kamo": "10", "amber": "10"}
    assert await backfill_began_at(running) is not None
    await running.until(13)
    assert await running.runs("amber") == [(10, "success")]
    _status, shown = await running.ask("GET", "/api/settings/AMBER_API_KEY")
    assert (shown["source"], shown["value"], shown["is_set"]) == ("saved", None, True)


@WITHOUT_TOKEN
async def test_a_token_that_is_taken_back_ends_collecting_and_nothing_else(
    running: Running,
):
    await running.put("AMBER_API_KEY", TOKEN)
    await running.until(6)
    status, _answer = await running.ask("DELETE", "/api/settings/AMBER_API_KEY")
    asked = amber_requests(running)
    await running.until(31)

    assert status == 200
    assert await running.next_ticks() == {"kamo": "35"}
    assert amber_requests(running) == asked > 0
    status, answer = await running.ask("POST", "/api/backfill/start")
    assert (status, answer["error"]["code"]) == (409, "not_set_up")


@pytest.mark.parametrize("values", [{"AMBER_API_KEY": "psk_" + "0" * 32}])
async def test_a_right_token_takes_the_place_of_a_refused_one(running: Running):
    await running.until(6)
    _status, before = await running.ask("GET", "/api/status")
    assert before["sources"]["amber"]["refused_since"] is not None
    status, answer = await running.ask(
        "POST", "/api/amber/try", {"token": "psk_" + "1" * 32}
    )
    assert (status, answer["error"]["code"]) == (422, "token_refused")

    await running.put("AMBER_API_KEY", TOKEN)
    await running.until(13)

    _status, after = await running.ask("GET", "/api/status")
    assert after["sources"]["amber"]["refused_since"] is None
    assert await running.runs("amber") == [(10, "success")]
    began_at = await backfill_began_at(running)
    assert began_at is not None
    assert began_at >= "2026-03-10T02:06"


@WITHOUT_TOKEN
async def test_kamo_stays_while_it_is_all_that_is_collected(running: Running):
    await running.put("AMBER_API_KEY", TOKEN)
    await running.put("KAMO_ENABLED", value=False)

    status, answer = await running.ask("DELETE", "/api/settings/AMBER_API_KEY")

    assert (status, answer["error"]["code"]) == (409, "nothing_to_collect")
