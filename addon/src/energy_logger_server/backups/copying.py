"""A copy of the store in a SQLite file, whatever database it is in."""

from pathlib import Path

from energy_logger_server.domain.backups.work import BackupStage, ReportProgress
from energy_logger_server.portable.content import SHOWN_SETTINGS
from energy_logger_server.portable.export import TransferProgress, export_store
from energy_logger_server.portable.importing import import_store
from energy_logger_server.store.backup.online_copy import copy_online
from energy_logger_server.store.backup.saved_settings import keep_only
from energy_logger_server.store.backup.taking_over import fold_log
from energy_logger_server.store.backup.untouched import file_url
from energy_logger_server.store.db.engine import is_sqlite, store_url
from energy_logger_server.store.db.lock import lock_beside

from .folder import BackupFolder
from .progress import share_of


def copy_store(
    folder: BackupFolder, address: str, copy: Path, report: ReportProgress
) -> None:
    """Copy a store without its secrets, as it is at one instant.

    SQLite's file is copied page by page. PostgreSQL gives an export, which is brought
    into a file: a backup is the same of either, and can be restored by either.

    Args:
        folder: Holds the export meanwhile.
        address: Of the store, as in ``DATABASE_URL``.
        copy: An empty file; gets no log.
        report: Is called with the progress.

    Raises:
        NothingStored: If there is no store.
        OSError: If a file cannot be written.
        StoreError: If the store cannot be read.
    """
    if is_sqlite(store_url(address)):
        copy_online(address, copy, share_of(BackupStage.COPYING, report))
        keep_only(copy, SHOWN_SETTINGS)
        return
    report_share = share_of(BackupStage.COPYING, report)

    def exported(progress: TransferProgress) -> None:
        report_share(_share(progress) / 2)

    def imported(progress: TransferProgress) -> None:
        report_share((1 + _share(progress)) / 2)

    try:
        with folder.unfinished("export") as export:
            with export.open("wb") as target:
                export_store(address, target, exported)
            with export.open("rb") as source:
                import_store(str(file_url(copy)), source, imported)
        fold_log(copy)
    finally:
        lock_beside(copy).unlink(missing_ok=True)


def _share(progress: TransferProgress) -> float:
    return progress.rows_done / max(progress.rows_total, 1)
