"""A Home Assistant linked to the real server, which collects from the utilities."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, override

import pytest
import pytest_socket
from aiohttp import ClientSession
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_logger.api import endpoints
from custom_components.energy_logger.entries import live_events
from tests.integration.conftest import ROOT, Utilities, World

KEY = "key-of-the-simulated-server"
LATE = datetime(2026, 1, 4, 9, 9, 40, tzinfo=UTC)
"""Late in a five-minute interval: a run of the server finds its prices confirmed."""

HALF_HOUR_SITE = "01S1MS1TEA0000000000000000"
FIVE_MINUTE_SITE = "01S1MS1TEB0000000000000000"
OZARK, LAKE = 1, 2
"""Areas."""

_LIVE_EVENTS = "live events"
_MOST_LOOKS = 10_000
_LOOKS_UNTIL_HEARD = 50
_LOOKS_A_STEP = 250


@dataclass(frozen=True, slots=True)
class LaunchedServer:
    """The real server, as a process that does what a test says.

    Attributes:
        url: Where it answers.
        control: Where it is told what to do.
        session: For that.
    """

    url: str
    control: str
    session: ClientSession

    async def watch(
        self, area: str | None, *announced: datetime, **changes: Any
    ) -> None:
        """Let its peak watch of an area have announced hours; of None, end it.

        Args:
            area: KAMO's abbreviation.
            announced: Beginnings of hours.
            changes: ``withdrawn``: beginnings of those of them that were;
                ``probability`` that the peak is near.
        """
        withdrawn = changes.get("withdrawn", ())
        told = [
            {"starts_at": one.isoformat(), "is_withdrawn": one in withdrawn}
            for one in announced
        ]
        probability = changes.get("probability", 0.3)
        body = {"area": area, "announced": told, "probability": probability}
        await self._tell("watch", body)

    async def fault(self, fault: str, substation: str | None, **changes: Any) -> None:
        """Let something be wrong with a substation of Ozark.

        Args:
            fault: What.
            substation: Of which; None for the whole area.
            changes: ``value``: kW or kVAR; ``is_over``: that it is not any more.
        """
        body = {"area_id": OZARK, "fault": fault, "substation": substation, **changes}
        await self._tell("fault", body)

    async def keep_forecasts(self, *horizons: int) -> None:
        """Let it have kept a forecast of all that is settled, at horizons (minutes).

        Amber's own is too high by 1.5 c/kWh, the market's by 2.5, KAMO's by 20 kW.
        """
        await self._tell("kept", {"horizons": horizons})

    async def break_watch(self) -> None:
        """Let it fail to tell of its peak watch until the next start."""
        await self._tell("watch", {"is_broken": True})

    async def collect(self, *sources: str) -> None:
        """Have it ask the utilities once."""
        await self._tell("collect", {"sources": sources or ("amber", "kamo")})

    async def look(self) -> None:
        """Have it look whether there is anything to tell its owner."""
        await self._tell("look", {})

    async def rotate_key(self, key: str) -> None:
        """Put another key in force."""
        await self._tell("key", {"key": key})

    async def be_version(self, version: str) -> None:
        """Have it tell another version."""
        await self._tell("version", {"version": version})

    async def restart(self, **settings: str) -> None:
        """Stop it and start it again, with other settings."""
        await self.stop()
        await self._tell("settings", settings)
        await self.start()

    async def stop(self) -> None:
        """Stop it."""
        await self._tell("stop", {})

    async def start(self) -> None:
        """Start it again, where it was."""
        await self._tell("start", {})

    async def back_up(self) -> None:
        """Keep its store as it is now."""
        await self._tell("backup", {})

    async def restore(self) -> None:
        """Put the store that was kept in the place of the present one."""
        await self._tell("restore", {})

    async def begin(self) -> None:
        """Give it the store that it has after one run of each source at ``LATE``."""
        await self._tell("begin", {})

    async def reset(self, now: datetime) -> None:
        """Empty its store; it is another server then."""
        await self._tell("reset", {"now": now.isoformat()})

    async def listened_to(self, streams: int = 1) -> None:
        """Return when so many listen to its events."""
        for _look in range(_MOST_LOOKS):
            if (await self._seen())["streams"] == streams:
                # a stream is counted before its first bytes are on their way
                for _more in range(_LOOKS_UNTIL_HEARD):
                    await self._seen()
                return
        raise AssertionError("the number of listeners is another one")

    async def was_listened_to(self, times: int) -> None:
        """Return when its events were asked for so often."""
        for _look in range(_MOST_LOOKS):
            if (await self.requests()).count("/api/events") >= times:
                return
        raise AssertionError("nobody came to listen")

    async def requests(self) -> list[str]:
        """Return the paths that it was asked for so far."""
        found: list[str] = (await self._seen())["requests"]
        return found

    async def forget_requests(self) -> None:
        """Begin to count requests anew."""
        await self._tell("forget", {})

    async def instance_id(self) -> str:
        """Return the name of its store."""
        return str((await self.fetch("/api/info"))["instance_id"])

    async def fetch(self, path: str) -> Any:
        """Return what it answers."""
        headers = {"X-API-Key": KEY}
        async with self.session.get(f"{self.url}{path}", headers=headers) as answer:
            return await answer.json()

    async def _seen(self) -> dict[str, Any]:
        async with self.session.get(f"{self.control}/seen") as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def _tell(self, path: str, body: dict[str, Any]) -> None:
        async with self.session.post(f"{self.control}/{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()


@dataclass(frozen=True, slots=True)
class LinkedWorld(World):
    """Home Assistant, the server and the utilities, on one clock.

    Attributes:
        server: The server, which has collected once.
    """

    server: LaunchedServer

    def entry(self, **changes: Any) -> MockConfigEntry:
        """Return an entry of the server that shows an area.

        Args:
            changes: Of ``data``, ``options`` and whatever else an entry has.
        """
        data = {"connection": "server", "url": self.server.url, "api_key": KEY}
        return MockConfigEntry(
            domain="energy_logger",
            title="Energy Logger",
            unique_id=changes.pop("unique_id", "the-server"),
            data={**data, **changes.pop("data", {})},
            options=changes.pop("options", {"areas": [OZARK], "substations": []}),
            **changes,
        )

    @override
    async def set_up(self, entry: MockConfigEntry) -> None:
        """Add an entry, and wait for its entities and until it hears the server."""
        await World.set_up(self, entry)
        if (
            entry.state is ConfigEntryState.LOADED
            and entry.data.get("url") == self.server.url
        ):
            await self.server.listened_to()

    @override
    async def settle(self) -> None:
        """Wait until nothing is under way but listening."""
        await self.hass.async_block_till_done()
        while tasks := [
            task
            # waited for by their names: Home Assistant waits for all or for none
            for task in self.hass._background_tasks  # noqa: SLF001
            if isinstance(task, asyncio.Task) and _LIVE_EVENTS not in task.get_name()
        ]:
            await asyncio.wait(tasks)
            await self.hass.async_block_till_done()
        for coordinator in self._coordinators():
            # whoever listens may have begun to refresh it, which shows in no other way
            async with coordinator._debounced_refresh.async_lock():  # noqa: SLF001
                pass
        await self.hass.async_block_till_done()

    def _coordinators(self) -> list[DataUpdateCoordinator[Any]]:
        loaded = self.hass.config_entries.async_loaded_entries("energy_logger")
        return [
            coordinator
            for entry in loaded
            if (linked := entry.runtime_data.linked) is not None
            for coordinator in (
                linked.server,
                linked.watch,
                *linked.waiting,
                *entry.runtime_data.areas.values(),
                *(site.prices for site in entry.runtime_data.sites.values()),
                *(site.usage for site in entry.runtime_data.sites.values()),
            )
        ]

    @override
    async def move_to(self, now: datetime) -> None:
        # a request under way when the clock is moved would be out of time at once
        await self.utilities.set_clock(now)
        await self.settle()
        await World.move_to(self, now)

    async def until(self, is_so: Callable[[], bool], *, step_s: float = 0) -> None:
        """Wait for what the server's events bring about.

        Args:
            is_so: What is waited for.
            step_s: Seconds that pass now and then, for what comes of an event after a
                pause only. No clock moves unless this is given.
        """
        for look in range(_MOST_LOOKS):
            if is_so():
                break
            if step_s and look % _LOOKS_A_STEP == 0:
                await self.wait(seconds=step_s)
            # time stands still, but this takes some
            await self.server.requests()
        assert is_so()
        await self.settle()


def devices(world: LinkedWorld, entry: MockConfigEntry) -> set[str]:
    """Return the identifiers of an entry's devices."""
    registry = dr.async_get(world.hass)
    every = [
        *dr.async_entries_for_config_entry(registry, entry.entry_id),
        *dr.async_child_entries_for_config_entry(registry, entry.entry_id),
    ]
    return {own for device in every for _domain, own in device.identifiers}


@pytest.fixture(scope="session")
def launched() -> Iterator[dict[str, str]]:
    """Start the server on simulated utilities, once for all tests."""
    environment = dict(os.environ)  # noqa: TID251 - for a process of its own
    python = environment.get("ENERGY_LOGGER_SERVER_PYTHON", sys.executable)
    process = subprocess.Popen(
        [
            python,
            str(ROOT / "tests/launch/server_on_simulator.py"),
            *("--now", LATE.isoformat(), "--start", LATE.isoformat()),
        ],
        env={**environment, "PYTHONPATH": str(ROOT / "addon/src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process, process.stdout as output, process.stdin:
        yield json.loads(output.readline())


@pytest.fixture
async def linked(
    enable_custom_integrations: None,  # noqa: ARG001 - its being there is enough
    hass: HomeAssistant,
    launched: dict[str, str],
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[LinkedWorld]:
    """Home Assistant at ``LATE``, and a server that has collected once."""
    pytest_socket.enable_socket()
    url = launched["utilities"]
    monkeypatch.setattr(endpoints, "AMBER_BASE_URL", f"{url}/v1")
    monkeypatch.setattr(endpoints, "KAMO_BASE_URL", f"{url}/kamo/api")
    # pauses between tries to listen pass in real time: the slower, the more there are
    monkeypatch.setattr(live_events, "_LONGEST_PAUSE_S", 1.0)
    freezer.move_to(LATE)
    async with ClientSession() as session:
        utilities = Utilities(url, session)
        server = LaunchedServer(launched["server"], launched["control"], session)
        await utilities.mend()
        await server.begin()
        await server.forget_requests()
        async with session.delete(f"{url}/_sim/requests"):
            pass
        yield LinkedWorld(hass, utilities, freezer, server)
