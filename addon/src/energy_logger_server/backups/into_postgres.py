"""Restoring into PostgreSQL: all rows of the store are replaced in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from energy_logger_server.clock import Clock
from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.backups.backup import BackupReason, SavedContents
from energy_logger_server.domain.backups.restore import RestorePreview, preview_of
from energy_logger_server.domain.backups.work import BackupStage, ReportProgress
from energy_logger_server.errors import NothingStored
from energy_logger_server.portable.content import SHOWN_SETTINGS
from energy_logger_server.portable.export import TransferProgress
from energy_logger_server.portable.replacing import replace_content
from energy_logger_server.store.backup.contents import contents
from energy_logger_server.store.backup.untouched import file_url
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.db.lock import acquire_writer_lock
from energy_logger_server.store.db.opening import check_readable
from energy_logger_server.store.settings.read import saved_settings
from energy_logger_server.store.transfer.one_state import one_state
from energy_logger_server.store.transfer.target import target

from .create import add_backup
from .folder import BackupFolder
from .prepare import prepare, unpacked_bytes
from .progress import share_of
from .restored import PreparedRestore, Restored


@contextmanager
def prepared_in_postgres(
    folder: BackupFolder,
    address: Secret,
    source: Path,
    clock: Clock,
    report: ReportProgress,
) -> Iterator[PreparedRestore]:
    """Do as ``restore.prepared_restore``, for a store in PostgreSQL.

    What is restored is unpacked into the folder of the backups.

    Raises:
        BackupError: If it cannot be restored.
        PlaceUnusable: If a file cannot be read or written.
        StoreError: If a server has the store open, or a schema is not known here.
    """
    with folder.working(), folder.unfinished("restored") as new:
        # a server that runs is found before the long work, and not only after it
        acquire_writer_lock(store_url(address.reveal())).release()
        folder.require_room(unpacked_bytes(source))
        prepared = prepare(source, new, None, report)
        work = _Work(folder, address, new, clock, report)
        preview = preview_of(_present(address), prepared.saved)
        yield PreparedRestore(preview, prepared.is_log_left_out, work)


@dataclass(frozen=True, slots=True)
class _Work:
    folder: BackupFolder
    address: Secret
    new: Path
    clock: Clock
    report: ReportProgress

    def commit(self, preview: RestorePreview) -> Restored:
        # locked before the safety copy: what a server wrote after it would be lost
        with target(store_url(self.address.reveal())) as transact:
            safety_copy = None
            if preview.now is not None:
                safety_copy = add_backup(
                    self.folder,
                    self.address,
                    BackupReason.BEFORE_RESTORE,
                    self.clock,
                    self.report,
                ).name
            report_share = share_of(BackupStage.REPLACING, self.report)

            def replaced(progress: TransferProgress) -> None:
                report_share(progress.rows_done / progress.rows_total)

            report_share(0.0)
            replace_content(transact, str(file_url(self.new)), replaced)
        return Restored(preview, safety_copy)


def _present(address: Secret) -> SavedContents | None:
    """Return what is stored; None if nothing is."""
    url = store_url(address.reveal())
    try:
        check_readable(url)
    except NothingStored:
        return None
    with one_state(url) as connection:
        saved = saved_settings(connection)
        shown = {name: text for name, text in saved.items() if name in SHOWN_SETTINGS}
        return SavedContents(contents(connection), shown)
