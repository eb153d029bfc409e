"""Backups that a server makes by itself, over days in a moment."""

import asyncio
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from energy_logger_server.app.backups import Backups
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.backups.work import BackupJob
from energy_logger_server.domain.events import BackupStep, Event
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.backups.conftest import lay_filled_store

EVENING = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)


class Planned:
    """A server's backups, and a clock that is moved from look to look."""

    ended: list[BackupJob]

    def __init__(self, settings: Settings) -> None:
        self.clock = SettableClock(EVENING)
        self.ended = []
        self.backups = Backups(settings, self.clock, self._hear, None)

    def _hear(self, event: Event) -> None:
        if isinstance(event, BackupStep) and not event.job.is_running:
            self.ended.append(event.job)

    async def look_at(self, at: datetime) -> None:
        """Have the server look whether a backup is due, once."""
        self.clock.set(at)
        await self.backups.check()


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    lay_filled_store(tmp_path / "energy-logger.db")
    settings = build_settings(
        environment={
            "DATA_DIR": str(tmp_path),
            "BACKUP_DAILY": "2",
            "BACKUP_WEEKLY": "0",
        }
    )
    return Planned(settings)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return EVENING.replace(day=day, hour=hour, minute=minute)


async def test_a_backup_is_made_once_a_day_and_old_ones_go(planned: Planned):
    for moment in (
        at(26, 20),
        at(27, 3, 39),
        at(27, 3, 40),
        at(27, 12),
        at(28, 3, 41),
        at(29, 4),
    ):
        await planned.look_at(moment)

    assert [job.started_at for job in planned.ended] == [
        at(27, 3, 40),
        at(28, 3, 41),
        at(29, 4),
    ]
    kept = [one.manifest for one in planned.backups.folder.backups()]
    assert [one.created_at for one in kept if one] == [at(28, 3, 41), at(29, 4)]
    status = await planned.backups.status()
    assert (status.newest_at, status.next_at) == (at(29, 4), at(30, 3, 40))


async def test_one_that_fails_is_a_problem_until_one_goes_well(
    planned: Planned, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    class Disk:
        total, free = 1_000_000_000, 1

    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Disk)
    for moment in (at(27, 3, 40), at(27, 4), at(27, 4, 40)):
        await planned.look_at(moment)
    failing = await planned.backups.status()
    monkeypatch.undo()
    planned.clock.set(at(27, 10))
    late = await planned.backups.status()
    await planned.look_at(at(27, 10))
    mended = await planned.backups.status()

    assert len(planned.ended) == 3
    [problem] = failing.problems
    assert (problem.code, problem.since) == ("backup_failed", at(27, 3, 40))
    assert "make room on the disk" in problem.message
    assert failing.next_at == at(27, 5, 40)
    assert [one.code for one in late.problems] == ["backup_failed", "backup_overdue"]
    assert mended.problems == ()
    # once, however often it is tried
    assert len(caplog.records) == 1


async def test_a_folder_that_cannot_be_used_is_a_problem(planned: Planned):
    planned.backups.folder.path.write_text("in the way")

    await planned.look_at(at(27, 3, 40))
    planned.backups.folder.path.unlink()

    [problem] = (await planned.backups.status()).problems
    assert "BACKUP_DIR" in problem.message
    # a page that anybody can see names no place
    assert str(planned.backups.folder.path) not in problem.message


async def test_settings_that_change_hold_at_the_next_look(
    planned: Planned, tmp_path: Path
):
    never = build_settings(
        environment={"DATA_DIR": str(tmp_path), "BACKUP_TIME": "never"}
    )
    planned.backups.apply_settings(never)

    await planned.look_at(at(27, 4))

    assert planned.ended == []
    assert (await planned.backups.status()).next_at is None


async def test_a_server_that_stops_ends_the_work_which_leaves_nothing(planned: Planned):
    planned.backups.start_create()

    await planned.backups.stop()

    [job] = planned.ended
    assert job.error == "the server was stopped"
    assert planned.backups.folder.backups() == []


@pytest.mark.virtual_time
async def test_a_server_looks_every_minute(planned: Planned):
    looks = asyncio.ensure_future(planned.backups.run())
    await asyncio.sleep(0)
    planned.clock.set(at(27, 3, 40))
    # the second look begins a minute after the first one has ended
    for _minute in range(3):
        await asyncio.sleep(timedelta(minutes=1).total_seconds())
        await planned.backups.wait()
    looks.cancel()
    await asyncio.wait({looks})

    assert [job.error for job in planned.ended] == [None]
