"""A log that belongs to another file is recognised, whatever was copied over what."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.errors import PlaceUnusable, StoreUnsettled
from energy_logger_server.store import Store
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.db.lock import acquire_writer_lock
from energy_logger_server.store.db.replacement import replacement_of
from energy_logger_server.store.db.stray_log import is_stray, log_beside
from tests.server.logged import logged_warnings
from tests.server.store.material import FixedClock, rows
from tests.server.store_template import lay_store

NAME = "energy.db"


async def opened(folder: Path) -> Store:
    return await Store.open(f"sqlite:///{folder / NAME}", FixedClock())


async def save(store: Store, *names: str) -> None:
    """Write durably, a transaction for each name."""
    for name in names:
        await store.change_settings({name: "saved"})


def copy(source: Path, target: Path, *, log_of: Path | None = None) -> Path:
    """Copy a store's file, and the log of another moment beside it; return the file."""
    target.mkdir(exist_ok=True)
    shutil.copyfile(source / NAME, target / NAME)
    if log_of is not None:
        shutil.copyfile(log_beside(log_of / NAME), log_beside(target / NAME))
    return target / NAME


def checkpoint(folder: Path) -> None:
    with closing(sqlite3.connect(folder / NAME)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a store."""
    place = tmp_path / "store"
    place.mkdir()
    lay_store(place / NAME)
    return place


@pytest.fixture
def yesterday(tmp_path: Path) -> Path:
    """Where a copy is kept."""
    return tmp_path / "yesterday"


async def test_a_copied_file_beside_todays_log_keeps_what_was_copied(
    folder: Path, yesterday: Path, caplog: pytest.LogCaptureFixture
):
    store = await opened(folder)
    await save(store, "A")
    checkpoint(folder)
    copy(folder, yesterday)
    await save(store, "B")
    checkpoint(folder)
    await save(store, "C", "D")
    # the power is cut, and the copy is put where the file was
    left = folder.with_name("left")
    copy(folder, left, log_of=folder)
    await store.close()
    file = copy(yesterday, left)

    assert is_stray(file)
    store = await opened(left)
    saved = await rows(store, "SELECT name FROM setting ORDER BY name")
    await store.close()

    assert saved == [("A",)]
    [warning] = logged_warnings(caplog)
    assert "belongs to another file" in warning
    assert f"{NAME}-wal.set-aside-1" in warning
    assert (left / f"{NAME}-wal.set-aside-1").stat().st_size


async def test_a_newer_file_beside_yesterdays_log_keeps_what_is_newer(
    folder: Path, yesterday: Path
):
    store = await opened(folder)
    await save(store, "A")
    copy(folder, yesterday, log_of=folder)
    for name in ("B", "C", "D"):
        checkpoint(folder)
        await save(store, name)
    checkpoint(folder)
    await store.close()

    file = copy(folder, yesterday)

    assert is_stray(file)


@pytest.mark.parametrize("folded", ["nothing", "a part", "all"])
async def test_a_stores_own_log_is_replayed_however_much_of_it_is_in_the_file(
    folder: Path, tmp_path: Path, folded: str
):
    store = await opened(folder)
    await save(store, "A")
    checkpoint(folder)
    await save(store, "B", "C")
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as connection:
        if folded == "a part":
            # a reader keeps what comes now out of the file
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM setting").fetchone()
            await save(store, "D")
        if folded != "nothing":
            with closing(sqlite3.connect(folder / NAME)) as other:
                other.execute("PRAGMA wal_checkpoint(PASSIVE)")
    await save(store, "E")

    file = copy(folder, tmp_path / "copied", log_of=folder)

    assert not is_stray(file)
    await store.close()
    restored = await opened(tmp_path / "copied")
    saved = {name for (name,) in await rows(restored, "SELECT name FROM setting")}
    await restored.close()
    assert {"A", "B", "C", "E"} <= saved


async def test_a_log_that_was_begun_before_there_were_numbers_is_replayed(
    tmp_path: Path,
):
    path = tmp_path / NAME
    lay_store(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=0")
    holding = sqlite3.connect(path, isolation_level=None)
    holding.execute("PRAGMA journal_mode=WAL")
    holding.execute("CREATE TABLE old (a)")
    store = await opened(tmp_path)
    await save(store, "A")

    file = copy(tmp_path, tmp_path / "copied", log_of=tmp_path)

    assert not is_stray(file)
    holding.close()
    await store.close()


async def test_what_is_no_log_or_says_nothing_is_left_to_sqlite(
    folder: Path, tmp_path: Path
):
    file, log = folder / NAME, log_beside(folder / NAME)
    assert not is_stray(file)
    for content in (b"", b"short", bytes(100)):
        log.write_bytes(content)
        assert not is_stray(file)
    log.unlink()
    # a run's beginning is not durable, and so has no number
    store = await opened(folder)
    checkpoint(folder)
    await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    copied = copy(folder, tmp_path / "copied", log_of=folder)
    await store.close()
    assert not is_stray(copied)
    # where a log ends in the middle of its first page there is no transaction
    log_beside(copied).write_bytes(log_beside(copied).read_bytes()[:80])
    assert not is_stray(copied)
    copied.write_bytes(b"no database at all" * 100)
    assert not is_stray(copied)


async def test_a_log_beside_no_file_or_a_file_of_other_pages_is_a_strays(
    folder: Path, tmp_path: Path
):
    store = await opened(folder)
    await save(store, "A")
    file = copy(folder, tmp_path / "copied", log_of=folder)
    await store.close()
    assert not is_stray(file)

    file.write_bytes(b"")
    assert is_stray(file)
    file.unlink()
    assert is_stray(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA page_size=1024")
        connection.execute("CREATE TABLE other (a)")
        connection.commit()
    # SQLite itself has thrown the log of an empty file away
    copy_of_log = log_beside(folder / NAME)
    assert not log_beside(file).exists() or not copy_of_log.exists()


async def test_who_only_reads_leaves_a_stray_log_to_the_server(
    folder: Path, yesterday: Path
):
    store = await opened(folder)
    await save(store, "A")
    checkpoint(folder)
    copy(folder, yesterday)
    await save(store, "B")
    checkpoint(folder)
    await save(store, "C")
    shutil.copyfile(log_beside(folder / NAME), log_beside(yesterday / NAME))
    await store.close()
    address = f"sqlite:///{yesterday / NAME}"

    with pytest.raises(StoreUnsettled, match="start the server, which puts that right"):
        await Store.open_for_reading(address, FixedClock())

    assert log_beside(yesterday / NAME).exists()
    # a log that is seen while a server changes it says nothing
    lock = acquire_writer_lock(store_url(address))
    await (await Store.open_for_reading(address, FixedClock())).close()
    lock.release()


async def test_an_interrupted_restore_is_ended_by_who_opens_the_store(
    folder: Path, yesterday: Path, caplog: pytest.LogCaptureFixture
):
    store = await opened(folder)
    await save(store, "A")
    await store.close()
    copy(folder, yesterday)
    store = await opened(folder)
    await save(store, "B")
    copy(folder, folder.with_name("left"), log_of=folder)
    await store.close()
    left = folder.with_name("left")
    shutil.copyfile(yesterday / NAME, replacement_of(left / NAME))

    with pytest.raises(StoreUnsettled):
        await Store.open_for_reading(f"sqlite:///{left / NAME}", FixedClock())
    store = await opened(left)
    saved = await rows(store, "SELECT name FROM setting")
    await store.close()

    assert saved == [("A",)]
    assert not replacement_of(left / NAME).exists()
    kept, ended = logged_warnings(caplog)
    assert f"{NAME}-wal.set-aside-1" in kept
    assert "ended a restore" in ended


async def test_what_cannot_be_put_right_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("energy_logger_server.store.db.beside.is_stray", refuse)
    monkeypatch.setattr(
        "energy_logger_server.store.db.beside.set_stray_log_aside", refuse
    )
    address = f"sqlite:///{folder / NAME}"

    with pytest.raises(PlaceUnusable, match="cannot put right what lies beside"):
        await Store.open(address, FixedClock())
    with pytest.raises(PlaceUnusable, match="cannot read what lies beside"):
        await Store.open_for_reading(address, FixedClock())
