"""Backfill and what cannot be had: for now, or for good."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from energy_logger_server.api.errors import (
    SourceRefused,
    SourceUnreachable,
)
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
)
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import Trigger
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.collect.conftest import (
    COARSE,
    DEEP,
    DEEP_USAGE,
    NOON,
    PUNCTUAL,
    Begin,
    RunFor,
)
from tests.server.collect.ledgers import SETTLED, ago
from tests.server.collect.world import days_asked, windows

pytestmark = pytest.mark.virtual_time


async def test_usage_that_upstream_has_dropped_is_given_up_with_the_cause(
    begin: Begin,
):
    world = await begin(price_depth_days=0, **COARSE, **DEEP_USAGE)

    await world.backfill(historical_start_date=ago(200)).run()

    states = await world.states(Kind.USAGE, SITE_B)
    assert {states[ago(n)] for n in range(1, 91)} <= SETTLED
    assert {states[ago(n)] for n in range(91, 201)} == {DayState.UNAVAILABLE}
    causes = await world.rows("SELECT DISTINCT cause FROM day_ledger WHERE day < 20400")
    assert all(cause for (cause,) in causes)
    asked = {first for endpoint, _, first, _ in windows(world) if "usage" in endpoint}
    assert len(asked) <= 90 // 7 + 2 + 3


async def test_prices_older_than_upstream_has_are_given_up_after_four_empty_weeks(
    begin: Begin,
):
    world = await begin(price_depth_days=20, usage_depth_days=0, **COARSE)

    await world.backfill(historical_start_date=ago(300)).run()

    states = await world.states(Kind.PRICE, SITE_A)
    assert {states[ago(n)] for n in range(1, 21)} == {DayState.COMPLETE}
    assert {states[ago(n)] for n in range(21, 301)} == {DayState.UNAVAILABLE}
    asked = [w for w in windows(world) if w[:2] == ("amber.prices", SITE_A)]
    assert len(asked) <= 3 + 5


async def test_a_gap_day_that_upstream_never_had_is_given_up_when_asked_twice(
    begin: Begin,
):
    world = await begin(
        gap_days=frozenset([ago(10)]), price_depth_days=0, **COARSE, **DEEP_USAGE
    )

    await world.backfill(historical_start_date=ago(20)).run()
    meanwhile = (await world.states(Kind.USAGE, SITE_A))[ago(10)]
    await asyncio.sleep(60)
    await world.backfill(historical_start_date=ago(20)).run()

    states = await world.states(Kind.USAGE, SITE_A)
    assert meanwhile is DayState.MISSING
    assert states.pop(ago(10)) is DayState.UNAVAILABLE
    assert set(states.values()) <= SETTLED


async def test_an_account_without_any_data_is_asked_about_a_few_weeks_only(
    begin: Begin,
):
    world = await begin(price_depth_days=0, usage_depth_days=0, **COARSE)

    end = await world.backfill(historical_start_date=ago(700)).run()

    # both sites have been active for 420 days
    assert end.windows_done == end.windows_total == 4 * 61
    assert len(windows(world)) < 2 * (4 + 2 + 13 + 2)
    states = await world.states(Kind.USAGE, SITE_A)
    assert set(states.values()) == {DayState.MISSING}


async def test_a_range_that_is_too_large_is_asked_for_in_halves(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    world.wire.refuse(422, longer_than_days=2)

    end = await world.backfill(historical_start_date=ago(9)).run()

    assert (end.state, end.windows_failed) == (BackfillState.DONE, 0)
    assert max(days_asked(entry.query) for entry in world.requests) == 2
    states = await world.states(Kind.PRICE, SITE_B)
    assert [states[ago(n)] for n in range(1, 10)] == [DayState.COMPLETE] * 9
    runs = await world.runs("backfill")
    assert {code for run in runs for code in run.failures.values()} == {
        "range_too_large"
    }


@pytest.mark.parametrize("headers", [True, False])
async def test_a_429_is_waited_out(begin: Begin, headers: bool):
    world = await begin(**COARSE, **DEEP)
    world.fail(
        FaultAction.TOO_MANY,
        "amber.prices",
        nth=2,
        count=3,
        options={"headers": headers},
    )

    end = await world.backfill(historical_start_date=ago(20)).run()

    assert (end.state, end.windows_failed) == (BackfillState.DONE, 0)
    assert set((await world.states(Kind.PRICE, SITE_B)).values()) == {DayState.COMPLETE}


async def test_a_window_that_cannot_be_had_is_left_for_the_next_pass(begin: Begin):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    world.fail(FaultAction.SERVER_ERROR, "amber.usage", owner=SITE_A, count=100)
    backfill = world.backfill(historical_start_date=ago(2))

    first = await backfill.run()
    world.faults.clear()
    second = await backfill.run()

    assert (first.state, first.windows_failed) == (BackfillState.DONE, 2)
    assert second.windows_failed == 0
    assert set((await world.states(Kind.USAGE, SITE_A)).values()) == {DayState.COMPLETE}


async def test_a_pass_ends_when_upstream_is_down(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    backfill = world.backfill(historical_start_date=ago(20))
    await world.amber().collect(Trigger.MANUAL, ticks_skipped=0)
    world.fail(FaultAction.SERVER_ERROR, "amber.usage", count=None)
    world.fail(FaultAction.SERVER_ERROR, "amber.prices", count=None)

    with pytest.raises(SourceUnreachable):
        await backfill.run()

    assert backfill.progress.state is BackfillState.FAILED


async def test_a_refused_key_ends_the_pass_and_the_daily_one_goes_on_by_itself(
    begin: Begin, run_for: RunFor
):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    schedule = world.schedule(world.amber(interval_minutes=30, collect_forecasts=False))
    backfill = world.backfill(historical_start_date=ago(20))
    world.wire.refuse(403)
    with pytest.raises(SourceRefused):
        await backfill.run()
    asyncio.get_running_loop().call_later(1800, setattr, world.wire, "intercept", None)

    await run_for(3 * 3600, schedule.run(), backfill.run_daily())

    assert backfill.progress.state is BackfillState.DONE
    refused = [run for run in await world.runs() if "refused" in run.failures.values()]
    assert len(refused) == 1


async def test_the_daily_pass_tries_again_within_the_hour_after_a_failure(
    begin: Begin, run_for: RunFor
):
    world = await begin(usage_depth_days=3, price_depth_days=3, **COARSE)
    backfill = world.backfill(historical_start_date=ago(3))
    world.fail(FaultAction.SERVER_ERROR, "amber.sites", count=1)

    await run_for(3700, backfill.run_daily())

    assert backfill.progress.state is BackfillState.DONE


@pytest.mark.parametrize(
    "state", [BackfillState.RUNNING, BackfillState.DONE], ids=["during", "after"]
)
async def test_a_store_that_does_not_answer_stops_neither_backfill_nor_collecting(
    begin: Begin, state: BackfillState
):
    world = await begin(usage_depth_days=3, price_depth_days=3, **COARSE)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    backfill = world.backfill(historical_start_date=ago(3))
    loop = asyncio.get_running_loop()
    failed_at: list[datetime] = []

    async def fail_at(progress: BackfillProgress) -> None:
        # a pass that has done something, so that it is the pass's own end
        if progress.state is state and progress.windows_done and not failed_at:
            failed_at.append(world.clock.now())
            world.store.is_without_sites = True
            loop.call_later(1200, setattr, world.store, "is_without_sites", False)

    with suppress(TimeoutError):
        async with asyncio.timeout(3 * 3600), asyncio.TaskGroup() as tasks:
            tasks.create_task(schedule.run())
            tasks.create_task(backfill.run_daily(fail_at))

    assert failed_at
    assert backfill.progress.state is BackfillState.DONE
    # an hour later
    began_at = backfill.progress.started_at
    assert began_at is not None
    assert began_at - failed_at[0] >= timedelta(minutes=59)
    ticks = await world.runs("tick")
    assert len(ticks) >= 30
    assert ticks[-1].outcome == "success"


async def test_an_observer_that_fails_does_not_leave_the_pass_under_way(begin: Begin):
    world = await begin(usage_depth_days=1, price_depth_days=1, **COARSE)
    backfill = world.backfill(historical_start_date=ago(1))

    async def fail(_progress: BackfillProgress) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        await backfill.run(fail)

    assert (await backfill.run()).state is BackfillState.DONE


async def test_a_clock_set_back_after_a_failure_does_not_put_the_next_try_off(
    begin: Begin, run_for: RunFor
):
    world = await begin(usage_depth_days=3, price_depth_days=3, **COARSE)
    backfill = world.backfill(historical_start_date=ago(3))
    world.fail(FaultAction.SERVER_ERROR, "amber.sites", count=1)

    async def set_back() -> None:
        await asyncio.sleep(600)
        world.clock.ahead = -timedelta(days=1)

    await run_for(4000, backfill.run_daily(), set_back())

    # tried again at once; it waits for the clock and no longer for a far hour
    began_at = backfill.progress.started_at
    assert began_at is not None
    assert began_at < NOON
