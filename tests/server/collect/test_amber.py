"""Live collecting from Amber when all is well."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.domain.collecting.runs import Outcome, Trigger
from energy_logger_simulator.amber.sites import SITE_A, SITE_B, SITE_C, SITE_D
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.collect.conftest import DEEP, DEEP_USAGE, NOON, Begin, RunFor
from tests.server.collect.world import World, days_asked

pytestmark = pytest.mark.virtual_time

TODAY = date(2026, 3, 10)
YESTERDAY = date(2026, 3, 9)


def polls_s(world: World, site: str) -> list[float]:
    """Return when a site's current prices were polled, seconds after the start."""
    return [
        (entry.at - world.config.start).total_seconds()
        for entry in world.asked("amber.current", site)
    ]


async def test_the_first_tick_reads_prices_forecasts_and_two_weeks(
    begin: Begin, run_for: RunFor
):
    world = await begin(**DEEP)

    await run_for(120, world.schedule(world.amber()).run())

    (run,) = await world.runs()
    assert (run.trigger, run.outcome, run.requests) == ("tick", "success", 18)
    usage = await world.states(Kind.USAGE, SITE_B)
    assert min(usage) == TODAY - timedelta(days=14)
    assert set(usage.values()) <= {DayState.COMPLETE, DayState.ESTIMATED}
    prices = await world.states(Kind.PRICE, SITE_A)
    assert prices.pop(TODAY) is DayState.PARTIAL
    assert set(prices.values()) == {DayState.COMPLETE}
    assert await world.rows("SELECT count(*) FROM price_outlook") > [(100,)]


async def test_a_five_minute_site_is_polled_until_its_prices_are_confirmed(
    begin: Begin, run_for: RunFor
):
    world = await begin()

    await run_for(1800, world.schedule(world.amber()).run())

    for boundary_s in range(0, 1800, 300):
        waits = [s - boundary_s for s in polls_s(world, SITE_B)]
        polled = [round(wait) for wait in waits if 0 <= wait < 300]
        assert polled == [12, 25, 45, 90][: len(polled)]
    confirmed = await world.rows(
        "SELECT count(*) FROM price p JOIN series s ON s.id = p.series_id"
        " WHERE s.owner = :site AND p.end_at > :noon",
        site=SITE_B,
        noon=NOON.timestamp(),
    )
    assert confirmed == [(6 * 3,)]


async def test_a_half_hour_site_is_followed_up_in_its_last_five_minutes_only(
    begin: Begin, run_for: RunFor
):
    world = await begin()

    await run_for(1800, world.schedule(world.amber()).run())

    polls = polls_s(world, SITE_A)
    assert [s for s in polls if s < 1500] == pytest.approx(range(12, 1500, 300))
    assert len([s for s in polls if s >= 1500]) > 1


async def test_the_forecast_comes_with_the_first_poll_of_a_tick_only(
    begin: Begin, run_for: RunFor
):
    world = await begin()

    await run_for(300, world.schedule(world.amber(forecast_hours_ahead=3)).run())

    asked = [entry.query for entry in world.asked("amber.current", SITE_B)]
    assert asked == [{"next": "18"}, *[{}] * (len(asked) - 1)]
    assert len(asked) > 1


@pytest.mark.parametrize(("site", "next_count"), [(SITE_A, "72"), (SITE_B, "84")])
async def test_forecasts_are_asked_for_as_far_as_amber_tells_them(
    begin: Begin, run_for: RunFor, site: str, next_count: str
):
    world = await begin()

    await run_for(30, world.schedule(world.amber()).run())

    # 36 hours in half hours; the next one of a five-minute site in its own steps
    assert next(entry.query for entry in world.asked("amber.current", site)) == {
        "next": next_count
    }


async def test_forecasts_can_be_left_out(begin: Begin, run_for: RunFor):
    world = await begin()

    await run_for(300, world.schedule(world.amber(collect_forecasts=False)).run())

    assert all("next" not in entry.query for entry in world.asked("amber.current"))


async def test_a_run_ends_in_the_transaction_of_its_last_answer(begin: Begin, run_for):
    world = await begin()
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(300, schedule.run())
    before = world.store.writes

    await run_for(240, schedule.run())

    polls = len([s for s in polls_s(world, SITE_A) + polls_s(world, SITE_B) if s > 300])
    assert world.store.writes - before == 1 + polls


async def test_todays_prices_are_read_anew_every_hour(begin: Begin, run_for: RunFor):
    world = await begin()

    await run_for(3 * 3600, world.schedule(world.amber(interval_minutes=30)).run())

    days = [
        (entry.at.hour, entry.query["startDate"], entry.query["endDate"])
        for entry in world.asked("amber.prices", SITE_A)
        if entry.query["endDate"] == TODAY.isoformat()
    ]
    today = TODAY.isoformat()
    assert days == [
        (2, YESTERDAY.isoformat(), today),
        (3, today, today),
        (4, today, today),
    ]
    rows = await world.rows("SELECT DISTINCT state FROM day_ledger WHERE state <> ''")
    assert ("partial",) in rows


async def test_yesterdays_usage_is_asked_for_from_three_oclock_until_it_is_there(
    begin: Begin, run_for: RunFor
):
    midnight = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
    world = await begin(midnight)

    await run_for(7 * 3600, world.schedule(world.amber(interval_minutes=30)).run())

    asked = [
        (entry.at - midnight) // timedelta(minutes=30)
        for entry in world.asked("amber.usage", SITE_B)
        if entry.query["endDate"] == TODAY.isoformat()
    ]
    assert asked == list(range(6, 6 + len(asked)))
    assert len(asked) < 8
    assert (await world.states(Kind.USAGE, SITE_B))[TODAY] is DayState.COMPLETE


async def test_a_manual_run_asks_for_everything_open_however_lately_it_was_asked(
    begin: Begin, run_for: RunFor
):
    world = await begin(gap_days=frozenset([YESTERDAY]))
    schedule = world.schedule(world.amber())
    await run_for(120, schedule.run())
    world.requests.clear()

    end = await schedule.start_now()

    assert end is not None
    assert end.outcome is Outcome.SUCCESS
    asked = [
        entry.owner
        for entry in world.asked("amber.usage")
        if entry.query["endDate"] == YESTERDAY.isoformat()
    ]
    assert asked == [SITE_A, SITE_B]


async def test_closed_and_pending_sites_are_not_polled_until_active(
    begin: Begin, run_for: RunFor
):
    world = await begin(sites_extra=True)
    schedule = world.schedule(world.amber(interval_minutes=30, collect_forecasts=False))
    await run_for(600, schedule.run())
    assert {entry.owner for entry in world.requests} == {None, SITE_A, SITE_B}

    # the pending site becomes active on the fourteenth day after the start
    await asyncio.sleep(13.9 * 86_400)
    await run_for(3600, schedule.run())

    assert world.asked("amber.current", SITE_D)
    assert not world.asked("amber.current", SITE_C)
    assert not world.asked("amber.usage", SITE_C)


async def test_the_sites_are_read_at_the_start_and_once_a_nem_day(
    begin: Begin, run_for: RunFor
):
    world = await begin(datetime(2026, 3, 10, 13, 0, tzinfo=UTC))

    await run_for(2 * 3600, world.schedule(world.amber(interval_minutes=30)).run())

    read_at = [entry.at.hour for entry in world.asked("amber.sites")]
    assert read_at == [13, 14]


async def test_a_new_register_is_noticed_within_minutes(begin: Begin, run_for: RunFor):
    world = await begin()
    schedule = world.schedule(world.amber())
    await run_for(600, schedule.run())
    for endpoint in ("amber.sites", "amber.current"):
        world.fail(FaultAction.NEW_CHANNEL, endpoint, owner=SITE_A, count=None)

    await run_for(900, schedule.run())

    site = next(s for s in await world.store.sites() if s.site_id == SITE_A)
    assert len(site.usage_channels) == 3


async def test_a_register_that_shows_in_usage_first_is_noticed_too(
    begin: Begin, run_for: RunFor
):
    world = await begin()
    world.fail(FaultAction.NEW_CHANNEL, "amber.usage", owner=SITE_A, count=None)

    await run_for(890, world.schedule(world.amber()).run())

    assert len(world.asked("amber.sites")) == 2


async def test_what_was_asked_for_months_ago_is_not_remembered(begin: Begin):
    world = await begin()
    amber = world.amber(collect_forecasts=False)

    for _ in range(2):
        await amber.collect(Trigger.MANUAL, ticks_skipped=0)
        await asyncio.sleep(100 * 86_400)

    # what is no longer needed has no effect, it only takes memory
    asked_by_series = amber._due._asked  # noqa: SLF001
    days = [day for asked in asked_by_series.values() for day in asked]
    assert min(days) > TODAY


async def test_a_site_goes_from_half_hours_to_five_minutes_within_a_night(
    begin: Begin, run_for: RunFor
):
    evening = datetime(2026, 3, 10, 13, 20, tzinfo=UTC)
    tomorrow = date(2026, 3, 11)
    world = await begin(evening, cutover=tomorrow)
    amber = world.amber()

    await run_for(3600 + 1500, world.schedule(amber).run())

    durations = await world.rows(
        "SELECT DISTINCT p.duration_minutes, p.end_at > :midnight FROM price p"
        " JOIN series s ON s.id = p.series_id"
        " WHERE s.owner = :site AND p.end_at > :evening ORDER BY 1",
        site=SITE_B,
        evening=evening.timestamp(),
        midnight=evening.timestamp() + 2400,
    )
    assert durations == [(5, 1), (30, 0)]
    late = [s for s in polls_s(world, SITE_B) if s > 2400]
    assert len(late) > len(range(2400, 5100, 300))
    assert (await world.states(Kind.PRICE, SITE_B))[TODAY] is DayState.COMPLETE


async def test_estimated_usage_that_becomes_billable_is_revised_on_the_record(
    begin: Begin,
):
    world = await begin(price_depth_days=1, **DEEP_USAGE)
    amber = world.amber(collect_forecasts=False)
    await amber.collect(Trigger.MANUAL, ticks_skipped=0)
    usage = "SELECT u.*, a.quality FROM usage u JOIN interval_attributes a"
    usage += " ON a.id = u.attributes_id ORDER BY 1, 2, 3"
    before = {row[:3]: row for row in await world.rows(usage)}
    estimated = {key for key, row in before.items() if row[-1] == "estimated"}
    assert 0 < len(estimated) < len(before)

    await asyncio.sleep(11 * 86_400)
    await amber.collect(Trigger.MANUAL, ticks_skipped=0)

    after = {row[:3]: row for row in await world.rows(usage)}
    assert {after[key][-1] for key in estimated} == {"billable"}
    untouched = before.keys() - estimated
    assert all(after[key] == before[key] for key in untouched)
    revised = await world.rows(
        "SELECT series_id, end_at, duration_minutes FROM revision WHERE kind = 'usage'"
    )
    assert set(revised) == estimated
    records = await world.rows("SELECT record FROM revision WHERE kind = 'usage'")
    assert all('"estimated"' in row[0] for row in records)


async def test_no_window_is_longer_than_seven_days(begin: Begin):
    world = await begin()

    await world.amber().collect(Trigger.MANUAL, ticks_skipped=0)

    spans = {
        days_asked(entry.query)
        for entry in (*world.asked("amber.usage"), *world.asked("amber.prices"))
    }
    assert max(spans) == 7


async def test_forecasts_are_dropped_when_the_retention_is_over(begin: Begin):
    world = await begin()
    await world.amber().collect(Trigger.MANUAL, ticks_skipped=0)
    oldest = "SELECT min(fetched_at) FROM price_archive"
    ((before,),) = await world.rows(oldest)

    await asyncio.sleep(49 * 3600)
    await world.amber().collect(Trigger.MANUAL, ticks_skipped=0)

    ((after,),) = await world.rows(oldest)
    assert after - before > 48 * 3600


@pytest.mark.parametrize(
    "night",
    [
        pytest.param(date(2026, 4, 5), id="autumn"),
        pytest.param(date(2026, 10, 4), id="spring"),
    ],
)
async def test_a_nem_day_has_24_hours_whatever_sydney_does_to_its_clocks(
    begin: Begin, night: date
):
    world = await begin(datetime(night.year, night.month, night.day, 22, tzinfo=UTC))

    await world.amber().collect(Trigger.MANUAL, ticks_skipped=0)

    minutes = await world.rows(
        "SELECT DISTINCT s.kind, l.present_minutes FROM day_ledger l"
        " JOIN series s ON s.id = l.series_id WHERE l.day = :day",
        day=(night - date(1970, 1, 1)).days,
    )
    assert ("price", 1440) in minutes
    assert {kind for kind, present in minutes if present not in (0, 1440)} == set()
