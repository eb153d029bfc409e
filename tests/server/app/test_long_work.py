"""Long work in a thread: whatever ends it, the next one is let in."""

import asyncio
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from energy_logger_server.app import backtests as backtests_module
from energy_logger_server.app import backups as backups_module
from energy_logger_server.app.backtests import Backtests
from energy_logger_server.app.backups import Backups
from energy_logger_server.app.daemon_thread import UNFORESEEN, in_daemon_thread
from energy_logger_server.config.load import build_settings
from energy_logger_server.domain.events import BacktestStep, BackupStep, Event
from energy_logger_server.domain.peak_watch.past import FittedOn
from energy_logger_server.domain.peak_watch.report import BacktestOrder, Worth
from energy_logger_server.domain.peak_watch.rule import PeakRule
from energy_logger_server.store import Store
from energy_logger_server.store.records import KnownArea
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.store_template import lay_store

CLOCK = SettableClock(datetime(2026, 1, 4, 13, tzinfo=UTC))
AREA = KnownArea(1, "Ozark", "OZEC", is_aggregate=False)
ORDER = BacktestOrder(PeakRule(), 2, 13, None, FittedOn.PAST, Worth(None, None))


def mistaken(*_arguments: object) -> Any:
    raise ZeroDivisionError


async def test_a_back_test_that_ends_by_a_mistake_does_not_keep_the_next_one_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(backtests_module, "load_history", mistaken)
    published: list[Event] = []
    store = await Store.open(lay_store(tmp_path / "energy.db"), CLOCK)
    backtests = Backtests(store, CLOCK, published.append)

    backtests.start(AREA, ORDER)
    await backtests.wait()
    assert backtests.job is not None
    assert (backtests.job.is_running, backtests.job.error) == (False, UNFORESEEN)
    assert isinstance(published[-1], BacktestStep)
    assert not published[-1].job.is_running
    await store.close()
    assert "ZeroDivisionError" in caplog.text


async def test_a_backup_that_ends_by_a_mistake_does_not_keep_the_next_one_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(backups_module, "create_backup", mistaken)
    published: list[Event] = []
    settings = build_settings(environment={"BACKUP_DIR": str(tmp_path)})
    backups = Backups(settings, CLOCK, published.append, None)

    backups.start_create()
    await backups.wait()
    assert backups.job is not None
    assert (backups.job.is_running, backups.job.error) == (False, UNFORESEEN)
    assert isinstance(published[-1], BackupStep)
    assert "ZeroDivisionError" in caplog.text


async def test_work_that_nobody_waits_for_any_more_ends_in_silence(
    monkeypatch: pytest.MonkeyPatch,
):
    complaints: list[object] = []
    monkeypatch.setattr(threading, "excepthook", complaints.append)
    may_end = threading.Event()
    waiting = in_daemon_thread("slow", may_end.wait)
    [thread] = [one for one in threading.enumerate() if one.name == "slow"]

    waiting.cancel()
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.to_thread(thread.join)

    assert complaints == []
