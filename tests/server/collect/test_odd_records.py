"""What one odd record, refusal or empty answer costs, and what is said of it."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from aiohttp import web

from energy_logger_server.collect.planning.site_ledger import DayWindow
from energy_logger_server.domain.collecting.area_choice import parse_area_choice
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.collecting.runs import Trigger
from energy_logger_server.errors import StoreError
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.collect.conftest import Begin, Bench, RunFor
from tests.server.collect.world import World

pytestmark = pytest.mark.virtual_time

CENTRAL_MIDNIGHT = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)
NEM_MIDNIGHT = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
EARLIER = timedelta(minutes=11)


def minutes_asked(
    world: World, endpoint: str, since: datetime, owner: str | None = None
) -> list[int]:
    """Return the ticks at which an endpoint was asked, in minutes since an instant."""
    ticks = {
        (entry.at - since) // timedelta(minutes=5) * 5
        for entry in world.asked(endpoint, owner)
        if entry.at >= since
    }
    return sorted(ticks)


# Lists


async def test_a_site_whose_status_is_a_new_word_is_read_as_before(
    begin: Begin, run_for: RunFor
):
    world = await begin(NEM_MIDNIGHT - EARLIER)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(150, schedule.run())
    world.fail(FaultAction.NEW_ENUM, "amber.sites", options={"field": "status"})

    await run_for(40 * 60, schedule.run())

    asked = minutes_asked(world, "amber.current", NEM_MIDNIGHT, SITE_A)
    assert asked == [0, 5, 10, 15, 20, 25, 30]


async def test_a_site_that_a_list_calls_closed_once_is_back_within_minutes(
    begin: Begin, run_for: RunFor, log: pytest.LogCaptureFixture
):
    world = await begin(NEM_MIDNIGHT - EARLIER)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(150, schedule.run())
    world.fail(
        FaultAction.WRONG_TYPE,
        "amber.sites",
        options={"field": "status", "value": "closed"},
    )

    await run_for(50 * 60, schedule.run())

    assert minutes_asked(world, "amber.sites", NEM_MIDNIGHT) == [0, 10]
    asked = minutes_asked(world, "amber.current", NEM_MIDNIGHT, SITE_A)
    assert asked[:4] == [0, 15, 20, 25]
    (line,) = log.messages
    assert "asked for again" in line
    assert SITE_A in line


async def test_an_abbreviation_that_a_list_lacks_once_costs_minutes_of_substations(
    begin: Begin, run_for: RunFor
):
    world = await begin(CENTRAL_MIDNIGHT - EARLIER)
    kamo = world.kamo(substation_areas=parse_area_choice("lrec"))
    schedule = world.schedule(kamo)
    await run_for(150, schedule.run())
    world.fail(
        FaultAction.WRONG_TYPE,
        "kamo.area",
        options={"field": "abrev", "value": None, "all": True},
    )

    await run_for(50 * 60, schedule.run())

    assert minutes_asked(world, "kamo.area", CENTRAL_MIDNIGHT) == [0, 10]
    asked = minutes_asked(world, "kamo.arealoadtable", CENTRAL_MIDNIGHT)
    assert asked[:4] == [0, 15, 20, 25]
    assert schedule.status().problems == ()


# Answers without content


@pytest.mark.parametrize("endpoint", ["kamo.areagrid", "kamo.arealoadtable"])
async def test_an_answer_that_is_empty_once_is_asked_for_again_in_the_same_run(
    begin: Begin, endpoint: str
):
    world = await begin()
    kamo = world.kamo(substation_areas=parse_area_choice("1"))
    await kamo.collect(Trigger.TICK, ticks_skipped=0)
    world.requests.clear()
    world.fail(FaultAction.EMPTY_LIST, endpoint, owner="1")

    end = await kamo.collect(Trigger.TICK, ticks_skipped=0)

    assert end is not None
    assert end.failures == ()
    assert len(world.asked(endpoint, "1")) == 2


@pytest.mark.parametrize(
    ("endpoint", "subject"),
    [("kamo.areagrid", "load/1"), ("kamo.arealoadtable", "substations/1")],
)
async def test_an_area_that_tells_nothing_for_hours_is_no_success_in_silence(
    begin: Begin,
    run_for: RunFor,
    log: pytest.LogCaptureFixture,
    endpoint: str,
    subject: str,
):
    world = await begin()
    schedule = world.schedule(world.kamo(substation_areas=parse_area_choice("1")))
    await run_for(310, schedule.run())
    world.fail(FaultAction.EMPTY_LIST, endpoint, owner="1", count=None)

    await run_for(3600, schedule.run())
    said = log.messages
    world.faults.clear()
    await run_for(600, schedule.run())

    first, *others, _last, last = await world.runs()
    assert (first.outcome, last.outcome) == ("success", "success")
    assert {run.failures.get(subject) for run in others[:10]} == {"unreadable"}
    assert len(said) == 1
    assert subject in said[0]
    assert log.messages[-1] == f"kamo: read again: {subject}"


async def test_a_channel_that_has_no_price_any_more_is_said(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(310, schedule.run())
    (site,) = [one for one in await world.store.sites() if one.site_id == SITE_B]
    lost = site.price_channels[-1]
    prices = await world.access.client.fetch_current_prices(SITE_B)
    left = [dict(one.raw) for one in prices.records if one.channel_type != lost]
    assert left
    world.wire.intercept = lambda request: (
        web.json_response(left)
        if request.path.endswith(f"{SITE_B}/prices/current")
        else None
    )

    await run_for(240, schedule.run())

    assert (await world.runs())[-1].failures == {f"price/{SITE_B}": "no_current_price"}
    (problem,) = schedule.status().problems
    assert problem.code is ProblemCode.NO_CURRENT_PRICE
    assert lost in problem.message


async def test_usage_that_is_empty_once_is_read_on_the_next_day(
    begin: Begin, run_for: RunFor
):
    world = await begin(price_depth_days=2, usage_depth_days=30, cutover=TODAY, seed=2)
    world.fail(FaultAction.EMPTY_LIST, "amber.usage", owner=SITE_A, nth=2, count=2)
    amber = world.amber(collect_forecasts=False, interval_minutes=30)
    await amber.collect(Trigger.TICK, ticks_skipped=0)
    history = date(2026, 2, 14)
    await world.backfill(historical_start_date=history).run()
    before = await world.states(Kind.USAGE, SITE_A, "E1")

    await run_for(30 * 3600, world.schedule(amber).run())

    after = await world.states(Kind.USAGE, SITE_A, "E1")
    lost = [day for day, state in before.items() if state is DayState.MISSING]
    assert len([day for day in lost if day < date(2026, 3, 2)]) >= 5
    settled = {DayState.COMPLETE, DayState.ESTIMATED}
    assert {after[day] for day in lost if day < date(2026, 3, 2)} <= settled


# Refusals


async def test_a_range_refused_once_is_asked_for_at_full_length_again(begin: Begin):
    world = await begin()
    reader = world.access.reader
    week = DayWindow(Kind.PRICE, SITE_A, date(2026, 3, 1), date(2026, 3, 7))
    world.wire.refuse(422, longer_than_days=2)
    amber = world.amber(collect_forecasts=False)
    await amber.collect(Trigger.MANUAL, ticks_skipped=0)
    world.wire.intercept = None

    meanwhile = len(reader.cut(week))
    await asyncio.sleep(3600)

    assert meanwhile > 1
    assert len(reader.cut(week)) == 1


@pytest.mark.parametrize(
    "action", [FaultAction.FORBIDDEN, FaultAction.GATEWAY_PAGE], ids=["key", "gone"]
)
@pytest.mark.parametrize("endpoint", ["amber.usage", "amber.prices"])
async def test_days_that_are_refused_once_are_asked_for_again_by_the_next_run(
    begin: Begin, run_for: RunFor, endpoint: str, action: FaultAction
):
    world = await begin(price_depth_days=12, usage_depth_days=12, cutover=TODAY, seed=2)
    world.fail(action, endpoint, owner=SITE_A, options={"status": 404})

    await run_for(16 * 60, world.schedule(world.amber(collect_forecasts=False)).run())

    entries = world.asked(endpoint, SITE_A)
    refused, *others = entries
    assert refused.status in (403, 404)
    again = [one.at for one in others if one.query == refused.query]
    assert again
    assert again[0] - refused.at < timedelta(minutes=11)


async def test_a_key_refused_once_is_tried_within_minutes_though_amber_is_down(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    schedule = world.schedule(world.amber(collect_forecasts=False))
    world.fail(FaultAction.FORBIDDEN, "amber.sites")
    # the probes of the quarter of an hour that follows
    world.fail(FaultAction.SERVER_ERROR, "amber.sites", nth=2, count=3)

    await run_for(30 * 60, schedule.run())

    assert schedule.status().refused_since is None
    assert (await world.runs())[-1].outcome == "success"


# The store


async def test_an_end_that_the_store_cannot_take_stops_no_later_run(
    bench: Bench, run_for: RunFor
):
    def refuse() -> None:
        raise StoreError("a value that no column takes")

    _collector, schedule = bench.set_up()
    # the first run's end, at each try
    bench.store.on_write = {2: refuse, 3: refuse, 4: refuse}

    await run_for(20 * 60, schedule.run())

    outcomes = [run.outcome for run in await bench.runs()]
    assert outcomes[1:] == ["success"] * 3
