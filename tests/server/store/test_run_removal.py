"""Runs are taken out of the log, on both databases."""

from energy_logger_server.domain.collecting.runs import (
    Failure,
    Outcome,
    RunEnd,
    Source,
    Trigger,
)
from energy_logger_server.store import Store
from tests.server.store.material import NOON, rows

END = RunEnd(NOON, Outcome.PARTIAL, 3, (Failure("load/1", "missing", "404"),))


async def ended_run(store: Store) -> int:
    """Return the number of a run that ended with a failure."""
    run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    await store.write(run_id, (), end=END)
    return run_id


async def test_numbers_go_on_whichever_runs_were_taken_out(store: Store):
    given = [await ended_run(store) for _number in range(3)]
    for run_id in (given[2], given[0], given[1]):
        assert await store.remove_run(run_id)
    given.append(await ended_run(store))
    assert await store.remove_run(given[-1])
    given.append(await ended_run(store))

    assert given == [1, 2, 3, 4, 5]
    assert await rows(store, "SELECT run_id FROM run_failure") == [(5,)]


async def test_a_run_that_never_was_or_has_not_ended_is_not_taken_out(store: Store):
    under_way = await store.begin_run(Source.KAMO, Trigger.TICK, 5)

    assert not await store.remove_run(under_way)
    assert not await store.remove_run(99)
    assert await rows(store, "SELECT id FROM run") == [(under_way,)]
