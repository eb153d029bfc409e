"""A store that cannot be opened: the server stays up, says why, and goes on by itself.

Each case is broken before the start and mended while the server runs.
"""

import asyncio
import fcntl
import gzip
import os
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectorError, ClientSession

from energy_logger_server import app
from energy_logger_server.domain.startup import StartupProblem, StartupState
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.virtual_time import VirtualClock
from tests.launch.programs import free_port
from tests.server.full_disk import no_room
from tests.server.logged import logged_warnings
from tests.server.store.material import FIXTURES
from tests.server.store_template import lay_store
from tests.server.whole.conftest import KEY, SHALLOW, START, settings_for

pytestmark = pytest.mark.virtual_time

NOBODY = 65534
STORE = "energy-logger.db"
OLDER = FIXTURES / "stores" / "0001.db.gz"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A server that may wait for its store.

    Attributes:
        client: Sends the API key.
        url: Of the API's port.
        ingress_url: Of Home Assistant's.
        task: Runs it.
    """

    client: ClientSession
    url: str
    ingress_url: str
    task: asyncio.Task[None]

    async def ask(self, path: str, method: str = "GET") -> tuple[int, Any, str | None]:
        """Return status, body and when to ask again."""
        async with self.client.request(method, f"{self.url}{path}") as answer:
            body: Any = await answer.text()
            if answer.content_type == "application/json":
                body = await answer.json()
            return answer.status, body, answer.headers.get("Retry-After")

    async def problem(self) -> str:
        """Wait for the first attempt to end; return what is wrong, as all say it."""
        while True:
            status, body, retry_after = await self.ask("/api/ready")
            assert (status, body["status"]) == (503, "not ready")
            [reason] = body["error"]["reasons"]
            if "is being opened" not in reason:
                break
            await asyncio.sleep(0.1)
        sentence = str(reason)
        assert int(retry_after or 0) >= 1
        assert (await self.ask("/api/health"))[0] == 200
        status, body, _ = await self.ask("//api/status")
        assert (status, body["status"]) == (200, "unhealthy")
        storage = body["storage"]
        assert storage["problem"] == sentence
        since = datetime.fromisoformat(storage["failing_since"])
        assert timedelta(0) <= START - since < timedelta(seconds=2) or since >= START
        assert datetime.fromisoformat(storage["next_attempt_at"]) > since
        for path, method in (("/api/sites", "GET"), ("/api/import/trigger", "POST")):
            status, body, retry_after = await self.ask(path, method)
            assert (status, body["error"]["message"]) == (503, sentence)
            assert int(retry_after or 0) >= 1
        status, page, _ = await self.ask("/")
        assert status == 503
        assert "<script" not in page
        assert sentence[1:].split(";", maxsplit=1)[0].replace("'", "&#x27;") in page
        return sentence

    async def recover(self) -> None:
        """Wait, at most for the longest pause and an attempt, until it works."""
        for _half_second in range(130):
            if (await self.ask("/api/ready"))[0] == 200:
                break
            await asyncio.sleep(0.5)
        status, body, _ = await self.ask("/api/status")
        assert (status, body["storage"]["is_working"]) == (200, True)


@contextmanager
def be_nobody() -> Iterator[None]:
    """Be a user without any rights, where the tests are run by root."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(me)


@pytest.fixture
def folder() -> Iterator[Path]:
    """The server's data folder, which other users may look into."""
    above = Path(tempfile.mkdtemp(prefix="energy-logger-degraded-"))
    above.chmod(0o755)
    (above / "data").mkdir()
    yield above / "data"
    shutil.rmtree(above)


@pytest.fixture
async def start(folder: Path) -> AsyncIterator[Any]:
    """Start a server over the folder."""
    clock = VirtualClock(START)
    simulator = Simulator(amber=SHALLOW, kamo=KamoConfig(), now=clock.now)
    async with (
        serve(simulator) as base_url,
        ClientSession(headers={"X-API-Key": KEY}) as client,
        asyncio.TaskGroup() as group,
    ):
        tasks: list[asyncio.Task[None]] = []

        async def start_server(**values: str) -> Waiting:
            port, ingress_port = free_port(), free_port()
            settings = settings_for(
                folder,
                base_url,
                SUPERVISOR_URL="http://127.0.0.1:1",
                INGRESS_PORT=str(ingress_port),
                KAMO_ENABLED="false",
                COLLECT_FORECASTS="false",
                **values,
            )
            server = app.serve(replace(settings, port=port), clock)
            task = group.create_task(server)
            tasks.append(task)
            host = "http://127.0.0.1"
            started = Waiting(client, f"{host}:{port}", f"{host}:{ingress_port}", task)
            while not task.done():
                with suppress(ClientConnectorError):
                    await started.ask("/api/health")
                    break
                await asyncio.sleep(0)
            return started

        yield start_server
        for task in tasks:
            task.cancel()


async def test_another_server_that_writes_to_the_store(folder: Path, start: Any):
    lay_store(folder / STORE)
    stored = (folder / STORE).read_bytes()
    with (folder / f"{STORE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = await start()

        assert await server.problem() == (
            "another Energy Logger server is writing to this store: stop one of the two"
        )
        assert (folder / STORE).read_bytes() == stored
    await server.recover()


@pytest.mark.parametrize("first_byte", [0, 100], ids=["header", "schema"])
async def test_a_file_that_is_damaged(folder: Path, start: Any, first_byte: int):
    lay_store(folder / STORE)
    good = (folder / STORE).read_bytes()
    damage = b"this is no database, but somebody's notes" * 20
    damaged = good[:first_byte] + damage + good[first_byte + len(damage) :]
    (folder / STORE).write_bytes(damaged)
    server = await start()

    assert await server.problem() == (
        "its file is damaged: restore a backup, save what can be read with "
        "energy-logger repair, or move it away to begin anew"
    )
    await asyncio.sleep(200)
    assert (folder / STORE).read_bytes() == damaged
    (folder / STORE).write_bytes(good)
    await server.recover()


async def test_a_store_of_a_newer_version(folder: Path, start: Any):
    lay_store(folder / STORE)
    good = (folder / STORE).read_bytes()
    with closing(sqlite3.connect(folder / STORE)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    newer = (folder / STORE).read_bytes()
    assert newer != good
    server = await start()

    assert (await server.problem()).startswith(
        "the store has schema 9999, this program knows up to "
    )
    assert (folder / STORE).read_bytes() == newer
    (folder / STORE).write_bytes(good)
    await server.recover()


async def test_a_full_disk_that_a_migration_needs(folder: Path, start: Any):
    older = gzip.decompress(OLDER.read_bytes())
    (folder / STORE).write_bytes(older)
    with no_room():
        server = await start()

        assert await server.problem() == "its disk is full: make room on its disk"
        assert (folder / STORE).read_bytes() == older
    await server.recover()


@pytest.mark.parametrize(
    ("name", "mode", "attempt"),
    [(STORE, 0o444, "write to"), ("", 0o555, "write into the folder")],
    ids=["a file that is read-only", "a folder without permission"],
)
async def test_what_may_not_be_written(
    folder: Path, start: Any, name: str, mode: int, attempt: str
):
    lay_store(folder / STORE)
    stored = (folder / STORE).read_bytes()
    lock = folder / f"{STORE}.lock"
    lock.touch()
    for path, usual in ((folder, 0o777), (folder / STORE, 0o666), (lock, 0o666)):
        path.chmod(usual)
    (folder / name).chmod(mode)
    with be_nobody():
        server = await start()

        assert await server.problem() == (
            f"cannot {attempt} …: Permission denied; let the user that runs Energy "
            "Logger read and write it, or choose another place by DATA_DIR or "
            "DATABASE_URL"
        )
        assert (folder / STORE).read_bytes() == stored
    (folder / name).chmod(0o777)
    with be_nobody():
        await server.recover()
        server.task.cancel()
        with suppress(asyncio.CancelledError):
            await server.task


async def test_a_folder_that_is_a_file(folder: Path, start: Any):
    place = folder.parent / "data"
    place.rmdir()
    place.write_text("somebody's notes")
    server = await start()

    said = await server.problem()

    assert said.startswith("cannot make the folder …: File exists; move away what lies")
    assert place.read_text() == "somebody's notes"
    place.unlink()
    await server.recover()


async def test_a_lock_file_that_cannot_be_made(folder: Path, start: Any):
    lay_store(folder / STORE)
    stored = (folder / STORE).read_bytes()
    (folder / f"{STORE}.lock").mkdir()
    server = await start()

    said = await server.problem()

    assert said.startswith("cannot make the lock file …: Is a directory; move away")
    assert (folder / STORE).read_bytes() == stored
    (folder / f"{STORE}.lock").rmdir()
    await server.recover()


async def test_a_key_file_that_a_power_cut_has_emptied(folder: Path, start: Any):
    lay_store(folder / STORE)
    (folder / "api_key").touch()
    server = await start(API_KEY="")

    said = await server.problem()

    assert said == (
        "the file api_key does not contain a key: delete it to have one made"
    )
    assert (folder / "api_key").read_bytes() == b""
    (folder / "api_key").unlink()
    await server.recover()


@pytest.mark.postgres
async def test_a_postgresql_that_is_not_there_yet(
    folder: Path, start: Any, postgres_url: str
):
    address, _, place = postgres_url.partition("?host=")
    link = folder / "postgresql"
    server = await start(DATABASE_URL=f"{address}?host={link}")

    assert await server.problem() == (
        "the database does not answer: check that PostgreSQL runs, and what "
        "DATABASE_URL says"
    )
    link.symlink_to(place)
    await server.recover()


async def test_ingress_names_the_place_and_the_log_says_it_once(
    folder: Path, start: Any, caplog: pytest.LogCaptureFixture
):
    (folder / f"{STORE}.lock").mkdir()
    server = await start()
    said = await server.problem()
    assert str(folder) not in said

    async with server.client.get(f"{server.ingress_url}/") as answer:
        page = await answer.text()
    assert f"Cannot make the lock file {folder}/{STORE}.lock: Is a directory" in page
    await asyncio.sleep(3600)

    [line] = logged_warnings(caplog)
    assert f"cannot make the lock file {folder}/{STORE}.lock" in line
    (folder / f"{STORE}.lock").rmdir()
    await server.recover()
    assert logged_warnings(caplog)[1:] == ["the store is open, after 60 minutes"]
    async with server.client.get(f"{server.ingress_url}/api/ready") as answer:
        assert answer.status == 200


async def test_it_is_alive_while_the_store_is_being_opened(folder: Path, start: Any):
    (folder / STORE).write_bytes(gzip.decompress(OLDER.read_bytes()))
    with closing(sqlite3.connect(folder / STORE, isolation_level=None)) as other:
        # the migration waits for this transaction
        other.execute("BEGIN IMMEDIATE")
        server = await start()

        status, body, _ = await server.ask("/api/ready")
        assert (status, body["error"]["reasons"][0][:27]) == (
            503,
            "the store is being opened, ",
        )
        assert (await server.ask("/api/health"))[0] == 200
    await server.recover()


async def test_a_server_that_waits_ends_at_once(folder: Path, start: Any):
    (folder / f"{STORE}.lock").mkdir()
    server = await start()
    await server.problem()

    server.task.cancel()
    done, _ = await asyncio.wait({server.task}, timeout=1)

    assert done == {server.task}
    with pytest.raises(ClientConnectorError):
        await server.ask("/api/health")


def test_pauses_grow_up_to_a_minute():
    state = StartupState(START)
    problem = StartupProblem("code", "message", "message")
    pauses = []
    for _attempt in range(20):
        state = state.after_failure(START, problem, is_retried=True)
        assert state.next_attempt_at is not None
        pauses.append((state.next_attempt_at - START).total_seconds())

    assert pauses[:7] == [2, 4, 8, 16, 32, 60, 60]
    assert set(pauses[7:]) == {60}
