"""The world that tests of collecting run in."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from energy_logger_server.simulator.kamo_config import KamoConfig
from tests.server.collect.world import World, start_world

NOON = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""12:00 NEM, a Tuesday."""

type Begin = Callable[..., Awaitable[World]]
type RunFor = Callable[..., Awaitable[None]]


@pytest.fixture
async def begin(tmp_path: Path) -> AsyncIterator[Begin]:
    """Start a world at an instant; keywords are fields of ``AmberConfig``."""
    async with AsyncExitStack() as stack:

        async def started(
            at: datetime = NOON, *, kamo: KamoConfig | None = None, **amber: Any
        ) -> World:
            return await start_world(
                stack, tmp_path, at, amber=amber, kamo=kamo or KamoConfig()
            )

        yield started


@pytest.fixture
def run_for() -> RunFor:
    """Run endless coroutines side by side for a span, then cancel them."""

    async def ran(seconds: float, *works: Awaitable[object]) -> None:
        tasks = [asyncio.ensure_future(work) for work in works]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task

    return ran
