"""Reading history: many windows, resumable, out of the way of live polling.

It remembers nothing between passes: what is still to be read stands in the ledger.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from energy_logger_server.api.errors import EnergyLoggerError, SourceError
from energy_logger_server.api.nem import nem_date_at, nem_day_start
from energy_logger_server.api.rate_limit import BACKFILL_RESERVE
from energy_logger_server.collect.amber.account import AmberAccess
from energy_logger_server.collect.amber.sites import SUBJECT, SiteDirectory
from energy_logger_server.collect.planning.present import PlanPresent
from energy_logger_server.collect.planning.site_ledger import DayWindow
from energy_logger_server.collect.runs.run_log import RunLog
from energy_logger_server.collect.schedule import log_errors
from energy_logger_server.collect.shared import Shared
from energy_logger_server.collect.source_lock import SourceLock
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
    BackfillStatus,
)
from energy_logger_server.domain.collecting.runs import Source, Trigger, WriteCounts
from energy_logger_server.errors import RunInProgress

from .history import BackfillHistory
from .pace import paced_until, time_left
from .queue import BackfillQueue, counter_of

_LOG = logging.getLogger(__name__)
_LONGEST_SLEEP_S = 60.0
_SHORTEST_WAIT = timedelta(seconds=1)
_AFTER_FAILURE = timedelta(hours=1)
_CLOCK_WAIT = timedelta(minutes=1)
_DAILY_AT = timedelta(hours=7, minutes=30)
"""Since NEM midnight: usage of the day before has come out as a rule."""
_UNEXPECTED = "it failed unexpectedly: see the server's log"

_OVER = (BackfillState.DONE, BackfillState.CANCELLED)

type Observer = Callable[[BackfillProgress], Awaitable[None]]


class Backfill:
    """Reads what is missing of an account's history; one run for each window."""

    def __init__(
        self,
        access: AmberAccess,
        settings: Settings,
        turn: SourceLock,
        shared: Shared,
    ) -> None:
        """Reads nothing yet.

        Args:
            access: The token; shared with live collecting.
            settings: Where history begins, and whether to read it anew.
            turn: Amber's; shared with its schedule.
            shared: What all collectors use.
        """
        store, clock = shared.store, shared.clock
        self._clock_watch = shared.clock_watch
        self._access = access
        self._store = store
        self._clock = clock
        self._lock = turn
        self._history = BackfillHistory(store, clock, settings)
        self._runs = RunLog(Source.AMBER, settings.collection_interval_minutes, shared)
        self._progress = BackfillProgress()
        self._started_at = clock.now()
        self._loop_time = asyncio.get_running_loop().time
        self._present = PlanPresent(clock, shared.clock_watch, self._loop_time)
        self._rows = 0
        self._error: str | None = None
        self._next_daily_pass_at: datetime | None = None
        self._is_day_done = False
        self._observer: Observer | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_wanted = asyncio.Event()
        self._cancelled = asyncio.Event()
        self._resumed = asyncio.Event()
        self._resumed.set()

    @property
    def progress(self) -> BackfillProgress:
        """How far the present pass is, or how the last one ended."""
        return self._progress

    def status(self) -> BackfillStatus:
        """Return how things stand, for whoever asks from outside."""
        progress, is_paused = self._progress, not self._resumed.is_set()
        if progress.state is BackfillState.PAUSED and not is_paused:
            # the pause was lifted, and the pass has not woken up yet
            progress = replace(progress, state=BackfillState.RUNNING)
        return BackfillStatus(
            progress=progress,
            is_running=not self._idle.is_set(),
            is_paused=is_paused,
            next_daily_pass_at=self._next_daily_pass_at,
            key_refused_since=self._access.key.refused_since,
        )

    async def wait_until_idle(self) -> None:
        """Return when no pass is under way."""
        await self._idle.wait()

    def pause(self) -> None:
        """Read nothing more after the window under way, until ``resume``."""
        self._resumed.clear()

    def resume(self) -> None:
        """Go on after ``pause``."""
        self._resumed.set()

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings; what history they want is read without delay.

        A pass under way ends after its window, unless they want the same history. A
        pause stays one.
        """
        self._runs.interval_minutes = settings.collection_interval_minutes
        if self._history.apply_settings(settings):
            self._cancelled.set()
            self._is_wanted.set()

    def cancel(self) -> None:
        """End the pass after the window under way; the next one goes on from there."""
        self._cancelled.set()
        self._resumed.set()

    async def run(self, observer: Observer | None = None) -> BackfillProgress:
        """Make one pass over history; return how it ended.

        Args:
            observer: Called after every step.

        Raises:
            RunInProgress: If a pass is under way.
            SourceRefused: If the key is refused.
            SourceError: If upstream gave nothing for several windows in a row.
            StoreUnavailable: If the store cannot write.
        """
        if not self._idle.is_set():
            raise RunInProgress("backfill")
        self._idle.clear()
        queue = BackfillQueue((), {})
        self._observer = observer
        self._cancelled.clear()
        self._started_at = self._clock.now()
        self._rows = 0
        self._error = None
        state = BackfillState.FAILED
        # before anything is awaited: whoever starts a pass sees it run
        self._note(queue, BackfillState.RUNNING)
        try:
            await self._history.mark_for_rereading()
            if not await self._store.sites():
                await self._read_sites()
            queue = await self._plan(queue)
            await self._read_all(queue)
            while not self._cancelled.is_set() and (
                queue.head or self._present.is_outdated
            ):
                # it was planned by a present that is none
                queue = await self._plan(queue)
                await self._read_all(queue)
            state = BackfillState.CANCELLED if queue.head else BackfillState.DONE
            if not self._clock_watch.is_wrong:
                # or days would be given up for a present that is none
                await self._history.mark_unavailable()
        except asyncio.CancelledError:
            state = BackfillState.CANCELLED
            raise
        except EnergyLoggerError as err:
            self._error = str(err)
            raise
        finally:
            try:
                await self._report(queue, state)
            finally:
                # or every later pass would be refused as one more beside this
                self._idle.set()
        _LOG.info(
            "backfill %s: %d of %d windows, %d given up, %d rows",
            state,
            queue.done,
            queue.total,
            queue.failed,
            self._progress.rows,
        )
        return self._progress

    async def run_daily(self, observer: Observer | None = None) -> None:
        """Make a pass now and every NEM day after usage has come out, until cancelled.

        While the key is refused it waits for live collecting, which tries it again;
        after other failures, and while somebody else's pass is under way, an hour.
        """
        while True:
            self._next_daily_pass_at = None
            await self._access.key.wait_until_accepted()
            self._is_wanted.clear()
            self._is_day_done = False
            await log_errors("backfill", self._pass_of_day(observer))
            now = self._clock.now()
            at = _next_daily_pass(now) if self._is_day_done else now + _AFTER_FAILURE
            self._next_daily_pass_at = at
            await self._sleep_unless_wanted(at)

    async def _sleep_unless_wanted(self, until: datetime) -> None:
        longest = until - self._clock.now()
        while (left := until - self._clock.now()) > timedelta():
            if left > longest:
                # the clock was set back since: it had been wrong
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left.total_seconds(), _LONGEST_SLEEP_S)):
                    await self._is_wanted.wait()
                # the pass that the new settings have ended
                await self._idle.wait()
                return

    async def _pass_of_day(self, observer: Observer | None) -> None:
        try:
            await self.run(observer)
            is_over = self._progress.state in _OVER
            self._is_day_done = is_over and bool(await self._history.sites())
        except RunInProgress:
            _LOG.info("the daily backfill waits: somebody started a pass")
        except SourceError as err:
            _LOG.warning("backfill stopped and goes on within the hour: %s", err)

    async def _read_sites(self) -> None:
        """Read the sites, unless live collecting was first."""
        key, client = self._access.key, self._access.client
        directory = SiteDirectory(client, key, self._store, self._clock)
        async with self._lock.idle_window():
            if await self._store.sites():
                return
            async with self._runs.open(Trigger.BACKFILL) as run:
                try:
                    await directory.read(run)
                except SourceError as err:
                    run.fail(SUBJECT, err)
                    raise

    async def _plan(self, queue: BackfillQueue) -> BackfillQueue:
        """Return what is to be read, once the clock is not known to be wrong.

        Args:
            queue: For the status meanwhile.
        """
        while self._clock_watch.is_wrong and not self._cancelled.is_set():
            until = self._clock.now() + _CLOCK_WAIT
            await self._report(queue, BackfillState.WAITING, until)
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOCK_WAIT.total_seconds()):
                    await self._cancelled.wait()
        self._present.renew()
        queue = await self._history.plan()
        await self._report(queue, BackfillState.RUNNING)
        return queue

    async def _read_all(self, queue: BackfillQueue) -> None:
        while (window := queue.head) and not self._cancelled.is_set():
            if self._present.is_outdated:
                return
            if not await self._is_clear(queue, window):
                continue
            async with self._lock.idle_window():
                # while it waited for its turn, live polls drew calls too
                if self._calls_from(queue, window) is None:
                    await self._read(queue, window)
            await self._report(queue, BackfillState.RUNNING)

    async def _is_clear(self, queue: BackfillQueue, window: DayWindow) -> bool:
        """Return whether the window may be read; if not, wait for what hinders it."""
        if not self._resumed.is_set():
            await self._report(queue, BackfillState.PAUSED)
            await self._resumed.wait()
            return False
        until = self._calls_from(queue, window)
        if until is None:
            return True
        await self._report(queue, BackfillState.WAITING, until)
        await self._wait_until(until)
        return False

    def _calls_from(self, queue: BackfillQueue, window: DayWindow) -> datetime | None:
        """Return when the next call may be made, None for now."""
        now = self._clock.now()
        counter = counter_of(window)
        instants = [
            queue.held_until(now),
            self._access.budget.decide(counter, BACKFILL_RESERVE, now),
            *(
                paced_until(snapshot, now)
                for snapshot in self._access.budget.snapshot()
                if snapshot.counter is counter
            ),
        ]
        latest = max((at for at in instants if at is not None), default=now)
        return max(latest, now + _SHORTEST_WAIT) if latest > now else None

    async def _wait_until(self, at: datetime) -> None:
        """Wait; no longer than it is now, and not for what a set clock has outdated."""
        ends_s = self._loop_time() + (at - self._clock.now()).total_seconds()
        while (left := at - self._clock.now()) > timedelta():
            really_left_s = ends_s - self._loop_time()
            if really_left_s <= 0 or self._present.is_outdated:
                return
            wait_s = min(left.total_seconds(), really_left_s, _LONGEST_SLEEP_S)
            with suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._cancelled.wait()
                    return

    async def _read(self, queue: BackfillQueue, window: DayWindow) -> None:
        try:
            is_empty = await self._read_in_run(window)
        except SourceError as err:
            queue.fail(err, self._access.reader.cut, self._clock.now())
            return
        is_over = queue.succeed(is_empty=is_empty, now=self._clock.now())
        if is_over and not self._clock_watch.is_wrong:
            await self._history.mark_unavailable()

    async def _read_in_run(self, window: DayWindow) -> bool:
        """Read a window in a run of its own; return whether the answer was empty."""
        async with self._runs.open(Trigger.BACKFILL) as run:
            try:
                part = await self._access.reader.read(
                    run, window, reserve=BACKFILL_RESERVE
                )
            except SourceError as err:
                run.fail(window.subject, err)
                raise
            run.succeed(window.subject, part.answer.rejected)
            await run.close([part])
        self._rows += _written(run.counts)
        return not (part.answer.records or part.answer.rejected)

    async def _report(
        self,
        queue: BackfillQueue,
        state: BackfillState,
        waiting_until: datetime | None = None,
    ) -> None:
        self._note(queue, state, waiting_until)
        self._runs.publisher.publish_backfill(self._progress)
        if self._observer is not None:
            await self._observer(self._progress)

    def _note(
        self,
        queue: BackfillQueue,
        state: BackfillState,
        waiting_until: datetime | None = None,
    ) -> None:
        now = self._clock.now()
        is_failed = state is BackfillState.FAILED
        self._progress = BackfillProgress(
            state=state,
            started_at=self._started_at,
            at=now,
            windows_done=queue.done,
            windows_total=queue.total,
            windows_failed=queue.failed,
            rows=self._rows,
            waiting_until=waiting_until,
            waiting_for=queue.waits_for(waiting_until),
            time_left=time_left(
                queue.waiting(),
                self._access.budget.snapshot(),
                done=queue.done,
                elapsed=now - self._started_at,
            ),
            error=(self._error or _UNEXPECTED) if is_failed else None,
        )


def _written(counts: WriteCounts) -> int:
    kinds = (counts.price, counts.usage)
    return sum(kind.new + kind.changed for kind in kinds)


def _next_daily_pass(now: datetime) -> datetime:
    tomorrow = nem_date_at(now) + timedelta(days=1)
    return nem_day_start(tomorrow) + _DAILY_AT
