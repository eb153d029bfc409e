"""A list that lacks something once costs one cycle at most, and never in silence."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web

from energy_logger_server.domain.collecting.area_choice import (
    NO_AREAS,
    parse_area_choice,
)
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.collecting.runs import Outcome, Trigger
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.collect.conftest import Begin, RunFor
from tests.server.collect.oddities import codes, odd
from tests.server.collect.world import World
from tests.server.logged import logged_levels

pytestmark = pytest.mark.virtual_time
BEFORE_CENTRAL_MIDNIGHT = datetime(2026, 1, 5, 5, 49, tzinfo=UTC)
CENTRAL_MIDNIGHT = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
BEFORE_NEM_MIDNIGHT = datetime(2026, 3, 9, 13, 49, tzinfo=UTC)
MIDNIGHT_RUN = 2


@pytest.mark.parametrize(
    "action", [FaultAction.EMPTY_LIST, FaultAction.ABSENT], ids=["empty", "one-less"]
)
async def test_a_list_of_areas_that_lacks_something_once_costs_no_reading(
    begin: Begin,
    run_for: RunFor,
    log: pytest.LogCaptureFixture,
    action: FaultAction,
):
    world = await begin(BEFORE_CENTRAL_MIDNIGHT)
    schedule = world.schedule(world.kamo(substation_areas=NO_AREAS))
    await run_for(120, schedule.run())
    world.fail(action, "kamo.area")

    await run_for(13 * 60, schedule.run())
    meanwhile = codes(schedule)
    said = logged_levels(log)
    await run_for(10 * 60, schedule.run())

    runs = await world.runs()
    assert odd(runs) == [MIDNIGHT_RUN]
    assert runs[MIDNIGHT_RUN].failures == {"area": "list_incomplete"}
    assert len(world.asked("kamo.areagrid")) == 20 * len(runs)
    assert len(await world.store.areas()) == 20
    asked = [entry.at for entry in world.asked("kamo.area")]
    assert [(at - asked[1]) // timedelta(minutes=1) for at in asked[1:]] == [0, 10]
    assert (meanwhile, codes(schedule)) == ([ProblemCode.LIST_INCOMPLETE], [])
    assert (said, logged_levels(log)) == (["WARNING"], ["WARNING", "INFO"])


@pytest.mark.parametrize(
    "action", [FaultAction.EMPTY_LIST, FaultAction.ABSENT], ids=["empty", "one-less"]
)
async def test_a_list_of_sites_that_lacks_something_once_costs_no_price(
    begin: Begin,
    run_for: RunFor,
    log: pytest.LogCaptureFixture,
    action: FaultAction,
):
    world = await begin(BEFORE_NEM_MIDNIGHT)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(150, schedule.run())
    world.fail(action, "amber.sites")

    await run_for(13 * 60, schedule.run())
    meanwhile = codes(schedule)
    await run_for(10 * 60, schedule.run())

    runs = await world.runs()
    assert odd(runs) == [MIDNIGHT_RUN]
    assert runs[MIDNIGHT_RUN].failures == {"site": "list_incomplete"}
    for site in (SITE_A, SITE_B):
        assert len({e.at.minute // 5 for e in world.asked("amber.current", site)}) == 5
    asked = [entry.at for entry in world.asked("amber.sites")]
    assert [(at - asked[1]) // timedelta(minutes=1) for at in asked[1:]] == [0, 10]
    assert (meanwhile, codes(schedule)) == ([ProblemCode.LIST_INCOMPLETE], [])
    assert logged_levels(log) == ["WARNING", "INFO"]
    assert SITE_A not in schedule.status().problems.__repr__()


@pytest.mark.parametrize(
    ("source", "endpoint", "start"),
    [
        ("amber", "amber.sites", BEFORE_NEM_MIDNIGHT),
        ("kamo", "kamo.area", BEFORE_CENTRAL_MIDNIGHT),
    ],
)
async def test_a_list_of_which_a_record_is_unreadable_is_read_again_soon(
    begin: Begin,
    run_for: RunFor,
    log: pytest.LogCaptureFixture,
    source: str,
    endpoint: str,
    start: datetime,
):
    world = await begin(start)
    amber = world.amber(collect_forecasts=False)
    kamo = world.kamo(substation_areas=NO_AREAS)
    schedule = world.schedule(amber if source == "amber" else kamo)
    await run_for(150, schedule.run())
    world.fail(
        FaultAction.WRONG_TYPE, endpoint, options={"field": "id", "value": False}
    )

    await run_for(13 * 60, schedule.run())
    meanwhile = codes(schedule)
    said = logged_levels(log)
    await run_for(10 * 60, schedule.run())

    runs = await world.runs()
    assert odd(runs) == [MIDNIGHT_RUN]
    subject = "site" if source == "amber" else "area"
    assert runs[MIDNIGHT_RUN].failures == {subject: "list_unreadable"}
    assert runs[MIDNIGHT_RUN].rejected == 1
    asked = [entry.at for entry in world.asked(endpoint)]
    assert [(at - asked[1]) // timedelta(minutes=1) for at in asked[1:]] == [0, 10]
    assert (meanwhile, codes(schedule)) == ([ProblemCode.LIST_UNREADABLE], [])
    assert (said, logged_levels(log)) == (["WARNING"], ["WARNING", "INFO"])


async def test_an_unreadable_record_does_not_make_a_list_whole_again(
    begin: Begin, run_for: RunFor, log: pytest.LogCaptureFixture
):
    world = await begin(BEFORE_CENTRAL_MIDNIGHT)
    schedule = world.schedule(world.kamo(substation_areas=NO_AREAS))
    await run_for(120, schedule.run())
    world.fail(FaultAction.ABSENT, "kamo.area")
    world.fail(
        FaultAction.WRONG_TYPE,
        "kamo.area",
        nth=2,
        options={"field": "id", "value": False},
    )

    await run_for(23 * 60, schedule.run())
    meanwhile = codes(schedule)
    said = log.messages
    await run_for(10 * 60, schedule.run())

    assert meanwhile == [ProblemCode.LIST_INCOMPLETE, ProblemCode.LIST_UNREADABLE]
    assert not [line for line in said if "whole again" in line]
    assert codes(schedule) == []
    assert logged_levels(log) == ["WARNING"] * 2 + ["INFO"] * 2
    assert {area.missing for area in await world.store.areas()} == {None}


async def test_a_record_that_comes_twice_leaves_a_list_whole(
    begin: Begin, run_for: RunFor, log: pytest.LogCaptureFixture
):
    world = await begin()
    schedule = world.schedule(
        world.kamo(interval_minutes=30, substation_areas=NO_AREAS)
    )
    await run_for(3600, schedule.run())
    world.fail(FaultAction.DUPLICATE, "kamo.area", count=None)

    await run_for(24 * 3600, schedule.run())

    assert len(world.asked("kamo.area")) == 2
    assert codes(schedule) == []
    assert logged_levels(log) == ["WARNING"]


async def test_an_area_unreadable_in_the_first_list_is_read_within_minutes(
    begin: Begin, run_for: RunFor, log: pytest.LogCaptureFixture
):
    world = await begin()
    world.fail(
        FaultAction.WRONG_TYPE, "kamo.area", options={"field": "id", "value": False}
    )
    schedule = world.schedule(world.kamo(substation_areas=parse_area_choice("1")))

    await run_for(20 * 60, schedule.run())

    assert len(await world.store.areas()) == 20
    first, *_others = await world.runs()
    # a name that may be the unreadable record's is no typing error
    assert first.failures == {"area": "list_unreadable"}
    assert codes(schedule) == []
    assert logged_levels(log) == ["WARNING", "INFO"]


def lose_the_next_list(world: World) -> None:
    """Let the store be down for a minute once the list is asked for again."""
    listed = 0

    def take_away(request: web.Request) -> None:
        nonlocal listed
        listed += request.path.endswith(("/sites", "/area"))
        world.store.is_down = listed == 1
        asyncio.get_running_loop().call_later(60, give_back)

    def give_back() -> None:
        world.store.is_down = False

    world.wire.intercept = take_away


@pytest.mark.parametrize(
    ("source", "endpoint", "start"),
    [
        ("amber", "amber.sites", BEFORE_NEM_MIDNIGHT),
        ("kamo", "kamo.area", BEFORE_CENTRAL_MIDNIGHT),
    ],
)
async def test_a_list_that_could_not_be_stored_is_asked_for_again_by_the_next_run(
    begin: Begin, run_for: RunFor, source: str, endpoint: str, start: datetime
):
    world = await begin(start, cutover=None)
    amber = world.amber(collect_forecasts=False)
    kamo = world.kamo(substation_areas=NO_AREAS)
    schedule = world.schedule(amber if source == "amber" else kamo)
    await run_for(150, schedule.run())
    lose_the_next_list(world)

    await run_for(30 * 60, schedule.run())

    asked = [entry.at for entry in world.asked(endpoint)]
    assert [(at - asked[1]) // timedelta(minutes=1) for at in asked[1:]] == [0, 5]


async def test_a_list_that_was_not_stored_does_not_count_when_the_next_one_fails(
    begin: Begin, run_for: RunFor
):
    world = await begin(BEFORE_CENTRAL_MIDNIGHT)
    schedule = world.schedule(world.kamo(substation_areas=NO_AREAS))
    await run_for(150, schedule.run())
    lose_the_next_list(world)
    # at the first try and at the second
    world.fail(FaultAction.SERVER_ERROR, "kamo.area", nth=2, count=2)

    await run_for(30 * 60, schedule.run())

    asked = [entry.at for entry in world.asked("kamo.area")[1:]]
    minutes = [(at - CENTRAL_MIDNIGHT) // timedelta(minutes=1) for at in asked]
    assert minutes == [0, 5, 5, 10]


async def test_a_list_that_was_empty_is_remembered_by_nobody_after_a_restart(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    await run_for(290, world.schedule(world.amber(collect_forecasts=False)).run())
    world.fail(FaultAction.EMPTY_LIST, "amber.sites")

    # another collector, as after a restart of the program
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(900, schedule.run())

    assert [run.outcome for run in await world.runs()][1:] == [
        "partial",
        "success",
        "success",
    ]
    assert len(world.asked("amber.sites")) == 3
    assert codes(schedule) == []


@pytest.mark.parametrize("source", ["amber", "kamo"])
async def test_a_first_list_that_is_empty_is_asked_for_again_by_the_next_run(
    begin: Begin, run_for: RunFor, log: pytest.LogCaptureFixture, source: str
):
    world = await begin()
    world.fail(FaultAction.EMPTY_LIST, "amber.sites", count=2)
    world.fail(FaultAction.EMPTY_LIST, "kamo.area", count=2)
    chosen = world.amber(collect_forecasts=False)
    schedule = world.schedule(
        chosen if source == "amber" else world.kamo(substation_areas=NO_AREAS)
    )

    await run_for(1000, schedule.run())

    subject = "site" if source == "amber" else "area"
    first, second, *others = await world.runs()
    for run in (first, second):
        assert (run.outcome, run.failures) == ("failed", {subject: "list_incomplete"})
    assert {run.outcome for run in others} == {"success"}
    assert logged_levels(log) == ["WARNING", "INFO"]


async def test_a_site_that_stays_away_is_gone_after_days_and_no_longer_asked_for(
    begin: Begin,
):
    world = await begin()
    amber = world.amber(collect_forecasts=False)
    await amber.collect(Trigger.TICK, ticks_skipped=0)
    for endpoint in ("amber.sites", "amber.current"):
        world.fail(FaultAction.SITE_VANISHES, endpoint, owner=SITE_B, count=None)
    known = []

    for _run in range(26):
        await asyncio.sleep(3 * 3600)
        await amber.collect(Trigger.TICK, ticks_skipped=0)
        known.append([site.site_id for site in await world.store.sites()])
    polls = len(world.asked("amber.current", SITE_B))
    end = await amber.collect(Trigger.TICK, ticks_skipped=0)

    # for two days it is taken for a whim of the list
    assert known[:16] == [[SITE_A, SITE_B]] * 16
    assert known[-1] == [SITE_A]
    assert len(world.asked("amber.current", SITE_B)) == polls
    assert end is not None
    assert end.outcome is Outcome.SUCCESS
    assert amber.runs.problems.present == ()
    assert await world.states(Kind.PRICE, SITE_B, "general")
