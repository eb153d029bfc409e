"""Restoring: shown first, what was there is kept, secrets stay."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from energy_logger_server.backups.restore import prepared_restore
from energy_logger_server.backups.restored import PreparedRestore, Restored
from energy_logger_server.domain.backups.backup import BackupReason
from energy_logger_server.domain.backups.restore import RowChange, SettingChange
from energy_logger_server.errors import (
    BackupUnusable,
    PlaceUnusable,
    RestoreRefused,
    RoomMissing,
    StoreInUse,
    StoreTooNew,
    StoreUnavailable,
)
from energy_logger_server.store import Store
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.db.lock import acquire_writer_lock
from energy_logger_server.store.db.migrate import known_versions
from energy_logger_server.store.db.stray_log import log_beside
from tests.server.backups.conftest import Place, lay_filled_store, nothing_told
from tests.server.store.material import FixedClock, rows
from tests.server.store_template import lay_store

COUNT = "SELECT count(*) FROM revision"


def restore(place: Place, source: Path) -> Restored:
    with prepared_restore(
        place.folder, place.address, source, place.clock, nothing_told
    ) as prepared:
        return prepared.commit()


def preview(place: Place, source: Path) -> PreparedRestore:
    with prepared_restore(
        place.folder, place.address, source, place.clock, nothing_told
    ) as prepared:
        return prepared


def execute(file: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        return connection.execute(statement, values).fetchall()


def save(file: Path, name: str, value: str) -> None:
    execute(file, "INSERT OR REPLACE INTO setting VALUES (?, ?, 0)", name, value)


def saved_in(file: Path) -> dict[object, object]:
    return dict(execute(file, "SELECT name, value FROM setting"))  # type: ignore[arg-type]


def names_beside(place: Place) -> list[str]:
    return sorted(path.name for path in place.store.parent.iterdir())


def test_a_restore_brings_back_what_was_and_keeps_what_is(place: Place):
    backup = place.create()
    execute(place.store, "DELETE FROM revision")

    done = restore(place, place.file_of(backup))

    assert execute(place.store, COUNT) == [(48,)]
    assert RowChange("revision", 0, 48) in done.preview.rows
    assert done.safety_copy is not None
    safety_copy = place.folder.get(done.safety_copy)
    assert safety_copy.is_proven
    assert safety_copy.state.is_pinned
    assert safety_copy.manifest is not None
    assert safety_copy.manifest.reason is BackupReason.BEFORE_RESTORE
    assert safety_copy.manifest.contents.rows["revision"] == 0
    assert names_beside(place) == ["backups", "energy.db", "energy.db.lock"]

    restore(place, place.file_of(safety_copy))
    assert execute(place.store, COUNT) == [(0,)]


async def test_what_is_restored_is_a_store_that_works(place: Place):
    backup = place.create()
    restore(place, place.file_of(backup))

    store = await Store.open(place.address.reveal(), FixedClock())
    await store.change_settings({"LOG_LEVEL": "DEBUG"})

    assert await rows(store, COUNT) == [(48,)]
    await store.close()


def test_a_preview_changes_nothing(place: Place):
    save(place.store, "LOG_LEVEL", "DEBUG")
    save(place.store, "POLL_INTERVAL_MINUTES", "15")
    backup = place.create()
    execute(place.store, "DELETE FROM setting WHERE name = 'LOG_LEVEL'")
    save(place.store, "POLL_INTERVAL_MINUTES", "30")
    save(place.store, "AMBER_API_KEY", "psk_secret")
    before = place.store.read_bytes()

    shown = preview(place, place.file_of(backup)).preview

    assert shown.settings == (
        SettingChange("LOG_LEVEL", None, "DEBUG"),
        SettingChange("POLL_INTERVAL_MINUTES", "30", "15"),
    )
    assert shown.now is not None
    assert shown.now.rows["revision"] == shown.after.rows["revision"] == 48
    assert place.store.read_bytes() == before
    assert place.folder.backups() == [backup]
    assert names_beside(place) == ["backups", "energy.db", "energy.db.lock"]


def test_secrets_stay_and_other_settings_come_back(place: Place):
    save(place.store, "LOG_LEVEL", "DEBUG")
    save(place.store, "AMBER_API_KEY", "psk_old")
    backup = place.create()
    save(place.store, "LOG_LEVEL", "ERROR")
    save(place.store, "AMBER_API_KEY", "psk_present")

    restore(place, place.file_of(backup))

    assert saved_in(place.store) == {
        "LOG_LEVEL": "DEBUG",
        "AMBER_API_KEY": "psk_present",
    }


@pytest.mark.parametrize("schema", known_versions())
def test_a_plain_file_of_any_schema_of_ours_is_restored_and_upgraded(
    place: Place, tmp_path: Path, schema: str
):
    plain = tmp_path / "copied.db"
    lay_filled_store(plain, schema)
    save(plain, "AMBER_API_KEY", "psk_of_the_file")
    content = plain.read_bytes()
    lay_store_anew(place)

    done = restore(place, plain)

    assert done.preview.after.schema_version == schema
    assert execute(place.store, COUNT) == [(48,)]
    newest = known_versions()[-1]
    assert execute(place.store, "SELECT version_num FROM alembic_version") == [
        (newest,)
    ]
    # a token that is only there is better than none
    assert saved_in(place.store) == {"AMBER_API_KEY": "psk_of_the_file"}
    assert plain.read_bytes() == content


def lay_store_anew(place: Place) -> None:
    place.store.unlink()
    lay_store(place.store)


def test_a_plain_file_brings_its_own_log_and_no_other(place: Place, tmp_path: Path):
    plain = tmp_path / "copied.db"
    source = tmp_path / "source.db"
    lay_filled_store(source)
    with closing(sqlite3.connect(source, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
        [(number,)] = writer.execute("PRAGMA user_version").fetchall()
        writer.execute(f"PRAGMA user_version={number + 1}")
        writer.execute("DELETE FROM revision WHERE id > 40")
        shutil.copyfile(source, plain)
        shutil.copyfile(log_beside(source), log_beside(plain))
    restore(place, plain)
    assert execute(place.store, COUNT) == [(40,)]

    # the log of that file, beside one of another time
    lay_filled_store(plain)
    content = bytearray(plain.read_bytes())
    content[60:64] = (number + 100).to_bytes(4)
    plain.write_bytes(content)
    shown = preview(place, plain)

    assert shown.is_log_left_out
    assert shown.preview.after.rows["revision"] == 48


def test_a_fresh_place_is_restored_to(place: Place):
    backup = place.create()
    place.store.unlink()

    done = restore(place, place.file_of(backup))

    assert done.preview.now is None
    assert done.safety_copy is None
    assert execute(place.store, COUNT) == [(48,)]


def test_a_damaged_store_is_set_aside_with_its_log(place: Place):
    backup = place.create()
    damaged = b"SQLite format 3\0" + bytes(8192)
    place.store.write_bytes(damaged)
    log_beside(place.store).write_bytes(b"its log")

    done = restore(place, place.file_of(backup))

    assert done.safety_copy is None
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == damaged
    assert execute(place.store, COUNT) == [(48,)]
    kept = log_beside(place.store).with_name("energy.db-wal.set-aside-1")
    assert kept.read_bytes() == b"its log"


def test_a_damaged_backup_is_refused_and_nothing_changes(place: Place):
    file = place.file_of(place.create())
    content = bytearray(file.read_bytes())
    content[3000] ^= 4
    file.write_bytes(content)
    before = place.store.read_bytes()

    with pytest.raises(BackupUnusable, match="take another backup"):
        restore(place, file)

    assert place.store.read_bytes() == before
    assert len(place.folder.backups()) == 1
    assert names_beside(place) == ["backups", "energy.db", "energy.db.lock"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 a zip file", "it is no backup"),
        (b"SQLite format 3\0" + bytes(4096), "damaged"),
    ],
)
def test_what_is_no_store_is_refused(
    place: Place, tmp_path: Path, content: bytes, sentence: str
):
    (tmp_path / "other").write_bytes(content)

    with pytest.raises(BackupUnusable, match=sentence):
        restore(place, tmp_path / "other")


def test_another_programs_database_and_a_newer_store_are_refused(
    place: Place, tmp_path: Path
):
    other, newer = tmp_path / "other.db", tmp_path / "newer.db"
    execute(other, "CREATE TABLE load_data (id)")
    lay_filled_store(newer)
    execute(newer, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(BackupUnusable, match="none of Energy Logger"):
        restore(place, other)
    with pytest.raises(StoreTooNew):
        restore(place, newer)
    with pytest.raises(BackupUnusable, match="no such file"):
        restore(place, tmp_path / "missing")
    with pytest.raises(RestoreRefused, match="is the store itself"):
        restore(place, place.store)


def test_a_store_that_somebody_else_has_is_left_alone(place: Place):
    file = place.file_of(place.create())
    lock = acquire_writer_lock(store_url(place.address.reveal()))

    with pytest.raises(StoreInUse):
        restore(place, file)

    lock.release()
    with closing(sqlite3.connect(place.store, isolation_level=None)) as reader:
        reader.execute("PRAGMA journal_mode=WAL")
        reader.execute("BEGIN")
        reader.execute(COUNT).fetchone()
        with pytest.raises(StoreUnavailable, match="close what else uses"):
            restore(place, file)
    restore(place, file)


def test_without_room_or_a_folder_nothing_is_changed(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    file = place.file_of(place.create())

    class Disk:
        total, free = 1_000_000_000, 50_000_000

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk)
    with pytest.raises(RoomMissing):
        restore(place, file)
    monkeypatch.undo()
    (place.store.parent / "energy.db.restoring").mkdir()
    with pytest.raises(PlaceUnusable):
        restore(place, file)
