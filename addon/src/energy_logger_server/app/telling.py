"""Looking after everything in the background, and telling the owner."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from energy_logger_server.collect.schedule import log_errors
from energy_logger_server.notify.notifier import Notifier


@asynccontextmanager
async def telling(notifier: Notifier) -> AsyncIterator[None]:
    """Look at everything again and again while the context lasts."""
    task = asyncio.ensure_future(_look_again_and_again(notifier))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _look_again_and_again(notifier: Notifier) -> None:
    while True:
        # a defect of it must end neither the server nor the next look
        await log_errors("a look at what is wrong", notifier.look())
        await notifier.wait()
