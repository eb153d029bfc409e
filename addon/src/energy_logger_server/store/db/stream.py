"""A long read: a thread and a connection of its own, handing over chunk by chunk."""

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Protocol, Self

from sqlalchemy.engine import URL, Connection

from energy_logger_server.errors import StoreUnavailable

from .driver_errors import driver_errors
from .transaction import in_transaction

_AHEAD = 2
"""Chunks that may be made before they are taken."""


class ReadTransaction(Protocol):
    """Runs a query in a transaction of its own, which ends with it."""

    def __call__[Result](self, query: Callable[[Connection], Result]) -> Result:
        """Return the query's result.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        ...


type ChunkProducer[Chunk] = Callable[[ReadTransaction], Generator[Chunk]]
"""Makes chunks in the stream's thread; between two it holds no transaction."""


class Stream[Chunk]:
    """Chunks in the order in which a thread makes them; for one pass.

    The thread is at most two chunks ahead of the taker, so a slow taker costs no
    memory; the chunk under way is the last one after ``close``.
    """

    def __init__(
        self, make: ChunkProducer[Chunk], connect: Callable[[], Connection], url: URL
    ) -> None:
        """Start nothing yet.

        Args:
            make: Its generator runs in the stream's thread.
            connect: Called there, before the first query.
            url: Of the store, for messages.
        """
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="store-stream")
        self._chunks = make(self._read)
        self._connect = connect
        self._url = url
        self._connection: Connection | None = None
        self._pending: deque[asyncio.Future[Chunk | None]] = deque()
        self._closing: asyncio.Task[None] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Chunk:
        loop = asyncio.get_running_loop()
        while len(self._pending) < _AHEAD:
            if self._closing is not None:
                raise StoreUnavailable("the store is closed")
            self._pending.append(
                loop.run_in_executor(self._pool, next, self._chunks, None)
            )
        chunk = await self._pending.popleft()
        if chunk is None:
            raise StopAsyncIteration
        return chunk

    def close(self) -> asyncio.Task[None]:
        """Have thread and connection ended behind the chunk that is being made."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close())
        return self._closing

    async def _close(self) -> None:
        pending = [*self._pending]
        self._pending.clear()
        for future in pending:
            future.cancel()
        # the thread hears of it now, and nobody asks for the errors of the others
        await asyncio.gather(*pending, return_exceptions=True)
        await asyncio.get_running_loop().run_in_executor(self._pool, self._end)
        self._pool.shutdown()

    def _read[Result](self, query: Callable[[Connection], Result]) -> Result:
        if self._connection is None:
            self._connection = self._connect()
        return in_transaction(self._connection, query, self._url)

    def _end(self) -> None:
        self._chunks.close()
        if self._connection is not None:
            # one that does not answer any more cannot take its leave either
            with suppress(*driver_errors()):
                self._connection.close()
