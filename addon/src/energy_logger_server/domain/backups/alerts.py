"""When the owner has to know of backups: when their status has a problem."""

from collections.abc import Mapping

from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.notifications.alerts import (
    Alert,
    AlertCode,
    AlertKey,
    Observation,
)

from .schedule import BackupStatus

_CODES = {
    ProblemCode.BACKUP_FAILED: AlertCode.BACKUP_FAILED,
    ProblemCode.BACKUP_OVERDUE: AlertCode.BACKUP_OVERDUE,
}
BACKUPS: frozenset[AlertKey] = frozenset((code, "") for code in _CODES.values())
_FAILED: AlertKey = (AlertCode.BACKUP_FAILED, "")


def of_backups(status: BackupStatus, known: Mapping[AlertKey, Alert]) -> Observation:
    """Return what holds of backups.

    Args:
        status: How they stand; of a failure that was before a start it knows nothing.
        known: What held before.
    """
    if status.next_at is None:
        # none are made by themselves
        return Observation(withdrawn=BACKUPS)
    alerts = tuple(
        Alert(_CODES[one.code], "", _sentence(one.message), one.since)
        for one in status.problems
    )
    failed = known.get(_FAILED)
    is_better = failed is None or (
        status.newest_at is not None and status.newest_at > failed.since
    )
    return Observation(alerts, unknown=frozenset(() if is_better else (_FAILED,)))


def _sentence(message: str) -> str:
    return f"{message[:1].upper()}{message[1:].removesuffix('.')}."
