"""Sixteen readers while the server collects: no row lost, no error."""

import asyncio
from datetime import timedelta

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.store.runs.overview import row_counts

PATHS = (
    "/api/load/current/20",
    "/api/load/history/1?hours=24",
    "/api/substations/current/3",
    "/api/substations/history/3?hours=1",
    "/api/status",
    "/api/load/peaks/20",
    "/api/sites",
    "/api/health",
)
CYCLES = 12


async def test_sixteen_readers_during_collecting_lose_nothing(start_world):
    async with start_world() as world:
        await world.server.collecting.collect_now(Source.KAMO)
        is_over = asyncio.Event()
        answered = 0

        async def read(number: int) -> None:
            nonlocal answered
            while not is_over.is_set():
                await world.get(PATHS[number % len(PATHS)])
                answered += 1

        async with asyncio.TaskGroup() as tasks:
            for number in range(16):
                tasks.create_task(read(number))
            for _cycle in range(CYCLES):
                world.clock.advance(300)
                run = await world.server.collecting.collect_now(Source.KAMO)
                assert run.end is not None
                assert run.end.counts.substation.new == 302
            is_over.set()

        counts = await world.server.collecting.shared.store.read(row_counts)
        assert counts["substation readings"] == 302 * (CYCLES + 1)
        hours = timedelta(seconds=300 * CYCLES) // timedelta(hours=1)
        assert counts["loads"] >= 20 * (12 + hours)
        assert answered > 16
