"""While the machine's clock is wrong nothing is filed or given up under it."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import override

import pytest
from aiohttp import web

from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.collect.backfill.backfill import Backfill
from energy_logger_server.collect.clock_watch import ClockWatch
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.area_choice import (
    NO_AREAS,
    parse_area_choice,
)
from energy_logger_server.domain.collecting.backfill_progress import BackfillState
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.collecting.runs import Trigger
from energy_logger_simulator.amber.sites import SITE_A
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.collect.conftest import NOON, Begin, RunFor
from tests.server.collect.world import World
from tests.server.logged import logged_levels

START = datetime(2026, 1, 4, 15, 30, tzinfo=UTC)
DAY = timedelta(days=1)
TODAY = nem_date_at(NOON)
WRONG = [
    pytest.param(-timedelta(days=40), id="at-boot"),
    pytest.param(-timedelta(minutes=3), id="behind"),
    pytest.param(timedelta(hours=5), id="ahead"),
]


@pytest.mark.virtual_time
@pytest.mark.parametrize("ahead", WRONG)
async def test_readings_wait_for_the_right_time_and_loads_keep_their_own(
    begin: Begin,
    run_for: RunFor,
    caplog: pytest.LogCaptureFixture,
    ahead: timedelta,
):
    caplog.set_level(logging.INFO, "energy_logger_server.collect")
    world = await begin(START - timedelta(seconds=1))
    world.clock.ahead = ahead
    schedule = world.schedule(world.kamo(substation_areas=parse_area_choice("1,2")))

    await run_for(600, schedule.run())
    status = schedule.status()
    wrong = await world.rows("SELECT count(*) FROM substation_reading")
    runs = await world.runs()
    world.clock.ahead = timedelta()
    # no restart
    await run_for(600, schedule.run())

    assert wrong == [(0,)]
    for run in runs:
        assert run.outcome == "partial"
        assert run.failures == {
            "substations/1": "clock_differs",
            "substations/2": "clock_differs",
        }
    (problem,) = status.problems
    assert problem.code is ProblemCode.CLOCK_DIFFERS
    assert status.clock_difference_s == pytest.approx(ahead.total_seconds(), abs=2)
    loads = await world.rows("SELECT min(at), max(at), min(known_at) FROM load")
    ((first, last, known_at),) = loads
    assert START - timedelta(hours=13) < datetime.fromtimestamp(first, UTC)
    assert datetime.fromtimestamp(last, UTC) <= START + timedelta(minutes=30)
    assert START.timestamp() - 2 <= known_at
    minutes = await world.rows(
        "SELECT DISTINCT hour * 60 + minute FROM substation_fetch"
    )
    assert minutes
    assert all(
        START - timedelta(minutes=1)
        <= datetime.fromtimestamp(minute * 60, UTC)
        <= START + timedelta(minutes=25)
        for (minute,) in minutes
    )
    assert schedule.status().problems == ()
    assert logged_levels(caplog) == ["WARNING", "INFO"]


@pytest.mark.virtual_time
@pytest.mark.parametrize("ahead", WRONG)
async def test_prices_are_filed_under_the_time_that_amber_tells(
    begin: Begin, run_for: RunFor, ahead: timedelta
):
    world = await begin()
    world.clock.ahead = ahead
    schedule = world.schedule(world.amber(forecast_hours_ahead=4))

    await run_for(600, schedule.run())

    archived = await world.rows(
        "SELECT min(fetched_at), max(fetched_at) FROM price_archive"
    )
    ((first, last),) = archived
    assert NOON.timestamp() <= first <= last <= NOON.timestamp() + 600
    days = await world.rows(
        "SELECT max(l.day) FROM day_ledger l JOIN series s ON s.id = l.series_id"
    )
    assert (
        days[0][0]
        <= (nem_date_at(NOON) - nem_date_at(datetime(1970, 1, 1, tzinfo=UTC))).days
    )
    assert [one.code for one in schedule.status().problems] == [
        ProblemCode.CLOCK_DIFFERS
    ]


@pytest.mark.virtual_time
async def test_nothing_is_dropped_or_given_up_by_a_wrong_present(begin: Begin):
    world = await begin(START)
    kamo = world.kamo(substation_areas=parse_area_choice("1"))
    await kamo.collect(Trigger.TICK, ticks_skipped=0)
    forecasts = await world.rows("SELECT count(*) FROM load_archive")
    world.clock.ahead = timedelta(days=30)

    await kamo.collect(Trigger.TICK, ticks_skipped=0)

    assert await world.rows("SELECT count(*) FROM load_archive") >= forecasts
    assert await world.rows(
        "SELECT count(*) FROM day_ledger WHERE state = 'unavailable'"
    ) == [(0,)]


@pytest.mark.virtual_time
async def test_backfill_waits_for_the_right_time(begin: Begin, run_for: RunFor):
    world = await begin(price_depth_days=20, usage_depth_days=20)
    world.clock.ahead = timedelta(days=400)
    backfill = world.backfill(
        historical_start_date=nem_date_at(NOON - timedelta(days=9))
    )
    amber = world.amber(collect_forecasts=False)
    await amber.collect(Trigger.TICK, ticks_skipped=0)
    world.requests.clear()

    progress = []

    async def look() -> None:
        await asyncio.sleep(250)
        progress.append(backfill.status().progress)
        assert world.asked("amber.prices") == world.asked("amber.usage") == ()
        world.clock.ahead = timedelta()
        await amber.collect(Trigger.TICK, ticks_skipped=0)

    await run_for(900, backfill.run_daily(), look())

    assert [one.state for one in progress] == [BackfillState.WAITING]
    assert backfill.status().progress.state is BackfillState.DONE
    assert world.asked("amber.prices")


@pytest.mark.virtual_time
async def test_a_clock_that_is_set_back_does_not_put_the_daily_pass_off(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    backfill = world.backfill()

    async def set_back() -> None:
        # no source has sent the time for an hour by then
        await asyncio.sleep(7200)
        world.clock.ahead = timedelta(days=-30)

    await run_for(7500, backfill.run_daily(), set_back())

    next_pass = backfill.status().next_daily_pass_at
    assert next_pass is not None
    assert next_pass - world.clock.now() < timedelta(days=1)


@pytest.mark.virtual_time
@pytest.mark.parametrize("source", ["amber", "kamo"])
async def test_a_run_ends_though_the_clock_is_set_back_meanwhile(
    begin: Begin, run_for: RunFor, source: str
):
    world = await begin(NOON)
    world.clock.ahead = timedelta(days=400)
    # both are waiting for another try when the clock is set right
    world.fail(FaultAction.SERVER_ERROR, "amber.current", count=4)
    world.fail(FaultAction.SERVER_ERROR, "amber.usage", count=4)
    world.fail(FaultAction.SERVER_ERROR, "kamo.areagrid", count=4)
    amber, kamo = world.amber(), world.kamo(substation_areas=NO_AREAS)
    schedule = world.schedule(amber if source == "amber" else kamo)
    offset_s = 14 if source == "amber" else 302
    asyncio.get_running_loop().call_later(
        offset_s, setattr, world.clock, "ahead", timedelta()
    )

    await run_for(890, schedule.run())

    runs = await world.runs()
    assert len(runs) >= 2
    assert runs[-1].outcome == "success"
    assert schedule.status().problems == ()


@pytest.mark.virtual_time
async def test_no_day_is_given_up_while_the_clock_is_wrong(
    begin: Begin, run_for: RunFor
):
    world = await begin(price_depth_days=20, usage_depth_days=0, cutover=TODAY)
    backfill = world.backfill(historical_start_date=TODAY - timedelta(days=120))
    given_up = []

    def set_wrong(request: web.Request) -> None:
        # four weeks without a price end with the one that is asked for now
        first, fourth_week = request.query.get("startDate", "9"), TODAY - 50 * DAY
        if request.path.endswith("/prices") and first <= str(fourth_week):
            world.clock.ahead = timedelta(hours=5)

    async def look() -> None:
        await asyncio.sleep(1800)
        assert backfill.status().progress.state is BackfillState.WAITING
        given_up.append(await _days_given_up(world))
        backfill.cancel()

    world.wire.intercept = set_wrong
    await run_for(1900, backfill.run(), look())
    given_up.append(await _days_given_up(world))
    assert backfill.status().progress.state is BackfillState.CANCELLED
    world.clock.ahead = timedelta()
    world.wire.intercept = None
    await backfill.run()

    assert given_up == [0, 0]
    assert await _days_given_up(world) > 0


@pytest.mark.virtual_time
async def test_a_clock_that_is_wrong_for_a_moment_does_not_end_a_pass(begin: Begin):
    world = await begin(price_depth_days=20, usage_depth_days=20)
    watch = _MomentlyWrong(world)
    backfill = Backfill(
        world.access,
        Settings(historical_start_date=TODAY - timedelta(days=9)),
        world.turn,
        replace(world.shared, clock_watch=watch),
    )

    end = await backfill.run()

    assert watch.was_wrong
    assert end.state is BackfillState.DONE
    states = await world.states(Kind.PRICE, SITE_A)
    assert states[TODAY - timedelta(days=9)] is DayState.COMPLETE


@pytest.mark.virtual_time
@pytest.mark.parametrize("action", [FaultAction.TOO_MANY, FaultAction.SERVER_ERROR])
async def test_what_a_clock_ahead_has_put_off_is_not_put_off_when_it_is_set_right(
    begin: Begin, run_for: RunFor, action: FaultAction
):
    world = await begin(price_depth_days=20, usage_depth_days=20)
    await world.amber(collect_forecasts=False).collect(Trigger.TICK, ticks_skipped=0)
    # until no source has sent the time for an hour
    await asyncio.sleep(3700)
    world.clock.ahead = timedelta(days=400)
    world.fail(action, "amber.usage", count=1)
    backfill = world.backfill(historical_start_date=TODAY - timedelta(days=9))

    async def set_right() -> None:
        await asyncio.sleep(5)
        assert backfill.status().progress.state is BackfillState.WAITING
        world.clock.ahead = timedelta()
        world.requests.clear()

    await run_for(900, backfill.run(), set_right())

    assert backfill.status().progress.state is BackfillState.DONE
    asked = [one.query["endDate"] for one in world.asked("amber.usage")]
    assert asked
    assert max(asked) <= str(TODAY)
    states = await world.states(Kind.PRICE, SITE_A)
    assert states[TODAY - timedelta(days=9)] is DayState.COMPLETE


async def _days_given_up(world: World) -> int:
    ((count,),) = await world.rows(
        "SELECT count(*) FROM day_ledger WHERE state = 'unavailable'"
    )
    assert isinstance(count, int)
    return count


class _MomentlyWrong(ClockWatch):
    """Says once that the clock is wrong, when prices have begun to come."""

    def __init__(self, world: World) -> None:
        super().__init__(world.clock, asyncio.get_running_loop().time)
        self.was_wrong = False
        self._world = world

    @property
    @override
    def is_wrong(self) -> bool:
        if self.was_wrong or not self._world.asked("amber.prices"):
            return False
        self.was_wrong = True
        return True
