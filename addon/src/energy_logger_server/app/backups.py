"""Backups of a server that runs: one piece of work at a time, in a thread."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.backups.create import create_backup
from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.backups.prove import verify_backup
from energy_logger_server.backups.prune import prune_backups
from energy_logger_server.clock import Clock
from energy_logger_server.collect.waiting import sleep_until
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.backups.backup import (
    Backup,
    BackupReason,
    newest_proven,
)
from energy_logger_server.domain.backups.schedule import (
    BackupStatus,
    FailedBackup,
    due_at,
    problems_of,
)
from energy_logger_server.domain.backups.work import (
    BackupJob,
    BackupProgress,
    BackupWork,
)
from energy_logger_server.domain.events import BackupStep, Publish
from energy_logger_server.errors import (
    BackupInProgress,
    BackupUnusable,
    RestoreRefused,
    public_message,
)

from .daemon_thread import UNFORESEEN, Stopping, in_daemon_thread, log_unforeseen
from .restoring import Restoring

_LOG = logging.getLogger(__name__)
_LOOK_EVERY = timedelta(minutes=1)
_NEW = timedelta()
_STEP = 0.05
"""Of a stage: what is less is not worth an event."""

_LONGEST_STOP_S = 5.0
"""How long a step may go on when the server stops; what it leaves is cleaned up."""


class Backups:
    """Makes, tries and lists backups; has them restored.

    Attributes:
        folder: Where they are.
        job: Work under way, or the last that ended; None before the first.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        publish: Publish,
        restoring: Restoring | None,
    ) -> None:
        """Do nothing yet.

        Args:
            settings: Where and when.
            clock: Tells the time.
            publish: Is called with events.
            restoring: Closes the store for a restore; None where nobody can.
        """
        self.folder = BackupFolder(settings.backup_folder)
        self.job: BackupJob | None = None if restoring is None else restoring.job
        self._settings = settings
        self._clock = clock
        self._publish = publish
        self._restoring = restoring
        self._began_at = clock.now()
        self._failed: FailedBackup | None = None
        self._newest_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._task: asyncio.Task[Backup | None] | None = None
        self._is_stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings from the next look on."""
        self._settings = settings

    def start_create(self) -> BackupJob:
        """Make a backup in the background.

        Raises:
            BackupInProgress: If other work is under way.
        """
        return self._start(BackupWork.CREATE, None, self._created(BackupReason.MANUAL))

    def start_verify(self, name: str) -> BackupJob:
        """Try a backup in the background.

        Raises:
            BackupInProgress: If other work is under way.
            BackupUnknown: If there is none of that name.
        """
        self.folder.get(name)
        return self._start(
            BackupWork.VERIFY,
            name,
            lambda: verify_backup(self.folder, name, self._clock, self._report),
        )

    def start_restore(self, name: str) -> BackupJob:
        """Have a backup restored: the store is closed soon, and opened again.

        Raises:
            BackupInProgress: If other work is under way.
            BackupUnknown: If there is none of that name.
            BackupUnusable: If its manifest cannot be read.
            RestoreRefused: If this server cannot.
        """
        backup = self.folder.get(name)
        self._refuse_while_busy()
        if backup.manifest is None:
            raise BackupUnusable(name, backup.state.problem or "it is damaged")
        if self._restoring is None:
            raise RestoreRefused(
                "this server cannot restore: stop it, and see energy-logger backup"
            )
        self.job = self._restoring.order(name)
        return self.job

    async def status(self) -> BackupStatus:
        """Return how backups stand.

        Raises:
            PlaceUnusable: If the folder cannot be read.
        """
        now = self._clock.now()
        if self._looked_at is None or not _NEW <= now - self._looked_at < _LOOK_EVERY:
            self._note_newest(await asyncio.to_thread(self.folder.backups))
        plan, reference = self._settings.backup_plan, self._reference
        return BackupStatus(
            newest_at=self._newest_at,
            next_at=due_at(plan, reference, self._failed),
            problems=problems_of(plan, reference, self._failed, now),
        )

    async def run(self) -> None:
        """Make a backup whenever one is due, until cancelled."""
        while True:
            await self.check()
            await sleep_until(self._clock, self._clock.now() + _LOOK_EVERY)

    async def check(self) -> None:
        """Make a backup if one is due, and drop those that are not needed then."""
        try:
            status = await self.status()
            if status.next_at is not None and status.next_at <= self._clock.now():
                await self._make_planned()
        except EnergyLoggerError as err:
            self._note_failure(err)

    async def wait(self) -> None:
        """Return when the work under way has ended."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def stop(self) -> None:
        """Have work under way end at its next step, which leaves nothing behind."""
        self._is_stopping = True
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=_LONGEST_STOP_S)

    async def _make_planned(self) -> None:
        if self._is_busy:
            return
        self._start(BackupWork.CREATE, None, self._created(BackupReason.SCHEDULED))
        await self.wait()
        settings = self._settings
        await asyncio.to_thread(
            prune_backups, self.folder, settings.backup_retention, settings.backup_zone
        )

    def _created(self, reason: BackupReason) -> Callable[[], Backup]:
        address = self._settings.store_address
        return lambda: create_backup(
            self.folder, address, reason, self._clock, self._report
        )

    def _start(
        self, work: BackupWork, name: str | None, do: Callable[[], Backup]
    ) -> BackupJob:
        self._refuse_while_busy()
        self.job = job = BackupJob(work, name, self._clock.now())
        self._loop = asyncio.get_running_loop()
        self._publish(BackupStep(job))
        self._task = asyncio.create_task(self._do(job, do))
        self._task.add_done_callback(log_unforeseen)
        return job

    async def _do(self, job: BackupJob, do: Callable[[], Backup]) -> Backup | None:
        backup: Backup | None = None
        error: str | None = UNFORESEEN
        try:
            backup = await in_daemon_thread("backup", do)
            error = backup.state.problem
            if job.work is BackupWork.CREATE:
                self._failed = None
        except EnergyLoggerError as err:
            error = str(err)
            if job.work is BackupWork.CREATE:
                self._note_failure(err)
        except Stopping:
            error = "the server was stopped"
        finally:
            # whatever happened: work that seems to go on keeps all other away
            self.job = replace(
                self.job or job,
                name=job.name if backup is None else backup.name,
                ended_at=self._clock.now(),
                error=error,
            )
            self._looked_at = None
            self._publish(BackupStep(self.job))
        return backup

    def _report(self, progress: BackupProgress) -> None:
        """Take note of a step; called in the thread."""
        if self._is_stopping:
            raise Stopping
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._note_progress, progress)

    def _note_progress(self, progress: BackupProgress) -> None:
        job = self.job
        if job is None or not job.is_running:
            return
        known = job.progress
        self.job = replace(job, progress=progress)
        if (
            known is None
            or known.stage is not progress.stage
            or progress.share - known.share >= _STEP
            or progress.share >= 1
        ):
            self._publish(BackupStep(self.job))
        else:
            # measured from the step that was published last
            self.job = job

    def _note_failure(self, err: EnergyLoggerError) -> None:
        now = self._clock.now()
        since = now if self._failed is None else self._failed.since
        if self._failed is None:
            _LOG.error("a backup failed: %s", err)
        self._failed = FailedBackup(since, now, public_message(err))

    def _note_newest(self, backups: list[Backup]) -> None:
        self._looked_at = self._clock.now()
        newest = newest_proven(backups)
        manifest = None if newest is None else newest.manifest
        self._newest_at = None if manifest is None else manifest.created_at

    @property
    def _reference(self) -> datetime:
        return self._newest_at or self._began_at

    @property
    def _is_busy(self) -> bool:
        return self.job is not None and self.job.is_running

    def _refuse_while_busy(self) -> None:
        if self._is_busy:
            raise BackupInProgress
