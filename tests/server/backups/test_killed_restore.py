"""A restore that is killed leaves the old store whole, or the new one."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.store import Store
from tests.server.backups.conftest import Place, lay_filled_store
from tests.server.cli.conftest import coverage_environment
from tests.server.programs import ForkServer
from tests.server.store.material import FixedClock, rows

OLD, NEW = 0, 48
"""Revisions in the store before and after."""

AT_A_STEP = """
import os, signal, sys
from energy_logger_server.cli import restore
moment = sys.argv.pop(1)
def kill(progress):
    if f"{progress.stage} {progress.share}".startswith(moment):
        os.kill(os.getpid(), signal.SIGKILL)
restore.show = kill
from energy_logger_server.cli import main
main()
"""
"""The program, which is killed when it says that it has come to some step."""

AT_A_CALL = """
import os, signal, sys
left = int(sys.argv.pop(1))
def count(_frame, event, _argument):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
from energy_logger_server.backups import restore
prepared_restore = restore._prepared
def begin(*arguments):
    sys.setprofile(count)
    return prepared_restore(*arguments)
restore._prepared = begin
from energy_logger_server.cli import main
main()
"""
"""The program, which is killed when so many functions were called or have returned."""

STEPS = {
    "unpacking": OLD,
    "checking": OLD,
    "upgrading": OLD,
    "copying": OLD,
    "packing": OLD,
    "hashing": OLD,
    "replacing 0.0": OLD,
    "replacing 0.5": NEW,
    "replacing 1.0": NEW,
}
RANDOM_KILLS = 5
CALLS_AT_MOST = 60_000


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A store in a data folder, and no backup."""
    lay_filled_store(tmp_path / "energy-logger.db")
    return Place(tmp_path / "energy-logger.db", BackupFolder(tmp_path / "backups"))


@pytest.fixture
def name(place: Place) -> str:
    """A backup of a store that has lost something since."""
    backup = place.create()
    with closing(sqlite3.connect(place.store, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("DELETE FROM revision")
    return backup.name


async def restored(
    fork_server: ForkServer, place: Place, name: str, program: str, moment: str
) -> int:
    """Restore, and be killed at a moment; return the exit code."""
    folder = place.store.parent
    async with fork_server.start(
        program,
        *(moment, "backup", "restore", name, "--yes"),
        environment={"DATA_DIR": str(folder), **coverage_environment()},
        folder=folder,
    ) as process:
        _out, errors = await process.communicate()
        assert not errors, errors.decode()
        return await process.wait()


async def revisions_after_a_start(place: Place) -> int:
    store = await Store.open(place.address.reveal(), FixedClock())
    [(found,)] = await rows(store, "PRAGMA integrity_check")
    [(count,)] = await rows(store, "SELECT count(*) FROM revision")
    await store.close()
    assert found == "ok"
    left = {path.name for path in place.store.parent.iterdir()}
    assert left <= {"backups", "energy-logger.db", "energy-logger.db.lock"}
    return int(count)


@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_at_any_step_leaves_the_old_store_or_the_new_one(
    fork_server: ForkServer, place: Place, name: str, step: str
):
    code = await restored(fork_server, place, name, AT_A_STEP, step)

    assert code == -signal.SIGKILL
    assert await revisions_after_a_start(place) == STEPS[step]


async def test_kills_at_random_leave_a_store_that_is_restored_by_the_next(
    fork_server: ForkServer, place: Place, name: str
):
    random = Random(12)
    for _one in range(RANDOM_KILLS):
        calls = str(random.randrange(1, CALLS_AT_MOST))

        code = await restored(fork_server, place, name, AT_A_CALL, calls)

        assert code in (0, -signal.SIGKILL)
        assert await revisions_after_a_start(place) in (OLD, NEW)
    await restored(fork_server, place, name, AT_A_CALL, "0")
    assert await revisions_after_a_start(place) == NEW
