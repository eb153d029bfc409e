"""When the owner has to know of backups."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from energy_logger_server.domain.backups.alerts import BACKUPS, of_backups
from energy_logger_server.domain.backups.schedule import BackupStatus
from energy_logger_server.domain.collecting.problems import Problem, ProblemCode
from energy_logger_server.domain.notifications.alerts import (
    Alert,
    AlertCode,
    Observation,
)

NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = BackupStatus(NOON - DAY, NOON + DAY, ())
FAILED = Alert(AlertCode.BACKUP_FAILED, "", "The last backup failed: no room.", NOON)


def test_what_their_status_says_is_told_in_a_sentence():
    problems = (
        Problem(ProblemCode.BACKUP_FAILED, "the last backup failed: no room", NOON),
        Problem(ProblemCode.BACKUP_OVERDUE, "none since yesterday.", NOON),
    )

    seen = of_backups(replace(GOOD, problems=problems), {})

    assert seen.alerts == (
        FAILED,
        Alert(AlertCode.BACKUP_OVERDUE, "", "None since yesterday.", NOON),
    )


def test_nobody_is_told_where_none_are_made_by_themselves():
    assert of_backups(replace(GOOD, next_at=None), {}) == Observation(withdrawn=BACKUPS)


def test_a_failure_before_a_start_is_over_when_there_is_a_newer_backup():
    known = {FAILED.key: FAILED}

    assert of_backups(GOOD, {}) == Observation()
    for newest_at in (None, NOON - DAY):
        status = replace(GOOD, newest_at=newest_at)
        assert of_backups(status, known) == Observation(unknown=frozenset(known))
    assert of_backups(replace(GOOD, newest_at=NOON + DAY), known) == Observation()
