"""A disk that fills up while the server runs: told at once, over when it is over."""

from contextlib import ExitStack, suppress
from datetime import timedelta
from typing import Any

import pytest

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.errors import StoreUnavailable
from tests.server.full_disk import no_room
from tests.server.whole.conftest import StartWorld, World

TICK = timedelta(minutes=5)


async def answer(world: World, path: str) -> Any:
    """An answer of any status."""
    async with world.client.get(f"{world.url}{path}") as response:
        return await response.json()


async def reasons(world: World) -> list[str]:
    """Why the server is not ready, but that nobody started its schedules."""
    body = await answer(world, "/api/ready")
    return [one for one in body["error"]["reasons"] if not one.startswith("the client")]


async def is_working(world: World) -> bool:
    """Whether the metrics say that the store works."""
    async with world.client.get(f"{world.url}/metrics") as response:
        text = await response.text()
    return "\nenergy_logger_store_working 1.0\n" in text


async def collect(world: World) -> None:
    """Collect at the next tick, as far as the store lets it."""
    world.clock.set(world.clock.now() + TICK)
    for source in Source:
        with suppress(StoreUnavailable):
            await world.server.collecting.collect_now(source)


def lines_about_the_store(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of it."""
    return [one for one in caplog.messages if one.startswith("the store ")]


async def test_a_server_that_can_store_nothing_is_not_called_well(
    start_world: StartWorld, caplog: pytest.LogCaptureFixture
):
    async with start_world() as world:
        await collect(world)
        assert await is_working(world)

    with ExitStack() as disk:
        disk.enter_context(no_room())
        async with start_world(at=world.clock.now()) as world:
            for _tick in range(3):
                await collect(world)
            status = await answer(world, "/api/status")
            runs = await answer(world, "/api/runs")

            assert status["status"] == "unhealthy"
            assert status["success_rate_24h"] < 100
            assert status["storage"]["is_working"] is False
            assert status["storage"]["problem"] == "its disk is full"
            since = status["storage"]["failing_since"]
            assert await reasons(world) == [
                f"nothing can be stored since {since}: its disk is full"
            ]
            assert not await is_working(world)
            assert len(lines_about_the_store(caplog)) == 1
            assert "running" not in {run["status"] for run in runs["runs"]}

            disk.close()
            # a connection that is open keeps its limit until it fails once more
            for _tick in range(2):
                await collect(world)

            status = await answer(world, "/api/status")
            assert status["storage"]["is_working"] is True
            assert await reasons(world) == []
            assert await is_working(world)
            assert status["last_import"]["status"] == "success"
            assert len(lines_about_the_store(caplog)) == 2
            running = await answer(world, "/api/runs?status=running")
            assert running["runs"] == []
