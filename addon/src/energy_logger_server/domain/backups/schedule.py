"""When a backup is due, and what is wrong if there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import lru_cache

from energy_logger_server.domain.collecting.problems import Problem, ProblemCode

_AGAIN_AFTER = timedelta(hours=1)
"""After a failure; whoever made room is not kept waiting for a day."""

_OVERDUE_AFTER = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class BackupPlan:
    """When backups are made.

    Attributes:
        at: Time of the day; None where none are made by themselves.
        zone: Whose time that is.
    """

    at: time | None
    zone: tzinfo

    def next_after(self, instant: datetime) -> datetime | None:
        """Return the first planned instant (UTC) after another one.

        A time that a night skips comes an hour later on the clock, one that a night
        has twice counts once.
        """
        return _next_after(self, instant)


@lru_cache(maxsize=4)
def _next_after(plan: BackupPlan, instant: datetime) -> datetime | None:
    # the same for every status until the next backup
    if plan.at is None:
        return None
    day = instant.astimezone(plan.zone).date()
    planned = datetime.combine(day, plan.at, plan.zone)
    while planned.timestamp() <= instant.timestamp():
        day += timedelta(days=1)
        planned = datetime.combine(day, plan.at, plan.zone)
    return datetime.fromtimestamp(planned.timestamp(), instant.tzinfo)


@dataclass(frozen=True, slots=True)
class FailedBackup:
    """The last attempt of itself that failed.

    Attributes:
        since: Instant (UTC) of the first failure in a row.
        at: Instant (UTC) of the last.
        message: Why, for the reader.
    """

    since: datetime
    at: datetime
    message: str


@dataclass(frozen=True, slots=True)
class BackupStatus:
    """How backups stand.

    Attributes:
        newest_at: Instant (UTC) of the newest proven one; None without.
        next_at: When the next one is made by itself (UTC); None for never.
        problems: What is wrong at present.
    """

    newest_at: datetime | None
    next_at: datetime | None
    problems: tuple[Problem, ...]


def due_at(
    plan: BackupPlan, newest_at: datetime, failed: FailedBackup | None
) -> datetime | None:
    """Return when the next backup is to be made (UTC); None for never.

    Args:
        plan: When backups are made.
        newest_at: Instant (UTC) of the newest proven backup; without one, that from
            which on a backup could have been made.
        failed: What came of the last attempt since then.
    """
    planned = plan.next_after(newest_at)
    if planned is None or failed is None:
        return planned
    return max(planned, failed.at + _AGAIN_AFTER)


def problems_of(
    plan: BackupPlan, newest_at: datetime, failed: FailedBackup | None, now: datetime
) -> tuple[Problem, ...]:
    """Return what is wrong with the backups.

    Args:
        plan: When backups are made.
        newest_at: As of ``due_at``.
        failed: Likewise.
        now: The present (UTC).
    """
    return tuple(_problems(plan, newest_at, failed, now))


def _problems(
    plan: BackupPlan, newest_at: datetime, failed: FailedBackup | None, now: datetime
) -> Iterator[Problem]:
    planned = plan.next_after(newest_at)
    if planned is None:
        return
    if failed is not None:
        yield Problem(
            ProblemCode.BACKUP_FAILED,
            f"the last backup failed: {failed.message}",
            failed.since,
        )
    if now - planned > _OVERDUE_AFTER:
        yield Problem(
            ProblemCode.BACKUP_OVERDUE,
            f"no backup has been proven since {newest_at:%Y-%m-%d %H:%M} UTC",
            planned + _OVERDUE_AFTER,
        )
