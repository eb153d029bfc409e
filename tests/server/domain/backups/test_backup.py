"""Which backups stay: days, weeks and months, each by its newest good backup."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from energy_logger_server.domain.backups.backup import (
    Backup,
    BackupReason,
    BackupState,
    Contents,
    Generation,
    Manifest,
    Retention,
    generations,
    newest_proven,
    superfluous,
)

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
"""A Friday."""
PROVEN = BackupState(verified_at=NOON)
USUAL = Retention(daily=7, weekly=4, monthly=12)


def backup(at: datetime, state: BackupState = PROVEN) -> Backup:
    """Return a backup that was made at an instant, which is its name, too."""
    contents = Contents("0004", "a-store", {"run": 1, "price": 2}, None, None)
    manifest = Manifest(
        created_at=at,
        reason=BackupReason.SCHEDULED,
        server_version="1.0",
        engine="sqlite",
        contents=contents,
        settings={},
        data_bytes=1,
        data_sha256="",
        packed_bytes=1,
        packed_sha256="",
    )
    return Backup(at.isoformat(), 1, manifest, state)


def daily(days: int) -> list[Backup]:
    """Return a backup of each day until today, the oldest first."""
    return [backup(NOON - timedelta(days=days - 1 - day)) for day in range(days)]


def test_a_year_of_days_leaves_seven_days_four_weeks_and_twelve_months():
    backups = daily(400)

    kept = generations(backups, USUAL, UTC)

    by_generation = {
        generation: [
            one.name[:10] for one in backups if generation in kept.get(one.name, ())
        ]
        for generation in Generation
    }
    assert by_generation[Generation.DAILY] == [
        f"2026-11-{day}" for day in range(21, 28)
    ]
    # Sundays, and today's for the week that is not over
    assert by_generation[Generation.WEEKLY] == [
        "2026-11-08",
        "2026-11-15",
        "2026-11-22",
        "2026-11-27",
    ]
    assert by_generation[Generation.MONTHLY][-3:] == [
        "2026-09-30",
        "2026-10-31",
        "2026-11-27",
    ]
    assert len(by_generation[Generation.MONTHLY]) == 12
    gone = {one.name for one in superfluous(backups, USUAL, UTC)}
    assert gone == {one.name for one in backups} - set(kept)


def test_dropping_day_by_day_keeps_what_dropping_at_once_keeps():
    backups: list[Backup] = []
    for one in daily(120):
        backups.append(one)
        gone = superfluous(backups, USUAL, UTC)
        backups = [kept for kept in backups if kept not in gone]

    at_once = generations(daily(120), USUAL, UTC)

    assert {one.name for one in backups} == set(at_once)


def test_days_without_a_backup_do_not_count():
    backups = [backup(NOON - timedelta(days=days)) for days in (90, 60, 30)]

    assert superfluous(backups, Retention(3, 0, 0), UTC) == ()


def test_of_two_backups_of_a_day_the_newer_one_stays():
    earlier, later = backup(NOON - timedelta(hours=2)), backup(NOON)

    assert superfluous([later, earlier], Retention(1, 1, 1), UTC) == (earlier,)


def test_pinned_and_damaged_ones_stay_and_take_the_place_of_none():
    old = backup(NOON - timedelta(days=500))
    pinned = replace(old, state=replace(PROVEN, is_pinned=True))
    damaged = backup(NOON, BackupState(NOON, "its store is damaged"))
    unreadable = replace(damaged, name="unreadable", manifest=None)
    good = backup(NOON - timedelta(hours=1))

    backups = [pinned, damaged, good, unreadable]

    assert superfluous(backups, Retention(1, 0, 0), UTC) == ()
    assert set(generations(backups, Retention(1, 0, 0), UTC)) == {good.name}


def test_the_newest_proven_one_stays_though_nothing_is_to_be_kept():
    proven = backup(NOON - timedelta(days=3))
    untried = backup(NOON, BackupState())

    gone = superfluous([proven, untried], Retention(0, 0, 0), UTC)

    assert gone == (untried,)
    assert newest_proven([proven, untried]) == proven
    assert newest_proven([untried]) is None


@pytest.mark.parametrize(
    ("zone", "first", "second"),
    [
        # the night to summer time in Sydney, and that to winter time
        ("Australia/Sydney", "2026-10-03T13:59+00:00", "2026-10-03T14:01+00:00"),
        ("Australia/Sydney", "2026-04-04T12:59+00:00", "2026-04-04T13:01+00:00"),
        ("America/Chicago", "2026-03-08T05:59+00:00", "2026-03-08T06:01+00:00"),
        ("America/Chicago", "2026-11-01T04:59+00:00", "2026-11-01T05:01+00:00"),
    ],
)
def test_a_day_begins_at_midnight_of_the_zone_also_where_clocks_change(
    zone, first, second
):
    backups = [backup(datetime.fromisoformat(text)) for text in (first, second)]

    kept = generations(backups, Retention(2, 0, 0), ZoneInfo(zone))

    assert set(kept) == {one.name for one in backups}


def test_contents_know_the_sum_of_their_rows():
    assert (
        Contents("0004", "a-store", {"run": 1, "price": 2}, None, None).total_rows == 3
    )
