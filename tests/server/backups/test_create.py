"""Making a backup of a store that is in use."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from energy_logger_server.backups import hashing
from energy_logger_server.backups.create import create_backup
from energy_logger_server.domain.backups.backup import BackupReason
from energy_logger_server.domain.backups.work import BackupProgress, BackupStage
from energy_logger_server.errors import (
    BackupInProgress,
    NothingStored,
    PlaceUnusable,
    RoomMissing,
    StoreError,
    StoreUnavailable,
)
from energy_logger_server.store.backup import online_copy
from energy_logger_server.store.backup.contents import NotAStore
from tests.server.backups.conftest import Place, unpacked

INSERT = "INSERT INTO store_meta (name, value) VALUES (?, '')"


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy so few pages in a step that much can happen between steps."""
    monkeypatch.setattr(online_copy, "_PAGES_A_STEP", 5)


def rows_of(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def names_in(place: Place) -> list[str]:
    return sorted(path.name for path in place.folder.path.iterdir())


def test_a_backup_says_what_it_holds_and_has_been_tried(place: Place):
    backup = place.create(BackupReason.SCHEDULED)

    assert place.folder.backups() == [backup]
    assert backup.name == "energy-logger-20260104T020000Z.db.zst"
    assert backup.is_proven
    assert backup.state.verified_at == place.clock.now()
    manifest = backup.manifest
    assert manifest is not None
    assert manifest.created_at == place.clock.now()
    assert manifest.reason is BackupReason.SCHEDULED
    contents = manifest.contents
    for table, count in contents.rows.items():
        assert rows_of(place.store, f"SELECT count(*) FROM {table}") == [(count,)]
    assert contents.rows["revision"] == 48
    assert contents.first_at is not None
    assert contents.last_at is not None
    assert contents.first_at < contents.last_at


def test_zstd_alone_gets_the_store_out_of_it(place: Place, tmp_path: Path):
    backup = place.create()

    file = unpacked(place.file_of(backup), tmp_path / "restored.db")

    query = "SELECT * FROM price ORDER BY series_id, end_at"
    assert rows_of(file, query) == rows_of(place.store, query)
    assert not (tmp_path / "restored.db-wal").exists()


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_it_holds_every_row_up_to_its_start_while_more_are_written(
    place: Place, tmp_path: Path, journal: str
):
    steps = 0
    with closing(sqlite3.connect(place.store, isolation_level=None)) as writer:
        writer.execute(f"PRAGMA journal_mode={journal}")
        writer.execute(INSERT, ("before",))

        def write_some(progress: BackupProgress) -> None:
            nonlocal steps
            if progress.stage is BackupStage.COPYING and steps < 20:
                steps += 1
                writer.execute(INSERT, (f"meanwhile {steps}",))

        backup = create_backup(
            place.folder, place.address, BackupReason.MANUAL, place.clock, write_some
        )

    file = unpacked(place.file_of(backup), tmp_path / "restored.db")
    assert steps > 5
    names = {name for (name,) in rows_of(file, "SELECT name FROM store_meta")}
    assert "before" in names
    if journal == "wal":
        # one instant: nothing of what came later, and the copy never began anew
        assert not {name for name in names if str(name).startswith("meanwhile")}
        assert steps < 20


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize(
    "stage", ["copying", "packing", "unpacking", "checking", "hashing"]
)
def test_work_that_ends_early_leaves_nothing(place: Place, stage: str):
    def stop(progress: BackupProgress) -> None:
        if progress.stage == stage:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create_backup(
            place.folder, place.address, BackupReason.MANUAL, place.clock, stop
        )

    assert names_in(place) == [".lock"]
    place.create()


def test_what_a_killed_program_left_is_no_backup_and_goes(place: Place):
    place.create()
    for left in (".unfinished-copy", ".unfinished-copy-journal"):
        (place.folder.path / left).write_bytes(b"half of it")
    assert len(place.folder.backups()) == 1

    place.clock.at += timedelta(seconds=1)
    place.create()

    assert not [name for name in names_in(place) if "unfinished" in name]
    assert len(place.folder.backups()) == 2


def test_two_backups_of_one_second_are_two(place: Place):
    names = [place.create().name for _one in range(3)]

    assert names == [
        "energy-logger-20260104T020000Z.db.zst",
        "energy-logger-20260104T020000Z-2.db.zst",
        "energy-logger-20260104T020000Z-3.db.zst",
    ]


def test_a_file_system_without_second_names_serves_as_well(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_paths: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)

    names = {place.create().name for _one in range(2)}

    assert {one.name for one in place.folder.backups()} == names
    assert len(names) == 2


def test_one_backup_is_made_at_a_time(place: Place):
    with place.folder.working(), pytest.raises(BackupInProgress, match="wait until"):
        place.create()


def test_without_room_nothing_is_begun(place: Place, monkeypatch: pytest.MonkeyPatch):
    class Disk:
        total, free = 1_000_000_000, 50_000_000

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk)

    # a twentieth of the disk is left to others
    with pytest.raises(RoomMissing, match=r"needs 49 MiB .* 47 MiB are free: make"):
        place.create()

    assert names_in(place) == [".lock"]


def test_a_folder_that_cannot_be_written_is_named(place: Place):
    place.folder.path.write_text("in the way")

    with pytest.raises(PlaceUnusable, match=r"backups: .*BACKUP_DIR"):
        place.create()


def test_without_a_store_there_is_no_backup(place: Place):
    place.store.unlink()

    with pytest.raises(NothingStored):
        place.create()

    assert not place.folder.backups()


def test_a_damaged_store_makes_no_backup(place: Place):
    place.store.write_bytes(b"SQLite format 3\0" + bytes(8192))

    with pytest.raises(StoreUnavailable, match="damaged"):
        place.create()

    assert not place.folder.backups()


def test_another_programs_database_makes_no_backup(place: Place):
    place.store.unlink()
    with closing(sqlite3.connect(place.store)) as connection:
        connection.execute("CREATE TABLE setting (name, value, changed_at)")

    with pytest.raises(NotAStore):
        place.create()


def hash_in_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "MOST_ROWS_AT_HOME", 0)


def test_a_large_store_is_hashed_by_a_process_of_its_own(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    at_home = place.create().manifest
    hash_in_a_process(monkeypatch)

    elsewhere = place.create().manifest

    assert at_home is not None
    assert elsewhere is not None
    assert elsewhere.contents.content_hash == at_home.contents.content_hash is not None


def test_a_process_that_hashes_ends_with_the_work(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    hash_in_a_process(monkeypatch)
    looks = iter([None, KeyboardInterrupt])

    def stop() -> None:
        error = next(looks)
        if error is not None:
            raise error

    with pytest.raises(KeyboardInterrupt):
        hashing.content_hash_of(place.store, 1, stop)


def test_a_process_that_cannot_hash_says_why(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    hash_in_a_process(monkeypatch)
    place.store.write_bytes(b"no database")

    with pytest.raises(StoreError, match=r"hashing the store failed: .*not a database"):
        hashing.content_hash_of(place.store, 1, lambda: None)


@pytest.fixture
def settings(place: Place) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(place.store, isolation_level=None)) as connection:
        yield connection


def save(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute(
        "INSERT INTO setting VALUES (?, ?, 0)"
        " ON CONFLICT DO UPDATE SET value = excluded.value",
        (name, value),
    )


def test_no_secret_that_is_or_was_saved_gets_into_a_backup(
    place: Place, settings: sqlite3.Connection, tmp_path: Path
):
    save(settings, "AMBER_API_KEY", "psk_first" * 20)
    save(settings, "AMBER_API_KEY", "psk_second")
    save(settings, "SETTING_OF_A_NEWER_VERSION", "psk_third")
    save(settings, "LOG_LEVEL", "DEBUG")

    backup = place.create()

    file = unpacked(place.file_of(backup), tmp_path / "restored.db")
    assert rows_of(file, "SELECT name, value FROM setting") == [("LOG_LEVEL", "DEBUG")]
    assert b"psk_" not in file.read_bytes()
    # the store itself keeps them
    assert len(rows_of(place.store, "SELECT * FROM setting")) == 3


def test_a_secret_that_lies_about_in_a_free_page_does_not_get_into_a_backup(
    place: Place, settings: sqlite3.Connection, tmp_path: Path
):
    save(settings, "AMBER_API_KEY", "psk_elsewhere")
    settings.execute("CREATE TABLE copied AS SELECT value FROM setting")
    settings.execute("DROP TABLE copied")
    settings.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"psk_elsewhere" in place.store.read_bytes()

    backup = place.create()

    file = unpacked(place.file_of(backup), tmp_path / "restored.db")
    assert b"psk_elsewhere" not in file.read_bytes()
