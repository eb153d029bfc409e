"""KAMO's look-alike in a process of its own, so that its work is not counted."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from multiprocessing.connection import Connection

from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.settable_clock import SettableClock

_STARTS_WITHIN_S = 60


@contextmanager
def simulated_kamo(at: datetime) -> Iterator[str]:
    """Run the simulator; give its base URL. Its clock stands until it is moved."""
    # not fork: threads and an event loop may be running here
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, at), daemon=True)
    process.start()
    try:
        if not here.poll(_STARTS_WITHIN_S):
            raise TimeoutError("the simulator did not start")
        yield str(here.recv())
    finally:
        process.terminate()
        process.join()
        process.close()
        here.close()
        there.close()


def _serve(parent: Connection, at: datetime) -> None:
    async def run() -> None:
        clock = SettableClock(at)
        async with serve(Simulator(now=clock.now)) as base_url:
            parent.send(base_url)
            await asyncio.Event().wait()

    asyncio.run(run())
