"""One odd answer of a utility costs one cycle at most, and never in silence."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from aiohttp import web

from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.collect.schedule import Schedule
from energy_logger_server.domain.collecting.area_choice import (
    NO_AREAS,
    parse_area_choice,
)
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_server.domain.collecting.runs import Outcome, Trigger
from energy_logger_simulator.amber.publication import Publication
from energy_logger_simulator.amber.sites import SITE_A, SITE_B, SITE_C, SITE_D
from energy_logger_simulator.faults.fault import FaultAction
from energy_logger_simulator.kamo.answers import hour_label
from tests.server.collect.conftest import NOON, Begin, RunFor
from tests.server.collect.world import LoggedRun, World
from tests.server.logged import logged_levels, logged_warnings

pytestmark = pytest.mark.virtual_time

BEFORE_CENTRAL_MIDNIGHT = datetime(2026, 1, 5, 5, 49, tzinfo=UTC)
CENTRAL_MIDNIGHT = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
BEFORE_NEM_MIDNIGHT = datetime(2026, 3, 9, 13, 49, tzinfo=UTC)
HOUR = timedelta(hours=1)
MIDNIGHT_RUN = 2
"""The third run of those that begin at ten minutes to midnight."""


def codes(schedule: Schedule) -> list[ProblemCode]:
    """Return what the status says is wrong."""
    return [problem.code for problem in schedule.status().problems]


def odd(runs: Sequence[LoggedRun]) -> list[int]:
    """Return the positions of the runs that were no success."""
    return [place for place, run in enumerate(runs) if run.outcome != "success"]


def without(world: World, *parts: str) -> None:
    """Answer with nothing what takes long: paths, ended by $, with one of these."""
    world.wire.intercept = lambda request: (
        web.json_response([])
        if any(part in f"{request.path}$" for part in parts)
        else None
    )


# Lists that lack something


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


# Prices


async def test_prices_come_though_amber_has_no_forecasts_for_hours(
    begin: Begin, run_for: RunFor, log: pytest.LogCaptureFixture
):
    world = await begin()
    schedule = world.schedule(world.amber())
    await run_for(300, schedule.run())
    world.fail(FaultAction.SERVER_ERROR, "amber.current", param="next", count=None)

    await run_for(2 * 3600, schedule.run())
    meanwhile = codes(schedule)
    world.faults.clear()
    await run_for(600, schedule.run())

    runs = await world.runs()
    assert {run.outcome for run in runs[1:24]} == {"partial"}
    assert set(runs[5].failures.values()) == {"forecasts_missing"}
    assert set(runs[5].failures) == {f"price/{SITE_A}", f"price/{SITE_B}"}
    ((count,),) = await world.rows(
        "SELECT count(*) FROM price p JOIN series s ON s.id = p.series_id"
        " WHERE s.owner = :site AND s.channel = 'general' AND p.end_at > :since",
        site=SITE_B,
        since=NOON.timestamp() + 300,
    )
    assert count >= 24
    assert meanwhile == [ProblemCode.FORECASTS_MISSING]
    assert codes(schedule) == []
    # one line for each of the two sites
    assert logged_levels(log) == ["WARNING"] * 2 + ["INFO"] * 2
    assert runs[-1].outcome == "success"


async def test_forecasts_that_fail_once_come_within_the_cycle(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    world.fail(FaultAction.SERVER_ERROR, "amber.current", owner=SITE_B, param="next")

    await run_for(290, world.schedule(world.amber()).run())

    (run,) = await world.runs()
    assert (run.outcome, run.failures) == ("success", {})
    polls = world.asked("amber.current", SITE_B)
    assert ["next" in poll.query for poll in polls] == [True, False, True]


async def test_a_current_price_stuck_in_the_past_is_no_success_in_silence(
    begin: Begin, run_for: RunFor, log: pytest.LogCaptureFixture
):
    world = await begin()
    schedule = world.schedule(world.amber())
    await run_for(300, schedule.run())
    world.requests.clear()
    world.fail(FaultAction.STUCK_CURRENT, "amber.current", count=None)

    await run_for(3600, schedule.run())
    meanwhile = codes(schedule)
    world.faults.clear()
    await run_for(600, schedule.run())

    runs = await world.runs()
    assert {run.outcome for run in runs[1:12]} == {"partial"}
    assert runs[1].failures == {
        f"price/{SITE_A}": "no_current_price",
        f"price/{SITE_B}": "no_current_price",
    }
    # it is looked for until the cycle's last poll, on a half-hour site too
    first_cycle = [
        entry
        for entry in world.asked("amber.current", SITE_A)
        if entry.at < NOON + timedelta(seconds=600)
    ]
    assert len(first_cycle) == 4
    assert meanwhile == [ProblemCode.NO_CURRENT_PRICE]
    assert codes(schedule) == []
    assert logged_levels(log) == ["WARNING"] * 2 + ["INFO"] * 2
    assert runs[-1].outcome == "success"


@pytest.mark.parametrize(
    ("owner", "whose", "areas"),
    [(None, "any area", 20), ("3", "Barry Electric Cooperative", 1)],
    ids=["all", "one"],
)
async def test_load_stuck_in_the_past_is_no_success_in_silence(
    begin: Begin,
    run_for: RunFor,
    log: pytest.LogCaptureFixture,
    owner: str | None,
    whose: str,
    areas: int,
):
    world = await begin(NOON)
    schedule = world.schedule(
        world.kamo(interval_minutes=30, substation_areas=NO_AREAS)
    )
    world.fail(
        FaultAction.STUCK_LOAD,
        "kamo.areagrid",
        owner=owner,
        count=None,
        options={"newest": hour_label(int(NOON.timestamp()))},
    )

    # an hour that is late is nothing odd
    await run_for(7100, schedule.run())
    early = codes(schedule), odd(await world.runs())
    await run_for(7200, schedule.run())
    meanwhile = schedule.status().problems
    world.faults.clear()
    await run_for(3600, schedule.run())

    runs = await world.runs()
    assert early == ([], [])
    stuck = [run for run in runs if 2 * HOUR < run.started_at - NOON < 3.9 * HOUR]
    assert len(stuck) == 3
    for run in stuck:
        assert (run.outcome, len(run.failures)) == ("partial", areas)
        assert {*run.failures.values()} == {"no_current_load"}
    (problem,) = meanwhile
    assert problem.message == (
        f"KAMO gives no present load of {whose}: the newest hour measured is "
        f"{NOON:%Y-%m-%d %H:%M} UTC."
    )
    assert codes(schedule) == []
    assert logged_levels(log) == ["WARNING", "INFO"]
    assert runs[-1].outcome == "success"


async def test_a_machine_whose_clock_is_ahead_does_not_blame_kamo(
    begin: Begin, run_for: RunFor
):
    world = await begin(NOON)
    world.clock.ahead = timedelta(days=5)
    schedule = world.schedule(world.kamo(substation_areas=NO_AREAS))

    await run_for(360, schedule.run())

    assert codes(schedule) == [ProblemCode.CLOCK_DIFFERS]
    assert odd(await world.runs()) == []


@pytest.mark.parametrize(
    ("endpoint", "subject", "options"),
    [
        ("amber.current", f"price/{SITE_B}", {"field": "perKwh", "all": True}),
        ("amber.usage", f"usage/{SITE_B}", {"field": "kwh", "all": True}),
    ],
)
async def test_an_answer_of_unreadable_records_is_a_failure_reported_once(
    begin: Begin,
    run_for: RunFor,
    log: pytest.LogCaptureFixture,
    endpoint: str,
    subject: str,
    options: dict[str, object],
):
    world = await begin()
    schedule = world.schedule(world.amber(collect_forecasts=False))
    world.fail(
        FaultAction.WRONG_TYPE,
        endpoint,
        owner=SITE_B,
        count=None,
        options={**options, "value": "lots"},
    )

    await run_for(1190, schedule.run())
    warnings = logged_warnings(log)
    world.faults.clear()
    await run_for(600, schedule.run())

    runs = await world.runs()
    assert {(run.outcome, run.failures.get(subject)) for run in runs[:4]} == {
        ("partial", "unreadable")
    }
    (warning,) = warnings
    assert subject in warning
    assert runs[-1].outcome == "success"
    assert f"read again: {subject}" in log.messages[-1]
    assert await world.rows("SELECT count(*) FROM unreadable_sample") != [(0,)]


# Usage


async def test_a_register_that_is_never_metered_costs_no_calls_of_its_own(
    begin: Begin, run_for: RunFor
):
    world = await begin(
        nem_day_start(date(2026, 3, 10)), usage_depth_days=6, price_depth_days=2
    )
    world.fail(
        FaultAction.NEW_CHANNEL,
        "amber.sites",
        owner=SITE_A,
        count=None,
        options={"identifier": "E3"},
    )
    without(world, f"{SITE_B}/", "/prices$")
    amber = world.amber(collect_forecasts=False, interval_minutes=30)
    schedule = world.schedule(amber)
    await run_for(24 * 3600, schedule.run())

    states = await world.states(Kind.USAGE, SITE_A, "E3")
    assert states[date(2026, 3, 9)] is DayState.UNAVAILABLE
    whole = await world.states(Kind.USAGE, SITE_A, "E1")
    assert whole[date(2026, 3, 9)] in (DayState.COMPLETE, DayState.ESTIMATED)
    # usage comes out from 03:00 to 07:00
    asked = [
        entry
        for entry in world.asked("amber.usage", SITE_A)
        if entry.query["endDate"] == "2026-03-09"
    ]
    assert asked
    assert [entry for entry in asked if entry.at > NOON - timedelta(hours=4)] == []


async def test_usage_that_is_always_two_days_late_is_all_read_and_not_hunted(
    begin: Begin, run_for: RunFor, monkeypatch: pytest.MonkeyPatch
):
    published_at = Publication.published_at
    monkeypatch.setattr(
        Publication,
        "published_at",
        lambda self, day: published_at(self, day) + timedelta(days=2),
    )
    world = await begin(
        nem_day_start(date(2026, 3, 10)), usage_depth_days=4, price_depth_days=2
    )
    without(world, f"{SITE_B}/", "/prices$")
    amber = world.amber(collect_forecasts=False, interval_minutes=30)

    await run_for(36 * 3600, world.schedule(amber).run())

    states = await world.states(Kind.USAGE, SITE_A, "E1")
    read = [states[date(2026, 3, day)] for day in (6, 7, 8)]
    assert DayState.MISSING not in read
    calls = [entry for entry in world.asked("amber.usage", SITE_A) if entry.at > NOON]
    assert len(calls) < 24


async def test_a_site_that_closes_keeps_its_history_while_a_new_one_begins(
    begin: Begin, run_for: RunFor
):
    moving_in = date(2026, 3, 10)
    world = await begin(
        nem_day_start(moving_in) - timedelta(minutes=20),
        start=nem_day_start(moving_in - timedelta(days=14)),
        sites_extra=True,
    )
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(600, schedule.run())
    before = await world.states(Kind.PRICE, SITE_A, "general")
    world.fail(
        FaultAction.CLOSED_SITE,
        "amber.sites",
        owner=SITE_A,
        count=None,
        options={"closed_on": moving_in.isoformat()},
    )
    world.requests.clear()

    await run_for(3600, schedule.run())

    asked = [entry.at for entry in world.asked("amber.current", SITE_A)]
    assert max(asked) < nem_day_start(moving_in) + timedelta(minutes=5)
    assert world.asked("amber.current", SITE_D)
    for endpoint in ("amber.prices", "amber.usage"):
        for entry in world.asked(endpoint, SITE_D):
            assert entry.query["startDate"] >= moving_in.isoformat()
        assert world.asked(endpoint, SITE_C) == ()
    after = await world.states(Kind.PRICE, SITE_A, "general")
    assert {after[day] for day in before} == {DayState.COMPLETE}
    assert (await world.runs())[-1].outcome == "success"


# Settings


async def test_a_typing_error_among_chosen_areas_is_said_once(
    begin: Begin, run_for: RunFor, log: pytest.LogCaptureFixture
):
    world = await begin(BEFORE_CENTRAL_MIDNIGHT - timedelta(hours=3))
    kamo = world.kamo(substation_areas=parse_area_choice("1,soek"))
    schedule = world.schedule(kamo)

    await run_for(890, schedule.run())

    first, *others = await world.runs()
    assert (first.outcome, first.failures) == (
        "partial",
        {"substations": "unknown_area"},
    )
    assert {run.outcome for run in others} == {"success"}
    (line,) = log.messages
    assert "soek" in line
    (problem,) = schedule.status().problems
    assert "soek" in problem.message
