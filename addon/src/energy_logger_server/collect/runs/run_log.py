"""Runs and their entry in the run log: opened, filled, closed whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from energy_logger_server.api.errors import (
    EnergyLoggerError,
    SourceError,
    SourceRateLimited,
    SourceUnreadable,
)
from energy_logger_server.api.kamo_models import AreaGrid, SubstationTable
from energy_logger_server.api.models import Answer, RejectedRecord
from energy_logger_server.collect.shared import Shared
from energy_logger_server.collect.waiting import finish_before_cancel
from energy_logger_server.domain.collecting.batch import Part, UnreadableAnswer
from energy_logger_server.domain.collecting.runs import (
    Failure,
    Outcome,
    RunEnd,
    RunRecord,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.errors import StoreError, StoreUnavailable
from energy_logger_server.store.runs.read import runs_since

from .failure_log import FailureLog
from .source_problems import SourceProblems

_LOG = logging.getLogger(__name__)


class RunLog:
    """Opens the runs of one source, and closes those that the store could not."""

    def __init__(
        self,
        source: Source,
        interval_minutes: int,
        shared: Shared,
    ) -> None:
        self.source = source
        self.store = shared.store
        self.clock = shared.clock
        self.clock_watch = shared.clock_watch
        self.interval_minutes = interval_minutes
        self.publisher = shared.publisher
        self.problems = SourceProblems(source, shared.clock)
        self.failure_log = FailureLog(source, self.problems)
        self._left_open: list[tuple[RunRecord, RunEnd]] = []

    def open(self, trigger: Trigger, *, ticks_skipped: int = 0) -> "ActiveRun":
        """Return a run to enter by ``async with``."""
        return ActiveRun(self, trigger, ticks_skipped)

    async def has_read_since(self, instant: datetime) -> bool:
        """Return whether a live run that began since then has read anything.

        Raises:
            StoreUnavailable: If the store does not answer.
        """
        before = instant - timedelta(milliseconds=1)
        runs = await self.store.read(runs_since, before)
        return any(
            run.source is self.source
            and run.trigger is not Trigger.BACKFILL
            and run.end is not None
            and run.end.outcome in (Outcome.SUCCESS, Outcome.PARTIAL)
            for run in runs
        )

    def leave_open(self, run: RunRecord, end: RunEnd) -> None:
        """Remember a run whose end could not be written."""
        self._left_open.append((run, end))

    async def close_left_open(self) -> None:
        """Write the ends that could not be written before.

        Raises:
            StoreUnavailable: If they still cannot.
        """
        while self._left_open:
            run, end = self._left_open[0]
            try:
                await self.store.write(run.id, (), end=end)
            except StoreUnavailable:
                raise
            except StoreError as err:
                # it would stop every run from now on
                _LOG.warning("a run stays open in the log: %s", err)
                self._left_open.pop(0)
                continue
            self._left_open.pop(0)
            self.publisher.publish_run(replace(run, end=end))


class ActiveRun:
    """A run under way.

    Leaving the context closes it in the log: as interrupted when it was cancelled, as
    failed when an error came through. Series are named as in ``Failure.subject``.

    Attributes:
        end: The closing entry; None while the run is open.
    """

    def __init__(self, run_log: RunLog, trigger: Trigger, ticks_skipped: int) -> None:
        self.end: RunEnd | None = None
        self._run_log = run_log
        self._trigger = trigger
        self._ticks_skipped = ticks_skipped
        self._run: RunRecord | None = None
        self._jobs = 0
        self._requests = 0
        self._counts = WriteCounts()
        self._series: dict[str, bool] = {}
        self._failures: dict[str, Failure] = {}
        self._samples: list[Part] = []
        self._reported: BaseException | None = None

    async def __aenter__(self) -> Self:
        try:
            await finish_before_cancel(self._begin())
        except asyncio.CancelledError as err:
            await self._close_after(err)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            await self._close_after(error)
        elif self.end is None:
            try:
                await self.close()
            except BaseException as close_error:
                await self._close_after(close_error)
                raise

    def expect(self, jobs: int) -> None:
        """Announce so many calls of ``complete``; the last one closes the run."""
        self._jobs += jobs

    async def ask[Result](self, subject: str, request: Awaitable[Result]) -> Result:
        """Return the answer to a request upstream about a series, and count it.

        While this machine's clock is wrong it comes under the source's own time.
        """
        self._series.setdefault(subject, False)
        try:
            answer = await request
        except SourceError as err:
            # our own budget's refusal never left the house
            is_call = not (isinstance(err, SourceRateLimited) and err.status is None)
            self._requests += is_call
            if isinstance(err, SourceUnreadable):
                self._samples.append(
                    UnreadableAnswer(err.source, err.path, err.reason, err.sample)
                )
            raise
        self._requests += 1
        if isinstance(answer, Answer) and answer.forecast_error is not None:
            # it was asked for twice
            self._requests += 1
        if isinstance(answer, (Answer, AreaGrid, SubstationTable)):
            return self._run_log.clock_watch.dated(self._run_log.source, answer)
        return answer

    def succeed(self, subject: str, rejected: Sequence[RejectedRecord] = ()) -> None:
        """Note that a series was read, but for the records that could not be."""
        self._series[subject] = True
        if rejected:
            self._failures[subject] = Failure(
                subject,
                SourceUnreadable.code,
                f"{len(rejected)} of its records could not be read and are kept as "
                f"samples; the first: {rejected[0].reason}",
            )

    def remark(self, subject: str, code: str, message: str) -> None:
        """Note what is odd about a series that was read all the same."""
        self._failures.setdefault(subject, Failure(subject, code, message))

    def fail(self, subject: str, error: EnergyLoggerError) -> None:
        """Note why a series, or a part of what was asked of it, got nothing."""
        self._series.setdefault(subject, False)
        self._failures[subject] = Failure(subject, error.code, str(error))
        self._reported = error

    async def write(self, parts: Sequence[Part]) -> None:
        """Write parts at once.

        Raises:
            StoreUnavailable: If nothing was written.
        """
        await finish_before_cancel(self._write(parts, None))

    async def complete(self, parts: Sequence[Part] = ()) -> None:
        """Write the last parts of a job; with the last job's the run's end too.

        Raises:
            StoreUnavailable: If nothing was written.
        """
        self._jobs -= 1
        if self._jobs <= 0:
            await self.close(parts)
        elif parts:
            await self.write(parts)

    async def close(self, parts: Sequence[Part] = ()) -> None:
        """Write parts and the run's end in one transaction.

        Raises:
            StoreUnavailable: If nothing was written.
        """
        await finish_before_cancel(self._write(parts, self._end(self._outcome())))

    @property
    def problems(self) -> SourceProblems:
        """What is wrong with the source for more than a run."""
        return self._run_log.problems

    @property
    def counts(self) -> WriteCounts:
        """What the run has brought so far."""
        return self._counts

    async def _begin(self) -> None:
        run_log = self._run_log
        await run_log.publisher.load_last()
        await run_log.close_left_open()
        started_at = self._now()
        run_id = await run_log.store.begin_run(
            run_log.source, self._trigger, run_log.interval_minutes
        )
        self._run = RunRecord(
            run_id,
            run_log.source,
            self._trigger,
            run_log.interval_minutes,
            started_at,
            None,
        )

    async def _write(self, parts: Sequence[Part], end: RunEnd | None) -> None:
        if self._run is None:
            raise RuntimeError("the run was not entered")
        samples, self._samples = self._samples, []
        try:
            self._counts += await self._run_log.store.write(
                self._run.id, (*parts, *samples), end=end
            )
        except StoreError:
            self._samples = samples + self._samples
            raise
        if end is not None:
            self._ended(self._run, replace(end, counts=self._counts))
        await self._publish(self._run, parts)

    def _ended(self, run: RunRecord, end: RunEnd) -> None:
        self.end = end
        if run.trigger is not Trigger.BACKFILL:
            self._run_log.failure_log.record(end, self._series)

    async def _publish(self, run: RunRecord, parts: Sequence[Part]) -> None:
        publisher = self._run_log.publisher
        if run.trigger is not Trigger.BACKFILL:
            await publisher.publish_prices(parts)
        if self.end is not None:
            publisher.publish_run(replace(run, end=self.end))

    async def _close_after(self, error: BaseException) -> None:
        """Close the run with what it has; the caller reports the error itself."""
        if self._run is None or self.end is not None:
            return
        source = self._run_log.source
        is_stopped = isinstance(error, asyncio.CancelledError)
        outcome = Outcome.INTERRUPTED if is_stopped else Outcome.FAILED
        if not is_stopped and error is not self._reported:
            self._failures[source.value] = _failure_of(source, error)
        end = self._end(outcome)
        try:
            await finish_before_cancel(self._write((), end))
        except StoreError as store_error:
            if not isinstance(store_error, StoreUnavailable):
                _LOG.warning("the end of a run could not be logged: %s", store_error)
                end = replace(end, failures=(_failure_of(source, store_error),))
            self._samples.clear()
            self._ended(self._run, end)
            self._run_log.leave_open(self._run, end)

    def _outcome(self) -> Outcome:
        if not self._failures:
            return Outcome.SUCCESS
        return Outcome.PARTIAL if any(self._series.values()) else Outcome.FAILED

    def _end(self, outcome: Outcome) -> RunEnd:
        return RunEnd(
            finished_at=self._now(),
            outcome=outcome,
            series_total=len(self._series),
            failures=tuple(self._failures.values()),
            counts=self._counts,
            requests=self._requests,
            ticks_skipped=self._ticks_skipped,
        )

    def _now(self) -> datetime:
        """Return the present as the log keeps it: to the millisecond."""
        epoch_ms = round(self._run_log.clock.now().timestamp() * 1000)
        return datetime.fromtimestamp(epoch_ms / 1000, UTC)


def _failure_of(source: Source, error: BaseException) -> Failure:
    if isinstance(error, EnergyLoggerError):
        return Failure(source.value, error.code, str(error))
    return Failure(
        source.value,
        "unexpected",
        f"an unexpected {type(error).__name__}: see the server's log",
    )
