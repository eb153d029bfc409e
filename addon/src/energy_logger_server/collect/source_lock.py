"""Whose turn it is at one source: never two runs at once, live ones first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.errors import RunInProgress

from .waiting import sleep_until

_CLEAR_OF_TICK = timedelta(seconds=35)
"""Longer than one request and its write can take."""


class SourceLock:
    """The right to run at one source.

    Live runs (ticks and manual ones) come first: backfill begins nothing that might
    still be under way at the next tick, and a live run waits for at most the one
    window that backfill is reading.

    Attributes:
        next_tick_at: Instant (UTC) of the next live run; None when none is planned.
    """

    def __init__(self, source: Source, clock: Clock) -> None:
        self.next_tick_at: datetime | None = None
        self._source = source
        self._clock = clock
        self._is_live = False
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._window = asyncio.Lock()

    @property
    def is_live(self) -> bool:
        """Whether a live run is under way."""
        return self._is_live

    def acquire(self) -> None:
        """Take the turn for a live run.

        Raises:
            RunInProgress: If another live run has it.
        """
        if self._is_live:
            raise RunInProgress(self._source.value)
        self._is_live = True
        self._quiet.clear()

    def release(self) -> None:
        """Give the turn of a live run back."""
        self._is_live = False
        self._quiet.set()

    async def wait_for_backfill(self) -> None:
        """Return when the window that backfill is reading, if any, is done."""
        async with self._window:
            pass

    @asynccontextmanager
    async def idle_window(self) -> AsyncIterator[None]:
        """Hold the turn for one window of backfill, once it disturbs no live run."""
        while True:
            await self._quiet.wait()
            tick = self._tick_nearby()
            if tick is None:
                break
            await sleep_until(self._clock, tick)
            # the run of that tick begins after this sleeper, which woke first
            await asyncio.sleep(1)
        async with self._window:
            yield

    def _tick_nearby(self) -> datetime | None:
        tick = self.next_tick_at
        if tick is None or tick - self._clock.now() >= _CLEAR_OF_TICK:
            return None
        return tick
