"""Live events of the whole server while it collects."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession

from energy_logger_server import app
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.amber.sites import SITE_B
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.virtual_time import VirtualClock
from tests.server.web.listener import Heard, Listener, listening
from tests.server.whole.conftest import KEY, settings_for

pytestmark = pytest.mark.virtual_time

START = datetime(2026, 4, 14, 8, 29, tzinfo=UTC)
"""A minute before a price spike of the simulated market."""


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    """Address of a server that collects from simulated utilities."""
    clock = VirtualClock(START)
    amber = AmberConfig(start=START, price_depth_days=2, usage_depth_days=2)
    async with serve(Simulator(amber=amber, now=clock.now)) as base_url:
        settings = settings_for(tmp_path, base_url)
        async with app.running(settings, clock) as server:
            collecting = asyncio.ensure_future(server.collecting.run())
            yield f"http://127.0.0.1:{server.port}"
            collecting.cancel()
            with suppress(asyncio.CancelledError):
                await collecting


async def until_run_of(listener: Listener, source: str) -> list[Heard]:
    """Return what is heard up to the end of a tick's run of a source."""
    heard: list[Heard] = []
    while (event := await listener.next()) is not None:
        heard.append(event)
        seen = (event.kind, event.fields.get("source"), event.fields.get("trigger"))
        if seen == ("run_finished", source, "tick"):
            break
    return heard


def numbers(heard: list[Heard]) -> list[int]:
    """Return the numbers in the events' ids."""
    return [int(event.id.rpartition("-")[2]) for event in heard]


async def test_a_client_hears_what_happens_and_comes_back_for_what_it_missed(url: str):
    events = f"{url}/api/events"
    async with ClientSession(headers={"X-API-Key": KEY}) as session:
        async with listening(session, events) as listener:
            heard = await until_run_of(listener, "amber")
        # two ticks pass
        await asyncio.sleep(600)
        last = listener.last_event_id
        async with listening(session, events, Last_Event_ID=last) as again:
            missed = await until_run_of(again, "kamo")
            missed += await until_run_of(again, "kamo")

    assert numbers(heard + missed) == list(range(1, len(heard + missed) + 1))
    assert {event.kind for event in heard} == {
        "run_finished",
        "new_price",
        "confirmed_price",
        "spike_started",
        "backfill_progress",
    }
    assert {event.fields["source"] for event in missed if "source" in event.fields} == {
        "amber",
        "kamo",
    }


async def test_who_hears_of_a_price_can_ask_for_it_at_once(url: str):
    wanted = f"{url}/api/events?types=new_price,confirmed_price"
    async with ClientSession(headers={"X-API-Key": KEY}) as session:
        async with listening(session, wanted) as listener:
            heard = [
                event
                for event in await listener.hear(8)
                if event.fields["site_id"] == SITE_B
            ]
        async with session.get(f"{url}/api/prices/current/{SITE_B}") as answer:
            stored = {
                price["channelType"]: price for price in (await answer.json())["prices"]
            }

    assert heard
    for event in heard:
        price = stored[event.fields["channelType"]]
        assert price["endTime"] == event.fields["endTime"]
