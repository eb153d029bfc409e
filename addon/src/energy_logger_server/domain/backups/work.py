"""How far work on a backup is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BackupStage(StrEnum):
    """What is being done."""

    COPYING = "copying"
    PACKING = "packing"
    UNPACKING = "unpacking"
    CHECKING = "checking"
    HASHING = "hashing"
    UPGRADING = "upgrading"
    REPLACING = "replacing"


@dataclass(frozen=True, slots=True)
class BackupProgress:
    """How far work on a backup is.

    Attributes:
        stage: What is being done.
        share: How much of that is done, 0 to 1.
    """

    stage: BackupStage
    share: float


type ReportProgress = Callable[[BackupProgress], None]
"""Called at every step; what it raises ends the work, which leaves nothing behind."""


class BackupWork(StrEnum):
    """What is done with backups in the background."""

    CREATE = "create"
    VERIFY = "verify"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class BackupJob:
    """Work on a backup that is under way or has ended.

    Attributes:
        work: What is done.
        name: Of the backup; None of one that is being made.
        started_at: Instant (UTC).
        progress: How far it is; None before the first step.
        ended_at: Instant (UTC); None while it is under way.
        error: Why it failed, a sentence; None if it did not.
        safety_copy: Name of the backup of what was there before a restore.
    """

    work: BackupWork
    name: str | None
    started_at: datetime
    progress: BackupProgress | None = None
    ended_at: datetime | None = None
    error: str | None = None
    safety_copy: str | None = None

    @property
    def is_running(self) -> bool:
        """Whether it is under way."""
        return self.ended_at is None
