"""Collecting from KAMO: all areas in one transaction, whatever some of them do."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from energy_logger_server.collect.kamo.collector import KamoCollector
from energy_logger_server.domain.collecting.area_choice import (
    NO_AREAS,
    parse_area_choice,
)
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Trigger
from energy_logger_simulator.faults.fault import FaultAction
from energy_logger_simulator.kamo.config import KamoConfig, KamoMode
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.collect.conftest import Begin, RunFor
from tests.server.collect.world import World

pytestmark = pytest.mark.virtual_time

START = datetime(2026, 1, 4, 15, 30, tzinfo=UTC)
"""09:30 Central."""

TODAY = date(2026, 1, 4)


async def collect(collector: KamoCollector, trigger: Trigger = Trigger.TICK) -> RunEnd:
    """Return how one run ends."""
    end = await collector.collect(trigger, ticks_skipped=0)
    assert end is not None
    return end


def subjects(end: RunEnd) -> dict[str, str]:
    """Return what failed and why."""
    return {failure.subject: failure.code for failure in end.failures}


async def areas_with(world: World, endpoint: str) -> set[int]:
    """Return the areas that an endpoint has given a usable answer for."""
    rows = await world.rows(
        "SELECT owner FROM last_fetch WHERE endpoint = :endpoint", endpoint=endpoint
    )
    return {int(owner) for (owner,) in rows}


async def test_a_run_reads_every_areas_load_and_every_cooperatives_substations(
    begin: Begin,
):
    world = await begin(START)

    end = await collect(world.kamo())

    assert (end.outcome, end.requests, end.series_total) == (
        Outcome.SUCCESS,
        1 + 20 + 17,
        1 + 20 + 17,
    )
    assert await areas_with(world, "load") == set(range(1, 21))
    assert await areas_with(world, "substations") == set(range(1, 18))
    assert end.counts.load.new == 20 * 12
    assert end.counts.forecast.new >= 20 * 24
    assert end.counts.substation.new > 250


async def test_a_run_is_one_transaction(begin: Begin):
    world = await begin(START)

    await collect(world.kamo())

    assert world.store.writes == 2


async def test_at_most_four_requests_are_made_at_once(begin: Begin):
    world = await begin(START)
    for endpoint in ("kamo.areagrid", "kamo.arealoadtable"):
        world.fail(FaultAction.SLOW, endpoint, count=None, options={"seconds": 2})

    await collect(world.kamo())

    assert world.wire.most_at_once == 4


async def test_only_chosen_areas_are_asked_for_substations(begin: Begin):
    world = await begin(START)

    await collect(world.kamo(substation_areas=parse_area_choice("3, 7, 18")))

    assert [e.owner for e in world.asked("kamo.arealoadtable")] == ["3", "7"]
    assert len(world.asked("kamo.areagrid")) == 20


async def test_the_list_of_areas_is_read_once_a_central_day(
    begin: Begin, run_for: RunFor
):
    world = await begin(datetime(2026, 1, 4, 5, 20, tzinfo=UTC))
    kamo = world.kamo(interval_minutes=30, substation_areas=NO_AREAS)

    await run_for(2 * 3600, world.schedule(kamo).run())

    read_at = [entry.at.hour for entry in world.asked("kamo.area")]
    assert read_at == [5, 6]


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (FaultAction.SERVER_ERROR, "unreachable"),
        (FaultAction.TIMEOUT, "unreachable"),
        (FaultAction.TRUNCATE, "unreachable"),
        (FaultAction.HTML200, "unreadable"),
        (FaultAction.EMPTY, "unreadable"),
    ],
)
async def test_one_area_that_fails_never_stops_the_others(
    begin: Begin, action: FaultAction, code: str
):
    world = await begin(START)
    world.fail(action, "kamo.areagrid", owner="7", count=None)
    kamo = world.kamo(substation_areas=parse_area_choice("7"))

    end = await collect(kamo)
    before = await areas_with(world, "load")
    world.faults.clear()
    repaired = await collect(kamo)

    assert (end.outcome, subjects(end)) == (Outcome.PARTIAL, {"load/7": code})
    assert before == set(range(1, 21)) - {7}
    assert await areas_with(world, "substations") == {7}
    assert repaired.outcome is Outcome.SUCCESS
    assert 7 in await areas_with(world, "load")


async def test_substations_that_fail_are_kept_apart_from_load(begin: Begin):
    world = await begin(START)
    world.fail(FaultAction.SERVER_ERROR, "kamo.arealoadtable", owner="7", count=None)

    end = await collect(world.kamo())

    assert subjects(end) == {"substations/7": "unreachable"}
    assert 7 in await areas_with(world, "load")


async def test_what_fails_for_now_is_tried_once_more_in_the_same_run(begin: Begin):
    world = await begin(START)
    world.fail(FaultAction.SERVER_ERROR, "kamo.areagrid", count=20)

    end = await collect(world.kamo(substation_areas=NO_AREAS))

    assert end.outcome is Outcome.SUCCESS
    assert world.clock.now() - START == timedelta(seconds=20)


async def test_nothing_is_tried_again_when_the_next_tick_is_near(begin: Begin):
    world = await begin(START + timedelta(minutes=4))
    world.fail(FaultAction.SERVER_ERROR, "kamo.areagrid", owner="7")

    end = await collect(world.kamo(substation_areas=NO_AREAS))

    assert subjects(end) == {"load/7": "unreachable"}
    assert len(world.asked("kamo.areagrid", "7")) == 1


async def test_a_manual_run_may_try_again_though_a_tick_is_near(begin: Begin):
    world = await begin(START + timedelta(minutes=4))
    world.fail(FaultAction.SERVER_ERROR, "kamo.areagrid", owner="7")

    end = await collect(world.kamo(substation_areas=NO_AREAS), trigger=Trigger.MANUAL)

    assert end.outcome is Outcome.SUCCESS


async def test_a_run_that_got_nothing_has_failed(begin: Begin):
    world = await begin(START)
    kamo = world.kamo()
    await collect(kamo)
    world.wire.refuse(503)

    end = await collect(kamo)

    assert end.outcome is Outcome.FAILED
    assert len(end.failures) == end.series_total == 20 + 17


async def test_known_areas_are_read_though_their_list_cannot_be(begin: Begin):
    world = await begin(START)
    await collect(world.kamo())
    world.fail(FaultAction.SERVER_ERROR, "kamo.area", count=None)

    end = await collect(world.kamo())

    assert (end.outcome, subjects(end)) == (Outcome.PARTIAL, {"area": "unreachable"})
    assert end.requests == 2 + 20 + 17


async def test_without_any_known_area_a_run_fails(begin: Begin):
    world = await begin(START)
    world.fail(FaultAction.SERVER_ERROR, "kamo.area", count=None)

    end = await collect(world.kamo())

    assert (end.outcome, subjects(end)) == (Outcome.FAILED, {"area": "unreachable"})


async def test_one_bad_row_costs_no_neighbour(begin: Begin):
    world = await begin(START)
    world.fail(
        FaultAction.WRONG_TYPE,
        "kamo.arealoadtable",
        owner="1",
        options={"field": "kw", "value": "lots"},
    )

    end = await collect(world.kamo(substation_areas=parse_area_choice("1")))

    assert (end.outcome, subjects(end)) == (
        Outcome.PARTIAL,
        {"substations/1": "unreadable"},
    )
    assert end.counts.rejected == 1
    assert end.counts.substation.new > 5


@pytest.mark.parametrize(
    ("field", "column"), [("kvar", "reactive_kvar"), ("pf", "power_factor")]
)
async def test_a_substation_that_lacks_kvar_or_factor_is_read_with_its_load(
    begin: Begin, field: str, column: str
):
    world = await begin(START)
    world.fail(
        FaultAction.WRONG_TYPE,
        "kamo.arealoadtable",
        owner="1",
        options={"field": field, "value": None},
    )

    end = await collect(world.kamo(substation_areas=parse_area_choice("1")))

    assert (end.outcome, end.counts.rejected) == (Outcome.SUCCESS, 0)
    ((without, with_load, known),) = await world.rows(
        f"SELECT sum({column} IS NULL), sum(load_kw IS NOT NULL), count({column})"
        " FROM substation_readings"
    )
    assert (without, with_load) == (1, known + 1)


async def test_areas_without_a_recording_make_the_run_partial_not_lost(begin: Begin):
    world = await begin(RECORDED_AT, kamo=KamoConfig(mode=KamoMode.RECORDED))

    end = await collect(world.kamo())

    assert end.outcome is Outcome.PARTIAL
    assert set(subjects(end).values()) == {"missing"}
    assert (end.counts.load.new, end.counts.substation.new) == (108, 164)
    # what does not exist is not asked for twice
    assert end.requests == 1 + 20 + 17


async def test_a_stop_in_the_middle_of_a_run_leaves_nothing_half_written(
    begin: Begin, run_for: RunFor
):
    world = await begin(START - timedelta(seconds=1))
    world.fail(FaultAction.SLOW, "kamo.areagrid", owner="9", options={"seconds": 9})

    await run_for(5, world.schedule(world.kamo()).run())

    (run,) = await world.runs()
    assert run.outcome == "interrupted"
    assert await world.rows("SELECT count(*) FROM load") == [(0,)]


async def test_days_on_which_nothing_ran_are_given_up_with_the_cause(begin: Begin):
    world = await begin(START)
    kamo = world.kamo(substation_areas=parse_area_choice("1"))
    await collect(kamo)

    # the oldest hour of the answer is on the evening of the second day
    await asyncio.sleep(2.4 * 86_400)
    await collect(kamo)

    states = await world.states(Kind.LOAD, "1")
    lost = {day for day, state in states.items() if state is DayState.UNAVAILABLE}
    assert lost == {TODAY, TODAY + timedelta(days=1)}
    causes = await world.rows(
        "SELECT cause FROM day_ledger WHERE state = 'unavailable'"
    )
    assert all("not running" in cause for (cause,) in causes)


@pytest.mark.parametrize(
    ("day", "start", "hours"),
    [
        pytest.param(
            date(2026, 3, 8), datetime(2026, 3, 8, 5, 50, tzinfo=UTC), 23, id="spring"
        ),
        pytest.param(
            date(2026, 11, 1), datetime(2026, 11, 1, 4, 50, tzinfo=UTC), 25, id="autumn"
        ),
    ],
)
async def test_both_nights_of_daylight_saving_are_complete(
    begin: Begin, run_for: RunFor, day: date, start: datetime, hours: int
):
    world = await begin(start)
    kamo = world.kamo(interval_minutes=30, substation_areas=parse_area_choice("1"))

    await run_for((hours + 1) * 3600, world.schedule(kamo).run())

    assert (await world.states(Kind.LOAD, "1"))[day] is DayState.COMPLETE
    assert (await world.states(Kind.SUBSTATIONS, "1"))[day] is DayState.COMPLETE
    midnight = start + timedelta(minutes=10)
    rows = await world.rows(
        "SELECT at FROM load WHERE area_id = 1 AND at >= :first AND at < :last",
        first=midnight.timestamp(),
        last=midnight.timestamp() + hours * 3600,
    )
    assert len(rows) == hours
    expected = await world.rows(
        "SELECT l.expected_minutes FROM day_ledger l JOIN series s ON s.id ="
        " l.series_id WHERE s.kind = 'load' AND s.owner = '1' AND l.day = :day",
        day=(day - date(1970, 1, 1)).days,
    )
    assert expected == [(hours * 60,)]


async def test_a_tick_runs_on_the_mark(begin: Begin, run_for: RunFor):
    world = await begin(START - timedelta(seconds=100))
    kamo = world.kamo(substation_areas=NO_AREAS)

    await run_for(500, world.schedule(kamo).run())

    began = [run.started_at for run in await world.runs()]
    assert began == [START, START + timedelta(minutes=5)]
    assert world.schedule(kamo).status().refused_since is None


async def test_days_are_closed_as_switched_off_while_only_amber_is_read(begin: Begin):
    world = await begin(START, price_depth_days=1, usage_depth_days=1)
    kamo = world.kamo(substation_areas=parse_area_choice("1"))
    await collect(kamo)
    amber = world.amber(collect_forecasts=False)

    for _run in range(10):
        await asyncio.sleep(6 * 3600)
        await amber.collect(Trigger.TICK, ticks_skipped=0)

    causes = await world.rows(
        "SELECT DISTINCT l.cause FROM day_ledger l JOIN series s ON s.id = l.series_id"
        " WHERE l.state = 'unavailable' AND s.kind IN ('load', 'substations')"
    )
    states = await world.states(Kind.LOAD, "1")
    assert states[TODAY] is DayState.UNAVAILABLE
    assert {cause for (cause,) in causes} == {
        "KAMO was switched off for a part of the day",
        "KAMO was switched off",
    }
