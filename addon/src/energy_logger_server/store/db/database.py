"""Connections and threads: one writer, a few readers, bounded reads in place."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any, Concatenate

from sqlalchemy.engine import URL, Connection, Engine

from energy_logger_server.errors import StoreUnavailable

from .driver_errors import DRIVER_ERRORS, store_error
from .engine import WAL, is_sqlite, journal_mode, make_engine
from .reader import is_bounded
from .stream import ChunkProducer, Stream
from .transaction import in_transaction

_READERS = 3


class Database:
    """Runs functions on connections; knows nothing of tables.

    The writer's connection lives in one thread and is never shared; each reader
    thread has its own, so readers never block the writer (WAL, or PostgreSQL's MVCC).
    """

    def __init__(self, url: URL) -> None:
        """Prepare; nothing is opened before the first use."""
        self.url = url
        self._writer = _Thread(make_engine(url, writable=True))
        self._readers = make_engine(url, writable=False)
        self._pool = ThreadPoolExecutor(_READERS, thread_name_prefix="store-read")
        self._local = threading.local()
        self._opened: list[Connection] = []
        self._inline: Connection | None = None
        self._streams: set[Stream[Any]] = set()

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
            on_finish: Is told in the writer's thread whether the transaction was
                committed, also when nobody awaits the result any more.

        Raises:
            StoreUnavailable: If the database does not answer or cannot write.
        """

        def settled() -> Result:
            is_committed = False
            try:
                result = self._guarded_write(job, is_durable=is_durable)
                is_committed = True
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
        if self._inline is None:
            self._inline = self._open()
        return in_transaction(self._inline, ready, self.url)

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

    async def close(self) -> None:
        """Close every connection; running jobs end first."""
        for stream in [*self._streams]:
            await stream.close()
        await _in(self._writer.pool, self._writer.close)
        self._writer.pool.shutdown()
        self._pool.shutdown()
        if self._inline is not None:
            self._inline.close()
        for connection in self._opened:
            connection.close()
        self._readers.dispose()

    def _guarded_write[Result](
        self, job: Callable[[Connection], Result], *, is_durable: bool
    ) -> Result:
        try:
            connection = self._writer.connection()
            if is_durable or not self._writer.is_wal:
                # without a log ahead, less than FULL could damage the file
                return in_transaction(connection, job, self.url)
            with _without_flush(connection):
                return in_transaction(connection, job, self.url)
        except StoreUnavailable:
            # a connection that failed once may be dead: the next write opens anew
            self._writer.close()
            raise

    def _guarded_read[Result](self, query: Callable[[Connection], Result]) -> Result:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.invalidated:
            connection = self._local.connection = self._open()
            self._opened.append(connection)
        return in_transaction(connection, query, self.url)

    def _open(self) -> Connection:
        try:
            return self._readers.connect()
        except DRIVER_ERRORS as err:
            raise store_error(self.url, err) from err


class _Thread:
    """The writer's engine, connection and thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self.is_wal = False
        self._connection: Connection | None = None

    def connection(self) -> Connection:
        if self._connection is None:
            try:
                self._connection = self.engine.connect()
                self.is_wal = journal_mode(self._connection) == WAL
            except DRIVER_ERRORS as err:
                raise store_error(self.engine.url, err) from err
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


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
