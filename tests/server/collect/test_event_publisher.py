"""Which events collecting tells: prices, spikes, runs and backfill."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from energy_logger_server.collect.event_publisher import EventPublisher
from energy_logger_server.collect.runs.run_log import ActiveRun
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
)
from energy_logger_server.domain.collecting.runs import (
    Outcome,
    RunRecord,
    Source,
    Trigger,
)
from energy_logger_server.domain.events import (
    BackfillStep,
    Event,
    EventKind,
    PriceEvent,
    RunFinished,
)
from energy_logger_server.errors import StoreUnavailable
from energy_logger_server.store.amber.prices import current_prices
from energy_logger_server.store.runs.read import runs_since
from energy_logger_simulator.amber.market.intervals import confirmation_delay_s
from energy_logger_simulator.amber.market.labels import position_at
from energy_logger_simulator.amber.market.spot import SpotMarket
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from energy_logger_simulator.keyed_hash import draw
from tests.server.collect.conftest import Begin, Bench, RunFor
from tests.server.collect.world import World
from tests.server.store.material import price, prices_read

pytestmark = pytest.mark.virtual_time

SPIKE = datetime(2026, 4, 14, 8, 30, tzinfo=UTC)
"""The simulated market's price is above 100 c/kWh from here on for 35 minutes."""

LATE = SPIKE - timedelta(minutes=5)
"""The price of the interval from here on is confirmed too late to be seen in it."""

SPIKE_END = SPIKE + timedelta(minutes=35)
FIVE = timedelta(minutes=5)


def prices(
    events: Iterable[Event], site: str, *kinds: EventKind, channel: str = "general"
) -> list[PriceEvent]:
    """Return a site's price events of some kinds on a channel."""
    return [
        event
        for event in events
        if isinstance(event, PriceEvent)
        and (event.site_id, event.price.channel_type) == (site, channel)
        and event.kind in (kinds or EventKind)
    ]


def starts(
    events: Iterable[Event], site: str, *kinds: EventKind, channel: str = "general"
) -> list[datetime]:
    """Return when the intervals of price events start."""
    found = prices(events, site, *kinds, channel=channel)
    return [event.price.starts_at for event in found]


def finished(events: Iterable[Event]) -> list[RunFinished]:
    """Return the ends of runs."""
    return [event for event in events if isinstance(event, RunFinished)]


async def collect(world: World, run_for: RunFor, minutes: int) -> None:
    """Collect Amber's prices for so long."""
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(minutes * 60, schedule.run())


def restart(world: World) -> None:
    """Forget what was published, as a new process does."""
    world.published.clear()
    publisher = EventPublisher(world.store, world.clock, world.published.append)
    world.shared = replace(world.shared, publisher=publisher)


def test_the_market_of_these_tests_has_its_spike_and_one_late_confirmation():
    market, first = SpotMarket(1), position_at(SPIKE)
    delay = draw(1, "confirmation")

    spots = [market.spot(first + step, 1) for step in range(-1, 8)]
    delays_s = [confirmation_delay_s(delay, first + step) for step in range(-3, 3)]

    assert [spot >= 100 for spot in spots] == [False, *[True] * 7, False]
    late = [delay_s > 90 for delay_s in delays_s]
    assert late == [False, False, True, False, False, False]


@pytest.mark.parametrize("channel", ["general", "controlledLoad", "feedIn"])
async def test_every_five_minutes_bring_a_new_price_and_its_confirmation(
    begin: Begin, run_for: RunFor, channel: str
):
    world = await begin(SPIKE - 3 * FIVE)

    await collect(world, run_for, 29)

    began = [SPIKE + step * FIVE for step in range(-3, 3)]
    new = starts(world.published, SITE_B, EventKind.NEW_PRICE, channel=channel)
    confirmed = prices(
        world.published, SITE_B, EventKind.CONFIRMED_PRICE, channel=channel
    )
    assert new == began
    # one of them after its interval, when the next one has begun
    assert [event.price.starts_at for event in confirmed] == began
    order = [
        (event.kind, event.price.starts_at)
        for event in prices(world.published, SITE_B, channel=channel)
        if event.kind in (EventKind.NEW_PRICE, EventKind.CONFIRMED_PRICE)
    ]
    late = order.index((EventKind.CONFIRMED_PRICE, LATE))
    assert order[late + 1] == (EventKind.NEW_PRICE, SPIKE)
    assert all(event.price.is_settled for event in confirmed)


async def test_a_half_hour_price_is_new_once_and_confirmed_at_its_end(
    begin: Begin, run_for: RunFor
):
    world = await begin(SPIKE)
    await collect(world, run_for, 24)
    events = [event.kind for event in prices(world.published, SITE_A)]

    await collect(world, run_for, 5)

    assert EventKind.CONFIRMED_PRICE not in events
    assert starts(world.published, SITE_A, EventKind.NEW_PRICE) == [SPIKE]
    assert starts(world.published, SITE_A, EventKind.CONFIRMED_PRICE) == [SPIKE]


@pytest.mark.parametrize(
    ("site", "ended_at"), [(SITE_A, SPIKE + 6 * FIVE), (SITE_B, SPIKE_END)]
)
async def test_a_spike_is_reported_at_its_start_and_at_its_end(
    begin: Begin, run_for: RunFor, site: str, ended_at: datetime
):
    world = await begin(SPIKE - FIVE)

    await collect(world, run_for, 49)

    assert starts(world.published, site, EventKind.SPIKE_STARTED) == [SPIKE]
    assert starts(world.published, site, EventKind.SPIKE_ENDED) == [ended_at]


async def test_a_restart_neither_repeats_nor_loses_a_spike(
    begin: Begin, run_for: RunFor
):
    world = await begin(SPIKE - FIVE)
    await collect(world, run_for, 14)
    assert starts(world.published, SITE_B, EventKind.SPIKE_STARTED) == [SPIKE]

    restart(world)
    await collect(world, run_for, 10)
    assert prices(world.published, SITE_B, EventKind.SPIKE_STARTED) == []

    # the server is down while the spike ends, and history comes before live prices
    await asyncio.sleep((SPIKE_END - world.clock.now()).total_seconds() + 600)
    restart(world)
    await world.backfill(historical_start_date=SPIKE.date()).run()
    assert prices(world.published, SITE_B) == []
    await collect(world, run_for, 5)
    ended = starts(world.published, SITE_B, EventKind.SPIKE_ENDED)
    assert ended == [SPIKE_END + 2 * FIVE]


async def test_a_restart_within_an_interval_tells_only_what_is_new(
    begin: Begin, run_for: RunFor
):
    world = await begin(SPIKE)
    await collect(world, run_for, 4)
    assert len(prices(world.published, SITE_A, EventKind.NEW_PRICE)) == 1

    restart(world)
    await collect(world, run_for, 25)

    assert prices(world.published, SITE_A, EventKind.NEW_PRICE) == []
    assert starts(world.published, SITE_A, EventKind.CONFIRMED_PRICE) == [SPIKE]


async def test_a_forecast_of_the_time_of_a_restart_is_no_state(
    begin: Begin, run_for: RunFor
):
    world = await begin(SPIKE - 2 * FIVE)
    await run_for(240, world.schedule(world.amber(forecast_hours_ahead=2)).run())
    await asyncio.sleep(900)

    restart(world)
    await collect(world, run_for, 4)

    kinds = [event.kind for event in prices(world.published, SITE_B)]
    assert kinds[0] is EventKind.NEW_PRICE
    assert EventKind.SPIKE_STARTED in kinds


async def test_who_hears_of_a_price_finds_it_in_the_store(
    begin: Begin, run_for: RunFor
):
    world = await begin(SPIKE)
    looks: list[asyncio.Future[bool]] = []

    async def is_stored(event: PriceEvent) -> bool:
        found = await world.store.read(current_prices, event.site_id, world.clock.now())
        return event.price in found

    def hear(event: Event) -> None:
        if isinstance(event, PriceEvent):
            looks.append(asyncio.ensure_future(is_stored(event)))

    publisher = EventPublisher(world.store, world.clock, hear)
    world.shared = replace(world.shared, publisher=publisher)
    await collect(world, run_for, 4)

    assert len(looks) >= 5
    assert all([await look for look in looks])


async def test_a_finished_run_is_reported_as_the_log_has_it_after_its_prices(
    begin: Begin, run_for: RunFor
):
    world = await begin(SPIKE)

    await collect(world, run_for, 9)

    logged = await world.store.read(runs_since, SPIKE - FIVE)
    published = [event.run for event in finished(world.published)]
    assert [run.id for run in logged] == [run.id for run in reversed(published)]
    assert list(logged) == published[::-1]
    assert isinstance(world.published[-1], RunFinished)


async def test_runs_of_kamo_are_reported_too(begin: Begin):
    world = await begin()

    await world.kamo().collect(Trigger.TICK, ticks_skipped=0)

    (event,) = world.published
    assert isinstance(event, RunFinished)
    assert event.run.source is Source.KAMO


async def test_backfill_tells_its_steps_and_its_runs_but_no_prices(begin: Begin):
    world = await begin()

    await world.backfill(historical_start_date=date(2026, 3, 8)).run()

    kinds = Counter(event.kind for event in world.published)
    assert set(kinds) == {EventKind.RUN_FINISHED, EventKind.BACKFILL_PROGRESS}
    steps = [
        event.progress for event in world.published if isinstance(event, BackfillStep)
    ]
    assert steps[0].state is BackfillState.RUNNING
    assert steps[-1].state is BackfillState.DONE
    assert steps[-1].windows_done == steps[-1].windows_total > 0
    assert {run.run.trigger for run in finished(world.published)} == {Trigger.BACKFILL}


async def test_an_end_that_could_not_be_logged_is_reported_when_it_is(bench: Bench):
    async def work(run: ActiveRun) -> None:
        bench.store.is_down = True
        await run.write([])

    collector, _schedule = bench.set_up(work)
    with pytest.raises(StoreUnavailable):
        await collector.collect(Trigger.TICK, ticks_skipped=0)
    assert bench.published == []
    bench.store.is_down = False
    await collector.runs.close_left_open()

    (event,) = finished(bench.published)
    assert event.run.end is not None
    assert event.run.end.outcome is Outcome.FAILED


async def test_an_event_that_cannot_be_read_is_published_with_the_next_write(
    bench: Bench, caplog: pytest.LogCaptureFixture
):
    ends_at = bench.clock.now() + timedelta(minutes=4)
    part = prices_read([price(ends_at, 5)], at=bench.clock.now())

    async def work(run: ActiveRun) -> None:
        bench.store.is_blind = True
        with caplog.at_level(logging.WARNING):
            await run.write([part])
        assert bench.published == []
        bench.store.is_blind = False
        await run.write([part])

    collector, _schedule = bench.set_up(work)
    await collector.collect(Trigger.TICK, ticks_skipped=0)

    kinds = [event.kind for event in bench.published]
    assert kinds == ["new_price", "confirmed_price", "run_finished"]
    assert "an event could not be published" in caplog.text


async def test_where_nobody_listens_nothing_is_looked_up(bench: Bench):
    publisher = EventPublisher(bench.store, bench.clock, None)

    await publisher.load_last()
    await publisher.publish_prices([prices_read([])])
    publisher.publish_run(RunRecord(7, Source.KAMO, Trigger.TICK, 5, SPIKE, None))
    publisher.publish_backfill(BackfillProgress())

    assert bench.store.queries == 0


async def test_two_sources_that_begin_at_once_recall_the_same(bench: Bench):
    ends_at = bench.clock.now() + timedelta(minutes=4)
    part = prices_read([price(ends_at, 5)], at=bench.clock.now())
    run_id = await bench.store.begin_run(Source.AMBER, Trigger.TICK, 5)
    await bench.store.write(run_id, [part])
    publisher = EventPublisher(bench.store, bench.clock, bench.published.append)

    await asyncio.gather(publisher.load_last(), publisher.load_last())
    await publisher.publish_prices([part])

    assert bench.published == []
