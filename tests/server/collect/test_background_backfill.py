"""Passes that somebody asks for: one at a time, owned, honest about their state."""

import asyncio
import logging
from datetime import timedelta

import pytest

from energy_logger_server.collect.backfill.background import BackgroundBackfill
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillState,
    WaitingFor,
)
from energy_logger_server.domain.collecting.ledger import DayState, Kind
from energy_logger_server.errors import RunInProgress
from energy_logger_simulator.amber.sites import SITE_A
from energy_logger_simulator.faults.fault import FaultAction
from tests.server.collect.conftest import (
    COARSE,
    DEEP,
    DEEP_PRICES,
    NOON,
    PUNCTUAL,
    Begin,
    RunFor,
)
from tests.server.collect.ledgers import ago
from tests.server.collect.world import windows
from tests.server.logged import logged_warnings

pytestmark = pytest.mark.virtual_time


async def state_after(background: BackgroundBackfill, seconds: float) -> BackfillState:
    """Return the state of the pass some time from now."""
    await asyncio.sleep(seconds)
    return background.status().progress.state


async def test_a_pass_is_under_way_as_soon_as_it_is_started(begin: Begin):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(20)))
    idle = background.status()

    background.start()
    running = background.status()
    await asyncio.sleep(3600)
    done = background.status()

    assert (idle.progress.state, idle.is_running) == (BackfillState.IDLE, False)
    assert (running.progress.state, running.is_running) == (
        BackfillState.RUNNING,
        True,
    )
    assert running.progress.started_at == NOON
    assert (done.progress.state, done.is_running) == (BackfillState.DONE, False)
    assert done.progress.percent == 100


async def test_a_second_pass_is_refused_whoever_started_the_first(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    backfill = world.backfill(historical_start_date=ago(20))
    background = BackgroundBackfill(backfill)
    background.pause()
    background.start()
    with pytest.raises(RunInProgress):
        background.start()
    await background.stop()

    daily = asyncio.ensure_future(backfill.run_daily())
    await asyncio.sleep(1)
    with pytest.raises(RunInProgress):
        background.start()
    daily.cancel()
    with pytest.raises(asyncio.CancelledError):
        await daily


async def test_the_daily_pass_comes_an_hour_after_it_met_another(
    begin: Begin, run_for: RunFor, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    backfill = world.backfill(historical_start_date=ago(20))
    background = BackgroundBackfill(backfill)
    background.pause()
    background.start()
    daily = asyncio.ensure_future(backfill.run_daily())

    await asyncio.sleep(60)
    met = background.status()
    background.resume()
    await run_for(3600)
    after = background.status()
    daily.cancel()

    assert met.progress.state is BackfillState.PAUSED
    assert met.next_daily_pass_at == NOON + timedelta(hours=1)
    assert after.progress.state is BackfillState.DONE
    assert after.progress.started_at == NOON + timedelta(hours=1)
    assert after.next_daily_pass_at == NOON + timedelta(hours=19, minutes=30)
    assert "somebody started a pass" in caplog.text
    assert logged_warnings(caplog) == []


async def test_a_pause_and_its_end_show_at_once(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(20)))
    background.start()

    background.pause()
    paused = await state_after(background, 600)
    background.resume()
    resumed = background.status()

    assert paused is BackfillState.PAUSED
    assert (resumed.progress.state, resumed.is_paused) == (
        BackfillState.RUNNING,
        False,
    )
    assert await state_after(background, 3600) is BackfillState.DONE


async def test_a_queued_pass_begins_when_the_one_under_way_has_ended(begin: Begin):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(9)))
    background.pause()
    began_now = [background.queue(), background.queue(), background.queue()]
    await asyncio.sleep(60)

    first = background.status()
    background.resume()
    await asyncio.sleep(3600)
    last = background.status()

    assert began_now == [True, False, False]
    assert (first.is_queued, last.is_queued) == (True, False)
    assert first.progress.started_at == NOON
    assert last.progress.started_at == NOON + timedelta(seconds=60)
    assert (last.progress.state, last.progress.windows_total) == (
        BackfillState.DONE,
        0,
    )
    assert len(windows(world)) == len(set(windows(world)))


async def test_a_cancelled_pass_is_not_followed_by_the_queued_one(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(20)))
    background.start()
    background.queue()

    assert background.cancel()
    await asyncio.sleep(3600)

    status = background.status()
    assert status.progress.state is BackfillState.CANCELLED
    assert (status.is_running, status.is_queued) == (False, False)
    assert not background.cancel()


async def test_a_stop_ends_the_pass_and_waits_for_its_end(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(20)))
    background.pause()
    background.start()
    background.queue()
    await asyncio.sleep(5)

    await background.stop()

    assert not background.status().is_running
    assert background.status().progress.state is BackfillState.CANCELLED
    assert {run.outcome for run in await world.runs()} <= {"success", "interrupted"}


async def test_without_a_pass_there_is_nothing_to_cancel_or_to_stop(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(20)))

    await background.stop()

    assert not background.cancel()
    assert not background.status().is_running


async def test_a_queued_pass_gives_way_to_one_that_was_faster(
    begin: Begin, caplog: pytest.LogCaptureFixture
):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    backfill = world.backfill(historical_start_date=ago(9))
    background = BackgroundBackfill(backfill)

    async def start_at_once() -> None:
        await backfill.wait_until_idle()
        background.start()

    background.pause()
    background.start()
    faster = asyncio.ensure_future(start_at_once())
    await asyncio.sleep(1)
    background.queue()
    background.resume()
    await asyncio.sleep(3600)
    await faster

    status = background.status()
    assert (status.is_queued, status.progress.state) == (False, BackfillState.DONE)
    assert not caplog.records


async def test_what_stops_a_pass_is_logged_once_and_reported(
    begin: Begin, caplog: pytest.LogCaptureFixture
):
    world = await begin(**COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(20)))
    world.fail(FaultAction.SERVER_ERROR, "amber.sites", count=None)

    background.start()
    state = await state_after(background, 3600)

    error = background.status().progress.error
    assert state is BackfillState.FAILED
    assert error is not None
    assert "amber /sites" in error
    lines = [line for line in caplog.messages if "backfill" in line]
    assert lines == [f"backfill stopped: {error}"]


async def test_a_refused_key_is_reported_and_a_new_start_asks_again(begin: Begin):
    world = await begin(seed=PUNCTUAL, **COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(9)))
    world.wire.refuse(403)
    background.start()
    await asyncio.sleep(60)
    refused = background.status()
    world.wire.intercept = None

    background.start()
    again = background.status()
    await asyncio.sleep(3600)

    assert refused.progress.state is BackfillState.FAILED
    assert refused.key_refused_since is not None
    assert again.progress.error is None
    done = background.status()
    assert done.progress.state is BackfillState.DONE
    assert done.key_refused_since is None


async def test_a_defect_is_reported_without_its_inside(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    world = await begin(**COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(9)))

    def broken(*_values: object) -> None:
        raise ZeroDivisionError("the inside")

    monkeypatch.setattr(world.store, "sites", broken)
    background.start()
    state = await state_after(background, 60)

    error = background.status().progress.error
    assert state is BackfillState.FAILED
    assert error == "it failed unexpectedly: see the server's log"
    assert "backfill failed unexpectedly" in caplog.text


async def test_a_wait_says_what_it_waits_for(begin: Begin):
    world = await begin(usage_depth_days=0, **COARSE, **DEEP_PRICES)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(120)))
    background.start()
    await asyncio.sleep(60)
    progress = background.status().progress

    assert progress.state is BackfillState.WAITING
    assert progress.waiting_for is WaitingFor.RATE_LIMIT
    assert progress.waiting_until is not None
    await background.stop()


async def test_unavailable_days_are_asked_for_once_more_when_they_are_wanted(
    begin: Begin,
):
    world = await begin(seed=PUNCTUAL, gap_days=frozenset([ago(10)]), **COARSE, **DEEP)
    background = BackgroundBackfill(world.backfill(historical_start_date=ago(20)))
    for _ in range(2):
        background.start()
        await asyncio.sleep(3600)
    asked = len(windows(world))
    ledger = await world.store.ledger(kind=Kind.USAGE, owner=SITE_A)
    gaps = {
        line.series: [line.day] for line in ledger if line.state is DayState.UNAVAILABLE
    }

    await world.store.want_days_again(gaps)
    for _ in range(2):
        background.start()
        await asyncio.sleep(3600)

    assert list(gaps.values()) == [[ago(10)]] * len(gaps)
    assert gaps
    assert [window[1:] for window in windows(world)[asked:]] == [
        (SITE_A, ago(10).isoformat(), ago(10).isoformat())
    ]
    states = await world.states(Kind.USAGE, SITE_A)
    assert states[ago(10)] is DayState.UNAVAILABLE
