"""Restoring on a server that runs: the store is closed, replaced and opened again."""

import asyncio
import logging
from dataclasses import replace

from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.backups.folder import BackupFolder
from energy_logger_server.backups.restore import prepared_restore
from energy_logger_server.backups.restored import Restored
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.backups.work import (
    BackupJob,
    BackupProgress,
    BackupWork,
)
from energy_logger_server.errors import BackupInProgress

from .backup_hold import BackupHold
from .startup import Startup

_LOG = logging.getLogger(__name__)


class Restoring:
    """Takes the order to restore, and carries it out while the store is closed.

    Attributes:
        is_ordered: Set while a restore is to be done.
        job: The last one; None before the first.
    """

    def __init__(self, settings: Settings, startup: Startup, hold: BackupHold) -> None:
        """Nothing is ordered yet.

        Args:
            settings: Where store and backups are.
            startup: Says meanwhile why the store is not open.
            hold: A file that is being copied is not replaced.
        """
        self.is_ordered = asyncio.Event()
        self.job: BackupJob | None = None
        self._settings = settings
        self._startup = startup
        self._hold = hold

    def order(self, name: str) -> BackupJob:
        """Have a backup restored; the store is closed soon.

        Raises:
            BackupInProgress: If one is ordered already.
        """
        if self.is_ordered.is_set():
            raise BackupInProgress
        self.job = BackupJob(BackupWork.RESTORE, name, self._startup.clock.now())
        self.is_ordered.set()
        return self.job

    async def carry_out(self) -> bool:
        """Restore what was ordered, if anything; return whether something was.

        The store must be closed. What goes wrong is noted in the job, and the store is
        as it was.
        """
        job = self.job
        if job is None or not self.is_ordered.is_set():
            return False
        self._startup.record_restoring_begun()
        try:
            async with self._hold.opening():
                done = await asyncio.to_thread(self._restore, job.name or "")
        except EnergyLoggerError as err:
            _LOG.error("the backup was not restored: %s", err)
            self.job = replace(job, error=str(err))
        else:
            _LOG.warning(
                "restored %s; what was stored before is kept as %s",
                job.name,
                done.safety_copy or done.set_aside or "nothing",
            )
            self.job = replace(job, safety_copy=done.safety_copy)
        self.job = replace(self.job, ended_at=self._startup.clock.now())
        self.is_ordered.clear()
        return True

    def _restore(self, name: str) -> Restored:
        folder = BackupFolder(self._settings.backup_folder)
        source = folder.file_of(folder.get(name))
        with prepared_restore(
            folder,
            self._settings.store_address,
            source,
            self._startup.clock,
            self._report,
        ) as prepared:
            return prepared.commit()

    def _report(self, progress: BackupProgress) -> None:
        """Say how far it is, to who asks meanwhile; called in the thread."""
        self._startup.record_restoring(progress.stage, progress.share)
