"""Backfill stays out of the way: of other users of the token, and of live polls."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.api.errors import (
    SourceRateLimited,
)
from energy_logger_server.api.plan import next_tick, price_polls
from energy_logger_server.api.rivals import RIVAL_CALLS
from energy_logger_simulator.amber.sites import SITE_A, SITE_B
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.collect.conftest import COARSE, DEEP, NOON, Begin, RunFor
from tests.server.collect.ledgers import ago
from tests.server.collect.world import World

pytestmark = pytest.mark.virtual_time


def too_many(world: World) -> int:
    """Return how many 429 our client was given."""
    return sum(entry.status == 429 for entry in world.requests)


async def test_a_rival_on_the_same_token_is_never_crowded_out(
    begin: Begin, run_for: RunFor
):
    start = NOON - timedelta(seconds=130)
    world = await begin(start, foreign_draw_per_minute=5, **COARSE, **DEEP)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    backfill = world.backfill(historical_start_date=ago(60))

    await run_for(1700, schedule.run(), backfill.run())

    assert backfill.progress.windows_done > 25
    assert too_many(world) == 0
    assert lateness_s(world) < 10


async def test_a_rival_that_takes_its_share_at_once_is_left_it_after_the_first_time(
    begin: Begin, run_for: RunFor
):
    # the window ends just after the live polls of each five minutes
    world = await begin(NOON + timedelta(seconds=20), **COARSE, **DEEP)
    await world.access.client.fetch_current_prices(SITE_A)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    backfill = world.backfill(historical_start_date=ago(500))
    rival = AmberClient(
        world.session,
        token=world.config.token_valid,
        budget=None,
        now=world.clock.now,
        base_url=f"{world.base_url}/v1",
    )

    async def take_its_share() -> None:
        while True:
            at = next_tick(world.clock.now(), 5, offset_s=9)
            if not world.asked("amber.prices"):
                at += timedelta(minutes=5)
            await asyncio.sleep((at - world.clock.now()).total_seconds())
            for _ in range(RIVAL_CALLS):
                with suppress(SourceRateLimited):
                    await rival.fetch_current_prices(SITE_A, previous_count=9)

    await run_for(3500, schedule.run(), backfill.run(), take_its_share())

    refused = [entry for entry in world.requests if entry.status == 429]
    first = NOON + timedelta(minutes=10)
    assert [entry for entry in refused if "previous" in entry.query]
    assert {entry.at for entry in refused} == {
        first + timedelta(seconds=9),
        first + timedelta(seconds=12),
    }
    assert len(world.asked("amber.prices")) > 90
    polls = [e for e in world.asked("amber.current", SITE_B) if e.status == 200]
    assert len({entry.at.minute // 5 for entry in polls}) >= 11


async def test_backfill_never_holds_up_a_live_poll_though_its_requests_time_out(
    begin: Begin, run_for: RunFor
):
    world = await begin(**COARSE, **DEEP)
    schedule = world.schedule(world.amber(collect_forecasts=False))
    await run_for(120, schedule.run())
    world.fail(FaultAction.TIMEOUT, "amber.prices", probability=0.4, count=None)
    backfill = world.backfill(historical_start_date=ago(40))

    await run_for(1600, schedule.run(), backfill.run_daily())

    assert lateness_s(world) < 10
    assert backfill.progress.windows_done > 5


def lateness_s(world: World) -> float:
    """Return by how much the latest live poll missed its plan."""
    worst = 0.0
    five = timedelta(minutes=5)
    for entry in world.asked("amber.current"):
        boundary = datetime.fromtimestamp(
            entry.at.timestamp() // five.total_seconds() * five.total_seconds(), UTC
        )
        plan = [poll.at for poll in price_polls(boundary, 5)]
        due = max(at for at in plan if at <= entry.at)
        worst = max(worst, (entry.at - due).total_seconds())
    return worst


async def test_live_runs_and_backfill_never_overlap(begin: Begin, run_for: RunFor):
    world = await begin(**COARSE, **DEEP)
    schedule = world.schedule(world.amber(collect_forecasts=False))

    await run_for(
        900, schedule.run(), world.backfill(historical_start_date=ago(60)).run()
    )

    spans = await world.rows("SELECT started_at_ms, finished_at_ms FROM run")
    spans.sort()
    assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))
