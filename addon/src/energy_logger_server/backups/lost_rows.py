"""What a backup has of the rows that a repair could not save."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from energy_logger_server.domain.backups.backup import newest_proven
from energy_logger_server.domain.backups.work import BackupStage, ReportProgress
from energy_logger_server.store.db.migrate import newest_version
from energy_logger_server.store.repair.counting import rows_within
from energy_logger_server.store.repair.repair import RepairedTable

from .folder import BackupFolder
from .packing import digests_of, unpack
from .progress import share_of


@dataclass(frozen=True, slots=True)
class RowsInBackup:
    """How many rows a backup has in each place where rows are lost.

    Attributes:
        name: Of the backup.
        created_at: Instant (UTC) up to which its rows are counted.
        counts: By table, one for each of its gaps.
    """

    name: str
    created_at: datetime
    counts: Mapping[str, Sequence[int]]


def lost_rows_in_backup(
    folder: BackupFolder, tables: Sequence[RepairedTable], report: ReportProgress
) -> RowsInBackup | None:
    """Count lost rows in the newest proven backup.

    Args:
        folder: Of the backups; the backup is unpacked there.
        tables: What came of the repair.
        report: Is called with the progress.

    Returns:
        None if nothing is lost, or there is no proven backup of the newest schema.

    Raises:
        BackupError: If it is damaged by now, or there is no room for it.
        PlaceUnusable: If the folder cannot be used.
        StoreUnavailable: If its store cannot be read.
    """
    if not any(one.gaps for one in tables):
        return None
    backup = newest_proven(folder.backups())
    manifest = None if backup is None else backup.manifest
    if (
        backup is None
        or manifest is None
        or manifest.contents.schema_version != newest_version()
    ):
        return None
    with folder.working(), folder.unfinished("trial") as trial:
        folder.require_room(manifest.data_bytes)
        with trial.open("wb") as store:
            unpack(
                folder.file_of(backup),
                digests_of(manifest),
                store,
                share_of(BackupStage.UNPACKING, report),
            )
        counts = rows_within(trial, tables)
    return RowsInBackup(backup.name, manifest.created_at, counts)
