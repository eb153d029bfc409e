"""When a backup is due, in every night of the year."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from energy_logger_server.domain.backups.schedule import (
    BackupPlan,
    FailedBackup,
    due_at,
    problems_of,
)

PLAN = BackupPlan(time(3, 40), UTC)
NEWEST = datetime(2026, 11, 26, 3, 40, 5, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 3, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "after", "planned"),
    [
        # 02:30 is skipped: it is 03:30 then
        ("Australia/Sydney", time(2, 30), "2026-10-03T12:00", "2026-10-03T16:30"),
        ("America/Chicago", time(2, 30), "2026-03-08T05:00", "2026-03-08T08:30"),
        # 02:30 and 01:30 come twice: the first counts, and the second does not
        ("Australia/Sydney", time(2, 30), "2026-04-04T12:00", "2026-04-04T15:30"),
        ("Australia/Sydney", time(2, 30), "2026-04-04T15:30", "2026-04-05T16:30"),
        ("America/Chicago", time(1, 30), "2026-11-01T05:00", "2026-11-01T06:30"),
        ("America/Chicago", time(1, 30), "2026-11-01T06:30", "2026-11-02T07:30"),
    ],
)
def test_a_time_of_the_day_comes_once_a_day(zone, at, after, planned):
    plan = BackupPlan(at, ZoneInfo(zone))

    found = plan.next_after(datetime.fromisoformat(f"{after}+00:00"))

    assert found == datetime.fromisoformat(f"{planned}+00:00")


def test_a_backup_is_due_at_the_next_planned_time():
    assert due_at(PLAN, NEWEST, None) == DUE
    assert due_at(PLAN, DUE, None) == DUE + timedelta(days=1)


def test_one_that_failed_is_tried_again_an_hour_later():
    failed = FailedBackup(DUE, DUE + timedelta(minutes=5), "no room")

    assert due_at(PLAN, NEWEST, failed) == DUE + timedelta(minutes=65)


def test_without_a_time_nothing_is_due_and_nothing_wrong():
    never = BackupPlan(None, UTC)
    failed = FailedBackup(DUE, DUE, "no room")
    now = DUE + timedelta(days=30)

    assert due_at(never, NEWEST, failed) is None
    assert problems_of(never, NEWEST, failed, now) == ()


def test_what_is_wrong_is_a_failure_and_later_that_it_is_overdue():
    failed = FailedBackup(DUE, DUE, "make room on the disk")

    assert problems_of(PLAN, NEWEST, None, DUE + timedelta(hours=6)) == ()
    [soon] = problems_of(PLAN, NEWEST, failed, DUE + timedelta(hours=1))
    _failed, late = problems_of(PLAN, NEWEST, failed, DUE + timedelta(hours=7))

    assert (soon.code, soon.since) == ("backup_failed", DUE)
    assert soon.message == "the last backup failed: make room on the disk"
    assert (late.code, late.since) == ("backup_overdue", DUE + timedelta(hours=6))
    assert late.message == "no backup has been proven since 2026-11-26 03:40 UTC"
