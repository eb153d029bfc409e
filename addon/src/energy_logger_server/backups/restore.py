"""Restoring: what is there now is kept, and what was kept takes its place at once."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from energy_logger_server.clock import Clock
from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.backups.backup import BackupReason, SavedContents
from energy_logger_server.domain.backups.restore import RestorePreview, preview_of
from energy_logger_server.domain.backups.work import BackupStage, ReportProgress
from energy_logger_server.errors import (
    BackupUnusable,
    PlaceUnusable,
    RestoreRefused,
    StoreError,
)
from energy_logger_server.portable.content import SHOWN_SETTINGS
from energy_logger_server.store.backup.saved_settings import saved_contents_of
from energy_logger_server.store.backup.taking_over import fold_log
from energy_logger_server.store.db.beside import settle
from energy_logger_server.store.db.engine import is_sqlite, sqlite_file, store_url
from energy_logger_server.store.db.lock import acquire_writer_lock
from energy_logger_server.store.db.replacement import (
    announce_replacement,
    drop_unfinished_replacement,
    finish_replacement,
    unfinished_replacement_of,
)
from energy_logger_server.store.db.sqlite_file import SETTING, make_folder
from energy_logger_server.store.db.stray_log import set_aside

from .create import add_backup
from .folder import BackupFolder
from .into_postgres import prepared_in_postgres
from .prepare import prepare, unpacked_bytes
from .progress import share_of
from .restored import PreparedRestore, Restored
from .room import require_room


@contextmanager
def prepared_restore(
    folder: BackupFolder,
    address: Secret,
    source: Path,
    clock: Clock,
    report: ReportProgress,
) -> Iterator[PreparedRestore]:
    """Prepare a restore into a store that no server has open; blocks.

    What was prepared is gone at the end, unless it was committed.

    Args:
        folder: Of the backups; gets a safety copy.
        address: Of the store, as in ``DATABASE_URL``.
        source: A backup, or a plain SQLite file of whatever schema of ours.
        clock: Tells the time.
        report: Is called with the progress.

    Raises:
        BackupError: If it cannot be restored.
        PlaceUnusable: If a file cannot be read or written.
        RestoreRefused: If the store is what is to be restored.
        StoreError: If a server has the store open, or the schema is not known here.
    """
    url = store_url(address.reveal())
    if not source.is_file():
        raise BackupUnusable(source.name, "there is no such file")
    if not is_sqlite(url):
        with prepared_in_postgres(folder, address, source, clock, report) as prepared:
            yield prepared
        return
    file = sqlite_file(url).resolve()
    if file.exists() and source.samefile(file):
        raise RestoreRefused(f"{source} is the store itself: give another file")
    make_folder(file)
    with folder.working(), _usable(file), ExitStack() as stack:
        stack.callback(acquire_writer_lock(url).release)
        settle(file)
        stack.callback(drop_unfinished_replacement, file)
        yield _prepared(_Work(folder, address, file, clock, report), source)


def _prepared(work: "_Work", source: Path) -> PreparedRestore:
    new = unfinished_replacement_of(work.file)
    require_room(work.file.parent, unpacked_bytes(source))
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    is_there = work.file.exists()
    prepared = prepare(source, new, work.file if is_there else None, work.report)
    preview = preview_of(work.present(), prepared.saved)
    return PreparedRestore(preview, prepared.is_log_left_out, work)


@dataclass(frozen=True, slots=True)
class _Work:
    folder: BackupFolder
    address: Secret
    file: Path
    clock: Clock
    report: ReportProgress

    def present(self) -> SavedContents | None:
        """Return what is stored; None if nothing is, or nothing can be read of it."""
        if not self.file.exists():
            return None
        try:
            return saved_contents_of(self.file, SHOWN_SETTINGS)
        except StoreError:
            return None

    def commit(self, preview: RestorePreview) -> Restored:
        safety_copy, aside = self._keep_present()
        replacing = share_of(BackupStage.REPLACING, self.report)
        replacing(0.0)
        announce_replacement(self.file, unfinished_replacement_of(self.file))
        replacing(0.5)
        finish_replacement(self.file)
        replacing(1.0)
        return Restored(preview, safety_copy, aside)

    def _keep_present(self) -> tuple[str | None, Path | None]:
        if not self.file.exists():
            return None, None
        try:
            kept = add_backup(
                self.folder,
                self.address,
                BackupReason.BEFORE_RESTORE,
                self.clock,
                self.report,
            )
        except (StoreError, BackupUnusable):
            return None, self._set_aside()
        fold_log(self.file)
        return kept.name, None

    def _set_aside(self) -> Path:
        """Keep a store of which no backup can be made; its log is kept later."""
        second = self.file.with_name(f"{self.file.name}.damaged")
        second.unlink(missing_ok=True)
        with suppress(OSError):
            os.link(self.file, second)
            return set_aside(second)
        shutil.copyfile(self.file, second)
        return set_aside(second)


@contextmanager
def _usable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        raise PlaceUnusable("cannot restore", file, err, setting=SETTING) from err
