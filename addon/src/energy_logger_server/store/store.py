"""The store as the rest of the server sees it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Concatenate

from sqlalchemy.engine import Connection

from energy_logger_server.clock import Clock
from energy_logger_server.domain.collecting.batch import Part
from energy_logger_server.domain.collecting.ledger import Kind, LedgerDay, SeriesKey
from energy_logger_server.domain.collecting.runs import (
    Outcome,
    RunEnd,
    RunRecord,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.domain.determinants.substation_peaks import PeakReview
from energy_logger_server.domain.health import StoreState
from energy_logger_server.domain.notifications.plan import NotificationState
from energy_logger_server.domain.peak_watch.live import SavedWatch
from energy_logger_server.domain.substation_health.watch import FaultChanges
from energy_logger_server.errors import StoreDamaged

from .apply import apply_parts
from .codec.instants import epoch_s
from .db.damage import record_damage
from .db.database import Database
from .db.driver_errors import damaged
from .db.engine import is_sqlite, journal_mode, sqlite_file, store_url
from .db.integrity import find_damage
from .db.lock import NoLock, WriterLock
from .db.opening import check_readable, open_for_writing
from .db.stream import ChunkProducer, Stream
from .db.watch import StoreWatch
from .kamo.peak_reviews import remove_review, save_review
from .kamo.peak_watch import save_watch
from .kamo.substation_faults import save_fault_changes
from .keep_forecasts import keep_a_day
from .ledger import planning, recheck, upkeep
from .ledger.write_transaction import WriteTransaction
from .ledger.writer_caches import WriterCaches
from .notifications.memory import keep_notifications
from .records import Freshness, KnownArea, KnownSite
from .runs.removal import remove_run
from .runs.write import begin_run, close_interrupted, end_run
from .settings.write import change_settings
from .transfer.unfinished import refuse_unfinished

_MOST_DAYS_KEPT_AT_ONCE = 31


class Store:
    """Keeps what collectors bring; answers what they and the web ask.

    One process writes: ``open`` takes the writer lock, without which no write is made.
    When another process got hold of it, all of them raise ``StoreInUse``. Knows nothing
    of HTTP.
    """

    def __init__(
        self, database: Database, lock: WriterLock, clock: Clock, schema_version: str
    ) -> None:
        """Use ``open``."""
        self._database = database
        self._lock = lock
        self._clock = clock
        self._caches: WriterCaches | None = None
        self._watch = StoreWatch(clock)
        self._unwritten_ends: dict[int, RunEnd] = {}
        self._damage: StoreDamaged | None = None
        self.schema_version = schema_version

    @classmethod
    async def open(cls, url: str, clock: Clock) -> "Store":
        """Open the store for writing: lock, migrate, close interrupted runs.

        Args:
            url: Address as in ``DATABASE_URL``.
            clock: Tells when interrupted runs are found.

        Raises:
            ConfigurationError: If the address cannot be used.
            ImportUnfinished: If an import into it has not ended.
            PlaceUnusable: If the operating system lets nobody write there.
            StoreInUse: If another process writes to this store.
            StoreTooNew: If a newer version of this program wrote it.
            StoreUnavailable: If the database does not answer.
        """
        address = store_url(url)
        opened = await open_for_writing(address)
        store = cls(Database(address), opened.lock, clock, opened.schema_version)
        try:
            now = clock.now()

            def begin(connection: Connection) -> int:
                refuse_unfinished(connection)
                return close_interrupted(connection, now)

            store.interrupted_runs = await store._transact(begin)
            store.journal_mode = await store._transact(journal_mode)
        except BaseException:
            await store.close()
            raise
        return store

    @classmethod
    async def open_for_reading(cls, url: str, clock: Clock) -> "Store":
        """Open the store beside the server that writes to it; never migrates.

        Raises:
            ConfigurationError: If the address cannot be used.
            ImportUnfinished: If an import into it has not ended.
            NothingStored: If nothing is stored there.
            PlaceUnusable: If the operating system lets nobody read there.
            StoreTooNew: If a newer version of this program wrote it.
            StoreTooOld: If an older one did.
            StoreUnavailable: If the database does not answer.
        """
        address = store_url(url)
        schema_version = check_readable(address)
        store = cls(Database(address), NoLock(), clock, schema_version)
        try:
            await store.read(refuse_unfinished)
        except BaseException:
            await store.close()
            raise
        return store

    interrupted_runs: int = 0
    """Runs that the process before this one did not end."""

    journal_mode: str | None = None
    """SQLite's, of a store that is open for writing; None of PostgreSQL."""

    async def close(self) -> None:
        """End running jobs, close the connections, let another process in."""
        self._watch.close()
        await self._database.close()
        self._lock.release()

    async def begin_run(
        self, source: Source, trigger: Trigger, interval_minutes: int
    ) -> int:
        """Open a run in the log; return its number."""
        now = self._clock.now()
        with self._watch.beginning(source):
            run_id = await self._transact(
                lambda connection: begin_run(
                    connection,
                    source,
                    trigger,
                    (now, interval_minutes),
                ),
                is_durable=False,
            )
        self._watch.begin(run_id, source)
        return run_id

    async def remove_run(self, run_id: int) -> bool:
        """Take a run that has ended out of the log; what it brought stays.

        Returns:
            Whether there was such a run.
        """
        return await self._write(lambda connection: remove_run(connection, run_id))

    async def write(
        self, run_id: int, parts: Sequence[Part], *, end: RunEnd | None = None
    ) -> WriteCounts:
        """Write the parts, and the run's end if given, in one transaction.

        Args:
            run_id: The run that brought the parts.
            parts: At most one window of history, or one cycle.
            end: Closes the run; its counts are those of earlier writes of this run,
                what these parts bring is added.

        Raises:
            StoreUnavailable: If nothing was written.
        """
        now = self._clock.now()

        def job(connection: Connection) -> WriteCounts:
            caches = self._caches_of(connection)
            counts = apply_parts(caches, connection, run_id, parts, now)
            if end is not None:
                end_run(connection, run_id, _with_counts(end, counts))
            return counts

        if end is not None:
            self._unwritten_ends[run_id] = end
        with self._watch.writing_of(run_id, is_end=end is not None):
            written = await self._transact(job, on_finish=self._finish_caches)
        if end is not None:
            self._unwritten_ends.pop(run_id, None)
        return written

    @property
    def state(self) -> StoreState:
        """Whether the store works."""
        return self._watch.state

    def lost_runs(self, since: datetime) -> int:
        """Return how many runs could not be begun since an instant: no log has them."""
        return self._watch.unlogged_since(since)

    def unwritten_outcomes(self) -> tuple[Outcome, ...]:
        """Return how those runs ended whose end could not be written."""
        return tuple(end.outcome for end in self._unwritten_ends.values())

    def as_ended(self, run: RunRecord) -> RunRecord:
        """Return a run as it is: one whose end could not be written has ended too."""
        if run.end is not None or run.id not in self._unwritten_ends:
            return run
        return replace(run, end=self._unwritten_ends[run.id])

    async def sites(self) -> tuple[KnownSite, ...]:
        """Return the sites that the account still has."""
        return await self.read(planning.known_sites)

    async def areas(self) -> tuple[KnownArea, ...]:
        """Return KAMO's areas."""
        return await self.read(planning.known_areas)

    async def freshness(self) -> tuple[Freshness, ...]:
        """Return when each endpoint last gave a usable answer."""
        return await self.read(planning.freshness)

    async def ledger(
        self,
        *,
        kind: Kind | None = None,
        owner: str | None = None,
        first: date | None = None,
        last: date | None = None,
    ) -> tuple[LedgerDay, ...]:
        """Return ledger lines by day and series, both ends inclusive."""
        return await self.read(
            planning.ledger_days, kind=kind, owner=owner, first=first, last=last
        )

    async def ledger_counts(self) -> Sequence[tuple[str, str, str, int]]:
        """Return kind, owner, state and number of days."""
        return await self.read(planning.ledger_counts)

    async def mark_unavailable(
        self, series: SeriesKey, days: Sequence[date], cause: str
    ) -> None:
        """Note that what is missing of these days cannot be had any more."""
        await self._with_caches(
            lambda connection: upkeep.mark_unavailable(
                self._context(connection, self._clock.now()),
                series,
                days,
                cause,
            )
        )

    async def mark_for_rereading(self, mark: str) -> bool:
        """Have every Amber day read again, once for each new ``mark``.

        Returns:
            Whether the mark was new.
        """
        return await self._write(
            lambda connection: upkeep.mark_for_rereading(connection, mark)
        )

    async def want_days_again(self, days: Mapping[SeriesKey, Sequence[date]]) -> None:
        """Have days read again by the next pass of backfill.

        Raises:
            StoreUnavailable: If nothing was marked.
        """
        await self._write(lambda connection: recheck.want_days_again(connection, days))

    async def close_past_kamo_days(self, look_back: timedelta) -> int:
        """Close KAMO days that lie too far back to be completed; return how many.

        Also opens, as unavailable, the days on which nothing ran at all.
        """
        now = self._clock.now()
        return await self._with_caches(
            lambda connection: upkeep.close_past_kamo_days(
                self._context(connection, now), look_back
            )
        )

    async def keep_forecasts(self) -> None:
        """Keep for ever what was forecast at each horizon of intervals that began.

        Goes on where it was, at most a month at a time: what is left waits for the
        next time, and is not pruned before.

        Raises:
            StoreUnavailable: If it could not be written; what was is not lost.
        """
        now = epoch_s(self._clock.now())
        for _day in range(_MOST_DAYS_KEPT_AT_ONCE):
            if await self._write(lambda connection: keep_a_day(connection, now)):
                return

    async def prune_forecasts(self, keep: timedelta | None) -> int:
        """Drop archived forecasts that were fetched longer ago; return how many rows.

        What is kept of them for ever is written first.

        Args:
            keep: None keeps them for ever.
        """
        await self.keep_forecasts()
        if keep is None:
            return 0
        before = self._clock.now() - keep
        return await self._write(
            lambda connection: upkeep.prune_forecasts(connection, before)
        )

    async def change_settings(self, changes: Mapping[str, str | None]) -> None:
        """Save settings, texts by name, all or none; None forgets what was saved.

        Raises:
            StoreUnavailable: If nothing was changed.
        """
        now = self._clock.now()
        await self._write(lambda connection: change_settings(connection, changes, now))

    async def keep_notifications(self, state: NotificationState) -> None:
        """Remember what has been sent to the owner.

        Raises:
            StoreUnavailable: If it could not be remembered.
        """
        await self._write(lambda connection: keep_notifications(connection, state))

    async def save_peak_watch(self, area_id: int, saved: SavedWatch) -> None:
        """Keep what an area's peak watch has said, and how far it has looked.

        Raises:
            StoreUnavailable: If nothing was kept.
        """
        await self._write(lambda connection: save_watch(connection, area_id, saved))

    async def save_fault_changes(self, area_id: int, changes: FaultChanges) -> None:
        """Keep which notices of an area's substations begin and end.

        Raises:
            StoreUnavailable: If nothing was kept.
        """
        now = self._clock.now()
        await self._write(
            lambda connection: save_fault_changes(connection, area_id, changes, now)
        )

    async def save_peak_review(self, area_id: int, review: PeakReview) -> bool:
        """Keep what the owner says of a substation's day.

        Returns:
            Whether the area has such a substation.

        Raises:
            StoreUnavailable: If nothing was kept.
        """
        now = self._clock.now()
        return await self._write(
            lambda connection: save_review(connection, area_id, review, now)
        )

    async def remove_peak_review(self, area_id: int, name: str, day: date) -> bool:
        """Forget what was said of a substation's day; return whether anything was.

        Raises:
            StoreUnavailable: If nothing was forgotten.
        """
        return await self._write(
            lambda connection: remove_review(connection, area_id, name, day)
        )

    async def hold_file(self) -> bool:
        """Keep the store's file as it is for a backup; see ``hold_checkpoints``."""
        return await self._database.hold_checkpoints()

    async def release_file(self) -> bool:
        """Let it change again; return whether it was held until now."""
        return await self._database.release_checkpoints()

    async def find_damage(self) -> str | None:
        """Return what is wrong with the store's file; None for nothing.

        Of PostgreSQL always None: its server looks after its own files.

        Raises:
            StoreUnavailable: If the file cannot be looked over now.
        """
        url = self._database.url
        return await find_damage(url) if is_sqlite(url) else None

    async def give_up(self, problem: str) -> StoreDamaged:
        """Write nothing more to a file that is damaged, now and after a restart.

        Args:
            problem: What was found.

        Returns:
            What every write raises from now on.

        Raises:
            PlaceUnusable: If that cannot be noted beside the file.
        """
        url = self._database.url
        self._damage = damaged(url, problem)
        await self._database.freeze()
        await asyncio.to_thread(record_damage, sqlite_file(url).resolve(), problem)
        return self._damage

    async def read[**P, Result](
        self,
        query: Callable[Concatenate[Connection, P], Result],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        """Run a read function on a reader's connection; see ``Database.read``.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        with self._watch.reading():
            return await self._database.read(query, *args, **kwargs)

    def change_mark(self) -> int:
        """Return a number that another one follows with every commit.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        with self._watch.reading():
            return self._database.change_mark()

    @property
    def open_streams(self) -> int:
        """How many streams there are now."""
        return self._database.open_streams

    def stream[Chunk](
        self, make: ChunkProducer[Chunk]
    ) -> AbstractAsyncContextManager[Stream[Chunk]]:
        """Read something long beside everything else; see ``Database.stream``."""
        return self._database.stream(make)

    def _caches_of(self, connection: Connection) -> WriterCaches:
        if self._caches is None:
            self._caches = WriterCaches(connection)
        return self._caches

    def _context(self, connection: Connection, now: datetime) -> WriteTransaction:
        """Return the surroundings of what no run brings."""
        return WriteTransaction.at(connection, self._caches_of(connection), 0, now)

    async def _write[Result](
        self,
        job: Callable[[Connection], Result],
        *,
        is_durable: bool = True,
        on_finish: Callable[[bool], None] | None = None,
    ) -> Result:
        with self._watch.writing():
            return await self._transact(job, is_durable=is_durable, on_finish=on_finish)

    async def _transact[Result](
        self,
        job: Callable[[Connection], Result],
        *,
        is_durable: bool = True,
        on_finish: Callable[[bool], None] | None = None,
    ) -> Result:
        """Run every write: none without the writer's lock."""

        def locked(connection: Connection) -> Result:
            if self._damage is not None:
                raise self._damage
            if self._lock.ensure_held():
                # another process may have numbered things meanwhile
                self._caches = None
            return job(connection)

        return await self._database.write(
            locked, is_durable=is_durable, on_finish=on_finish
        )

    async def _with_caches[Result](self, job: Callable[[Connection], Result]) -> Result:
        """Run a write that may number new things; the caches follow its fate."""
        return await self._write(job, on_finish=self._finish_caches)

    def _finish_caches(self, is_committed: bool) -> None:  # noqa: FBT001 - given by the writer
        if self._caches is None:
            return
        if is_committed:
            self._caches.commit()
        else:
            self._caches.rollback()


def _with_counts(end: RunEnd, counts: WriteCounts) -> RunEnd:
    return replace(end, counts=end.counts + counts)
