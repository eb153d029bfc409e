"""Other settings while it runs: nothing is cut, nothing is asked twice."""

import asyncio
from datetime import date, timedelta

import pytest

from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.area_choice import ALL_AREAS, NO_AREAS
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
)
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.collecting.runs import Trigger
from energy_logger_simulator.amber.sites import SITE_A
from tests.server.collect.conftest import (
    BENCH_START,
    Begin,
    Bench,
    RunFor,
    minutes_begun,
)
from tests.server.collect.fakes import lasting

pytestmark = pytest.mark.virtual_time

TODAY = date(2026, 3, 10)
COARSE = {"cutover": TODAY, "price_depth_days": 60, "usage_depth_days": 60}


class UnderWay(asyncio.Event):
    """Is set when a pass has read two windows."""

    async def observe(self, progress: BackfillProgress) -> None:
        """Be told how far it is."""
        if progress.windows_done >= 2:
            self.set()


@pytest.mark.parametrize(
    ("before", "after", "began"),
    [(5, 15, [5, 15, 30]), (30, 10, [10, 20, 30]), (5, 5, [5, 10, 15, 20, 25, 30])],
)
async def test_another_interval_counts_from_the_moment_it_is_set(
    bench: Bench, run_for: RunFor, before: int, after: int, began: list[float]
):
    collector, schedule = bench.set_up(interval_minutes=before)

    async def change() -> None:
        await asyncio.sleep(5 * 60)
        collector.runs.interval_minutes = after
        schedule.retime(is_on=True)

    await run_for(30 * 60, schedule.run(), change())

    assert minutes_begun(collector) == pytest.approx(began)


async def test_a_change_at_the_instant_of_a_tick_does_not_swallow_it(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up()

    async def change() -> None:
        await asyncio.sleep(4 * 60)
        collector.runs.interval_minutes = 15
        schedule.retime(is_on=True)

    await run_for(16 * 60, change(), schedule.run())

    assert minutes_begun(collector) == pytest.approx([5, 15])


async def test_a_run_under_way_is_not_cut_by_another_interval(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up(lasting(90))
    planned = []

    async def change() -> None:
        await asyncio.sleep(4 * 60 + 30)
        collector.runs.interval_minutes = 15
        schedule.retime(is_on=True)
        planned.append((schedule.status().is_running, schedule.status().next_tick_at))

    await run_for(20 * 60, schedule.run(), change())

    assert planned == [(True, BENCH_START + timedelta(minutes=14))]
    assert minutes_begun(collector) == pytest.approx([5, 15])
    assert {run.outcome for run in await bench.runs()} == {"success"}


async def test_quick_changes_come_down_to_the_last_one(bench: Bench, run_for: RunFor):
    collector, schedule = bench.set_up()

    async def change() -> None:
        await asyncio.sleep(60)
        for interval in (10, 30, 15):
            collector.runs.interval_minutes = interval
            schedule.retime(is_on=interval != 30)

    await run_for(30 * 60, schedule.run(), change())

    assert minutes_begun(collector) == pytest.approx([15, 30])


async def test_a_source_that_is_switched_off_ends_its_run_and_begins_none(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up(lasting(60))
    planned = []

    async def switch() -> None:
        await asyncio.sleep(4 * 60 + 30)
        schedule.retime(is_on=False)
        planned.append(schedule.status().next_tick_at)
        await asyncio.sleep(20 * 60)
        schedule.retime(is_on=True)
        planned.append(schedule.status().next_tick_at)

    await run_for(35 * 60, schedule.run(), switch())

    assert planned == [None, BENCH_START + timedelta(minutes=29)]
    assert minutes_begun(collector) == pytest.approx([5, 30, 35])
    runs = await bench.runs()
    assert [run.outcome for run in runs[:2]] == ["success", "success"]
    assert [run.ticks_skipped for run in runs] == [0, 0, 0]


async def test_a_source_that_is_off_from_the_start_waits_to_be_switched_on(
    bench: Bench, run_for: RunFor
):
    collector, schedule = bench.set_up()
    schedule.retime(is_on=False)

    async def switch() -> None:
        await asyncio.sleep(12 * 60)
        schedule.retime(is_on=True)

    await run_for(15 * 60, schedule.run(), switch())

    assert minutes_begun(collector) == pytest.approx([15])


async def test_other_areas_are_read_from_the_next_run_on(begin: Begin):
    world = await begin()
    kamo = world.kamo(substation_areas=NO_AREAS)
    await kamo.collect(Trigger.TICK, ticks_skipped=0)
    assert world.asked("kamo.arealoadtable") == ()

    kamo.apply_settings(
        Settings(poll_interval_minutes=15, kamo_substation_areas=ALL_AREAS)
    )
    await kamo.collect(Trigger.TICK, ticks_skipped=0)

    assert len(world.asked("kamo.arealoadtable")) == 17
    assert len(world.asked("kamo.area")) == 1
    [interval] = await world.rows("SELECT interval_minutes FROM run WHERE id = 2")
    assert interval == (15,)


async def test_what_amber_was_asked_is_not_asked_again_by_other_settings(begin: Begin):
    world = await begin(**COARSE)
    amber = world.amber()
    for _ in range(3):
        await amber.collect(Trigger.TICK, ticks_skipped=0)
        await asyncio.sleep(240)
    counted = [one.calls_made for one in world.budget.snapshot()]
    world.requests.clear()

    amber.apply_settings(
        Settings(collection_interval_minutes=10, collect_forecasts=False)
    )
    await amber.collect(Trigger.TICK, ticks_skipped=0)

    assert world.asked("amber.sites") == ()
    assert world.asked("amber.usage") == ()
    current = world.asked("amber.current")
    assert {entry.query.get("next", "0") for entry in current} == {"0"}
    calls = [one.calls_made for one in world.budget.snapshot()]
    assert sum(calls) - sum(counted) == len(world.requests)


async def test_a_shorter_retention_is_applied_by_the_next_run(begin: Begin):
    world = await begin()
    amber = world.amber()
    await amber.collect(Trigger.TICK, ticks_skipped=0)
    await asyncio.sleep(600)
    # until an interval begins, what was forecast of it is kept
    now = int(world.clock.now().timestamp())
    count = (
        "SELECT count(*) FROM price_archive"
        f" WHERE end_at - duration_minutes * 60 <= {now}"
    )
    await amber.collect(Trigger.TICK, ticks_skipped=0)
    [(kept,)] = await world.rows(count)

    world.shared.upkeep.keep_forecasts_for(timedelta(minutes=1))
    await asyncio.sleep(300)
    await amber.collect(Trigger.TICK, ticks_skipped=0)

    [(left,)] = await world.rows(count)
    assert kept > left


async def test_a_new_start_of_history_is_read_without_waiting_for_tomorrow(
    begin: Begin, run_for: RunFor
):
    world = await begin(**COARSE)
    backfill = world.backfill(historical_start_date=TODAY - timedelta(days=3))

    async def change() -> None:
        await asyncio.sleep(1800)
        assert backfill.progress.state is BackfillState.DONE
        start = TODAY - timedelta(days=20)
        backfill.apply_settings(Settings(historical_start_date=start))

    await run_for(3600, backfill.run_daily(), change())

    assert min(await world.states(Kind.PRICE, SITE_A)) == TODAY - timedelta(days=20)
    assert backfill.progress.state is BackfillState.DONE


async def test_a_pass_under_way_gives_way_to_one_with_the_new_start(
    begin: Begin, run_for: RunFor
):
    world = await begin(**COARSE)
    backfill = world.backfill(historical_start_date=TODAY - timedelta(days=50))
    under_way = UnderWay()
    seen = []

    async def change() -> None:
        await under_way.wait()
        seen.append(backfill.progress.state)
        start = TODAY - timedelta(days=9)
        backfill.apply_settings(Settings(historical_start_date=start))

    await run_for(7200, backfill.run_daily(under_way.observe), change())

    assert seen[0] in (BackfillState.RUNNING, BackfillState.WAITING)
    assert min(await world.states(Kind.PRICE, SITE_A)) == TODAY - timedelta(days=9)
    assert {run.outcome for run in await world.runs("backfill")} == {"success"}


async def test_other_forecasts_leave_a_pass_alone(begin: Begin, run_for: RunFor):
    world = await begin(**COARSE)
    start = TODAY - timedelta(days=20)
    backfill = world.backfill(historical_start_date=start)
    under_way = UnderWay()
    states = []

    async def change() -> None:
        await under_way.wait()
        backfill.apply_settings(
            Settings(historical_start_date=start, collect_forecasts=False)
        )
        await backfill.wait_until_idle()
        states.append(backfill.progress.state)

    await run_for(7200, backfill.run_daily(under_way.observe), change())

    assert states == [BackfillState.DONE]


async def test_a_pause_outlasts_another_start(begin: Begin, run_for: RunFor):
    world = await begin(**COARSE)
    backfill = world.backfill(historical_start_date=TODAY - timedelta(days=50))
    under_way = UnderWay()

    async def change() -> None:
        await under_way.wait()
        backfill.pause()
        await asyncio.sleep(60)
        world.requests.clear()
        start = TODAY - timedelta(days=9)
        backfill.apply_settings(Settings(historical_start_date=start))
        await asyncio.sleep(3600)
        assert len(world.requests) == 0
        backfill.resume()

    await run_for(7200, backfill.run_daily(under_way.observe), change())

    assert min(await world.states(Kind.PRICE, SITE_A)) == TODAY - timedelta(days=9)
    assert backfill.progress.state is BackfillState.DONE
