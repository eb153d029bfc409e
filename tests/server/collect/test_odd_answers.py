"""One odd answer of a utility costs one cycle at most, and never in silence."""

from datetime import UTC, date, datetime, timedelta

import pytest

from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.domain.collecting.area_choice import (
    NO_AREAS,
    parse_area_choice,
)
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.problems import ProblemCode
from energy_logger_simulator.amber.publication import Publication
from energy_logger_simulator.amber.sites import SITE_A, SITE_B, SITE_C, SITE_D
from energy_logger_simulator.faults.fault import FaultAction
from energy_logger_simulator.kamo.answers import hour_label
from tests.server.collect.conftest import NOON, Begin, RunFor
from tests.server.collect.oddities import codes, odd, without
from tests.server.logged import logged_levels, logged_warnings

pytestmark = pytest.mark.virtual_time

BEFORE_CENTRAL_MIDNIGHT = datetime(2026, 1, 5, 5, 49, tzinfo=UTC)
CENTRAL_MIDNIGHT = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
BEFORE_NEM_MIDNIGHT = datetime(2026, 3, 9, 13, 49, tzinfo=UTC)
HOUR = timedelta(hours=1)
MIDNIGHT_RUN = 2
"""The third run of those that begin at ten minutes to midnight."""


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
