"""The whole server against the simulated utilities, in one process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession

from energy_logger_server import app
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import Settings
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.store_template import lay_store

KEY = "a-key-for-the-tests"
START = datetime(2026, 1, 4, 9, 9, tzinfo=UTC)
SHALLOW = AmberConfig(start=START, price_depth_days=2, usage_depth_days=2)
"""An Amber that has little history, so that a first run is quick."""
DEEP = AmberConfig(start=START)
"""An Amber with the history that the real one has."""


@dataclass(frozen=True, slots=True)
class World:
    """A server, its utilities and their common clock.

    Attributes:
        server: Answers; collects only when told to.
        simulator: Both utilities.
        clock: Moves only when told to.
        client: Sends the API key.
        url: Address of the server.
    """

    server: app.Server
    simulator: Simulator
    clock: SettableClock
    client: ClientSession
    url: str

    async def get(self, path: str) -> object:
        """Return an answer of the server, which must be a good one."""
        async with self.client.get(f"{self.url}{path}") as response:
            assert response.status == 200, await response.text()
            return await response.json()


def settings_for(folder: Path, base_url: str, **values: str) -> Settings:
    """Return settings that point at simulated utilities; any free port."""
    settings = build_settings(
        environment={
            "DATA_DIR": str(folder),
            "HOST": "127.0.0.1",
            "API_KEY": KEY,
            "AMBER_API_KEY": AmberConfig(start=START).token_valid,
            "AMBER_BASE_URL": f"{base_url}/v1",
            "KAMO_BASE_URL": f"{base_url}/kamo/api",
            **values,
        }
    )
    return replace(settings, port=0)


type StartWorld = Callable[..., AbstractAsyncContextManager[World]]


@pytest.fixture
def start_world(tmp_path: Path) -> StartWorld:
    """Start a server and its utilities; Amber is ``SHALLOW`` unless one is given."""

    @asynccontextmanager
    async def start(
        *,
        at: datetime = START,
        amber: AmberConfig | None = None,
        kamo: KamoConfig | None = None,
        **values: str,
    ) -> AsyncIterator[World]:
        clock = SettableClock(at)
        simulator = Simulator(
            amber=amber or SHALLOW,
            kamo=kamo or KamoConfig(),
            now=clock.now,
        )
        async with serve(simulator) as base_url:
            lay_store(tmp_path / "energy-logger.db")
            settings = settings_for(tmp_path, base_url, **values)
            headers = {"X-API-Key": values.get("API_KEY", KEY)}
            async with (
                app.running(settings, clock) as server,
                ClientSession(headers=headers) as client,
            ):
                url = f"http://127.0.0.1:{server.port}"
                yield World(server, simulator, clock, client, url)

    return start


type Prepare = Callable[[World], Awaitable[None]]
type StartPrepared = Callable[[Prepare, datetime], AbstractAsyncContextManager[World]]

_PREPARED: dict[Prepare, tuple[bytes, datetime]] = {}
"""What a store held after a preparation, and what the clock showed."""


@pytest.fixture
def start_prepared(start_world: StartWorld, tmp_path: Path) -> StartPrepared:
    """Start a server over what an earlier one has stored.

    What that one had to do is done once for all tests: collecting takes a second. Its
    utilities count requests from nothing on.
    """

    @asynccontextmanager
    async def start(prepare: Prepare, at: datetime) -> AsyncIterator[World]:
        path = tmp_path / "energy-logger.db"
        if prepare not in _PREPARED:
            async with start_world(at=at, amber=DEEP) as earlier:
                await prepare(earlier)
                then = earlier.clock.now()
            # the last connection that closes leaves no log beside the file
            _PREPARED[prepare] = path.read_bytes(), then
        stored, then = _PREPARED[prepare]
        path.write_bytes(stored)
        async with start_world(at=then, amber=DEEP) as world:
            yield world

    return start
