"""Ticks aligned to the wall clock, and what runs at them."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from energy_logger_server.api.plan import next_tick, ticks_between
from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.runs import RunEnd, Trigger
from energy_logger_server.domain.collecting.status import SourceStatus
from energy_logger_server.errors import StoreError, StoreInUse, StoreUnavailable

from .runs.cycle_log import CycleLog
from .runs.run_log import RunLog
from .source_lock import SourceLock

_LOG = logging.getLogger(__name__)
_LONGEST_SLEEP_S = 60.0
_CLEAR_OF_TICK = timedelta(seconds=60)
"""A run at the start is left to a tick that comes sooner."""


class Collector(Protocol):
    """Runs once for one source."""

    @property
    def runs(self) -> RunLog:
        """Its entries in the run log; they name the source and the interval."""
        ...

    @property
    def offset_s(self) -> int:
        """Seconds by which its ticks come after the mark on the clock."""
        ...

    @property
    def refused_since(self) -> datetime | None:
        """Instant (UTC) from which on its key is refused, or None."""
        ...

    async def collect(self, trigger: Trigger, *, ticks_skipped: int) -> RunEnd | None:
        """Run once; return None when there is no point in a run now.

        Args:
            trigger: What started it; a manual run is always attempted.
            ticks_skipped: For the run log.

        Raises:
            StoreUnavailable: If the store cannot write.
        """
        ...


class Schedule:
    """Starts a collector's runs, one at a time. Does not know what they do."""

    def __init__(self, collector: Collector, clock: Clock, turn: SourceLock) -> None:
        """Nothing runs yet.

        Args:
            collector: What runs.
            clock: Tells the ticks.
            turn: Shared with whatever else runs at the same source.
        """
        self._collector = collector
        self._clock = clock
        self._lock = turn
        self._manual: asyncio.Task[RunEnd | None] | None = None
        self._missed = 0
        self._missed_ever = 0
        self._cycles = CycleLog()
        self._is_started = False
        self._is_on = asyncio.Event()
        self._is_on.set()
        self._changed = asyncio.Event()

    @property
    def is_on(self) -> bool:
        """Whether it runs at ticks."""
        return self._is_on.is_set()

    def retime(self, *, is_on: bool) -> None:
        """Plan the next tick anew: the interval may be another one.

        A run under way is not disturbed.

        Args:
            is_on: Whether to run at ticks from now on.
        """
        if is_on:
            self._is_on.set()
        else:
            self._is_on.clear()
        self._changed.set()
        if self._is_started:
            self._plan_tick()

    async def run(self, *, collects_at_start: bool = False) -> None:
        """Run at every tick, while it is on, until cancelled.

        A cancellation closes the run under way, a manual one too, as interrupted.

        Args:
            collects_at_start: Whether to run once before the first tick too, unless
                that is near or the present interval has been read already.
        """
        self._is_started = True
        try:
            if collects_at_start and self.is_on:
                began = self._clock.now()
                await log_errors("the first look at the store", self._run_at_start())
                self._miss(self._ticks_between(began, self._clock.now()))
            while True:
                tick = await self._wait_for_tick()
                began = self._clock.now()
                self._miss(self._ticks_between(tick, began))
                await self._run_at_tick()
                self._miss(self._ticks_between(began, self._clock.now()))
        finally:
            self._is_started = False
            self._lock.next_tick_at = None
            if self._manual is not None:
                self._manual.cancel()
                await asyncio.wait({self._manual})

    def start_now(self) -> "asyncio.Task[RunEnd | None]":
        """Start a manual run; its task raises what stops it.

        Raises:
            RunInProgress: If a run is under way.
        """
        self._lock.acquire()
        task = asyncio.ensure_future(self._collect(Trigger.MANUAL))
        # a task that is cancelled before its first step could not release by itself
        task.add_done_callback(lambda _task: self._lock.release())
        self._manual = task
        return task

    def status(self) -> SourceStatus:
        """Return how things stand, for a status page."""
        runs = self._collector.runs
        return SourceStatus(
            source=runs.source,
            interval_minutes=runs.interval_minutes,
            is_started=self._is_started,
            is_running=self._lock.is_live,
            next_tick_at=self._lock.next_tick_at,
            refused_since=self._collector.refused_since,
            ticks_skipped=self._missed_ever,
            cycle_times=self._cycles.times,
            problems=(
                *runs.problems.present,
                *runs.clock_watch.problems(runs.source),
            ),
            clock_difference_s=runs.clock_watch.difference_s(runs.source),
        )

    async def _wait_for_tick(self) -> datetime:
        self._changed.clear()
        await self._is_on.wait()
        tick = self._next_tick()
        while (now := self._clock.now()) < tick:
            # a clock that was set back has an earlier tick
            tick = self._lock.next_tick_at = min(tick, self._next_tick())
            # a clock that was set on, or a machine that slept, must not be missed
            left_s = (tick - now).total_seconds()
            is_changed = await self._is_changed_within(min(left_s, _LONGEST_SLEEP_S))
            # a change that comes with the tick takes nothing away from it
            if is_changed and not (self.is_on and self._clock.now() >= tick):
                await self._is_on.wait()
                tick = self._next_tick()
        return tick

    async def _is_changed_within(self, seconds: float) -> bool:
        """Wait; return at once, and true, when the plan has changed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        is_changed = self._changed.is_set()
        self._changed.clear()
        return is_changed

    def _plan_tick(self) -> None:
        self._lock.next_tick_at = self._next_tick() if self.is_on else None

    async def _run_at_start(self) -> None:
        runs, tick = self._collector.runs, self._next_tick()
        interval_began_at = tick - timedelta(minutes=runs.interval_minutes)
        is_read = await runs.has_read_since(interval_began_at)
        is_near = tick - self._clock.now() < _CLEAR_OF_TICK
        # a manual run may have been faster
        if not (is_read or is_near or self._lock.is_live):
            await self._run_now(Trigger.START)

    async def _run_at_tick(self) -> None:
        if self._lock.is_live:
            self._miss(1)
            return
        await self._run_now(Trigger.TICK)

    async def _run_now(self, trigger: Trigger) -> None:
        self._lock.acquire()
        self._plan_tick()
        try:
            await log_errors(
                f"a run of {self._collector.runs.source}", self._collect(trigger)
            )
        finally:
            self._lock.release()

    async def _collect(self, trigger: Trigger) -> RunEnd | None:
        await self._lock.wait_for_backfill()
        began = self._clock.now()
        missed, self._missed = self._missed, 0
        end = await self._collector.collect(trigger, ticks_skipped=missed)
        if end is None:
            self._missed += missed
        else:
            self._cycles.add((self._clock.now() - began).total_seconds())
        return end

    def _miss(self, ticks: int) -> None:
        self._missed += ticks
        self._missed_ever += ticks

    def _next_tick(self) -> datetime:
        return next_tick(
            self._clock.now(),
            self._collector.runs.interval_minutes,
            self._collector.offset_s,
        )

    def _ticks_between(self, earlier: datetime, later: datetime) -> int:
        return ticks_between(
            earlier,
            later,
            self._collector.runs.interval_minutes,
            self._collector.offset_s,
        )


async def log_errors(what: str, work: Awaitable[object]) -> None:
    """Await work of an endless loop, which must go on whatever happens in it.

    Raises:
        StoreInUse: If another server writes to the store by now: the one error that
            ends collecting.
    """
    try:
        await work
    except StoreInUse:
        raise
    except StoreUnavailable as err:
        # the store itself says so once, however long it lasts
        _LOG.debug("%s failed: %s", what, err)
    except StoreError as err:
        _LOG.error("%s failed: %s", what, err)
    except Exception:  # noqa: BLE001 - a defect in one run must not end collecting
        _LOG.exception("%s failed unexpectedly", what)
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        # an error on the way out must not swallow the stop
        raise asyncio.CancelledError
