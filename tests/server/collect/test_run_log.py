"""Every run is closed, with what it brought and what failed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from energy_logger_server.api.errors import (
    SourceRateLimited,
    SourceUnreachable,
    SourceUnreadable,
)
from energy_logger_server.api.models import RejectedRecord
from energy_logger_server.collect.runs.run_log import ActiveRun
from energy_logger_server.domain.collecting.batch import UnreadableAnswer
from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Trigger
from energy_logger_server.errors import StoreUnavailable
from tests.server.collect.conftest import BENCH_START, Bench
from tests.server.collect.fakes import idle
from tests.server.collect.world import found

pytestmark = pytest.mark.virtual_time

type Work = Callable[[ActiveRun], Awaitable[None]]

SAMPLE = UnreadableAnswer("amber", "/sites", "no list", "{}")
UNREACHABLE = SourceUnreachable("amber", "/sites", "no answer")


async def run_once(bench: Bench, work: Work) -> RunEnd:
    """Return how a run of such work ends."""
    collector, _schedule = bench.set_up(work)
    end = await collector.collect(Trigger.TICK, ticks_skipped=3)
    assert end is not None
    return end


async def samples(bench: Bench) -> int:
    """Return how many samples are stored."""
    ((count,),) = await found(bench.store, "SELECT count(*) FROM unreadable_sample")
    return int(count)


async def raising(error: Exception) -> None:
    """Fail."""
    raise error


async def test_a_run_with_nothing_to_do_succeeds(bench: Bench):
    end = await run_once(bench, lambda _run: asyncio.sleep(2))

    assert end.outcome is Outcome.SUCCESS
    assert end.finished_at == BENCH_START + timedelta(seconds=2)
    assert end.ticks_skipped == 3


@pytest.mark.parametrize(
    ("read", "failed", "outcome"),
    [
        (["price/1", "usage/1"], [], Outcome.SUCCESS),
        (["price/1"], ["usage/1"], Outcome.PARTIAL),
        (["price/1"], ["price/1"], Outcome.PARTIAL),
        ([], ["price/1"], Outcome.FAILED),
    ],
)
async def test_the_outcome_tells_whether_something_or_all_failed(
    bench: Bench, read: list[str], failed: list[str], outcome: Outcome
):
    async def work(run: ActiveRun) -> None:
        for subject in read:
            run.succeed(subject)
        for subject in failed:
            run.fail(subject, UNREACHABLE)

    end = await run_once(bench, work)

    assert end.outcome is outcome
    assert [failure.subject for failure in end.failures] == failed
    assert end.series_total == len({*read, *failed})


async def test_records_that_could_not_be_read_make_a_run_partial(bench: Bench):
    async def work(run: ActiveRun) -> None:
        run.succeed("price/1", [RejectedRecord(4, "kwh is no number", "{}")])

    end = await run_once(bench, work)

    (failure,) = end.failures
    assert end.outcome is Outcome.PARTIAL
    assert (failure.subject, failure.code) == ("price/1", "unreadable")
    assert failure.message.endswith("the first: kwh is no number")


async def test_calls_upstream_are_counted_but_not_those_our_budget_refused(
    bench: Bench,
):
    limited = SourceRateLimited("amber", "/x", retry_at=BENCH_START, status=None)

    async def work(run: ActiveRun) -> None:
        assert await run.ask("site", asyncio.sleep(0, "answer")) == "answer"
        for error in (UNREACHABLE, limited):
            with pytest.raises(type(error)):
                await run.ask("site", raising(error))

    assert (await run_once(bench, work)).requests == 2


async def test_a_series_that_was_asked_for_in_vain_counts_as_set_out_to_read(
    bench: Bench,
):
    async def work(run: ActiveRun) -> None:
        with pytest.raises(SourceUnreachable):
            await run.ask("price/1", raising(UNREACHABLE))

    assert (await run_once(bench, work)).series_total == 1


async def test_the_start_of_an_unreadable_answer_is_kept(bench: Bench):
    unreadable = SourceUnreadable("amber", "/sites", "no list", sample="<html>")

    async def work(run: ActiveRun) -> None:
        with pytest.raises(SourceUnreadable):
            await run.ask("site", raising(unreadable))

    await run_once(bench, work)

    assert await samples(bench) == 1


async def test_the_last_job_closes_the_run(bench: Bench):
    ended = []

    async def work(run: ActiveRun) -> None:
        run.expect(2)
        await run.complete([SAMPLE])
        ended.append(run.end)
        await run.complete()
        ended.append(run.end)

    end = await run_once(bench, work)

    assert ended == [None, end]
    assert await samples(bench) == 1


async def cancel_at_write(bench: Bench, number: int, work: Work) -> None:
    """Cancel a run just as it begins a write, counted from one."""
    collector, _schedule = bench.set_up(work)
    task = asyncio.ensure_future(collector.collect(Trigger.TICK, ticks_skipped=0))
    bench.store.on_write = {number: task.cancel}
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_write_under_way_ends_before_a_cancellation_is_obeyed(bench: Bench):
    await cancel_at_write(bench, 2, lambda run: run.write([SAMPLE]))

    assert await samples(bench) == 1
    assert [run.outcome for run in await bench.runs()] == ["interrupted"]


async def test_a_run_cancelled_while_it_is_opened_is_closed(bench: Bench):
    await cancel_at_write(bench, 1, idle)

    assert [run.outcome for run in await bench.runs()] == ["interrupted"]


async def test_a_run_cancelled_while_its_end_is_written_has_ended(bench: Bench):
    await cancel_at_write(bench, 2, idle)

    assert [run.outcome for run in await bench.runs()] == ["success"]


async def test_samples_survive_a_store_that_is_down_for_a_moment(bench: Bench):
    unreadable = SourceUnreadable("amber", "/sites", "no list", sample="<html>")

    async def work(run: ActiveRun) -> None:
        with pytest.raises(SourceUnreadable):
            await run.ask("site", raising(unreadable))
        bench.store.is_down = True
        with pytest.raises(StoreUnavailable):
            await run.write([SAMPLE])
        bench.store.is_down = False

    await run_once(bench, work)

    assert await samples(bench) == 1


async def test_a_run_that_was_not_entered_writes_nothing(bench: Bench):
    collector, _schedule = bench.set_up()

    with pytest.raises(RuntimeError, match="not entered"):
        await collector.runs.open(Trigger.TICK).write([SAMPLE])
