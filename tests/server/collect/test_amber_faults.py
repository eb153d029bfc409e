"""Live collecting from Amber when things go wrong: nothing lost, all said, repaired."""

import asyncio
import logging
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp import web

from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import Outcome, Trigger
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.collect.conftest import DEEP, NOON, Begin, RunFor
from tests.server.collect.world import World, days_asked

pytestmark = pytest.mark.virtual_time

TODAY = date(2026, 3, 10)
YESTERDAY = date(2026, 3, 9)

PASSING = [
    pytest.param(FaultAction.SERVER_ERROR, {}, "unreachable", id="500"),
    pytest.param(FaultAction.BAD_GATEWAY, {}, "unreachable", id="502-html"),
    pytest.param(FaultAction.TIMEOUT, {}, "unreachable", id="time-out"),
    pytest.param(FaultAction.RESET, {}, "unreachable", id="reset"),
    pytest.param(FaultAction.TRUNCATE, {}, "unreachable", id="truncated"),
    pytest.param(FaultAction.TRUNCATE, {"cut": True}, "unreadable", id="cut-json"),
    pytest.param(FaultAction.EMPTY, {}, "unreadable", id="empty-body"),
    pytest.param(FaultAction.HTML200, {}, "unreadable", id="web-page"),
    pytest.param(FaultAction.OBJECT, {}, "unreadable", id="object"),
    pytest.param(FaultAction.NULL, {}, "unreadable", id="null"),
    pytest.param(FaultAction.TOO_MANY, {"headers": False}, "rate_limited", id="429"),
]


async def intervals_today(world: World, site: str) -> int:
    """Return how many settled price intervals of today a channel has."""
    ((count,),) = await world.rows(
        "SELECT count(*) FROM price p JOIN series s ON s.id = p.series_id"
        " WHERE s.owner = :site AND s.channel = 'general' AND p.end_at > :midnight",
        site=site,
        midnight=NOON.timestamp() - 12 * 3600,
    )
    return int(count)


@pytest.mark.parametrize(("action", "options", "code"), PASSING)
async def test_a_failure_that_passes_is_repaired_within_the_cycle(
    begin: Begin, run_for: RunFor, action: FaultAction, options: dict[str, Any], code
):
    world = await begin()
    world.fail(action, "amber.current", owner=SITE_A, options=options)

    await run_for(290, world.schedule(world.amber()).run())

    (run,) = await world.runs()
    assert (run.outcome, run.failures) == ("success", {})
    polls = world.asked("amber.current", SITE_A)
    # what fails at upstream's end is asked for again without forecasts first
    is_upstreams = action in {FaultAction.SERVER_ERROR, FaultAction.BAD_GATEWAY}
    with_forecasts = ["next" in poll.query for poll in polls]
    assert with_forecasts == ([True, False, True] if is_upstreams else [True, True])
    assert await intervals_today(world, SITE_A) == 24
    is_kept = code == "unreadable"
    assert len(await world.rows("SELECT * FROM unreadable_sample")) == is_kept


@pytest.mark.parametrize(("action", "options", "code"), PASSING)
async def test_a_failure_that_lasts_is_said_and_repaired_by_the_next_cycle(
    begin: Begin, run_for: RunFor, action: FaultAction, options: dict[str, Any], code
):
    world = await begin()
    schedule = world.schedule(world.amber())
    world.fail(action, "amber.current", owner=SITE_A, options=options, count=None)
    asyncio.get_running_loop().call_later(310, world.faults.clear)

    await run_for(590, schedule.run())

    first, second = await world.runs()
    # a 429 concerns the key, and so the other site as well
    assert (first.outcome, first.failures[f"price/{SITE_A}"]) == ("partial", code)
    assert (second.outcome, second.failures) == ("success", {})
    assert await intervals_today(world, SITE_B) >= 145


async def test_prices_missed_by_live_polls_are_filled_within_the_hour(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(300, schedule.run())
    world.fail(FaultAction.SERVER_ERROR, "amber.current", count=None)

    await run_for(3500, schedule.run())

    assert await intervals_today(world, SITE_B) >= 12 * 12 + 12


async def test_one_bad_current_price_is_asked_for_again_and_costs_no_neighbour(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    world.fail(
        FaultAction.WRONG_TYPE,
        "amber.current",
        owner=SITE_B,
        options={"field": "perKwh", "index": 0},
    )
    amber = world.amber(collect_forecasts=False)

    await run_for(290, world.schedule(amber).run())

    (run,) = await world.runs()
    assert (run.outcome, run.rejected) == ("success", 1)
    assert await world.rows("SELECT count(*) FROM unreadable_sample") == [(1,)]
    polls = world.asked("amber.current", SITE_B)
    assert len(polls) > 1


async def test_a_bad_record_of_usage_makes_the_day_partial_until_it_is_read_again(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    schedule = world.schedule(world.amber(collect_forecasts=False))
    world.fail(
        FaultAction.WRONG_TYPE,
        "amber.usage",
        owner=SITE_B,
        options={"field": "kwh", "index": -1, "value": "much"},
    )

    await run_for(290, schedule.run())
    (run,) = await world.runs()
    before = await world.states(Kind.USAGE, SITE_B, "B1")
    await run_for(1800, schedule.run())
    after = await world.states(Kind.USAGE, SITE_B, "B1")

    assert (run.outcome, run.failures) == ("partial", {f"usage/{SITE_B}": "unreadable"})
    assert before[YESTERDAY] is DayState.PARTIAL
    assert after[YESTERDAY] in (DayState.COMPLETE, DayState.ESTIMATED)


@pytest.mark.parametrize(
    ("action", "options"),
    [
        (FaultAction.EXTRA, {}),
        (FaultAction.NEW_ENUM, {"field": "descriptor", "all": True}),
        (FaultAction.SHUFFLE, {}),
        (FaultAction.DUPLICATE, {}),
        (FaultAction.NULL_TARIFF, {}),
        (FaultAction.FRACTION_TIME, {}),
    ],
)
async def test_what_can_be_understood_is_no_failure(
    begin: Begin, run_for: RunFor, action: FaultAction, options: dict[str, Any]
):
    world = await begin()
    for endpoint in ("amber.current", "amber.prices", "amber.usage"):
        world.fail(action, endpoint, options=options, count=None)

    await run_for(290, world.schedule(world.amber()).run())

    (run,) = await world.runs()
    assert (run.outcome, run.rejected) == ("success", 0)
    assert await intervals_today(world, SITE_B) >= 145


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_said_once_probed_and_works_again_by_itself(
    begin: Begin, run_for: RunFor, caplog: pytest.LogCaptureFixture, status: int
):
    caplog.set_level(logging.INFO, "energy_logger_server.collect")
    world = await begin()
    collector = world.amber(collect_forecasts=False)
    schedule = world.schedule(collector)
    tried = []

    def refuse(request: web.Request) -> web.Response:
        tried.append(request.path)
        return web.json_response({"message": "not authorized"}, status=status)

    await run_for(300, schedule.run())
    world.wire.intercept = refuse
    loop = asyncio.get_running_loop()
    loop.call_later(3 * 3600, setattr, world.wire, "intercept", None)

    await run_for(2.9 * 3600, schedule.run())
    assert collector.refused_since == NOON + timedelta(seconds=312)
    assert schedule.status().refused_since == collector.refused_since
    await run_for(3600, schedule.run())

    outcomes = [run.outcome for run in await world.runs()]
    assert outcomes[:2] == ["success", "failed"]
    assert set(outcomes[2:]) == {"success"}
    (refused,) = [run for run in await world.runs() if run.outcome == "failed"]
    assert set(refused.failures.values()) == {"refused"}
    # within minutes, and then every hour
    assert tried.count("/v1/sites") == 2 + 2
    assert len(tried) == 2 + 4
    assert [line.split(":")[0] for line in caplog.messages if "key" in line] == [
        f"Amber refuses the key (status {status})",
        "Amber accepts the key again",
    ]
    assert collector.refused_since is None


async def test_a_refusal_that_passes_costs_one_cycle(begin: Begin, run_for: RunFor):
    world = await begin()
    schedule = world.schedule(world.amber(collect_forecasts=False))
    world.fail(FaultAction.FORBIDDEN, "amber.current", count=2)

    await run_for(890, schedule.run())

    first, *others = await world.runs()
    assert set(first.failures.values()) == {"refused"}
    assert [run.outcome for run in others] == ["success"] * 2
    assert schedule.status().refused_since is None


async def test_a_key_refused_before_a_start_is_tried_by_its_first_run(
    begin: Begin, run_for: RunFor
):
    world = await begin(NOON + timedelta(seconds=30))
    world.fail(FaultAction.FORBIDDEN, "amber.sites", count=1)
    amber = world.amber(collect_forecasts=False)

    await run_for(860, world.schedule(amber).run(collects_at_start=True))

    first, *others = await world.runs()
    assert (first.trigger, first.failures) == ("start", {"site": "refused"})
    assert [run.outcome for run in others] == ["success"] * 2


@pytest.mark.parametrize("status", [401, 403])
async def test_a_gateways_page_does_not_speak_of_the_key(
    begin: Begin, run_for: RunFor, caplog: pytest.LogCaptureFixture, status: int
):
    caplog.set_level(logging.INFO, "energy_logger_server.collect")
    world = await begin()
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(300, schedule.run())
    for endpoint in ("amber.current", "amber.usage", "amber.prices", "amber.sites"):
        world.fail(
            FaultAction.GATEWAY_PAGE, endpoint, count=None, options={"status": status}
        )
    asyncio.get_running_loop().call_later(3600, world.faults.clear)

    await run_for(3600 + 590, schedule.run())

    outcomes = [run.outcome for run in await world.runs()]
    assert outcomes == ["success"] + ["failed"] * 12 + ["success"] * 2
    codes = {code for run in await world.runs() for code in run.failures.values()}
    assert codes == {"unreachable"}
    assert schedule.status().refused_since is None
    lines = caplog.messages
    assert [text.partition(":")[0] for text in lines] == ["amber", "amber"]
    assert "got nothing" in lines[0]
    assert "works again" in lines[1]


async def test_a_manual_run_tries_a_refused_key_at_once(begin: Begin):
    world = await begin()
    collector = world.amber(collect_forecasts=False)
    world.wire.refuse(403)
    refused = await collector.collect(Trigger.MANUAL, ticks_skipped=0)
    world.wire.intercept = None

    end = await collector.collect(Trigger.MANUAL, ticks_skipped=0)

    assert refused is not None
    assert refused.outcome is Outcome.FAILED
    assert end is not None
    assert end.outcome is Outcome.SUCCESS


async def test_a_site_without_usage_pages_has_its_sites_read_anew(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    world.wire.intercept = lambda request: (
        web.Response(status=404) if request.path.endswith("/usage") else None
    )

    await run_for(890, world.schedule(world.amber()).run())

    first, *_others = await world.runs()
    assert first.outcome == "partial"
    assert set(first.failures.values()) == {"missing"}
    assert len(world.asked("amber.sites")) == 2


async def test_a_range_that_is_too_large_is_halved_once_and_for_all(
    begin: Begin, run_for: RunFor
):
    world = await begin(**DEEP)
    world.wire.refuse(422, longer_than_days=3)
    schedule = world.schedule(world.amber(collect_forecasts=False))

    await run_for(290, schedule.run())

    (run,) = await world.runs()
    assert (run.outcome, run.failures) == ("success", {})
    spans = [days_asked(entry.query) for entry in world.asked("amber.usage")]
    assert max(spans) <= 3
    states = await world.states(Kind.USAGE, SITE_B)
    assert len(states) == 14
    assert DayState.MISSING not in states.values()


async def test_a_single_day_that_is_too_large_is_a_failure(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    world.wire.intercept = lambda request: (
        web.Response(status=422) if request.path.endswith("/usage") else None
    )

    await run_for(290, world.schedule(world.amber()).run())

    (run,) = await world.runs()
    assert run.outcome == "partial"
    assert set(run.failures.values()) == {"range_too_large"}


@pytest.mark.parametrize("headers", [True, False])
async def test_a_429_on_whole_days_waits_within_the_cycle_or_for_the_next(
    begin: Begin, run_for: RunFor, headers: bool
):
    world = await begin()
    world.fail(
        FaultAction.TOO_MANY, "amber.usage", owner=SITE_B, options={"headers": headers}
    )

    await run_for(590, world.schedule(world.amber(collect_forecasts=False)).run())

    states = await world.states(Kind.USAGE, SITE_B)
    assert states[YESTERDAY] in (DayState.COMPLETE, DayState.ESTIMATED)
    first, second = await world.runs()
    assert second.outcome == "success"
    assert first.outcome == ("partial" if headers else "success")


async def test_whole_days_that_time_out_never_hold_up_the_next_tick(
    begin: Begin, run_for: RunFor
):
    world = await begin(**DEEP)
    for endpoint in ("amber.usage", "amber.prices"):
        world.fail(FaultAction.TIMEOUT, endpoint, count=None)
    asyncio.get_running_loop().call_later(310, world.faults.clear)
    schedule = world.schedule(world.amber(collect_forecasts=False))

    await run_for(590, schedule.run())

    first, second = await world.runs()
    assert first.outcome == "partial"
    assert second.started_at == NOON + timedelta(seconds=312)
    assert (second.outcome, second.ticks_skipped) == ("success", 0)
    assert DayState.MISSING not in (await world.states(Kind.USAGE, SITE_B)).values()


async def test_an_empty_answer_never_takes_away_what_is_stored(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    amber = world.amber(collect_forecasts=False)
    await run_for(290, world.schedule(amber).run())
    rows = "SELECT * FROM usage ORDER BY 1, 2, 3"
    before = await world.rows(rows)
    world.wire.intercept = lambda request: (
        web.json_response([]) if request.path.endswith("/usage") else None
    )

    # the audit of what looks final comes a month later
    await asyncio.sleep(31 * 86_400)
    await amber.collect(Trigger.TICK, ticks_skipped=0)

    states = await world.states(Kind.USAGE, SITE_B)
    assert await world.rows(rows) == before
    assert states[YESTERDAY] in (DayState.COMPLETE, DayState.ESTIMATED)


async def test_sites_that_cannot_be_read_at_the_first_start_are_asked_for_again(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    world.fail(FaultAction.SERVER_ERROR, "amber.sites", count=2)

    await run_for(290, world.schedule(world.amber()).run())

    (run,) = await world.runs()
    assert run.outcome == "success"
    asked = [(e.at - NOON).total_seconds() for e in world.asked("amber.sites")]
    assert asked == pytest.approx([12, 25, 45])
    assert world.asked("amber.current", SITE_B)


async def test_without_any_site_a_run_fails_and_says_so(begin: Begin, run_for: RunFor):
    world = await begin()
    world.fail(FaultAction.SERVER_ERROR, "amber.sites", count=None)

    await run_for(290, world.schedule(world.amber()).run())

    (run,) = await world.runs()
    assert (run.outcome, run.failures) == ("failed", {"site": "unreachable"})


async def test_known_sites_are_polled_though_their_list_cannot_be_read(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    await run_for(290, world.schedule(world.amber()).run())
    world.fail(FaultAction.SERVER_ERROR, "amber.sites", count=None)
    world.requests.clear()

    # a new collector, as after a restart of the program
    await run_for(290, world.schedule(world.amber()).run())

    assert (await world.runs())[-1].outcome == "partial"
    first_poll = world.asked("amber.current", SITE_A)[0]
    assert (first_poll.at - NOON).total_seconds() == pytest.approx(312)


@pytest.mark.parametrize("skew_s", [-86_400.0, -45.0, 45.0, 86_400.0])
async def test_a_date_header_that_is_off_loses_nothing(
    begin: Begin, run_for: RunFor, skew_s: float
):
    world = await begin(skew_s=skew_s)

    await run_for(590, world.schedule(world.amber(collect_forecasts=False)).run())

    assert {run.outcome for run in await world.runs()} == {"success"}
    assert await intervals_today(world, SITE_B) == 146


@pytest.mark.parametrize("ahead_s", [-240, -45, 45, 240])
async def test_a_clock_of_ours_that_is_off_loses_nothing(
    begin: Begin, run_for: RunFor, ahead_s: int
):
    world = await begin()
    world.clock.ahead = timedelta(seconds=ahead_s)

    await run_for(2 * 3600, world.schedule(world.amber(interval_minutes=15)).run())

    assert {run.outcome for run in await world.runs()} <= {"success", "interrupted"}
    # the last hour's prices come by live polls only, the others by whole days
    assert await intervals_today(world, SITE_B) >= 12 * 12 + 12


async def test_a_store_that_is_down_in_the_middle_of_a_run_loses_one_cycle_only(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    schedule = world.schedule(world.amber(collect_forecasts=False))
    asyncio.get_running_loop().call_later(20, setattr, world.store, "is_down", True)
    asyncio.get_running_loop().call_later(200, setattr, world.store, "is_down", False)

    await run_for(590, schedule.run())

    first, second = await world.runs()
    assert (first.outcome, first.failures["amber"]) == ("failed", "store_unavailable")
    assert second.outcome == "success"
    assert await intervals_today(world, SITE_B) == 146


async def test_a_stop_in_the_middle_of_a_run_leaves_whole_answers_only(
    begin: Begin, run_for: RunFor
):
    world = await begin(**DEEP)
    world.fail(FaultAction.SLOW, "amber.usage", count=None, options={"seconds": 10})

    await run_for(60, world.schedule(world.amber(collect_forecasts=False)).run())

    (run,) = await world.runs()
    assert run.outcome == "interrupted"
    minutes = await world.rows(
        "SELECT DISTINCT present_minutes FROM day_ledger l"
        " JOIN series s ON s.id = l.series_id WHERE s.kind = 'usage'"
    )
    assert minutes == [(1440,)]


async def test_a_cost_that_comes_days_late_is_asked_for_daily_until_it_is_there(
    begin: Begin,
):
    world = await begin(price_depth_days=1)
    amber = world.amber(collect_forecasts=False)
    world.fail(
        FaultAction.WRONG_TYPE,
        "amber.usage",
        owner=SITE_A,
        options={"field": "cost", "value": None, "index": 0},
    )
    unpriced = []

    for _day in range(3):
        await amber.collect(Trigger.TICK, ticks_skipped=0)
        unpriced += await world.rows(
            "SELECT count(*), sum(energy_e3) > 0 FROM usage WHERE cost_e4 IS NULL"
        )
        await asyncio.sleep(86_400)

    # the first run only finds the sites
    assert unpriced == [(0, None), (1, 1), (0, None)]
    ((reason,),) = await world.rows(
        "SELECT reason FROM revision WHERE record LIKE :unknown",
        unknown='%"cost":null%',
    )
    assert reason == "revised"
    assert all(run.outcome == "success" for run in await world.runs())
