"""Back-tests of the peak watch that a server makes: one at a time, in a thread."""

import asyncio
from dataclasses import replace

from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.clock import Clock
from energy_logger_server.domain.events import BacktestStep, Publish
from energy_logger_server.domain.peak_watch.backtest_job import BacktestJob
from energy_logger_server.domain.peak_watch.report import (
    BacktestOrder,
    BacktestStage,
    Report,
    ordered_report,
)
from energy_logger_server.errors import BacktestInProgress
from energy_logger_server.store import Store
from energy_logger_server.store.kamo.load_hours import load_history
from energy_logger_server.store.records import KnownArea

from .daemon_thread import UNFORESEEN, Stopping, in_daemon_thread, log_unforeseen

_STEP = 0.05
"""Of a stage: what is less is not worth an event."""
_LONGEST_STOP_S = 5.0


class Backtests:
    """Makes back-tests of what is stored.

    Attributes:
        job: The one under way, or the last that ended; None before the first.
    """

    def __init__(self, store: Store, clock: Clock, publish: Publish) -> None:
        """Do nothing yet.

        Args:
            store: Has the hours.
            clock: Tells the time.
            publish: Is called with events.
        """
        self.job: BacktestJob | None = None
        self._store = store
        self._clock = clock
        self._publish = publish
        self._task: asyncio.Task[None] | None = None
        self._is_stopping = False

    def start(self, area: KnownArea, order: BacktestOrder) -> BacktestJob:
        """Judge the watch on an area's stored hours in the background.

        Raises:
            BacktestInProgress: If another one is under way.
        """
        if self.job is not None and self.job.is_running:
            raise BacktestInProgress
        job = BacktestJob(area.area_id, area.name, order, self._clock.now())
        self._note(job)
        self._task = asyncio.create_task(self._do(job))
        self._task.add_done_callback(log_unforeseen)
        return job

    async def wait(self) -> None:
        """Return when the one under way has ended."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def stop(self) -> None:
        """Have the one under way end at its next step."""
        self._is_stopping = True
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=_LONGEST_STOP_S)

    async def _do(self, job: BacktestJob) -> None:
        report: Report | None = None
        error: str | None = UNFORESEEN
        try:
            report = await self._made(job)
            error = job.order.too_little if report is None else None
        except EnergyLoggerError as err:
            error = str(err)
        except Stopping:
            error = "the server was stopped"
        finally:
            # whatever happened: one that seems to run keeps all others away
            ended_at = self._clock.now()
            self._note(
                replace(self.job or job, ended_at=ended_at, error=error, report=report)
            )

    async def _made(self, job: BacktestJob) -> Report | None:
        history = await self._store.read(load_history, job.area_id)
        if history is None:
            return None
        loop = asyncio.get_running_loop()

        def report_step(stage: BacktestStage, share: float) -> None:
            if self._is_stopping:
                raise Stopping
            loop.call_soon_threadsafe(self._note_step, stage, share)

        return await in_daemon_thread(
            "back-test", lambda: ordered_report(history, job.order, report_step)
        )

    def _note_step(self, stage: BacktestStage, share: float) -> None:
        job = self.job
        if job is not None and (stage is not job.stage or share - job.share >= _STEP):
            self._note(replace(job, stage=stage, share=share))

    def _note(self, job: BacktestJob) -> None:
        self.job = job
        self._publish(BacktestStep(job))
