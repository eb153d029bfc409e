"""Lets a test of the server run in virtual time.

Mark one test, or a whole module by ``pytestmark``::

    @pytest.mark.virtual_time
    async def test_a_day_of_ticks_is_288(...): ...

The test and its async fixtures (function scope) then run on a `VirtualTimeLoop`:
``asyncio.sleep`` and time-outs cost no real time, loopback HTTP and thread jobs work
as usual, and ``VirtualClock(start)``, made inside the test or an async fixture, is the
clock to inject. Tests without the mark run on an ordinary loop.
"""

import asyncio
import gc
import signal
from collections.abc import Callable, Mapping

import pytest
from aiohttp import web_app
from hypothesis import given, settings
from hypothesis.strategies import none

from energy_logger_simulator.virtual_time import VirtualTimeLoop
from tests.server.filled_store import exported, filled_file
from tests.server.postgres import new_postgres_url, postgres_server, postgres_url
from tests.server.programs import fork_server

# the same examples in every run, however busy the machine is
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

__all__ = [
    "exported",
    "filled_file",
    "fork_server",
    "new_postgres_url",
    "postgres_server",
    "postgres_url",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that replays three years of real load, not a few days of them."""
    parser.addoption(
        "--whole-file", action="store_true", help="replay every hour of 2016 to 2018"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "virtual_time: waiting costs no real time",
    )
    # what a shell starts in the background inherits that interrupts are ignored, and
    # so would every command that a test starts
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Leave what imports and collecting made out of every later garbage collection."""
    # Hypothesis asks the collector who holds its generator, which it makes at the first
    # test; of what is frozen the collector does not know
    given(none())(lambda _nothing: None)()
    gc.collect()
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Let a test's applications go: aiohttp keeps a thousand of them for their routes.

    Every garbage collection would have to look at all that they hold.
    """
    web_app._cached_build_middleware.cache_clear()  # noqa: SLF001 - no other way


def pytest_asyncio_loop_factories(
    item: pytest.Item,
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    if item.get_closest_marker("virtual_time"):
        return {"virtual": VirtualTimeLoop}
    return {"real": asyncio.new_event_loop}
