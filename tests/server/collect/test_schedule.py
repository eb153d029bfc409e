"""Ticks on the clock, one run at a time, and a loop that survives everything."""

import asyncio
import logging
from datetime import timedelta

import pytest

from energy_logger_server.api.errors import SourceUnreachable
from energy_logger_server.collect.runs.run_log import ActiveRun
from energy_logger_server.domain.collecting.runs import Outcome, Source
from energy_logger_server.errors import RunInProgress, StoreInUse
from tests.server.collect.conftest import BENCH_START, Bench, RunFor, minutes_begun
from tests.server.collect.fakes import lasting

pytestmark = pytest.mark.virtual_time


async def test_ticks_fall_on_the_clock_whenever_the_program_starts(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up(interval_minutes=15, offset_s=12)

    await run_for(3000, schedule.run())

    assert minutes_begun(collector) == pytest.approx([15.2, 30.2, 45.2])


async def test_a_tick_that_falls_into_a_run_is_counted_in_the_next(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up(lasting(700, 1))

    await run_for(1500, schedule.run())

    assert minutes_begun(collector) == pytest.approx([5, 20, 25])
    assert [run.ticks_skipped for run in await bench.runs()] == [0, 2, 0]
    assert schedule.status().ticks_skipped == 2


async def test_a_manual_run_is_refused_while_another_is_under_way(
    bench: Bench, run_for: RunFor
):
    _collector, schedule = bench.set_up(lasting(60))

    async def trigger() -> None:
        await asyncio.sleep(4 * 60 + 30)
        with pytest.raises(RunInProgress):
            schedule.start_now()

    await run_for(400, schedule.run(), trigger())

    assert [run.trigger for run in await bench.runs()] == ["tick"]


async def test_a_manual_run_is_logged_as_such(bench: Bench):
    _collector, schedule = bench.set_up()

    end = await schedule.start_now()

    assert end is not None
    assert end.outcome is Outcome.SUCCESS
    assert [run.trigger for run in await bench.runs()] == ["manual"]


async def test_a_tick_during_a_manual_run_is_skipped(bench: Bench, run_for: RunFor):
    _collector, schedule = bench.set_up(lasting(90, 1))

    async def trigger() -> None:
        await asyncio.sleep(200)
        await schedule.start_now()

    await run_for(600, schedule.run(), trigger())

    runs = [(run.trigger, run.ticks_skipped) for run in await bench.runs()]
    assert runs == [("manual", 0), ("tick", 1)]


async def test_a_manual_run_cancelled_before_it_began_blocks_nothing(bench: Bench):
    _collector, schedule = bench.set_up()

    task = schedule.start_now()
    task.cancel()
    await asyncio.wait({task})

    assert await schedule.start_now() is not None


async def test_a_defect_in_one_run_does_not_end_collecting(
    bench: Bench, run_for: RunFor, caplog: pytest.LogCaptureFixture
):
    async def stumble(_run: ActiveRun) -> None:
        if len(collector.began) == 1:
            raise ZeroDivisionError

    collector, schedule = bench.set_up(stumble)

    await run_for(600, schedule.run())

    first, second = await bench.runs()
    assert (first.outcome, first.failures) == ("failed", {"amber": "unexpected"})
    assert second.outcome == "success"
    assert "ZeroDivisionError" in caplog.text


async def test_a_store_that_is_down_is_reported_in_a_line_and_tried_again(
    bench: Bench, run_for: RunFor, caplog: pytest.LogCaptureFixture
):
    _collector, schedule = bench.set_up()
    bench.store.is_down = True
    asyncio.get_running_loop().call_later(400, setattr, bench.store, "is_down", False)

    await run_for(600, schedule.run())

    assert [run.outcome for run in await bench.runs()] == ["success"]
    errors = [line for line in caplog.records if line.levelno >= logging.ERROR]
    assert [line.getMessage() for line in errors] == [
        "the store fails: the disk is full"
    ]
    assert errors[0].exc_info is None


async def test_a_store_that_another_server_writes_ends_collecting(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
):
    _collector, schedule = bench.set_up()

    async def refuse(*_about: object) -> int:
        raise StoreInUse("the store")

    monkeypatch.setattr(bench.store, "begin_run", refuse)

    with pytest.raises(StoreInUse):
        await asyncio.wait_for(schedule.run(), 600)


async def test_a_run_whose_end_could_not_be_written_is_closed_with_the_next(
    bench: Bench, run_for: RunFor
):
    async def go_down(_run: ActiveRun) -> None:
        bench.store.is_down = len(collector.began) == 1

    collector, schedule = bench.set_up(go_down)
    asyncio.get_running_loop().call_later(400, setattr, bench.store, "is_down", False)

    await run_for(600, schedule.run())

    first, second = await bench.runs()
    assert (first.outcome, first.failures) == (
        "failed",
        {"amber": "store_unavailable"},
    )
    assert second.outcome == "success"


async def test_a_stop_closes_the_run_under_way_as_interrupted(
    bench: Bench, run_for: RunFor
):
    _collector, schedule = bench.set_up(lasting(100))

    await run_for(270, schedule.run())

    assert [run.outcome for run in await bench.runs()] == ["interrupted"]
    assert schedule.status().next_tick_at is None
    assert not schedule.status().is_running


async def test_a_stop_closes_a_manual_run_too(bench: Bench, run_for: RunFor):
    _collector, schedule = bench.set_up(lasting(100))
    schedule.start_now()

    await run_for(10, schedule.run())

    assert [run.outcome for run in await bench.runs()] == ["interrupted"]


async def test_a_clock_set_back_does_not_put_the_next_run_off(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up()

    def set_back() -> None:
        bench.clock.ahead = timedelta(hours=-3)

    asyncio.get_running_loop().call_later(10, set_back)

    await run_for(600, schedule.run())

    assert len(collector.began) == 2


async def test_a_machine_that_slept_runs_within_a_minute_and_counts_the_ticks(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up()

    def oversleep() -> None:
        bench.clock.ahead = timedelta(minutes=32)

    asyncio.get_running_loop().call_later(10, oversleep)

    await run_for(100, schedule.run())

    assert len(collector.began) == 1
    assert [run.ticks_skipped for run in await bench.runs()] == [5]


async def test_skipped_ticks_wait_for_a_run_to_be_logged(bench: Bench, run_for: RunFor):
    collector, schedule = bench.set_up(lasting(400, 1))

    def set_pointless(*, is_pointless: bool) -> None:
        collector.is_pointless = is_pointless

    loop = asyncio.get_running_loop()
    loop.call_later(300, lambda: set_pointless(is_pointless=True))
    loop.call_later(900, lambda: set_pointless(is_pointless=False))

    await run_for(1500, schedule.run())

    assert [run.ticks_skipped for run in await bench.runs()] == [0, 1, 0]


async def test_the_status_tells_how_things_stand(bench: Bench, run_for: RunFor):
    _collector, schedule = bench.set_up(lasting(4, 4, 10))
    statuses = []

    async def look() -> None:
        await asyncio.sleep(240 + 601)
        statuses.append(schedule.status())

    await run_for(900, schedule.run(), look())

    (status,) = statuses
    assert status.source is Source.AMBER
    assert status.interval_minutes == 5
    assert status.is_running
    assert status.next_tick_at == BENCH_START + timedelta(minutes=19)
    assert status.is_started
    assert status.refused_since is None
    assert status.cycle_times.count == 2
    assert status.cycle_times.p50_s == pytest.approx(4)
    assert not schedule.status().is_started


async def test_an_error_on_the_way_out_does_not_swallow_the_stop(
    bench: Bench, run_for: RunFor
):
    async def break_when_stopped(_run: ActiveRun) -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            raise ZeroDivisionError

    collector, schedule = bench.set_up(break_when_stopped)

    await run_for(270, schedule.run())
    await asyncio.sleep(1000)

    assert len(collector.began) == 1
    assert [run.outcome for run in await bench.runs()] == ["failed"]


async def test_a_start_collects_at_once_and_then_at_the_ticks(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up(lasting(5))

    await run_for(600, schedule.run(collects_at_start=True))

    runs = [(run.trigger, run.ticks_skipped) for run in await bench.runs()]
    assert runs == [("start", 0), ("tick", 0), ("tick", 0)]
    assert minutes_begun(collector) == pytest.approx([1, 5, 10])
    assert schedule.status().ticks_skipped == 0


async def test_a_start_run_that_outlasts_a_tick_counts_it_as_skipped(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up(lasting(300, 5))

    await run_for(600, schedule.run(collects_at_start=True))

    assert minutes_begun(collector) == pytest.approx([1, 10])
    assert [run.ticks_skipped for run in await bench.runs()] == [0, 1]


async def test_a_restart_in_an_interval_that_was_read_collects_nothing_twice(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up()
    await run_for(60, schedule.run(collects_at_start=True))

    await run_for(60, schedule.run(collects_at_start=True))

    assert minutes_begun(collector) == [1]


async def test_a_restart_after_a_run_that_got_nothing_tries_at_once(
    bench: Bench, run_for: RunFor
):
    async def fail(run: ActiveRun) -> None:
        run.fail("price/S", SourceUnreachable("amber", "/x", "no answer"))

    collector, schedule = bench.set_up(fail)
    await run_for(60, schedule.run(collects_at_start=True))

    await run_for(60, schedule.run(collects_at_start=True))

    assert minutes_begun(collector) == [1, 2]


async def test_a_start_just_before_a_tick_leaves_it_to_the_tick(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up()
    await asyncio.sleep(3 * 60 + 1)

    await run_for(120, schedule.run(collects_at_start=True))

    assert minutes_begun(collector) == [5]


async def test_a_source_that_is_switched_off_is_not_read_at_the_start(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up()
    schedule.retime(is_on=False)

    await run_for(600, schedule.run(collects_at_start=True))

    assert collector.began == []


async def test_a_store_that_cannot_be_read_at_the_start_does_not_end_collecting(
    bench: Bench, run_for: RunFor
):
    _collector, schedule = bench.set_up()
    bench.store.is_blind = True
    asyncio.get_running_loop().call_later(60, setattr, bench.store, "is_blind", False)

    await run_for(400, schedule.run(collects_at_start=True))

    assert [run.trigger for run in await bench.runs()] == ["tick"]
