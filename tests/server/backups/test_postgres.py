"""Backups of a store in PostgreSQL: the same file, which SQLite restores, too."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from energy_logger_server.backups.create import create_backup
from energy_logger_server.backups.restore import prepared_restore
from energy_logger_server.backups.restored import Restored
from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.backups.backup import BackupReason
from energy_logger_server.domain.backups.restore import RowChange, SettingChange
from energy_logger_server.domain.backups.work import BackupProgress, BackupStage
from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.errors import StoreInUse
from energy_logger_server.portable.content import content_of_store
from energy_logger_server.store import Store
from energy_logger_server.store.db import lock
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.settings.read import saved_settings
from tests.server.backups.conftest import Place, nothing_told
from tests.server.store.fixture_store import fill
from tests.server.store.material import FixedClock

pytestmark = pytest.mark.postgres


async def test_a_store_in_postgresql_is_backed_up_and_restored_to_a_file(
    place: Place, postgres_url: str
):
    store = await Store.open(postgres_url, FixedClock())
    await fill(store)
    await store.change_settings({"AMBER_API_KEY": "psk_1", "LOG_LEVEL": "DEBUG"})

    backup = create_backup(
        place.folder,
        Secret(postgres_url),
        BackupReason.MANUAL,
        place.clock,
        nothing_told,
    )
    await store.close()

    assert backup.is_proven
    assert backup.manifest is not None
    assert backup.manifest.engine == "postgresql"
    assert backup.manifest.settings == {"LOG_LEVEL": "DEBUG"}
    stored = content_of_store(postgres_url)
    assert backup.manifest.contents.content_hash == stored.content_hash
    assert sorted(path.name for path in place.folder.path.iterdir()) == [
        ".lock",
        backup.name,
        f"{backup.name}.state.json",
    ]

    restore_to(place, place.file_of(backup), place.address)
    assert content_of_store(place.address.reveal()) == stored
    with closing(sqlite3.connect(place.store)) as connection:
        [(mode,)] = connection.execute("PRAGMA journal_mode").fetchall()
        assert mode == "delete"


async def test_a_backup_is_restored_into_postgresql_and_keeps_what_is_there(
    place: Place, postgres_url: str
):
    address = Secret(postgres_url)
    backup = place.file_of(place.create())
    wanted = content_of_store(place.address.reveal())
    restore_to(place, backup, address)
    assert content_of_store(postgres_url) == wanted

    store = await Store.open(postgres_url, FixedClock())
    await store.change_settings({"AMBER_API_KEY": "psk_1", "LOG_LEVEL": "DEBUG"})
    run = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    with pytest.raises(StoreInUse):
        restore_to(place, backup, address)
    await store.close()
    before = content_of_store(postgres_url)
    done = restore_to(place, backup, address)

    assert content_of_store(postgres_url) == wanted
    assert done.preview.settings == (SettingChange("LOG_LEVEL", "DEBUG", None),)
    runs = wanted.rows["run"]
    assert RowChange("run", runs + 1, runs) in done.preview.rows
    safety_copy = place.folder.get(done.safety_copy or "")
    assert safety_copy.is_proven
    assert safety_copy.state.is_pinned
    restore_to(place, place.file_of(safety_copy), address)
    assert content_of_store(postgres_url) == before
    store = await Store.open(postgres_url, FixedClock())
    assert await store.read(saved_settings) == {
        "AMBER_API_KEY": "psk_1",
        "LOG_LEVEL": "DEBUG",
    }
    assert await store.begin_run(Source.KAMO, Trigger.TICK, 5) > run
    await store.close()


async def test_a_restore_into_postgresql_that_ends_halfway_has_changed_nothing(
    place: Place, postgres_url: str
):
    store = await Store.open(postgres_url, FixedClock())
    await fill(store)
    await store.close()
    before = content_of_store(postgres_url)
    backup = place.file_of(place.create())

    def end_halfway(progress: BackupProgress) -> None:
        if progress.stage is BackupStage.REPLACING and progress.share > 0.5:
            raise KeyboardInterrupt

    with (
        pytest.raises(KeyboardInterrupt),
        prepared_restore(
            place.folder, Secret(postgres_url), backup, place.clock, end_halfway
        ) as prepared,
    ):
        prepared.commit()

    assert content_of_store(postgres_url) == before


async def test_nobody_writes_between_the_safety_copy_and_what_is_restored(
    place: Place, postgres_url: str, monkeypatch: pytest.MonkeyPatch
):
    # the lock of one that was killed is not waited for
    monkeypatch.setattr(lock, "_TRIES", 1)
    store = await Store.open(postgres_url, FixedClock())
    await fill(store)
    await store.close()
    backup = place.file_of(place.create())
    tried: set[BackupStage] = set()
    let_in: list[BackupStage] = []

    def try_to_write(progress: BackupProgress) -> None:
        if progress.stage in tried:
            return
        tried.add(progress.stage)
        try:
            lock.acquire_writer_lock(store_url(postgres_url)).release()
        except StoreInUse:
            return
        let_in.append(progress.stage)

    with prepared_restore(
        place.folder, Secret(postgres_url), backup, place.clock, try_to_write
    ) as prepared:
        tried.clear()
        let_in.clear()
        prepared.commit()

    assert {BackupStage.COPYING, BackupStage.REPLACING} <= tried
    assert let_in == []


def restore_to(place: Place, source: Path, address: Secret) -> Restored:
    with prepared_restore(
        place.folder, address, source, place.clock, nothing_told
    ) as prepared:
        return prepared.commit()
