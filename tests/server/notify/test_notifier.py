"""What a notifier notices, remembers and says of itself, with a clock that is set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.backups.schedule import BackupStatus
from energy_logger_server.domain.collecting.problems import Problem, ProblemCode
from energy_logger_server.domain.collecting.status import CollectingStatus
from energy_logger_server.domain.notifications.alerts import AlertCode
from energy_logger_server.domain.notifications.disk_space import DiskSpace
from energy_logger_server.domain.startup import StartupState
from energy_logger_server.errors import PlaceUnusable, StoreUnavailable
from energy_logger_server.notify import notifier as module
from energy_logger_server.notify.disk import disk_space
from energy_logger_server.notify.notifier import Notifier
from energy_logger_server.notify.observing import OpenServer
from energy_logger_server.store import Store
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.notify.receiver import Receiver
from tests.server.store_template import lay_store

NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)
HOUR_S = 3600


class Machine:
    """A server without sources, its clock and the disk that it is told of."""

    def __init__(self, folder: Path, url: str) -> None:
        self.clock = SettableClock(NOON)
        self.folder = folder
        self.settings = build_settings(
            environment={"DATA_DIR": str(folder), "NOTIFICATION_URLS": url}
        )
        self.backups: BackupStatus | PlaceUnusable = BackupStatus(NOON, NOON, ())
        self._stack = AsyncExitStack()

    async def start(self) -> Notifier:
        """Return a notifier over the store, opened anew."""
        await self._stack.aclose()
        store = await Store.open(self.settings.store_address.reveal(), self.clock)
        self._stack.push_async_callback(store.close)
        self.store = store
        started = Notifier(
            self.settings, self.clock, lambda: StartupState(self.clock.now())
        )
        await started.use(OpenServer(store, CollectingStatus, self._backup_status))
        return started

    async def _backup_status(self) -> BackupStatus:
        if isinstance(self.backups, PlaceUnusable):
            raise self.backups
        return self.backups

    async def look(self, notifier: Notifier, *, after_s: float) -> None:
        """Look at everything some seconds later."""
        self.clock.advance(after_s)
        await notifier.check()

    async def stop(self) -> None:
        """Close the store."""
        await self._stack.aclose()


@pytest.fixture
async def machine(tmp_path: Path, webhook: Receiver) -> AsyncIterator[Machine]:
    lay_store(tmp_path / "energy-logger.db")
    machine = Machine(tmp_path, webhook.url)
    yield machine
    await machine.stop()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What the disk has; a test changes it."""
    told = {"free": 50_000_000_000, "store": 1_000_000_000}

    def space(_settings: Settings) -> DiskSpace | None:
        if not told:
            return None
        return DiskSpace(told["free"], 100_000_000_000, told["store"])

    monkeypatch.setattr(module, "disk_space", space)
    return told


async def test_a_disk_that_fills_up_is_told_with_the_days_left_and_its_end_too(
    machine: Machine, webhook: Receiver, disk: dict[str, int]
):
    notifier = await machine.start()
    await notifier.check()
    disk["store"] += 1_000_000_000
    disk["free"] = 10_000_000_000
    await machine.look(notifier, after_s=24 * HOUR_S)
    await machine.look(notifier, after_s=120)
    # the next process goes by what this one has seen
    notifier = await machine.start()
    for _hour in range(3):
        await machine.look(notifier, after_s=HOUR_S)
    assert [alert.code for alert in notifier.alerts] == [AlertCode.DISK_NEARLY_FULL]
    disk["free"] = 90_000_000_000
    for _hour in range(2):
        await machine.look(notifier, after_s=HOUR_S)

    assert webhook.titles == [
        "[Energy Logger] The disk is nearly full",
        "[Energy Logger] The disk has room again",
    ]
    happened = webhook.bodies[0].splitlines()[2]
    assert happened == (
        "What happened: 10.0 GB are free, enough for 10 days at today's growth."
    )


async def test_a_backup_that_failed_is_told_and_stays_while_its_folder_is_gone(
    machine: Machine, webhook: Receiver
):
    notifier = await machine.start()
    problem = Problem(ProblemCode.BACKUP_FAILED, "the last backup failed: full", NOON)
    machine.backups = BackupStatus(None, NOON, (problem,))
    await notifier.check()
    machine.backups = PlaceUnusable("cannot read", machine.folder, OSError(5, ""))
    await machine.look(notifier, after_s=120)
    machine.backups = BackupStatus(NOON + timedelta(minutes=3), NOON, ())
    for _quarter in range(2):
        await machine.look(notifier, after_s=900)

    assert webhook.titles == [
        "[Energy Logger] A backup failed",
        "[Energy Logger] Backups are made again",
    ]


async def test_a_disk_of_which_nothing_is_told_stays_as_it_was(
    machine: Machine, webhook: Receiver, disk: dict[str, int]
):
    notifier = await machine.start()
    disk["free"] = 100
    await notifier.check()
    disk.clear()
    for _hour in range(3):
        await machine.look(notifier, after_s=HOUR_S)

    assert [alert.code for alert in notifier.alerts] == [AlertCode.DISK_NEARLY_FULL]
    assert notifier.disk is None
    assert len(webhook.titles) == 1


async def test_what_cannot_be_remembered_now_is_remembered_later(
    machine: Machine, disk: dict[str, int], monkeypatch: pytest.MonkeyPatch
):
    notifier = await machine.start()
    disk["free"] = 100
    keep = machine.store.keep_notifications

    async def refuse(_state: object) -> None:
        raise StoreUnavailable("its disk is full")

    monkeypatch.setattr(machine.store, "keep_notifications", refuse)
    await notifier.check()
    monkeypatch.setattr(machine.store, "keep_notifications", keep)
    await machine.look(notifier, after_s=60)

    assert [one.code for one in (await machine.start()).alerts] == [
        AlertCode.DISK_NEARLY_FULL
    ]


async def test_nothing_is_concluded_from_a_store_that_does_not_answer(
    machine: Machine, disk: dict[str, int], monkeypatch: pytest.MonkeyPatch
):
    notifier = await machine.start()
    disk["free"] = 100
    await notifier.check()

    async def refuse(*_: object) -> None:
        raise StoreUnavailable("it is gone")

    monkeypatch.setattr(machine.store, "read", refuse)
    await machine.look(notifier, after_s=60)

    assert [one.code for one in notifier.alerts] == [AlertCode.DISK_NEARLY_FULL]


def test_the_disk_of_the_store_is_measured_with_its_log(tmp_path: Path):
    settings = build_settings(environment={"DATA_DIR": str(tmp_path)})
    (tmp_path / "energy-logger.db").write_bytes(b"x" * 100)
    (tmp_path / "energy-logger.db-wal").write_bytes(b"x" * 10)

    space = disk_space(settings)

    assert space is not None
    assert space.store_bytes == 110
    assert 0 < space.free_bytes <= space.total_bytes


def test_a_database_elsewhere_has_a_size_that_says_nothing_of_this_disk(
    tmp_path: Path,
):
    values = {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgresql://u@db/energy"}

    space = disk_space(build_settings(environment=values))

    assert space is not None
    assert space.store_bytes is None


def test_a_folder_that_is_gone_tells_nothing(tmp_path: Path):
    values = {"DATA_DIR": str(tmp_path / "gone")}

    assert disk_space(build_settings(environment=values)) is None


@pytest.mark.virtual_time
async def test_the_next_look_comes_after_a_minute(machine: Machine):
    notifier = await machine.start()

    before = asyncio.get_running_loop().time()
    await notifier.wait()

    waited = timedelta(seconds=asyncio.get_running_loop().time() - before)
    assert waited == timedelta(minutes=1)
