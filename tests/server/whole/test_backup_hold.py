"""Home Assistant's backups: what its hooks get of the server, over a socket."""

import asyncio
import shutil
import stat
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from energy_logger_server.api.errors import SourceUnreachable
from energy_logger_server.app.backup_hold import LONGEST_HOLD, BackupHold
from energy_logger_server.app.control_socket import listening_on_socket
from energy_logger_server.app.startup import Startup
from energy_logger_server.cli.server_call import ask_over_socket
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.errors import BackupNotHeld, PlaceUnusable
from energy_logger_server.store import Store
from energy_logger_server.web.control.app import BACKUP_HOLD
from energy_logger_simulator.virtual_time import VirtualClock
from tests.server.logged import logged_warnings
from tests.server.store_template import lay_store
from tests.server.whole.conftest import START, StartWorld

STORE = "energy-logger.db"


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A folder whose name is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="energy-logger-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


async def told(socket: Path, method: str) -> str:
    """What the server says."""
    answer = await ask_over_socket(socket, method, BACKUP_HOLD)
    assert answer is not None
    return str(answer["message"])


async def test_the_file_is_held_over_the_socket_while_the_server_collects(
    start_world: StartWorld, runtime: Path, tmp_path: Path
):
    socket = runtime / "control.sock"
    async with start_world(RUNTIME_DIR=str(runtime)) as world:
        assert stat.S_IMODE(socket.stat().st_mode) == 0o600
        assert await told(socket, "POST") == "the store's file is held"
        held = (tmp_path / STORE).read_bytes()
        run = await world.server.collecting.collect_now(Source.AMBER)
        assert run.end is not None
        assert run.end.counts.price.new > 0
        assert (tmp_path / STORE).read_bytes() == held
        assert await told(socket, "DELETE") == "the store's file may change again"
        assert await told(socket, "DELETE") == "nothing was held"

    assert (tmp_path / STORE).read_bytes() != held
    assert not socket.exists()
    assert await ask_over_socket(socket, "POST", BACKUP_HOLD) is None


@pytest.mark.postgres
async def test_a_store_in_postgresql_has_nothing_to_hold(
    start_world: StartWorld, runtime: Path, postgres_url: str
):
    settings = {"RUNTIME_DIR": str(runtime), "DATABASE_URL": postgres_url}
    async with start_world(**settings):
        said = await told(runtime / "control.sock", "POST")
        after = await told(runtime / "control.sock", "DELETE")

    assert said == "there is nothing to hold: the store is in PostgreSQL"
    assert after == "nothing was held"


async def test_what_cannot_be_held_is_said_and_is_no_success(
    start_world: StartWorld, runtime: Path, tmp_path: Path
):
    refusing = f"sqlite:///file:{tmp_path}/energy.db?nolock=1&uri=true"
    async with start_world(RUNTIME_DIR=str(runtime), DATABASE_URL=refusing):
        with pytest.raises(SourceUnreachable, match="stop the server for a backup"):
            await ask_over_socket(runtime / "control.sock", "POST", BACKUP_HOLD)


@pytest.mark.virtual_time
async def test_a_hold_that_nobody_ends_ends_after_an_hour(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    clock = VirtualClock(START)
    store = await Store.open(lay_store(tmp_path / STORE), clock)
    hold = BackupHold(clock, Startup(clock))
    hold.use(store)
    await hold.begin()

    await asyncio.sleep(LONGEST_HOLD.total_seconds() - 1)
    assert logged_warnings(caplog) == []
    await asyncio.sleep(2)

    [line] = logged_warnings(caplog)
    assert "nobody has said within an hour" in line
    assert not await store.release_file()
    with pytest.raises(BackupNotHeld, match="do not rely on this one"):
        await hold.end()
    assert await hold.begin() == "the store's file is held"
    assert await hold.end() == "the store's file may change again"
    await store.close()


@pytest.mark.virtual_time
async def test_a_second_beginning_replaces_the_first_and_its_hour(tmp_path: Path):
    clock = VirtualClock(START)
    store = await Store.open(lay_store(tmp_path / STORE), clock)
    hold = BackupHold(clock, Startup(clock))
    hold.use(store)

    for _backup in range(3):
        await hold.begin()
        await asyncio.sleep(timedelta(minutes=50).total_seconds())

    assert await hold.end() == "the store's file may change again"
    await store.close()


@pytest.mark.virtual_time
async def test_a_store_that_is_not_open_stays_so_until_the_backup_has_ended():
    clock = VirtualClock(START)
    hold = BackupHold(clock, Startup(clock))
    opened = asyncio.Event()

    async def attempt() -> None:
        async with hold.opening():
            opened.set()

    said = await hold.begin()
    attempting = asyncio.ensure_future(attempt())
    await asyncio.sleep(60)
    assert not opened.is_set()
    await hold.end()
    await attempting

    assert said == "the store is not open, and stays so until the backup has ended"
    assert opened.is_set()


@pytest.mark.virtual_time
async def test_a_backup_waits_for_an_opening_under_way():
    clock = VirtualClock(START)
    hold = BackupHold(clock, Startup(clock))

    async with hold.opening():
        beginning = asyncio.ensure_future(hold.begin())
        await asyncio.sleep(60)
        assert not beginning.done()
    await beginning
    await hold.close()


async def test_a_socket_that_another_server_answers_on_is_left_to_it(runtime: Path):
    socket = runtime / "control.sock"
    async with listening_on_socket(web.Application(), socket):
        with pytest.raises(PlaceUnusable, match="already in use"):
            async with listening_on_socket(web.Application(), socket):
                pass
        assert socket.exists()


async def test_the_socket_of_a_server_that_was_killed_is_replaced(runtime: Path):
    socket = runtime / "control.sock"
    socket.touch()

    async with listening_on_socket(web.Application(), socket):
        assert stat.S_ISSOCK(socket.stat().st_mode)
    assert not socket.exists()


async def test_a_folder_that_is_too_long_for_a_socket_is_named(runtime: Path):
    socket = runtime / ("x" * 120) / "control.sock"

    with pytest.raises(PlaceUnusable, match="choose another place by RUNTIME_DIR"):
        async with listening_on_socket(web.Application(), socket):
            pass
