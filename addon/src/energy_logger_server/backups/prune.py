"""Dropping the backups that no generation needs any more."""

from datetime import tzinfo

from energy_logger_server.domain.backups.backup import Backup, Retention, superfluous

from .folder import BackupFolder


def prune_backups(
    folder: BackupFolder, retention: Retention, zone: tzinfo
) -> tuple[Backup, ...]:
    """Drop backups; return those that are gone, oldest first.

    Args:
        folder: Where they are.
        retention: How many of each generation stay.
        zone: Its dates are the days.

    Raises:
        BackupInProgress: If other work is under way.
        PlaceUnusable: If the folder cannot be used.
    """
    with folder.working():
        gone = superfluous(folder.backups(), retention, zone)
        for backup in gone:
            folder.drop(backup)
    return gone
