"""The share of a stage of the work that is done."""

from collections.abc import Callable

from energy_logger_server.domain.backups.work import (
    BackupProgress,
    BackupStage,
    ReportProgress,
)


def share_of(stage: BackupStage, report: ReportProgress) -> Callable[[float], None]:
    """Return what reports the share of one stage that is done."""

    def report_share(share: float) -> None:
        report(BackupProgress(stage, share))

    return report_share
