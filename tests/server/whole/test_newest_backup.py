"""Which backup the server names when its store is damaged."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from energy_logger_server.app.newest_backup import newest_backup_advice
from energy_logger_server.app.startup import Startup
from energy_logger_server.backups.create import create_backup
from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.config.load import build_settings
from energy_logger_server.domain.backups.backup import BackupReason, BackupState
from energy_logger_server.errors import StoreDamaged, StoreError, StoreUnavailable
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.store_template import lay_store

NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)


def test_the_newest_backup_that_was_proven_is_named_with_how_it_is_restored(
    tmp_path: Path,
):
    lay_store(tmp_path / "energy-logger.db")
    settings = build_settings(environment={"DATA_DIR": str(tmp_path)})
    clock = SettableClock(NOON)
    folder = BackupFolder(settings.backup_folder)
    none_yet = newest_backup_advice(settings)
    made = []
    for _day in range(3):
        made.append(
            create_backup(
                folder,
                settings.store_address,
                BackupReason.MANUAL,
                clock,
                lambda _progress: None,
            )
        )
        clock.advance(timedelta(days=1).total_seconds())
    folder.note(made[-1], BackupState(problem="it was tried, and is bad"))

    advice = newest_backup_advice(settings)

    assert none_yet == ""
    assert advice == (
        "; the newest proven backup is of 2026-01-05 12:00 UTC: energy-logger backup "
        f"restore {made[1].name}"
    )


def test_a_folder_that_cannot_be_read_names_none(tmp_path: Path):
    (tmp_path / "backups").write_text("no folder")
    settings = build_settings(environment={"DATA_DIR": str(tmp_path)})

    assert newest_backup_advice(settings) == ""


def meet(error: StoreError) -> None:
    raise error


@pytest.mark.parametrize(
    ("kind", "advice"),
    [(StoreDamaged, "; restore that one"), (StoreUnavailable, "")],
)
def test_only_damage_asks_for_a_backup(kind: type[StoreUnavailable], advice: str):
    startup = Startup(SettableClock(NOON), lambda: "; restore that one")

    with startup.surviving(exits_on_error=False, is_app=False):
        meet(kind("at /its/place: gone", "it is gone", "look for it"))

    problem = startup.state.problem
    assert problem.public_message == f"it is gone: look for it{advice}"
    assert problem.message == f"at /its/place: gone{advice}"
