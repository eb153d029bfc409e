"""A store whose file is held: a plain copy of it is a whole store, while more comes."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.errors import BackupNotHeld, StoreUnavailable
from energy_logger_server.store import Store
from energy_logger_server.store.db import writer
from tests.server.logged import logged_warnings
from tests.server.store.material import FixedClock
from tests.server.store_template import lay_store

NAME = "energy.db"
COPIED_BYTES = 32_768


async def begin_runs(store: Store, count: int) -> None:
    """Write a row each, in transactions of their own."""
    for _one in range(count):
        await store.begin_run(Source.KAMO, Trigger.TICK, 5)


def runs_in(file: Path) -> int:
    """How many rows a copy has, which must be sound."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        [count] = connection.execute("SELECT count(*) FROM run").fetchone()
    return int(count)


def chunks_of(file: Path) -> Iterator[bytes]:
    """Read a file as a slow copy does."""
    with file.open("rb") as source:
        while chunk := source.read(COPIED_BYTES):
            yield chunk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a store."""
    lay_store(tmp_path / NAME)
    return tmp_path


async def opened(folder: Path) -> Store:
    return await Store.open(f"sqlite:///{folder / NAME}", FixedClock())


async def test_twenty_slow_copies_hold_every_row_up_to_the_hold(
    folder: Path, tmp_path: Path
):
    store = await opened(folder)
    written = 0
    for number in range(20):
        await begin_runs(store, 3)
        written += 3
        assert await store.hold_file()
        until_hold = written
        restored = tmp_path / f"restored-{number}"
        restored.mkdir()
        with (restored / NAME).open("wb") as copy:
            for chunk in chunks_of(folder / NAME):
                copy.write(chunk)
                await begin_runs(store, 2)
                written += 2
        alone = tmp_path / f"alone-{number}.db"
        shutil.copyfile(restored / NAME, alone)
        # the log is copied later, and grows while it is
        shutil.copyfile(folder / f"{NAME}-wal", restored / f"{NAME}-wal")
        assert await store.release_file()

        assert runs_in(alone) == until_hold
        assert runs_in(restored / NAME) == written
        assert written - until_hold >= 10
    await store.close()


async def test_a_copy_without_a_hold_lacks_what_is_in_the_log(
    folder: Path, tmp_path: Path
):
    store = await opened(folder)
    await begin_runs(store, 3)
    shutil.copyfile(folder / NAME, tmp_path / "copy.db")
    await store.close()

    assert runs_in(tmp_path / "copy.db") == 0


async def test_the_file_stays_as_it_is_whatever_is_written_or_closed(folder: Path):
    store = await opened(folder)
    await begin_runs(store, 1)
    await store.hold_file()
    held = (folder / NAME).read_bytes()

    # more pages than SQLite lets its log have before it folds it in
    await store.change_settings({f"N{i}": "x" * 4000 for i in range(1500)})
    with closing(sqlite3.connect(folder / NAME)) as other:
        other.execute("SELECT count(*) FROM run").fetchone()
    assert (folder / NAME).read_bytes() == held
    # a failed write has the writer's connection closed, and another one opened
    with pytest.raises(StoreUnavailable):
        await store._write(lambda _connection: fail())  # noqa: SLF001
    await begin_runs(store, 1)
    await store.close()
    assert (folder / NAME).read_bytes() == held

    again = await opened(folder)
    await again.close()
    assert runs_in(folder / NAME) == 2
    assert not (folder / f"{NAME}-wal").exists()


def fail() -> None:
    raise sqlite3.OperationalError("disk I/O error")


async def test_afterwards_the_log_is_folded_in_again(folder: Path):
    store = await opened(folder)
    await store.hold_file()
    held = (folder / NAME).read_bytes()
    assert await store.release_file()

    await store.change_settings({f"N{i}": "x" * 4000 for i in range(1500)})

    assert (folder / NAME).read_bytes() != held
    assert not await store.release_file()
    await store.close()


async def test_a_log_that_grows_too_long_ends_the_hold_with_a_warning(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(writer, "MOST_LOGGED_BYTES", 1_048_576)
    store = await opened(folder)
    await store.hold_file()
    await store.change_settings({f"N{i}": "x" * 4000 for i in range(300)})

    assert not await store.release_file()
    await store.close()
    [line] = logged_warnings(caplog)
    assert line == (
        "the store's log grew to 1 MiB while a backup held its file: the hold has "
        "ended, and that backup may be damaged"
    )


async def test_a_read_in_the_way_of_the_hold_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    store = await opened(folder)
    monkeypatch.setattr("energy_logger_server.store.db.engine._BUSY_TIMEOUT_MS", 1)
    store._database._writer.close()  # noqa: SLF001 - the next one waits that long
    await begin_runs(store, 1)
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM run").fetchone()
        await begin_runs(store, 1)

        with pytest.raises(BackupNotHeld, match="a long read keeps the store's log"):
            await store.hold_file()
    assert not await store.release_file()
    assert await store.hold_file()
    await store.close()


async def test_a_file_system_without_the_log_cannot_be_held(tmp_path: Path):
    refusing = f"sqlite:///file:{tmp_path}/{NAME}?nolock=1&uri=true"
    store = await Store.open(refusing, FixedClock())

    with pytest.raises(BackupNotHeld, match="stop the server for a backup"):
        await store.hold_file()
    await store.close()


@pytest.mark.postgres
async def test_postgresql_has_no_file_to_hold(postgres_url: str):
    store = await Store.open(postgres_url, FixedClock())

    assert not await store.hold_file()
    await store.close()
