"""Never two runs at once, and backfill out of the way of live runs."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.collect.source_lock import SourceLock
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.errors import RunInProgress
from energy_logger_simulator.virtual_time import VirtualClock

pytestmark = pytest.mark.virtual_time

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


async def when_granted(turn: SourceLock, clock: VirtualClock) -> float:
    """Return after how many seconds backfill gets its turn."""
    async with turn.idle_window():
        return (clock.now() - START).total_seconds()


async def test_a_second_live_run_is_refused():
    turn = SourceLock(Source.AMBER, VirtualClock(START))
    turn.acquire()

    with pytest.raises(RunInProgress, match="amber"):
        turn.acquire()


async def test_after_a_live_run_comes_the_next():
    turn = SourceLock(Source.AMBER, VirtualClock(START))
    turn.acquire()
    turn.release()

    turn.acquire()

    assert turn.is_live


async def test_without_live_runs_backfill_goes_at_once():
    clock = VirtualClock(START)

    assert await when_granted(SourceLock(Source.AMBER, clock), clock) == 0


async def test_backfill_waits_for_the_end_of_a_live_run():
    clock = VirtualClock(START)
    turn = SourceLock(Source.AMBER, clock)
    turn.acquire()
    asyncio.get_running_loop().call_later(40, turn.release)

    assert await when_granted(turn, clock) == 40


@pytest.mark.parametrize(("tick_in_s", "is_held"), [(36, False), (34, True)])
async def test_backfill_begins_nothing_shortly_before_a_tick(
    tick_in_s: int, is_held: bool
):
    clock = VirtualClock(START)
    turn = SourceLock(Source.AMBER, clock)
    turn.next_tick_at = START + timedelta(seconds=tick_in_s)

    def run_live() -> None:
        turn.next_tick_at = START + timedelta(seconds=tick_in_s + 300)
        turn.acquire()
        asyncio.get_running_loop().call_later(50, turn.release)

    asyncio.get_running_loop().call_later(tick_in_s, run_live)

    assert await when_granted(turn, clock) == (tick_in_s + 50) * is_held


async def test_a_schedule_that_stops_sets_backfill_free():
    clock = VirtualClock(START)
    turn = SourceLock(Source.AMBER, clock)
    turn.next_tick_at = START + timedelta(seconds=20)
    asyncio.get_running_loop().call_later(10, setattr, turn, "next_tick_at", None)

    assert await when_granted(turn, clock) == pytest.approx(21)


async def test_a_live_run_waits_for_the_window_under_way():
    clock = VirtualClock(START)
    turn = SourceLock(Source.AMBER, clock)

    async def read_window() -> None:
        async with turn.idle_window():
            await asyncio.sleep(9)

    window = asyncio.create_task(read_window())
    await asyncio.sleep(1)
    turn.acquire()
    await turn.wait_for_backfill()

    assert clock.now() == START + timedelta(seconds=9)
    await window
