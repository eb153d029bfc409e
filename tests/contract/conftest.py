"""A server that has collected a year of both utilities."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import pytest

from energy_logger_server.domain.runs import Source
from tests.contract.two_ends import START, YEAR, World, running_world
from tests.server.whole.conftest import start_world

__all__ = ["start_world"]

type _Run = Callable[[Coroutine[Any, Any, Any]], Any]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run all that look at the year, which takes long to collect."""
    for item in items:
        if isinstance(item, pytest.Function) and "filled" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("contract"))


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
