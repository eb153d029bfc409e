"""Which backup to restore, for who has a damaged store."""

from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.backups.backup import newest_proven
from energy_logger_server.errors import PlaceUnusable


def newest_backup_advice(settings: Settings) -> str:
    """Return which backup was proven last, and how it is restored; empty without."""
    try:
        backup = newest_proven(BackupFolder(settings.backup_folder).backups())
    except PlaceUnusable:
        return ""
    if backup is None or backup.manifest is None:
        return ""
    return (
        f"; the newest proven backup is of {backup.manifest.created_at:%Y-%m-%d %H:%M} "
        f"UTC: energy-logger backup restore {backup.name}"
    )
