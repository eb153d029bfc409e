"""Checking in the background what is wrong, and notifying the owner."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from energy_logger_server.collect.schedule import log_errors
from energy_logger_server.notify.notifier import Notifier


@asynccontextmanager
async def notifying(notifier: Notifier) -> AsyncIterator[None]:
    """Check everything again and again while the context lasts."""
    task = asyncio.ensure_future(_check_repeatedly(notifier))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _check_repeatedly(notifier: Notifier) -> None:
    while True:
        # a defect of it must end neither the server nor the next check
        await log_errors("the check of what is wrong", notifier.check())
        await notifier.wait()
