"""A server that has collected a year of both utilities."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any, override

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from energy_logger_server.domain.collecting.runs import Source
from tests.contract.two_ends import START, YEAR, World, running_world
from tests.server.whole.conftest import start_world

__all__ = ["start_world"]

LOOKS_AT_THE_YEAR = {"test_official_client.py", "test_own_clients.py"}
LEARNS_FROM_REAL_LOAD = {
    "test_backtest.py",
    "test_evidence.py",
    "test_live.py",
    "test_peak_watch_replay.py",
}
PREPARED_ONCE = (
    "store/test_tables.py",
    "whole/test_pages.py",
    "whole/test_parity_amber.py",
    "whole/test_rest_api_page.py",
)
"""Modules whose tests begin with the same collected or filled store."""

type _Run = Callable[[Coroutine[Any, Any, Any]], Any]


class _PreparedInOneProcess(LoadScopeScheduling):
    """Lets one process run all tests that begin with what takes long to prepare.

    Other tests are handed out one by one. ``xdist_group`` has no effect: xdist 3.8
    writes the group where pytest 9.2 does not look.
    """

    @override
    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if Path(path).name in LOOKS_AT_THE_YEAR:
            return "the year"
        if Path(path).name in LEARNS_FROM_REAL_LOAD:
            return "the real load"
        return path if path.endswith(PREPARED_ONCE) else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: Producer
) -> LoadScopeScheduling:
    return _PreparedInOneProcess(config, log)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A server with a year of history, in a thread: the official client blocks."""
    settings = {
        "HISTORICAL_START_DATE": YEAR[0].isoformat(),
        "FORECAST_HOURS_AHEAD": "48",
    }
    folder = tmp_path_factory.mktemp("contract")
    with _loop_in_a_thread() as run:
        stack = AsyncExitStack()
        world = run(stack.enter_async_context(running_world(folder, **settings)))
        try:
            run(_collect(world))
            yield world
        finally:
            run(stack.aclose())


@pytest.fixture
def world(filled: World) -> Iterator[World]:
    """The same for one test, at the instant at which it has just collected."""
    filled.clock.set(START)
    yield filled
    filled.clock.set(START)


async def _collect(world: World) -> None:
    collecting = world.server.collecting
    for source in (Source.KAMO, Source.AMBER):
        await collecting.collect_now(source)
    assert collecting.backfill is not None
    await collecting.backfill.run()


@contextmanager
def _loop_in_a_thread() -> Iterator[_Run]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="world")
    thread.start()
    try:
        yield lambda job: asyncio.run_coroutine_threadsafe(job, loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
