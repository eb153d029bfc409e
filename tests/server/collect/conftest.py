"""The world that tests of collecting run in."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from energy_logger_server.collect.runs.run_log import ActiveRun, RunLog
from energy_logger_server.collect.schedule import Schedule
from energy_logger_server.collect.shared import shared_by_collectors
from energy_logger_server.collect.source_lock import SourceLock
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.collect.fakes import (
    FakeCollector,
    FlakyStore,
    SettableVirtualClock,
    idle,
)
from tests.server.collect.ledgers import TODAY
from tests.server.collect.world import LoggedRun, World, logged_runs, start_world
from tests.server.store_template import lay_store

NOON = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""12:00 NEM, a Tuesday."""

SHALLOW = {"price_depth_days": 2, "usage_depth_days": 2}
"""An Amber that has little history, as in most worlds: a first run is quick."""

DEEP_PRICES = {"price_depth_days": 574}
DEEP_USAGE = {"usage_depth_days": 90}
DEEP = {**DEEP_PRICES, **DEEP_USAGE}
"""An Amber with the history that the real one has."""

COARSE = {"cutover": TODAY}
"""An Amber whose history is in half hours, so that windows are quick to read."""

PUNCTUAL = 2
"""A seed of which usage of the last three weeks is all out and billable."""

BENCH_START = datetime(2026, 3, 10, 2, 1, tzinfo=UTC)
"""A minute past the full hour."""

type Begin = Callable[..., Awaitable[World]]
type RunFor = Callable[..., Awaitable[None]]


@pytest.fixture
async def begin(tmp_path: Path) -> AsyncIterator[Begin]:
    """Start a world at an instant; keywords are fields of ``AmberConfig``.

    Amber's history is ``SHALLOW`` and ``COARSE`` unless they say otherwise.
    """
    async with AsyncExitStack() as stack:

        async def started(
            at: datetime = NOON, *, kamo: KamoConfig | None = None, **amber: Any
        ) -> World:
            amber = {**COARSE, **SHALLOW, **amber}
            kamo = kamo or KamoConfig()
            return await start_world(stack, tmp_path, at, amber=amber, kamo=kamo)

        yield started


@pytest.fixture
def clock() -> SettableClock:
    """A clock that shows ``NOON`` until a test sets it."""
    return SettableClock(NOON)


@pytest.fixture
def run_for() -> RunFor:
    """Run endless coroutines side by side for a span, then cancel them."""

    async def ran(seconds: float, *works: Awaitable[object]) -> None:
        tasks = [asyncio.ensure_future(work) for work in works]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    return ran


class Bench:
    """A schedule over a fake collector and a real store."""

    def __init__(self, store: FlakyStore, clock: SettableVirtualClock) -> None:
        self.store = store
        self.clock = clock
        self.turn = SourceLock(Source.AMBER, clock)
        self.published: list[Any] = []

    def set_up(
        self,
        work: Callable[[ActiveRun], Awaitable[None]] = idle,
        *,
        interval_minutes: int = 5,
        offset_s: int = 0,
    ) -> tuple[FakeCollector, Schedule]:
        """Return a collector that does such work, and its schedule."""
        shared = shared_by_collectors(
            self.store,
            self.clock,
            forecast_retention=None,
            publish=self.published.append,
        )
        runs = RunLog(Source.AMBER, interval_minutes, shared)
        collector = FakeCollector(runs, work, offset_s)
        return collector, Schedule(collector, self.clock, self.turn)

    async def runs(self) -> list[LoggedRun]:
        """Return the run log, oldest first."""
        return await logged_runs(self.store)


def minutes_begun(collector: FakeCollector) -> list[float]:
    """Return the begin of every run in minutes after two o'clock."""
    hour = BENCH_START.replace(minute=0)
    return [(at - hour).total_seconds() / 60 for at in collector.began]


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What collecting says in the log."""
    caplog.set_level(logging.INFO, "energy_logger_server.collect")
    return caplog


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A bench whose clock shows ``BENCH_START``."""
    clock = SettableVirtualClock(BENCH_START)
    store = await FlakyStore.open(lay_store(tmp_path / "energy.db"), clock)
    assert isinstance(store, FlakyStore)
    yield Bench(store, clock)
    await store.close()
