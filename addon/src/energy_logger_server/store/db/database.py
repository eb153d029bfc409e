"""Connections and threads: one writer, a few readers, bounded reads in place."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any, Concatenate

from sqlalchemy.engine import URL, Connection

from energy_logger_server.errors import StoreDamaged, StoreUnavailable

from .driver_errors import driver_errors, store_error
from .engine import is_sqlite, journal_mode, make_engine
from .interrupt import ASK_AGAIN_S, interrupt
from .reader import is_bounded
from .stream import ChunkProducer, Stream
from .transaction import in_transaction
from .writer import Writer, let_checkpoint

_READERS = 3
_LONGEST_LAST_READ_S = 1.0
"""How long a read may go on when the store is closed: who stops a server waits."""


class Database:
    """Runs functions on connections; knows nothing of tables.

    The writer's connection lives in one thread and is never shared; each reader
    thread has its own, so readers never block the writer (WAL, or PostgreSQL's MVCC).
    """

    def __init__(self, url: URL) -> None:
        """Prepare; nothing is opened before the first use."""
        self.url = url
        self._writer = Writer(make_engine(url, writable=True))
        self._readers = make_engine(url, writable=False)
        self._pool = ThreadPoolExecutor(_READERS, thread_name_prefix="store-read")
        self._local = threading.local()
        self._opened: list[Connection] = []
        self._drivers: list[object] = []
        self._inline: Connection | None = None
        self._watching: Connection | None = None
        self._streams: set[Stream[Any]] = set()
        self._commits = 0

    async def write[Result](
        self,
        job: Callable[[Connection], Result],
        *,
        is_durable: bool = True,
        on_finish: Callable[[bool], None] | None = None,
    ) -> Result:
        """Run ``job`` in one transaction on the writer; rolled back if it raises.

        Args:
            job: Gets the writer's connection, inside its transaction.
            is_durable: False lets a power cut take the transaction back: it becomes
                durable with the next one. Saves a flush to the card.
            on_finish: Called in the writer's thread with whether the transaction was
                committed, also when nobody awaits the result any more.

        Raises:
            StoreUnavailable: If the database does not answer or cannot write.
        """

        def settled() -> Result:
            is_committed = False
            try:
                result = self._guarded_write(job, is_durable=is_durable)
                is_committed = True
                self._commits += 1
                self._writer.bound_log()
            finally:
                if on_finish is not None:
                    on_finish(is_committed)
            return result

        return await _in(self._writer.pool, settled)

    async def read[**P, Result](
        self,
        query: Callable[Concatenate[Connection, P], Result],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Result:
        """Run ``query`` on a reader's connection, seeing one state of the store.

        On SQLite one that is declared bounded runs in place, see ``reader``; everything
        else runs in a thread.

        Args:
            query: A read function.
            args: What it gets behind its connection.
            kwargs: Likewise.

        Raises:
            StoreUnavailable: If the database does not answer.
        """

        def ready(connection: Connection) -> Result:
            return query(connection, *args, **kwargs)

        if not (is_sqlite(self.url) and is_bounded(query, *args, **kwargs)):
            return await _in(self._pool, lambda: self._guarded_read(ready))
        return in_transaction(self._in_place(), ready, self.url)

    def change_mark(self) -> int:
        """Return a number that another one follows with every commit.

        SQLite counts those of all other connections, PostgreSQL none: there it is the
        writer's, the only ones there are while its lock is held.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        if not is_sqlite(self.url):
            return self._commits
        try:
            driver: Any = self._in_place().connection.driver_connection
            (mark,) = driver.execute("PRAGMA data_version").fetchone()
        except driver_errors() as err:
            raise store_error(self.url, err) from err
        return int(mark)

    def _in_place(self) -> Connection:
        if self._inline is None:
            self._inline = self._open()
        return self._inline

    @property
    def open_streams(self) -> int:
        """How many streams there are now; each has a thread and a connection."""
        return len(self._streams)

    @asynccontextmanager
    async def stream[Chunk](
        self, make: ChunkProducer[Chunk]
    ) -> AsyncIterator[Stream[Chunk]]:
        """Read something long in a thread and on a connection of its own.

        No other read waits for it, and it waits for none. Each of its queries is a
        transaction of its own (docs/decisions/0008). Taking a chunk raises what went
        wrong in the thread.

        Args:
            make: A generator function, see ``stream.ChunkProducer``.
        """
        stream = Stream(make, self._open, self.url)
        self._streams.add(stream)
        try:
            yield stream
        finally:
            closing = stream.close()
            closing.add_done_callback(lambda _closed: self._streams.discard(stream))
            # whoever stops waiting does not keep it from being closed
            await asyncio.shield(closing)

    async def hold_checkpoints(self) -> bool:
        """Keep SQLite's file as it is, with all that was written, until released.

        What is written meanwhile stays in the log beside it, up to
        ``MOST_LOGGED_BYTES``.

        Returns:
            False of PostgreSQL, which knows no such file.

        Raises:
            BackupNotHeld: If that cannot be done.
            StoreUnavailable: If the database does not answer.
        """
        if not is_sqlite(self.url):
            return False
        if self._watching is None:
            self._watching = self._open()
        # who has read is counted as connected: no other connection is the last to
        # close then, which would fold the log in, whichever process it belongs to
        in_transaction(self._watching, journal_mode, self.url)
        await _in(self._writer.pool, self._writer.hold)
        return True

    async def release_checkpoints(self) -> bool:
        """Let the file change again; return whether it was held until now."""
        was_held = await _in(self._writer.pool, self._writer.release)
        if self._watching is not None:
            self._watching.close()
            self._watching = None
        return was_held

    async def freeze(self) -> None:
        """Keep SQLite's file to the last byte as it is, until and after ``close``.

        What is in the log stays there. For a file that is damaged: nothing is to be
        written any more.
        """
        await _in(self._writer.pool, self._writer.freeze)
        for connection in (self._inline, self._watching, *self._opened):
            if connection is not None:
                _keep_log(connection)

    async def close(self) -> None:
        """Close every connection; running jobs end first.

        A read that goes on is given up: nobody waits for it any more.
        """
        for stream in [*self._streams]:
            await stream.close()
        await self._end_reads()
        for connection in (self._inline, self._watching, *self._opened):
            if connection is not None:
                connection.close()
        self._readers.dispose()
        # the last one folds the log into the file, and knows whether it may
        await _in(self._writer.pool, self._writer.close)
        self._writer.pool.shutdown()

    async def _end_reads(self) -> None:
        ending = asyncio.ensure_future(asyncio.to_thread(self._pool.shutdown))
        await asyncio.wait({ending}, timeout=_LONGEST_LAST_READ_S)
        while not ending.done():
            for driver in [*self._drivers]:
                interrupt(driver)
            await asyncio.wait({ending}, timeout=ASK_AGAIN_S)

    def _guarded_write[Result](
        self, job: Callable[[Connection], Result], *, is_durable: bool
    ) -> Result:
        try:
            connection = self._writer.connection()
            if is_durable or not self._writer.is_wal:
                # without a log ahead, less than FULL could damage the file
                return in_transaction(connection, self._writer.numbered(job), self.url)
            with _without_flush(connection):
                return in_transaction(connection, job, self.url)
        except StoreUnavailable as err:
            if isinstance(err, StoreDamaged):
                # the last connection that closes would fold its log into the file
                self._writer.freeze()
            # a connection that failed once may be dead: the next write opens anew
            self._writer.close()
            raise

    def _guarded_read[Result](self, query: Callable[[Connection], Result]) -> Result:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.invalidated:
            connection = self._local.connection = self._open()
            self._opened.append(connection)
            self._drivers.append(connection.connection.driver_connection)
        return in_transaction(connection, query, self.url)

    def _open(self) -> Connection:
        try:
            return self._readers.connect()
        except driver_errors() as err:
            raise store_error(self.url, err) from err


def _keep_log(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if isinstance(driver, SqliteConnection):
        let_checkpoint(driver, allowed=False)


@contextmanager
def _without_flush(connection: Connection) -> Iterator[None]:
    driver = connection.connection.driver_connection
    if not isinstance(driver, SqliteConnection):
        raise TypeError(driver)
    driver.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        driver.execute("PRAGMA synchronous=FULL")


async def _in[Result](pool: ThreadPoolExecutor, job: Callable[[], Result]) -> Result:
    loop = asyncio.get_running_loop()
    try:
        future = loop.run_in_executor(pool, job)
    except RuntimeError as err:
        raise StoreUnavailable("the store is closed") from err
    return await future
