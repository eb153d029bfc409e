"""History: complete, resumable, out of the way, honest about what is not there."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from aiohttp import web

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.errors import (
    SourceRateLimited,
    SourceRefused,
    SourceUnreachable,
)
from energy_logger_server.api.plan import next_tick, price_polls
from energy_logger_server.api.rivals import RIVAL_CALLS
from energy_logger_server.collect.backfill.background import BackgroundBackfill
from energy_logger_server.domain.backfill_progress import (
    BackfillProgress,
    BackfillState,
)
from energy_logger_server.domain.ledger import DayState, Kind
from energy_logger_server.domain.runs import Trigger
from energy_logger_server.errors import RunInProgress
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.collect.conftest import COARSE, NOON, PUNCTUAL, Begin, RunFor
from tests.server.collect.ledgers import TODAY, ago
from tests.server.collect.world import World, days_asked, windows

pytestmark = pytest.mark.virtual_time

SETTLED = {DayState.COMPLETE, DayState.ESTIMATED}


def too_many(world: World) -> int:
    """Return how many 429 our client was given."""
    return sum(entry.status == 429 for entry in world.requests)


class Steps:
    """Keeps what an observer is given, and acts on it."""

    def __init__(self, act: Callable[[BackfillProgress], object] | None = None) -> None:
        self.seen: list[BackfillProgress] = []
        self._act = act

    async def __call__(self, progress: BackfillProgress) -> None:
        """See how far it is."""
        self.seen.append(progress)
        if self._act is not None:
            self._act(progress)

    @property
    def states(self) -> list[BackfillState]:
        """The states in order, each once in a row."""
        states: list[BackfillState] = []
        for progress in self.seen:
            if not states or states[-1] is not progress.state:
                states.append(progress.state)
        return states


async def test_history_is_read_from_its_start_up_to_yesterday(begin: Begin):
    world = await begin(**COARSE)

    end = await world.backfill(historical_start_date=ago(20)).run()

    assert (end.state, end.windows_failed) == (BackfillState.DONE, 0)
    for site in (SITE_A, SITE_B):
        for kind in (Kind.USAGE, Kind.PRICE):
            states = await world.states(kind, site)
            assert (min(states), max(states)) == (ago(20), ago(1))
            assert set(states.values()) <= SETTLED


async def test_usage_is_read_first_and_the_newest_first(begin: Begin):
    world = await begin(**COARSE)

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
    world = await begin(**COARSE)

    await world.backfill(historical_start_date=ago(20)).run()

    reading = [run for run in await world.runs("backfill") if run.requests]
    assert len(reading) == 1 + len(windows(world))
    assert {run.outcome for run in reading} == {"success"}


async def test_a_second_pass_asks_for_nothing_that_is_complete(begin: Begin):
    world = await begin(seed=PUNCTUAL, **COARSE)
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
    world = await begin(seed=PUNCTUAL, **COARSE)
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
    world = await begin(**COARSE)
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
    world = await begin(usage_depth_days=0, **COARSE)
    steps = Steps()

    end = await world.backfill(historical_start_date=ago(85)).run(steps)

    assert end.at is not None
    assert BackfillState.WAITING in steps.states
    midway = next(p for p in steps.seen if p.windows_done == p.windows_total // 2)
    assert midway.at is not None
    assert midway.time_left is not None
    took = end.at - midway.at
    assert took / 2 < midway.time_left < took * 3 + timedelta(minutes=2)


async def test_a_rival_on_the_same_token_is_never_crowded_out(
    begin: Begin, run_for: RunFor
):
    start = NOON - timedelta(seconds=130)
    world = await begin(start, foreign_draw_per_minute=5, **COARSE)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    backfill = world.backfill(historical_start_date=ago(60))

    await run_for(1700, schedule.run(), backfill.run())

    assert backfill.progress.windows_done > 25
    assert too_many(world) == 0
    assert lateness_s(world) < 10


async def test_a_rival_that_takes_its_share_at_once_is_left_it_after_the_first_time(
    begin: Begin, run_for: RunFor
):
    # the window ends just after the live polls of each five minutes
    world = await begin(NOON + timedelta(seconds=20), **COARSE)
    await world.access.client.fetch_current_prices(SITE_A)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    backfill = world.backfill(historical_start_date=ago(500))
    rival = AmberClient(
        world.session,
        token=world.config.token_valid,
        budget=None,
        now=world.clock.now,
        base_url=f"{world.base_url}/v1",
    )

    async def take_its_share() -> None:
        while True:
            at = next_tick(world.clock.now(), 5, offset_s=9)
            if not world.asked("amber.prices"):
                at += timedelta(minutes=5)
            await asyncio.sleep((at - world.clock.now()).total_seconds())
            for _ in range(RIVAL_CALLS):
                with suppress(SourceRateLimited):
                    await rival.fetch_current_prices(SITE_A, previous_count=9)

    await run_for(3500, schedule.run(), backfill.run(), take_its_share())

    refused = [entry for entry in world.requests if entry.status == 429]
    first = NOON + timedelta(minutes=10)
    assert [entry for entry in refused if "previous" in entry.query]
    assert {entry.at for entry in refused} == {
        first + timedelta(seconds=9),
        first + timedelta(seconds=12),
    }
    assert len(world.asked("amber.prices")) > 90
    polls = [e for e in world.asked("amber.current", SITE_B) if e.status == 200]
    assert len({entry.at.minute // 5 for entry in polls}) >= 11


async def test_backfill_never_holds_up_a_live_poll_though_its_requests_time_out(
    begin: Begin, run_for: RunFor
):
    world = await begin(**COARSE)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(120, schedule.run())
    world.fail(FaultAction.TIMEOUT, "amber.prices", probability=0.4, count=None)
    backfill = world.backfill(historical_start_date=ago(40))

    await run_for(1600, schedule.run(), backfill.run_daily())

    assert lateness_s(world) < 10
    assert backfill.progress.windows_done > 5


def lateness_s(world: World) -> float:
    """Return by how much the latest live poll missed its plan."""
    worst = 0.0
    five = timedelta(minutes=5)
    for entry in world.asked("amber.current"):
        boundary = datetime.fromtimestamp(
            entry.at.timestamp() // five.total_seconds() * five.total_seconds(), UTC
        )
        plan = [poll.at for poll in price_polls(boundary, 5)]
        due = max(at for at in plan if at <= entry.at)
        worst = max(worst, (entry.at - due).total_seconds())
    return worst


async def test_live_runs_and_backfill_never_overlap(begin: Begin, run_for: RunFor):
    world = await begin(**COARSE)
    schedule = world.schedule(world.amber(collect_forecasts=False))

    await run_for(
        900, schedule.run(), world.backfill(historical_start_date=ago(60)).run()
    )

    spans = await world.rows("SELECT started_at_ms, finished_at_ms FROM run")
    spans.sort()
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


async def test_usage_that_upstream_has_dropped_is_given_up_with_the_cause(
    begin: Begin,
):
    world = await begin(price_depth_days=0, **COARSE)

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
    world = await begin(gap_days=frozenset([ago(10)]), price_depth_days=0, **COARSE)

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


async def test_a_pause_stops_between_windows_until_it_is_lifted(begin: Begin):
    world = await begin(**COARSE)
    backfill = world.backfill(historical_start_date=ago(20))

    def pause(progress: BackfillProgress) -> None:
        if progress.windows_done == 2 and progress.state is BackfillState.RUNNING:
            backfill.pause()
            asyncio.get_running_loop().call_later(3600, backfill.resume)

    steps = Steps(pause)

    end = await backfill.run(steps)

    assert end.state is BackfillState.DONE
    paused = [
        progress for progress in steps.seen if progress.state is BackfillState.PAUSED
    ]
    assert {progress.windows_done for progress in paused} == {2}
    assert end.at is not None
    assert end.started_at is not None
    assert end.at - end.started_at >= timedelta(hours=1)


@pytest.mark.parametrize("state", [BackfillState.RUNNING, BackfillState.WAITING])
async def test_a_pass_that_is_cancelled_ends_after_its_window(
    begin: Begin, state: BackfillState
):
    world = await begin(usage_depth_days=0, **COARSE)
    backfill = world.backfill(historical_start_date=ago(120))

    def cancel(progress: BackfillProgress) -> None:
        if progress.state is state:
            backfill.cancel()

    steps = Steps(cancel)

    end = await backfill.run(steps)

    assert end.state is BackfillState.CANCELLED
    assert end.windows_done < end.windows_total
    assert {run.outcome for run in await world.runs()} == {"success"}


async def test_a_cancelled_pass_does_not_stay_paused(begin: Begin):
    world = await begin(**COARSE)
    backfill = world.backfill(historical_start_date=ago(20))
    backfill.pause()
    asyncio.get_running_loop().call_later(60, backfill.cancel)

    end = await backfill.run()

    assert end.state is BackfillState.CANCELLED


async def test_two_passes_at_once_are_refused(begin: Begin):
    world = await begin(**COARSE)
    backfill = world.backfill(historical_start_date=ago(20))
    task = asyncio.ensure_future(backfill.run())
    await asyncio.sleep(0)

    with pytest.raises(RunInProgress):
        await backfill.run()

    await task


async def test_a_range_that_is_too_large_is_asked_for_in_halves(begin: Begin):
    world = await begin(**COARSE)
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
    world = await begin(**COARSE)
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
    world = await begin(seed=PUNCTUAL, **COARSE)
    world.fail(FaultAction.SERVER_ERROR, "amber.usage", owner=SITE_A, count=100)
    backfill = world.backfill(historical_start_date=ago(2))

    first = await backfill.run()
    world.faults.clear()
    second = await backfill.run()

    assert (first.state, first.windows_failed) == (BackfillState.DONE, 2)
    assert second.windows_failed == 0
    assert set((await world.states(Kind.USAGE, SITE_A)).values()) == {DayState.COMPLETE}


async def test_a_pass_ends_when_upstream_is_down(begin: Begin):
    world = await begin(**COARSE)
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
    world = await begin(seed=PUNCTUAL, **COARSE)
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
    world = await begin(seed=PUNCTUAL, **COARSE)
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
    world = await begin(seed=PUNCTUAL, **COARSE)
    amber = world.amber(collect_forecasts=False)
    await run_for(290, world.schedule(amber).run())
    await asyncio.sleep(30 * 86_400)

    await world.backfill().run()

    states = await world.states(Kind.PRICE, SITE_A)
    last = ago(0) + timedelta(days=29)
    assert (min(states), max(states)) == (ago(14), last)
    assert set(states.values()) == {DayState.COMPLETE}


async def test_a_site_that_is_gone_fails_alone(begin: Begin):
    world = await begin(**COARSE)
    await world.amber().collect(Trigger.MANUAL, ticks_skipped=0)
    world.wire.intercept = lambda request: (
        web.Response(status=404) if SITE_A in request.path else None
    )

    end = await world.backfill(historical_start_date=ago(30)).run()

    assert (end.state, end.windows_failed) == (BackfillState.DONE, 1)
    states = await world.states(Kind.PRICE, SITE_B)
    assert DayState.MISSING not in states.values()
    assert min(states) == ago(30)
