"""A server that runs restores a backup: closed, replaced and open again."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any, override

import pytest
from aiohttp import ClientError, ClientSession

from energy_logger_server import app
from energy_logger_server.app.backup_hold import BackupHold
from energy_logger_server.app.restoring import Restoring
from energy_logger_server.app.startup import Startup
from energy_logger_server.backups.create import create_backup
from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.backups.backup import BackupReason
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.settable_clock import SettableClock
from tests.launch.programs import free_port
from tests.server.backups.conftest import lay_filled_store, nothing_told
from tests.server.whole.conftest import KEY, SHALLOW, START, settings_for


@pytest.fixture
def store(tmp_path: Path) -> Path:
    lay_filled_store(tmp_path / "energy-logger.db")
    return tmp_path / "energy-logger.db"


@asynccontextmanager
async def serving(settings: Settings, clock: SettableClock) -> AsyncIterator[str]:
    """Run a server until the end; return its address."""
    task = asyncio.ensure_future(app.serve(settings, clock))
    try:
        yield f"http://127.0.0.1:{settings.port}"
    finally:
        task.cancel()
        await asyncio.wait({task})


async def answer(client: ClientSession, method: str, url: str) -> dict[str, Any]:
    """Ask until the store is open."""
    while True:
        try:
            async with client.request(method, url) as response:
                if response.status < 400:
                    found: dict[str, Any] = await response.json()
                    return found
        except (OSError, ClientError):
            # it is closed while it restores
            pass
        await asyncio.sleep(0.02)


async def job_ended(client: ClientSession, url: str) -> dict[str, Any]:
    while True:
        listed = await answer(client, "GET", f"{url}/api/backups")
        if not listed["job"]["is_running"]:
            return listed


class Heard(Startup):
    """Keeps what was said while the store was closed."""

    sentences: list[str]

    @override
    def record_restoring(self, stage: str, share: float) -> None:
        super().record_restoring(stage, share)
        self.sentences.append(self.state.problem.public_message)


@pytest.mark.usefixtures("store")
async def test_who_asks_meanwhile_hears_how_far_it_is(tmp_path: Path):
    clock = SettableClock(START)
    settings = settings_for(tmp_path, "http://127.0.0.1:1")
    startup = Heard(clock)
    startup.sentences = []
    restoring = Restoring(settings, startup, BackupHold(clock, startup))
    backup = create_backup(
        BackupFolder(settings.backup_folder),
        settings.store_address,
        BackupReason.MANUAL,
        clock,
        nothing_told,
    )

    restoring.order(backup.name)
    assert await restoring.carry_out()

    said = "a backup is being restored, {}: the store is open again when that has ended"
    heard = startup.sentences
    assert heard[0] == said.format("unpacking, 100 %")
    assert heard.index(said.format("packing, 100 %")) < heard.index(
        said.format("replacing, 50 %")
    )


async def test_a_running_server_restores_what_was_and_keeps_what_is(
    tmp_path: Path, store: Path
):
    clock = SettableClock(START)
    simulator = Simulator(amber=SHALLOW, kamo=KamoConfig(), now=clock.now)
    async with serve(simulator) as upstream:
        settings = replace(
            settings_for(tmp_path, upstream, AMBER_API_KEY=""), port=free_port()
        )
        async with (
            ClientSession(headers={"X-API-Key": KEY}) as client,
            serving(settings, clock) as url,
        ):
            await answer(client, "POST", f"{url}/api/backups")
            name = (await job_ended(client, url))["job"]["name"]
            with closing(sqlite3.connect(store, isolation_level=None)) as connection:
                connection.execute("DELETE FROM usage")
            clock.advance(60)
            await answer(client, "POST", f"{url}/api/backups/{name}/restore")
            listed = await job_ended(client, url)

    assert listed["job"]["work"] == "restore"
    assert listed["job"]["error"] is None
    safety_copy = listed["backups"][0]
    assert safety_copy["name"] == listed["job"]["safety_copy"]
    assert safety_copy["is_pinned"]
    assert safety_copy["manifest"]["contents"]["rows"]["usage"] == 0
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("SELECT count(*) FROM usage").fetchone() == (48,)
