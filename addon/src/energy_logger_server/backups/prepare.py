"""Making what is restored ready: unpacked, checked, brought up to date."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from energy_logger_server.domain.backups.backup import SavedContents
from energy_logger_server.domain.backups.work import BackupStage, ReportProgress
from energy_logger_server.errors import (
    BackupUnusable,
    StoreError,
    StoreUnavailable,
)
from energy_logger_server.portable.content import SHOWN_SETTINGS
from energy_logger_server.store.backup.contents import NotAStore, damage_in
from energy_logger_server.store.backup.saved_settings import (
    SavedSetting,
    read_saved,
    replace_saved,
    saved_contents_of,
)
from energy_logger_server.store.backup.taking_over import (
    copy_closed,
    is_sqlite_file,
    upgrade_copy,
)
from energy_logger_server.store.db.stray_log import log_beside

from .packing import digests_of, read_manifest
from .progress import share_of
from .prove import unpack_and_check


@dataclass(frozen=True, slots=True)
class Prepared:
    """A store that is ready to take another one's place.

    Attributes:
        saved: What it held before it was brought up to date.
        is_log_left_out: Whether a log lay beside it that belongs to another file.
    """

    saved: SavedContents
    is_log_left_out: bool = False


def prepare(
    source: Path, target: Path, present: Path | None, report: ReportProgress
) -> Prepared:
    """Make a store of a backup, or of a plain SQLite file, which stays as it is.

    Args:
        source: The backup, or the file.
        target: Takes the store: sound, of the newest schema, without a log.
        present: The store whose saved secrets it gets; None if there is none.
        report: Is called with the progress.

    Raises:
        BackupUnusable: If it is damaged, or no store of Energy Logger.
        OSError: If one of the files cannot be used.
        StoreError: If it cannot be brought up to date.
    """
    prepared = _checked(source, target, report)
    report_upgrade = share_of(BackupStage.UPGRADING, report)
    report_upgrade(0.0)
    upgrade_copy(target)
    replace_saved(target, _with_secrets_of(present, target))
    report_upgrade(1.0)
    return prepared


def unpacked_bytes(source: Path) -> int:
    """Return how much room the store in a backup, or in a plain file, needs.

    Raises:
        BackupUnusable: If it is neither.
        OSError: If it cannot be read.
    """
    if not is_sqlite_file(source):
        return read_manifest(source).data_bytes
    log = log_beside(source)
    return source.stat().st_size + (log.stat().st_size if log.exists() else 0)


def _checked(source: Path, target: Path, report: ReportProgress) -> Prepared:
    if not is_sqlite_file(source):
        manifest = read_manifest(source)
        unpack_and_check(
            source, digests_of(manifest), manifest.contents, target, report
        )
        return Prepared(SavedContents(manifest.contents, manifest.settings))
    checking = share_of(BackupStage.CHECKING, report)
    checking(0.0)
    try:
        is_log_left_out = copy_closed(source, target)
        damage = damage_in(target)
        saved = saved_contents_of(target, SHOWN_SETTINGS)
    except NotAStore as err:
        raise BackupUnusable(source.name, str(err)) from err
    except StoreUnavailable as err:
        raise BackupUnusable(source.name, err.cause) from err
    if damage is not None:
        raise BackupUnusable(source.name, f"it is damaged: {damage}")
    checking(1.0)
    return Prepared(saved, is_log_left_out)


def _with_secrets_of(present: Path | None, target: Path) -> list[SavedSetting]:
    """Return the settings of the target, and over them the secrets that hold now."""
    settings = {one.name: one for one in read_saved(target)}
    if present is not None:
        # of a damaged store, nobody knows them any more
        with suppress(StoreError):
            settings |= {
                one.name: one
                for one in read_saved(present)
                if one.name not in SHOWN_SETTINGS
            }
    return [*settings.values()]
