"""Simulated utilities that run for a test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from energy_logger_simulator.amber.answers import AmberAnswers
from energy_logger_simulator.server import AmberConfig, Simulator, serve
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.simulator.running_amber import START, RunningAmber, StartAmber


@pytest.fixture
async def start_amber() -> AsyncIterator[StartAmber]:
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> RunningAmber:
            clock = SettableClock(START)
            config = AmberConfig(start=START, **options)
            simulator = Simulator(amber=config, now=clock.now)
            url = await stack.enter_async_context(serve(simulator))
            session = await stack.enter_async_context(aiohttp.ClientSession())
            return RunningAmber(simulator, clock, session, url)

        yield start


@pytest.fixture(scope="session")
def answers() -> AmberAnswers:
    """What Amber answers by default, without HTTP in between."""
    return AmberAnswers(AmberConfig(start=START))


@pytest.fixture
async def amber(start_amber: StartAmber) -> RunningAmber:
    """Site A and B as by default."""
    return await start_amber()
