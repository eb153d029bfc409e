"""A store with something in it, and a folder for its backups."""

import gzip
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from zstandard import ZstdDecompressor

from energy_logger_server.backups.create import create_backup
from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.backups.backup import Backup, BackupReason
from energy_logger_server.domain.backups.work import BackupProgress
from energy_logger_server.store.db.migrate import newest_version
from tests.server.store.fixture_store import FOLDER
from tests.server.store.material import FixedClock


def lay_filled_store(path: Path, schema: str | None = None) -> None:
    """Put a store with rows of every kind where there is none.

    Args:
        path: Of the file.
        schema: Its version; the newest if not given.
    """
    packed = FOLDER / f"{schema or newest_version()}.db.gz"
    path.write_bytes(gzip.decompress(packed.read_bytes()))


def unpacked(file: Path, target: Path) -> Path:
    """Unpack a backup as somebody does who has nothing but zstd."""
    with file.open("rb") as packed, target.open("wb") as plain:
        reader = ZstdDecompressor().stream_reader(packed, read_across_frames=True)
        shutil.copyfileobj(reader, plain)
    return target


def nothing_told(_progress: BackupProgress) -> None:
    """Listen to no progress."""


@dataclass
class Place:
    """A store and the folder of its backups.

    Attributes:
        store: The store's file.
        folder: The backups.
        clock: Stands until it is set.
    """

    store: Path
    folder: BackupFolder
    clock: FixedClock = field(default_factory=FixedClock)

    @property
    def address(self) -> Secret:
        """The store's, as in ``DATABASE_URL``."""
        return Secret(f"sqlite:///{self.store}")

    def create(self, reason: BackupReason = BackupReason.MANUAL) -> Backup:
        """Make a backup."""
        return create_backup(
            self.folder, self.address, reason, self.clock, nothing_told
        )

    def file_of(self, backup: Backup) -> Path:
        """Return a backup's file."""
        return self.folder.file_of(backup)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A store with rows of every kind, and no backup."""
    lay_filled_store(tmp_path / "energy.db")
    return Place(tmp_path / "energy.db", BackupFolder(tmp_path / "backups"))
