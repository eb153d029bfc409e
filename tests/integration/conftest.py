"""A Home Assistant that talks to simulated utilities over loopback."""

import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_socket
from aiohttp import ClientSession
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

import custom_components.energy_logger  # noqa: F401 - before the plugin's own package
from custom_components.energy_logger.api import endpoints

ROOT = Path(__file__).parents[2]
START = datetime(2026, 1, 4, 9, 7, 40, tzinfo=UTC)
"""19:07:40 NEM, 3:07:40 Central."""

TOKEN = "psk_" + "0123456789abcdef" * 2


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that imports a year of statistics without leaving days out."""
    parser.addoption(
        "--every-day", action="store_true", help="import every day of the year"
    )


@pytest.fixture
def loopback() -> None:
    """Let a test open sockets; connections still go to loopback only."""
    pytest_socket.enable_socket()


@pytest.fixture
def quiet_sql(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the recorder log no statement: with thousands of rows that is most of it."""
    logger = logging.getLogger("sqlalchemy.engine")
    monkeypatch.setattr(logger, "level", logging.WARNING)
    logger.manager._clear_cache()  # type: ignore[attr-defined]  # noqa: SLF001


@pytest.fixture
def quiet_recorder(quiet_sql: None, recorder_mock: None) -> None:
    """A real recorder; request it before whatever has a Home Assistant."""


@dataclass(frozen=True, slots=True)
class Utilities:
    """Both simulated utilities, a process of their own.

    Attributes:
        url: Their address.
        session: For their control path and for looking at them as a client does.
    """

    url: str
    session: ClientSession

    async def set_clock(self, now: datetime) -> None:
        """Move their clock."""
        await self._post("clock", {"now": now.isoformat()})

    async def break_down(self, action: str, **how: Any) -> None:
        """Add a fault, see the simulator's control path."""
        await self._post("faults", {"action": action, **how})

    async def mend(self) -> None:
        """Drop all faults and open new rate windows."""
        async with self.session.delete(f"{self.url}/_sim/faults") as answer:
            answer.raise_for_status()
        await self._post("counters/reset", {})

    async def requests(self) -> list[dict[str, Any]]:
        """Return what was asked since the start of the test."""
        async with self.session.get(f"{self.url}/_sim/requests") as answer:
            found: list[dict[str, Any]] = await answer.json()
            return found

    async def amber(self, path: str) -> Any:
        """Return what Amber answers."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with self.session.get(f"{self.url}/v1{path}", headers=headers) as answer:
            return await answer.json()

    async def kamo(self, path: str) -> Any:
        """Return what KAMO answers."""
        async with self.session.get(f"{self.url}/kamo/api{path}") as answer:
            return await answer.json()

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self.session.post(f"{self.url}/_sim/{path}", json=body) as answer:
            assert answer.status < 300, await answer.text()


@pytest.fixture(autouse=True)
def enable_event_loop_debug() -> None:
    """Replace the plugin's: its loop keeps the stack of every callback.

    That is a third of a test's time. Home Assistant itself refuses calls from other
    threads, and what nobody awaits is a warning, which is an error here.
    """


@pytest.fixture(scope="session")
def utilities_url() -> Iterator[str]:
    """Start the simulated utilities, once for all tests."""
    process = subprocess.Popen(
        [
            sys.executable,
            str(ROOT / "tests/launch/simulated_utilities.py"),
            *("--now", START.isoformat(), "--start", START.isoformat()),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT / "addon/src")},  # noqa: TID251
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout as output:
        yield output.readline().strip()
        process.terminate()


@pytest.fixture
async def utilities(
    utilities_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Utilities]:
    """The simulated utilities as new: at ``START``, without faults."""
    # the plugin lets nobody open a socket; connections still go to loopback only
    pytest_socket.enable_socket()
    monkeypatch.setattr(endpoints, "AMBER_BASE_URL", f"{utilities_url}/v1")
    monkeypatch.setattr(endpoints, "KAMO_BASE_URL", f"{utilities_url}/kamo/api")
    async with ClientSession() as session:
        made = Utilities(utilities_url, session)
        await made.mend()
        await made.set_clock(START)
        async with session.delete(f"{utilities_url}/_sim/requests"):
            pass
        yield made


@dataclass(frozen=True, slots=True)
class World:
    """Home Assistant and the utilities, on one clock.

    Attributes:
        hass: Home Assistant.
        utilities: Who is asked.
        freezer: Home Assistant's clock.
    """

    hass: HomeAssistant
    utilities: Utilities
    freezer: FrozenDateTimeFactory

    async def set_up(self, entry: MockConfigEntry) -> None:
        """Add an entry and wait for its entities."""
        entry.add_to_hass(self.hass)
        await self.hass.config_entries.async_setup(entry.entry_id)
        await self.settle()

    async def move_to(self, now: datetime) -> None:
        """Set both clocks, and wait for what comes of it."""
        await self.utilities.set_clock(now)
        self.freezer.move_to(now)
        async_fire_time_changed(self.hass, now)
        await self.settle()

    async def wait(self, **span: float) -> None:
        """Let time pass, see ``timedelta``."""
        await self.move_to(datetime.now(UTC) + timedelta(**span))  # noqa: TID251

    async def settle(self) -> None:
        """Wait until nothing is under way."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    def state(self, entity_id: str) -> str:
        """Return an entity's state."""
        found = self.hass.states.get(entity_id)
        assert found is not None, sorted(self.hass.states.async_entity_ids())
        return found.state


@pytest.fixture
async def world(
    enable_custom_integrations: None,  # noqa: ARG001 - or ours would not load
    hass: HomeAssistant,
    utilities: Utilities,
    freezer: FrozenDateTimeFactory,
) -> World:
    """Home Assistant at ``START``, without any entry."""
    freezer.move_to(START)
    return World(hass, utilities, freezer)


# at the end: they are built on what stands above
from tests.integration.direct_site import direct_site, shares  # noqa: E402, F401
from tests.integration.linked import launched, linked  # noqa: E402, F401


@pytest.fixture
def all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let entities be enabled that are not by default."""
    default = "entity_registry_enabled_default"
    monkeypatch.setattr(Entity, default, property(lambda _entity: True))
