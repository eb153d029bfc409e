"""What the operating system refuses is one sentence: where, why, and what helps."""

import asyncio
import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect

from energy_logger_server.errors import PlaceUnusable, StoreInUse, StoreUnavailable
from energy_logger_server.store import Store
from energy_logger_server.store.db import opening
from energy_logger_server.store.db.engine import store_url as address
from tests.server.full_disk import no_room
from tests.server.store.material import FixedClock

NOBODY = 65534
NAME = "energy.db"


_ENDLESS = (
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT 9 - i FROM n)"
    " SELECT count(*) FROM n"
)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / NAME}"


async def problem_of(file: Path | str) -> str:
    """What is said instead of opening a store in a file."""
    with pytest.raises(PlaceUnusable) as refused:
        await Store.open(f"sqlite:///{file}", FixedClock())
    return str(refused.value)


@pytest.fixture
def other_users_folder() -> Iterator[Path]:
    """A folder with a store of its own that everybody may look into."""
    folder = Path(tempfile.mkdtemp(prefix="energy-logger-opening-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def nobody() -> Iterator[None]:
    """Be a user without any rights, where the tests are run by root."""
    me = os.geteuid()
    if me == 0:
        os.seteuid(NOBODY)
    yield
    os.seteuid(me)


async def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path):
    (tmp_path / "data").touch()

    assert await problem_of(tmp_path / "data" / NAME) == (
        f"cannot make the folder {tmp_path}/data: File exists; move away what lies "
        "there, or choose another place by DATA_DIR or DATABASE_URL"
    )


async def test_a_file_above_the_folder_is_named(tmp_path: Path):
    (tmp_path / "file").touch()

    said = await problem_of(tmp_path / "file" / "data" / NAME)

    assert f"cannot make the folder {tmp_path}/file/data: Not a directory" in said
    assert "move away the file that lies where a folder must be" in said


async def test_a_link_that_leads_nowhere_is_named(tmp_path: Path):
    (tmp_path / "data").symlink_to(tmp_path / "gone")

    said = await problem_of(tmp_path / "data" / NAME)

    assert f"cannot make the folder {tmp_path}/data: File exists" in said


async def test_a_place_that_takes_no_folder_is_named():
    said = await problem_of(f"/proc/energy-logger/{NAME}")

    assert said.startswith("cannot make the folder /proc/energy-logger: ")
    assert said.endswith("choose another place by DATA_DIR or DATABASE_URL")


async def test_a_name_that_is_too_long_is_named(tmp_path: Path):
    said = await problem_of(tmp_path / ("x" * 300) / NAME)

    assert "File name too long; give it a shorter name" in said


async def test_a_lock_file_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / f"{NAME}.lock").mkdir()

    said = await problem_of(tmp_path / NAME)

    assert f"cannot make the lock file {tmp_path}/{NAME}.lock: Is a directory" in said


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
async def test_a_folder_in_the_place_of_a_file_of_the_store_is_named(
    tmp_path: Path, ending: str
):
    (tmp_path / f"{NAME}{ending}").mkdir()

    said = await problem_of(tmp_path / NAME)

    assert f"cannot keep the store in {tmp_path}/{NAME}{ending}: Is a directory" in said


async def test_something_else_in_the_place_of_the_store_is_named(tmp_path: Path):
    os.mkfifo(tmp_path / NAME)

    said = await problem_of(tmp_path / NAME)

    assert f"cannot keep the store in {tmp_path}/{NAME}: File exists" in said


async def test_a_store_that_leads_into_a_folder_that_is_not_there_is_named(
    tmp_path: Path,
):
    (tmp_path / NAME).symlink_to(tmp_path / "gone" / NAME)

    said = await problem_of(tmp_path / NAME)

    assert f"cannot write into the folder {tmp_path}/gone: No such file" in said


async def test_after_a_refusal_nothing_is_locked(tmp_path: Path):
    (tmp_path / NAME).mkdir()
    await problem_of(tmp_path / NAME)
    (tmp_path / NAME).rmdir()

    store = await Store.open(f"sqlite:///{tmp_path / NAME}", FixedClock())

    await store.close()


async def test_a_folder_without_permission_is_named(
    other_users_folder: Path, request: pytest.FixtureRequest
):
    request.getfixturevalue("nobody")

    said = await problem_of(other_users_folder / "data" / NAME)

    assert said == (
        f"cannot make the folder {other_users_folder}/data: Permission denied; let the "
        "user that runs Energy Logger read and write it, or choose another place by "
        "DATA_DIR or DATABASE_URL"
    )
    lock = await problem_of(other_users_folder / NAME)
    assert f"cannot make the lock file {other_users_folder}/{NAME}.lock: Perm" in lock


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ("", "write to"),
        ("-wal", "write to"),
        ("-shm", "write to"),
        (None, "write into the folder"),
    ],
)
async def test_what_another_user_owns_is_named(
    other_users_folder: Path,
    request: pytest.FixtureRequest,
    ending: str | None,
    said: str,
):
    folder = other_users_folder
    lock = folder / f"{NAME}.lock"
    lock.touch()
    lock.chmod(0o666)
    place = folder
    if ending is not None:
        folder.chmod(0o777)
        place = folder / f"{NAME}{ending}"
        place.touch()
        place.chmod(0o444)
    else:
        folder.chmod(0o555)
    request.getfixturevalue("nobody")

    problem = await problem_of(folder / NAME)

    assert problem.startswith(f"cannot {said} {place}: Permission denied; let the user")


async def test_a_store_that_cannot_be_read_is_not_taken_for_an_empty_one(
    other_users_folder: Path, request: pytest.FixtureRequest
):
    file = other_users_folder / NAME
    file.touch()
    file.chmod(0)
    request.getfixturevalue("nobody")

    with pytest.raises(PlaceUnusable, match=f"cannot read {file}: Permission denied"):
        await Store.open_for_reading(f"sqlite:///{file}", FixedClock())


async def test_a_store_below_a_file_is_not_taken_for_an_empty_one(tmp_path: Path):
    (tmp_path / "data").touch()

    with pytest.raises(PlaceUnusable, match="Not a directory"):
        await Store.open_for_reading(
            f"sqlite:///{tmp_path / 'data' / NAME}", FixedClock()
        )


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
async def test_a_file_system_without_locks_is_not_another_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
):
    """Such as NFS whose lock service does not run."""

    def fail(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", fail)

    said = await problem_of(tmp_path / NAME)

    assert said == (
        f"cannot lock {tmp_path}/{NAME}.lock: {os.strerror(number)}; mount its file "
        "system with locks, without which two servers could write at once, or choose "
        "another place by DATA_DIR or DATABASE_URL"
    )


async def test_a_lock_that_somebody_holds_is_another_server(tmp_path: Path):
    with (tmp_path / f"{NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        with pytest.raises(StoreInUse, match="another Energy Logger server"):
            await Store.open(f"sqlite:///{tmp_path / NAME}", FixedClock())


async def test_a_file_that_is_no_database_says_what_helps(tmp_path: Path):
    (tmp_path / NAME).write_bytes(b"this is no database, but somebody's notes" * 30)

    with pytest.raises(
        StoreUnavailable, match="not a database: restore a backup, save what can be"
    ):
        await Store.open(f"sqlite:///{tmp_path / NAME}", FixedClock())


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EROFS, "make the disk writable, or choose another place by DATA_DIR"),
        (errno.ENOSPC, "make room on the disk, or choose another place by DATA_DIR"),
        (errno.EMFILE, "choose another place by DATA_DIR"),
    ],
)
def test_every_failure_of_the_system_says_what_helps(number: int, advice: str):
    error = PlaceUnusable(
        "cannot make", Path("/data"), OSError(number, ""), setting="DATA_DIR"
    )

    assert str(error) == f"cannot make /data: {os.strerror(number)}; {advice}"


def test_a_failure_that_nothing_is_known_of_is_reported_as_it_is():
    error = PlaceUnusable("cannot listen on", "PORT 1", OSError("no such thing"))

    assert str(error) == "cannot listen on PORT 1: no such thing"


async def test_a_disk_that_is_full_from_the_start_says_what_helps(tmp_path: Path):
    with (
        no_room(),
        pytest.raises(StoreUnavailable, match="full: make room on its disk") as caught,
    ):
        await Store.open(f"sqlite:///{tmp_path / NAME}", FixedClock())

    assert caught.value.cause == "its disk is full"


@pytest.mark.parametrize(
    "url", [pytest.param("postgres_url", marks=pytest.mark.postgres), "sqlite_url"]
)
async def test_a_migration_under_way_is_given_up_when_the_server_stops(
    url: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
):
    began = asyncio.Event()
    loop = asyncio.get_running_loop()

    def migrate_for_ever(engine: Engine) -> str:
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE half (done INTEGER)")
            loop.call_soon_threadsafe(began.set)
            return str(connection.exec_driver_sql(_ENDLESS).scalar_one())

    place = request.getfixturevalue(url)
    with monkeypatch.context() as patched:
        patched.setattr(opening, "migrate", migrate_for_ever)
        attempt = asyncio.ensure_future(Store.open(place, FixedClock()))
        await began.wait()
        assert not attempt.done()
        attempt.cancel()
        with pytest.raises(asyncio.CancelledError):
            await attempt

    engine = create_engine(address(place))
    assert not inspect(engine).has_table("half")
    engine.dispose()
    await (await Store.open(place, FixedClock())).close()


@pytest.mark.postgres
async def test_a_user_who_may_make_no_tables_says_what_helps(postgres_url: str):
    engine = create_engine(address(postgres_url))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE ROLE guest LOGIN")
    engine.dispose()
    as_guest = postgres_url.replace("energy@", "guest@")

    with pytest.raises(StoreUnavailable, match="grant the user of DATABASE_URL all"):
        await Store.open(as_guest, FixedClock())


async def test_a_postgresql_that_is_not_there_says_what_helps(tmp_path: Path):
    with pytest.raises(StoreUnavailable) as caught:
        await Store.open(f"postgresql://me:secret@/db?host={tmp_path}", FixedClock())

    assert str(caught.value).endswith(
        ": check that PostgreSQL runs, and what DATABASE_URL says"
    )
    assert "secret" not in str(caught.value)
