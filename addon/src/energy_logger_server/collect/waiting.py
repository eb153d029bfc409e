"""Waiting: for instants, for several things, for what must not be cut off."""

import asyncio
from collections.abc import Coroutine, Iterable
from datetime import datetime, timedelta
from typing import Any

from energy_logger_server.clock import Clock

_FURTHEST = timedelta(hours=1)
_LONGEST_SLEEP_S = 60.0
"""A clock that is set, or a machine that slept, is noticed after so many seconds."""


async def sleep_until(clock: Clock, at: datetime) -> None:
    """Return when the clock shows ``at`` or later.

    A clock that is set back meanwhile does not make it longer. An instant more than
    an hour away, which nobody plans, was read from a clock that has been set back
    since: it is not waited for.
    """
    if at - clock.now() > _FURTHEST:
        return
    loop = asyncio.get_running_loop()
    ends_s = loop.time() + (at - clock.now()).total_seconds()
    while (left_s := (at - clock.now()).total_seconds()) > 0:
        really_left_s = ends_s - loop.time()
        if really_left_s <= 0:
            return
        await asyncio.sleep(min(left_s, really_left_s, _LONGEST_SLEEP_S))


async def finish_before_cancel[Result](work: Coroutine[Any, Any, Result]) -> Result:
    """Return what ``work`` returns; a cancellation waits for its end first.

    For writes: a transaction in its thread cannot be called back, and whoever goes on
    before its end would not know what the store holds.
    """
    task = asyncio.ensure_future(work)
    try:
        # unlike a shield, waiting does not report a failure behind the caller's back
        await asyncio.wait({task})
    except asyncio.CancelledError:
        await asyncio.wait({task})
        if not task.cancelled():
            # read, so that asyncio does not report it as forgotten: being cancelled
            # is what this caller has to report
            task.exception()
        raise
    return task.result()


async def run_all(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all at once; an error in one cancels the others and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures


async def run_until(event: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Run until an event is set, then cancel the work and wait for its end.

    An error of the work is raised.
    """
    task = asyncio.ensure_future(work)
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in (task, waiting):
            one.cancel()
        await asyncio.wait({task, waiting})
        # read in any case, so that asyncio does not report it as forgotten
        error = None if task.cancelled() else task.exception()
    if error is not None:
        raise error
