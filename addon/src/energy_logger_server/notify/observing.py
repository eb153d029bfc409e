"""A look at everything of which the owner has to know."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from energy_logger_server.domain.backups.alerts import BACKUPS, of_backups
from energy_logger_server.domain.backups.schedule import BackupStatus
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.domain.collecting.status import CollectingStatus
from energy_logger_server.domain.notifications.alerts import (
    Alert,
    AlertKey,
    Collected,
    FailedRuns,
    Observation,
    of_sources,
    of_store,
)
from energy_logger_server.errors import PlaceUnusable, StoreError
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.runs.read import failed_in_a_row
from energy_logger_server.store.store import Store


class OpenServer:
    """A server whose store is open.

    Attributes:
        store: Has the log of runs, and remembers what was sent.
    """

    def __init__(
        self,
        store: Store,
        collecting_status: Callable[[], CollectingStatus],
        backup_status: Callable[[], Awaitable[BackupStatus]],
    ) -> None:
        """Look at nothing yet.

        Args:
            store: Is open.
            collecting_status: Gives the state of every source that is set up.
            backup_status: Gives how backups stand; raises ``PlaceUnusable``.
        """
        self.store = store
        self._collecting_status = collecting_status
        self._backup_status = backup_status
        self._ended: Mapping[Source, int] | None = None
        self._failed: Mapping[Source, FailedRuns] = {}

    async def observe(
        self, now: datetime, known: Mapping[AlertKey, Alert]
    ) -> Observation:
        """Return what holds at an instant (UTC).

        Args:
            now: The instant.
            known: What held before: it stays where the store does not answer.
        """
        statuses = {one.source: one for one in self._collecting_status().sources}
        ended = {source: one.cycle_times.count for source, one in statuses.items()}
        store = of_store(self.store.state, now, has_run=any(ended.values()))
        store += await self._observe_backups(known)
        try:
            failed = await self._failed_runs(ended)
        except StoreError:
            return store + Observation(unknown=frozenset(known))
        sources = {
            source: Collected(statuses.get(source), failed[source]) for source in Source
        }
        return store + of_sources(sources)

    async def _observe_backups(self, known: Mapping[AlertKey, Alert]) -> Observation:
        try:
            return of_backups(await self._backup_status(), known)
        except PlaceUnusable:
            return Observation(unknown=BACKUPS)

    async def _failed_runs(
        self, ended: Mapping[Source, int]
    ) -> Mapping[Source, FailedRuns]:
        """Return each source's newest runs that failed; the log is read after runs."""
        if ended != self._ended:
            self._failed = await self.store.read(_failed_runs)
            self._ended = ended
        return self._failed


def _failed_runs(connection: Reader) -> Mapping[Source, FailedRuns]:
    return {source: failed_in_a_row(connection, source) for source in Source}
