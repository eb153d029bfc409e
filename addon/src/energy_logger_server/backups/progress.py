"""Telling how far a stage of the work is."""

from collections.abc import Callable

from energy_logger_server.domain.backups.work import (
    BackupProgress,
    BackupStage,
    ReportProgress,
)


def share_of(stage: BackupStage, report: ReportProgress) -> Callable[[float], None]:
    """Return what tells the share of one stage that is done."""

    def tell(share: float) -> None:
        report(BackupProgress(stage, share))

    return tell
