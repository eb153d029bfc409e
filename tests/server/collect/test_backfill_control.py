"""A pass of backfill is paused, cancelled, and never doubled."""

import asyncio
from datetime import timedelta

import pytest

from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
)
from energy_logger_server.errors import RunInProgress
from tests.server.collect.backfill_steps import Steps
from tests.server.collect.conftest import COARSE, DEEP, DEEP_PRICES, Begin
from tests.server.collect.ledgers import ago

pytestmark = pytest.mark.virtual_time


async def test_a_pause_stops_between_windows_until_it_is_lifted(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    backfill = world.backfill(historical_start_date=ago(20))

    def pause(progress: BackfillProgress) -> None:
        if progress.windows_done == 2 and progress.state is BackfillState.RUNNING:
            backfill.pause()
            asyncio.get_running_loop().call_later(3600, backfill.resume)

    steps = Steps(pause)

    end = await backfill.run(steps)

    assert end.state is BackfillState.DONE
    paused = [
        progress for progress in steps.seen if progress.state is BackfillState.PAUSED
    ]
    assert {progress.windows_done for progress in paused} == {2}
    assert end.at is not None
    assert end.started_at is not None
    assert end.at - end.started_at >= timedelta(hours=1)


@pytest.mark.parametrize("state", [BackfillState.RUNNING, BackfillState.WAITING])
async def test_a_pass_that_is_cancelled_ends_after_its_window(
    begin: Begin, state: BackfillState
):
    world = await begin(usage_depth_days=0, **COARSE, **DEEP_PRICES)
    backfill = world.backfill(historical_start_date=ago(120))

    def cancel(progress: BackfillProgress) -> None:
        if progress.state is state:
            backfill.cancel()

    steps = Steps(cancel)

    end = await backfill.run(steps)

    assert end.state is BackfillState.CANCELLED
    assert end.windows_done < end.windows_total
    assert {run.outcome for run in await world.runs()} == {"success"}


async def test_a_cancelled_pass_does_not_stay_paused(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    backfill = world.backfill(historical_start_date=ago(20))
    backfill.pause()
    asyncio.get_running_loop().call_later(60, backfill.cancel)

    end = await backfill.run()

    assert end.state is BackfillState.CANCELLED


async def test_two_passes_at_once_are_refused(begin: Begin):
    world = await begin(**COARSE, **DEEP)
    backfill = world.backfill(historical_start_date=ago(20))
    task = asyncio.ensure_future(backfill.run())
    await asyncio.sleep(0)

    with pytest.raises(RunInProgress):
        await backfill.run()

    await task
