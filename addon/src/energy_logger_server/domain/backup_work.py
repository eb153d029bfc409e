"""How far work on a backup is."""

from collections.abc import Callable
from dataclasses import dataclass
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
"""Is told of every step; what it raises ends the work, which leaves nothing behind."""
