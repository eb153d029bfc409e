"""Backups of a store in PostgreSQL: the same file, which SQLite restores, too."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from energy_logger_server.backups.create import create_backup
from energy_logger_server.backups.restore import prepared_restore
from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.backups.backup import BackupReason
from energy_logger_server.portable.content import content_of_store
from energy_logger_server.store import Store
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

    restore_to(place, place.file_of(backup))
    assert content_of_store(place.address.reveal()) == stored
    with closing(sqlite3.connect(place.store)) as connection:
        [(mode,)] = connection.execute("PRAGMA journal_mode").fetchall()
        assert mode == "delete"


def restore_to(place: Place, source: Path) -> None:
    with prepared_restore(
        place.folder, place.address, source, place.clock, nothing_told
    ) as prepared:
        prepared.commit()
