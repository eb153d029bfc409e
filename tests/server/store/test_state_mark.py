"""A mark of the store's state tells whether that state is still part of it."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store
from energy_logger_server.store.runs.state_mark import (
    StateMark,
    has_grown_from,
    mark_state,
)
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.store.material import NOON

type Open = Callable[[], AbstractAsyncContextManager[Store]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.mkdir()
    return path


@pytest.fixture
def clock() -> SettableClock:
    """Moved by the tests."""
    return SettableClock(NOON)


@pytest.fixture
def opened(folder: Path, clock: SettableClock) -> Open:
    """Opens the store of the folder."""

    @asynccontextmanager
    async def open_store() -> AsyncIterator[Store]:
        store = await Store.open(f"sqlite:///{folder / 'energy.db'}", clock)
        try:
            yield store
        finally:
            await store.close()

    return open_store


async def begin(store: Store, clock: SettableClock) -> int:
    """Begin a run a while after whatever was before."""
    clock.advance(60)
    return await store.begin_run(Source.KAMO, Trigger.TICK, 5)


async def end(store: Store, clock: SettableClock, run: int) -> None:
    """End a run."""
    clock.advance(2)
    await store.write(run, (), end=RunEnd(clock.now(), Outcome.SUCCESS, 0))


async def mark(store: Store, clock: SettableClock) -> StateMark:
    """Return a mark of the present state, seen a while after it came to be."""
    clock.advance(10)
    return await store.read(mark_state, int(clock.now().timestamp()))


async def holds(store: Store, seen: StateMark) -> bool:
    """Return whether what was seen is still there."""
    return await store.read(has_grown_from, seen)


async def test_a_store_that_goes_on_holds_all_that_was_seen(
    opened: Open, clock: SettableClock
):
    async with opened() as store:
        empty = await mark(store, clock)
        await end(store, clock, await begin(store, clock))
        first = await mark(store, clock)
    async with opened() as store:
        await end(store, clock, await begin(store, clock))

        assert [await holds(store, one) for one in (empty, first)] == [True, True]


@pytest.mark.parametrize("runs_afterwards", [0, 1, 2])
async def test_a_backup_from_before_has_lost_it_however_much_was_collected_since(
    folder: Path, opened: Open, clock: SettableClock, runs_afterwards: int
):
    async with opened() as store:
        await end(store, clock, await begin(store, clock))
        kept = await mark(store, clock)
    shutil.copytree(folder, folder.with_name("backup"))
    async with opened() as store:
        await end(store, clock, await begin(store, clock))
        lost = await mark(store, clock)
    shutil.rmtree(folder)
    shutil.copytree(folder.with_name("backup"), folder)

    async with opened() as store:
        for _ in range(runs_afterwards):
            await end(store, clock, await begin(store, clock))

        assert [await holds(store, one) for one in (kept, lost)] == [True, False]


@pytest.mark.parametrize("clock_is_behind", [False, True])
async def test_the_end_of_a_run_that_the_backup_was_made_in_is_missed(
    folder: Path, opened: Open, clock: SettableClock, clock_is_behind: bool
):
    async with opened() as store:
        run = await begin(store, clock)
        before = clock.now()
    # as a copy of the file of a running server is
    shutil.copytree(folder, folder.with_name("backup"))
    with_open_run = folder.with_name("backup")
    async with opened() as store:
        after_restart = await mark(store, clock)
        assert await holds(store, after_restart)
    shutil.rmtree(folder)
    shutil.copytree(with_open_run, folder)
    lost = StateMark(int(clock.now().timestamp()), run, round(before.timestamp() * 1e3))
    clock.advance(-90_000 if clock_is_behind else 60)

    async with opened() as store:
        assert not await holds(store, lost)


async def test_a_newest_run_that_was_taken_out_counts_as_lost(
    opened: Open, clock: SettableClock
):
    async with opened() as store:
        run = await begin(store, clock)
        await end(store, clock, run)
        seen = await mark(store, clock)

        await store.remove_run(run)

        assert not await holds(store, seen)
