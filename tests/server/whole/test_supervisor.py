"""The server as an app: beside a look-alike of the Supervisor."""

import asyncio
import logging
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from aiohttp import ClientSession

from energy_logger_server import __version__
from energy_logger_server.app.discovery import announced, host_of
from energy_logger_server.cli.server_call import ask_over_socket
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web.control.app import BACKUP_HOLD
from tests.launch.programs import free_port
from tests.launch.supervisor import (
    TOKEN,
    BackupFailed,
    Message,
    Supervisor,
    back_up,
    restore,
    supervising,
    write_options,
)
from tests.server.logged import logged_warnings
from tests.server.whole.conftest import KEY, StartWorld, World

STORE = "energy-logger.db"
EXCLUDED = ("*-shm", "unfinished_exports", "backups")
LONG_ENOUGH_S = 30


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    async with supervising("127.0.0.2") as started:
        started.ingress_port = free_port()
        yield started


def as_app(supervisor: Supervisor, **values: str) -> dict[str, str]:
    """Return what the Supervisor sets in an app's environment."""
    return {
        "SUPERVISOR_TOKEN": TOKEN,
        "SUPERVISOR_URL": supervisor.url,
        "INGRESS_PORT": str(supervisor.ingress_port),
        **values,
    }


async def next_message(supervisor: Supervisor) -> Message:
    """Wait until Home Assistant is told something."""
    async with asyncio.timeout(LONG_ENOUGH_S):
        return await supervisor.pushed.get()


async def test_a_start_tells_where_the_server_is(
    start_world: StartWorld, supervisor: Supervisor
):
    async with start_world(**as_app(supervisor)) as world:
        message = await next_message(supervisor)
        info = await world.get("/api/info")
        port = world.server.port
    assert isinstance(info, dict)
    assert message.config == {
        "host": "127.0.0.1",
        "port": port,
        "api_key": KEY,
        "instance_id": info["instance_id"],
        "api_version": __version__,
    }


async def test_the_same_content_is_no_news_and_another_keeps_its_message(
    supervisor: Supervisor,
):
    settings = load_settings(as_app(supervisor, HOST="127.0.0.1"))
    async with ClientSession() as session:
        for port in (8080, 8080, 8081):
            key = partial(Secret, KEY)
            telling = announced(settings, session, port, key, "a-store")
            async with telling, asyncio.timeout(LONG_ENOUGH_S):
                assert await supervisor.answered.get() == 200

    first, second = supervisor.pushed.get_nowait(), supervisor.pushed.get_nowait()
    assert supervisor.pushed.empty()
    assert (first.config["port"], second.config["port"]) == (8080, 8081)
    assert first.uuid == second.uuid


async def test_a_rotated_key_is_told_at_once(
    start_world: StartWorld, supervisor: Supervisor, tmp_path: Path
):
    async with start_world(**as_app(supervisor, API_KEY="")):
        first = await next_message(supervisor)
        rotated = tmp_path / "new"
        rotated.write_text("another-key-that-is-long-enough\n")
        rotated.rename(tmp_path / "api_key")
        second = await next_message(supervisor)

    assert first.config["api_key"] != "another-key-that-is-long-enough"
    assert second.config["api_key"] == "another-key-that-is-long-enough"
    assert second.uuid == first.uuid


@pytest.mark.virtual_time
async def test_a_supervisor_that_refuses_is_asked_again_and_logged_once(
    start_world: StartWorld, supervisor: Supervisor, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, "energy_logger_server.app.discovery")
    supervisor.refuses_with = 500
    async with start_world(**as_app(supervisor)) as world:
        # nothing waits for it
        await world.get("/api/info")
        await asyncio.sleep(600)
        refused = supervisor.answered.qsize()
        assert 5 < refused < 12
        [line] = logged_warnings(caplog)
        assert "does not find it by itself: status 500; trying again" in line
        supervisor.refuses_with = None
        await next_message(supervisor)

    assert "this server is announced to the Supervisor" in caplog.messages
    assert KEY not in caplog.text


@pytest.mark.virtual_time
async def test_without_a_supervisor_nobody_is_told(
    start_world: StartWorld, supervisor: Supervisor
):
    async with start_world(SUPERVISOR_URL=supervisor.url):
        await asyncio.sleep(60)

    assert supervisor.answered.empty()


def test_a_server_that_listens_everywhere_tells_the_name_of_its_container(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("socket.gethostname", lambda: "0123abcd-energy-logger")

    assert host_of(load_settings({})) == "0123abcd-energy-logger"
    assert host_of(load_settings({"HOST": "192.0.2.7"})) == "192.0.2.7"


async def test_ingress_shows_the_pages_and_data_without_a_key(
    start_world: StartWorld, supervisor: Supervisor
):
    base = f"{supervisor.url}{supervisor.ingress_path}"
    async with start_world(**as_app(supervisor)) as world:
        await world.server.collecting.collect_now(Source.AMBER)
        client = world.client
        nobody = {"X-API-Key": "a wrong key"}
        async with client.get(f"{base}/api/sites", headers=nobody) as answer:
            sites = await answer.json()
        async with client.get(f"{base}/api/session") as answer:
            session = await answer.json()
        # not the Supervisor, whatever it says
        direct = f"http://127.0.0.1:{world.server.ingress_port}/api/sites"
        pretended = {"X-Ingress-Path": "/x", "X-Forwarded-For": supervisor.address}
        async with client.get(direct, headers=pretended) as answer:
            refused = answer.status

    assert len(sites["sites"]) == 2
    assert session["needs_key"] is False
    assert refused == 403


async def test_options_are_read_as_the_supervisor_writes_them(tmp_path: Path):
    options = write_options(
        tmp_path,
        {"log_level": "WARNING", "historical_start_date": "", "amber_api_key": TOKEN},
    )

    settings = load_settings({}, folder=tmp_path, options_file=options)

    assert (settings.log_level, settings.historical_start_date) == ("WARNING", None)
    assert settings.amber_api_key is not None
    assert options.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def runtime() -> Iterator[str]:
    """A folder whose name is short enough for a socket."""
    folder = tempfile.mkdtemp(prefix="energy-logger-", dir="/tmp")
    yield folder
    shutil.rmtree(folder)


def runs_in(folder: Path) -> int:
    """How many runs a store has, which must be sound."""
    with closing(sqlite3.connect(folder / STORE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        [count] = connection.execute("SELECT count(*) FROM run").fetchone()
    return int(count)


async def hook(runtime: str, method: str) -> int:
    """Run a hook; return its exit code."""
    await ask_over_socket(Path(runtime, "control.sock"), method, BACKUP_HOLD)
    return 0


async def collect(world: World, times: int) -> None:
    """Collect at so many ticks."""
    for _tick in range(times):
        await world.server.collecting.collect_now(Source.AMBER)


async def test_a_backup_while_collecting_is_restored_into_an_empty_folder(
    start_world: StartWorld, supervisor: Supervisor, runtime: str, tmp_path: Path
):
    backup = tmp_path.with_name(f"{tmp_path.name}-backup")

    async with start_world(**as_app(supervisor, RUNTIME_DIR=runtime)) as world:
        await collect(world, 2)

        async def post() -> int:
            await collect(world, 2)
            return await hook(runtime, "DELETE")

        await back_up(
            tmp_path,
            backup,
            pre=lambda: hook(runtime, "POST"),
            post=post,
            exclude=EXCLUDED,
        )
        runs = await world.get("/api/runs")
    assert isinstance(runs, dict)
    assert not (backup / f"{STORE}-shm").exists()
    assert runs_in(tmp_path) == 4

    restore(backup, tmp_path)
    async with start_world(**as_app(supervisor)) as world:
        restored = await world.get("/api/runs")
    assert isinstance(restored, dict)
    assert len(restored["runs"]) == 2
    assert restored["runs"] == runs["runs"][-2:]


async def test_a_hook_that_fails_fails_the_backup(tmp_path: Path):
    (tmp_path / "data").mkdir()

    async def works() -> int:
        return 0

    async def fails() -> int:
        return 1

    for pre, post in ((fails, works), (works, fails)):
        with pytest.raises(BackupFailed):
            await back_up(
                tmp_path / "data",
                tmp_path / f"backup-{pre.__name__}",
                pre=pre,
                post=post,
                exclude=(),
            )
