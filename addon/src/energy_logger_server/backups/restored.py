"""A restore that was prepared, and what it did."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from energy_logger_server.domain.backups.restore import RestorePreview


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did.

    Attributes:
        preview: What it changed.
        safety_copy: Name of the backup of what was there before; None without.
        set_aside: Where a store lies that was too damaged for a backup; None without.
    """

    preview: RestorePreview
    safety_copy: str | None
    set_aside: Path | None = None


class RestoreWork(Protocol):
    """What is left to do in a database of some kind."""

    def commit(self, preview: RestorePreview) -> Restored:
        """Keep what is there now, and put what was prepared in its place."""
        ...


@dataclass(frozen=True, slots=True)
class PreparedRestore:
    """A restore that has changed nothing yet.

    Attributes:
        preview: What it will change.
        is_log_left_out: Whether a log lay beside what is restored that belongs to
            another file.
    """

    preview: RestorePreview
    is_log_left_out: bool
    _work: RestoreWork = field(repr=False)

    def commit(self) -> Restored:
        """Keep what is there now, and put what was prepared in its place.

        Killed at any moment, the store is the old one or the new one.

        Raises:
            BackupError: If what is there cannot be kept; nothing has changed then.
            PlaceUnusable: If a file cannot be written.
            StoreError: If another program has the store open.
        """
        return self._work.commit(self.preview)
