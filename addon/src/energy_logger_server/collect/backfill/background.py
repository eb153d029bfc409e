"""Passes of backfill that somebody asks for; they run in the background."""

import asyncio
import logging
from dataclasses import replace

from energy_logger_server.api.errors import SourceError
from energy_logger_server.collect.schedule import log_errors
from energy_logger_server.domain.collecting.backfill_progress import BackfillStatus
from energy_logger_server.errors import RunInProgress, StoreInUse

from .backfill import Backfill

_LOG = logging.getLogger(__name__)


class BackgroundBackfill:
    """Starts passes besides the daily one, never two at once; owns their task."""

    def __init__(self, backfill: Backfill) -> None:
        """Nothing runs yet.

        Args:
            backfill: Shared with the daily pass.
        """
        self._backfill = backfill
        self._pass: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    def status(self) -> BackfillStatus:
        """Return how backfill stands."""
        return replace(self._backfill.status(), is_queued=_is_open(self._next))

    def start(self) -> None:
        """Start a pass; how it ends, the status says.

        Raises:
            RunInProgress: If one is under way.
        """
        if self._backfill.status().is_running:
            raise RunInProgress("backfill")
        # eager: it is under way before anybody else can start one
        self._pass = asyncio.Task(
            log_errors("backfill", self._run()),
            loop=asyncio.get_running_loop(),
            eager_start=True,
        )

    def queue(self) -> bool:
        """Start a pass now, or when the one under way has ended.

        A pass keeps the plan that it began with: what was marked since then, only the
        next one sees.

        Returns:
            Whether it has started now.
        """
        if not self._backfill.status().is_running:
            self.start()
            return True
        if not _is_open(self._next):
            self._next = asyncio.ensure_future(self._follow())
        return False

    def pause(self) -> None:
        """Read nothing more after the window under way, until ``resume``."""
        self._backfill.pause()

    def resume(self) -> None:
        """Go on after ``pause``."""
        self._backfill.resume()

    def cancel(self) -> bool:
        """End the pass after the window under way, and forget the queued one.

        Returns:
            Whether there was a pass to end.
        """
        if self._next is not None:
            self._next.cancel()
        self._backfill.cancel()
        return self._backfill.status().is_running

    async def stop(self) -> None:
        """Cancel what runs here and wait for its end."""
        tasks = {task for task in (self._next, self._pass) if task is not None}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _follow(self) -> None:
        await self._backfill.wait_until_idle()
        if not self._backfill.status().is_running:
            self.start()

    async def _run(self) -> None:
        try:
            await self._backfill.run()
        except SourceError as err:
            _LOG.warning("backfill stopped: %s", err)
        except StoreInUse as err:
            # the next run of live collecting meets it too and ends the server
            _LOG.debug("backfill stopped: %s", err)


def _is_open(task: asyncio.Task[None] | None) -> bool:
    return task is not None and not task.done()
