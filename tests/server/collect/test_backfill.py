"""History: complete, resumable, and honest about its progress."""

import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from energy_logger_server.collect.backfill.background import BackgroundBackfill
from energy_logger_server.domain.collecting.backfill_progress import BackfillState
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import Trigger
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from tests.server.collect.backfill_steps import Steps
from tests.server.collect.conftest import (
    COARSE,
    DEEP,
    DEEP_PRICES,
    NOON,
    PUNCTUAL,
    Begin,
    RunFor,
)
from tests.server.collect.ledgers import SETTLED, TODAY, ago
from tests.server.collect.world import windows

pytestmark = pytest.mark.virtual_time


async def test_history_is_read_from_its_start_up_to_yesterday(begin: Begin):
    world = await begin(**COARSE, **DEEP)

    end = await world.backfill(historical_start_date=ago(20)).run()

    assert (end.state, end.windows_failed) == (BackfillState.DONE, 0)
    for site in (SITE_A, SITE_B):
        for kind in (Kind.USAGE, Kind.PRICE):
            states = await world.states(kind, site)
            assert (min(states), max(states)) == (ago(20), ago(1))
            assert set(states.values()) <= SETTLED


async def test_usage_is_read_first_and_the_newest_first(begin: Begin):
    world = await begin(**COARSE, **DEEP)

    await world.backfill(historical_start_date=ago(20)).run()

    asked = windows(world)
    endpoints = [endpoint for endpoint, *_rest in asked]
    assert endpoints == sorted(endpoints, reverse=True)
    for site in (SITE_A, SITE_B):
        lasts = [last for endpoint, owner, _, last in asked if owner == site]
        half = len(lasts) // 2
        assert lasts[:half] == sorted(lasts[:half], reverse=True)
        assert lasts[half:] == sorted(lasts[half:], reverse=True)


async def test_every_window_is_a_run_of_its_own(begin: Begin):
    world = await begin(**COARSE, **DEEP)

    await world.backfill(historical_start_date=ago(20)).run()

    reading = [run for run in await world.runs("backfill") if run.requests]
    assert len(reading) == 1 + len(windows(world))
    assert {run.outcome for run in reading} == {"success"}


async def test_a_second_pass_asks_for_nothing_that_is_complete(begin: Begin):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    backfill = world.backfill(historical_start_date=ago(20))
    await backfill.run()
    estimated = await world.rows(
        "SELECT count(*) FROM day_ledger WHERE state <> 'complete'"
    )
    assert estimated == [(0,)]
    world.requests.clear()

    end = await backfill.run()

    assert len(world.requests) == 0
    assert (end.windows_total, end.time_left) == (0, timedelta())


async def test_backfill_goes_on_where_it_was_stopped(begin: Begin):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    steps = Steps(lambda progress: progress.windows_done == 5 and task.cancel())
    backfill = world.backfill(historical_start_date=ago(20))
    task = asyncio.ensure_future(backfill.run(steps))
    with pytest.raises(asyncio.CancelledError):
        await task
    before = windows(world)

    end = await world.backfill(historical_start_date=ago(20)).run()

    assert backfill.progress.state is BackfillState.CANCELLED
    assert end.state is BackfillState.DONE
    asked = windows(world)
    assert len(before) == 5
    assert len(asked) == len(set(asked)) == 5 + end.windows_total


async def test_progress_counts_windows_and_rows_and_ends_at_zero(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    steps = Steps()

    await world.backfill(historical_start_date=ago(20)).run(steps)

    last = steps.seen[-1]
    ((rows,),) = await world.rows(
        "SELECT (SELECT count(*) FROM price) + (SELECT count(*) FROM usage)"
    )
    assert last.rows == rows
    assert last.windows_done == last.windows_total == len(windows(world))
    assert last.time_left == timedelta()
    done = [progress.windows_done for progress in steps.seen]
    assert done == sorted(done)


async def test_the_time_left_counts_the_waits_for_the_rate_limit(begin: Begin):
    world = await begin(usage_depth_days=0, **COARSE, **DEEP_PRICES)
    steps = Steps()

    end = await world.backfill(historical_start_date=ago(85)).run(steps)

    assert end.at is not None
    assert BackfillState.WAITING in steps.states
    midway = next(p for p in steps.seen if p.windows_done == p.windows_total // 2)
    assert midway.at is not None
    assert midway.time_left is not None
    took = end.at - midway.at
    assert took / 2 < midway.time_left < took * 3 + timedelta(minutes=2)


async def test_the_next_daily_pass_comes_after_usage_has_come_out(
    begin: Begin, run_for: RunFor
):
    world = await begin(usage_depth_days=3, price_depth_days=3, **COARSE)
    backfill = world.backfill(historical_start_date=ago(3))

    await run_for(24 * 3600, backfill.run_daily())

    prices = await world.states(Kind.PRICE, SITE_A)
    assert prices[TODAY] is DayState.COMPLETE
    began = {run.started_at.hour for run in await world.runs("backfill")}
    assert began == {2, 21}


async def test_a_pass_soon_after_midnight_is_followed_by_that_of_the_next_day(
    begin: Begin, run_for: RunFor
):
    midnight = NOON - timedelta(hours=12)
    world = await begin(midnight, usage_depth_days=3, price_depth_days=3, **COARSE)
    backfill = world.backfill(historical_start_date=ago(3))
    background = BackgroundBackfill(backfill)

    await run_for(3600, backfill.run_daily())

    next_pass_at = background.status().next_daily_pass_at
    assert next_pass_at == midnight + timedelta(days=1, hours=7, minutes=30)


async def test_a_new_mark_has_everything_read_once_more(begin: Begin):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    await world.backfill(historical_start_date=ago(9)).run()
    first = windows(world)
    rows = "SELECT * FROM price ORDER BY 1, 2, 3"
    before = await world.rows(rows)

    for _ in range(2):
        backfill = world.backfill(historical_start_date=ago(9), force_reinit="again")
        await backfill.run()

    assert windows(world) == first + first
    assert await world.rows(rows) == before


async def test_without_a_start_only_gaps_are_filled(begin: Begin, run_for: RunFor):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    amber = world.amber(collect_forecasts=False)
    await run_for(290, world.schedule(amber).run())
    await asyncio.sleep(30 * 86_400)

    await world.backfill().run()

    states = await world.states(Kind.PRICE, SITE_A)
    last = ago(0) + timedelta(days=29)
    assert (min(states), max(states)) == (ago(14), last)
    assert set(states.values()) == {DayState.COMPLETE}


async def test_a_site_that_is_gone_fails_alone(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    await world.amber().collect(Trigger.MANUAL, ticks_skipped=0)
    world.wire.intercept = lambda request: (
        web.Response(status=404) if SITE_A in request.path else None
    )

    end = await world.backfill(historical_start_date=ago(30)).run()

    assert (end.state, end.windows_failed) == (BackfillState.DONE, 1)
    states = await world.states(Kind.PRICE, SITE_B)
    assert DayState.MISSING not in states.values()
    assert min(states) == ago(30)
