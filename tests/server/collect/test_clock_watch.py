"""While this machine's clock is wrong, nothing is filed under its time."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.api.nem import nem_date_at
from energy_logger_server.collect.clock_watch import ClockWatch
from energy_logger_server.domain.area_choice import NO_AREAS, parse_area_choice
from energy_logger_server.domain.backfill_progress import BackfillState
from energy_logger_server.domain.problems import ProblemCode
from energy_logger_server.domain.runs import Source, Trigger
from energy_logger_server.simulator.fault import FaultAction
from energy_logger_server.simulator.settable_clock import SettableClock
from tests.server.collect.conftest import NOON, SHALLOW, Begin, RunFor

START = datetime(2026, 1, 4, 15, 30, tzinfo=UTC)
WRONG = [
    pytest.param(-timedelta(days=40), id="at-boot"),
    pytest.param(-timedelta(minutes=3), id="behind"),
    pytest.param(timedelta(hours=5), id="ahead"),
]


@pytest.fixture
def clock() -> SettableClock:
    """A clock that tests set."""
    return SettableClock(START)


@pytest.mark.parametrize(
    ("difference_s", "is_wrong"), [(-121, True), (-120, False), (0, False), (121, True)]
)
def test_two_minutes_of_difference_are_none(
    clock: SettableClock, difference_s: int, is_wrong: bool
):
    watch = ClockWatch(clock)

    watch.see(Source.KAMO, START + timedelta(seconds=difference_s), START)

    assert watch.is_wrong is is_wrong
    assert watch.difference_s(Source.KAMO) == difference_s
    assert bool(watch.problems(Source.KAMO)) is is_wrong
    assert watch.problems(Source.AMBER) == ()


def test_a_source_that_disagrees_with_us_and_with_the_other_is_wrong_itself(
    clock: SettableClock,
):
    watch = ClockWatch(clock)
    watch.see(Source.KAMO, START, START - timedelta(hours=1))
    alone = watch.is_wrong

    watch.see(Source.AMBER, START, START + timedelta(seconds=1))

    assert (alone, watch.is_wrong) == (True, False)
    assert watch.problems(Source.KAMO) == ()


def test_an_answer_that_does_not_tell_its_time_says_nothing(clock: SettableClock):
    watch = ClockWatch(clock)

    watch.see(Source.KAMO, START, None)

    assert (watch.is_wrong, watch.difference_s(Source.KAMO)) == (False, None)


def test_the_clock_is_said_to_be_wrong_once_and_to_be_right_once(
    clock: SettableClock, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    watch = ClockWatch(clock)
    for source in (Source.KAMO, Source.AMBER, Source.KAMO):
        watch.see(source, START - timedelta(minutes=65, seconds=0.25), START)
    for source in (Source.KAMO, Source.AMBER):
        watch.see(source, START, START)

    assert [line.levelname for line in caplog.records] == ["WARNING", "INFO"]
    text = caplog.records[0].getMessage()
    assert "1:05:00 behind kamo's" in text
    assert "NTP" in text


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
    assert [line.levelname for line in caplog.records] == ["WARNING", "INFO"]


@pytest.mark.virtual_time
@pytest.mark.parametrize("ahead", WRONG)
async def test_prices_are_filed_under_the_time_that_amber_tells(
    begin: Begin, run_for: RunFor, ahead: timedelta
):
    world = await begin(**SHALLOW)
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
    backfill = world.backfill(historical_start_on=nem_date_at(NOON - timedelta(days=9)))
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
    world = await begin(**SHALLOW)
    backfill = world.backfill()

    async def set_back() -> None:
        await asyncio.sleep(300)
        world.clock.ahead = timedelta(days=-30)

    await run_for(600, backfill.run_daily(), set_back())

    next_pass = backfill.status().next_daily_pass_at
    assert next_pass is not None
    assert next_pass - world.clock.now() < timedelta(days=1)


@pytest.mark.virtual_time
@pytest.mark.parametrize("source", ["amber", "kamo"])
async def test_a_run_ends_though_the_clock_is_set_back_meanwhile(
    begin: Begin, run_for: RunFor, source: str
):
    world = await begin(NOON, **SHALLOW)
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
