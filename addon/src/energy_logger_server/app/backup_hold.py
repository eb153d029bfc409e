"""Keeping the store's file as it is while Home Assistant copies it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from energy_logger_server.clock import Clock
from energy_logger_server.collect.waiting import sleep_until
from energy_logger_server.errors import BackupNotHeld, StoreInUse
from energy_logger_server.store import Store

from .startup import Startup

LONGEST_HOLD = timedelta(minutes=60)
"""By then a backup has ended, or nobody will say that it has."""

_LOG = logging.getLogger(__name__)
_TOO_LATE = (
    "the store's file has not been held until the end of the backup, because the "
    "backup took too long or too much was written meanwhile: do not rely on this one"
)


class BackupHold:
    """Holds the file of a store that is open, and keeps one that is not from opening.

    One hold at a time; a further beginning replaces the one before.
    """

    def __init__(self, clock: Clock, startup: Startup) -> None:
        """Hold nothing yet.

        Args:
            clock: Tells when a hold has lasted too long.
            startup: Knows why the store is not open.
        """
        self._clock = clock
        self._startup = startup
        self._store: Store | None = None
        self._is_lost = False
        self._guard: asyncio.Task[None] | None = None
        self._released = asyncio.Event()
        self._released.set()
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def opening(self) -> AsyncIterator[None]:
        """Wait for the end of a hold, and have the next one wait for this opening."""
        while True:
            await self._released.wait()
            async with self._turn:
                # another hold may have been faster
                if self._released.is_set():
                    yield
                    return

    def use(self, store: Store | None) -> None:
        """Note that a store has been opened, or that it is about to be closed."""
        self._store = store

    async def begin(self) -> str:
        """Hold the file until ``end``, or for an hour; return what was done.

        Raises:
            BackupNotHeld: If that cannot be done.
            StoreInUse: If the store is another server's, which has to be asked.
            StoreUnavailable: If the database does not answer.
        """
        async with self._turn:
            await self._release()
            self._is_lost = False
            if self._store is None:
                self._refuse_for_another_server()
                said = "the store is not open, and stays so until the backup has ended"
            elif await self._store.hold_file():
                said = "the store's file is held"
            else:
                return "there is nothing to hold: the store is in PostgreSQL"
            self._released.clear()
            self._guard = asyncio.create_task(self._give_up())
        _LOG.info("backup: %s", said)
        return said

    async def end(self) -> str:
        """End the hold; return what was done.

        Raises:
            BackupNotHeld: If the file has not been held until now.
        """
        async with self._turn:
            was_held = not self._released.is_set()
            self._is_lost |= not await self._release()
            if self._is_lost:
                self._is_lost = False
                raise BackupNotHeld(_TOO_LATE)
        if not was_held:
            return "nothing was held"
        said = "the store's file may change again"
        _LOG.info("backup: %s", said)
        return said

    async def close(self) -> None:
        """End the guard; the store's file is left alone until it is opened again."""
        if self._guard is not None:
            self._guard.cancel()
            await asyncio.wait({self._guard})

    async def _give_up(self) -> None:
        """End the hold when it has lasted too long."""
        await sleep_until(self._clock, self._clock.now() + LONGEST_HOLD)
        async with self._turn:
            self._guard = None
            await self._release()
            self._is_lost = True
        _LOG.warning(
            "backup: nobody has said within an hour that it has ended: the store's "
            "file may change again"
        )

    async def _release(self) -> bool:
        """Return False if a hold had ended by itself."""
        if self._released.is_set():
            return True
        if self._guard is not None:
            self._guard.cancel()
            self._guard = None
        was_held = self._store is None or await self._store.release_file()
        self._released.set()
        return was_held

    def _refuse_for_another_server(self) -> None:
        if self._startup.state.problem.code == StoreInUse.code:
            raise BackupNotHeld(self._startup.state.problem.message)
