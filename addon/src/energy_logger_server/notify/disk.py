"""What the disk of the store has, according to the operating system."""

import os
from pathlib import Path

from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.notifications.disk_space import DiskSpace
from energy_logger_server.store.db.engine import is_sqlite, sqlite_file, store_url

_FILES = ("", "-wal")
"""What SQLite keeps for good, by the ends of the names."""


def disk_space(settings: Settings) -> DiskSpace | None:
    """Return what the disk of the store's file has; of PostgreSQL, that of our files.

    To be called in a thread: a network's disk may take its time.

    Returns:
        None if the operating system does not say.
    """
    address = store_url(settings.store_address.reveal())
    file = sqlite_file(address) if is_sqlite(address) else None
    folder = settings.data_dir if file is None else file.parent
    try:
        disk = os.statvfs(folder)
        taken = None if file is None else sum(_size(file, end) for end in _FILES)
    except OSError:
        return None
    block = disk.f_frsize
    return DiskSpace(disk.f_bavail * block, disk.f_blocks * block, taken)


def _size(file: Path, end: str) -> int:
    path = Path(f"{file}{end}")
    return path.stat().st_size if path.exists() else 0
