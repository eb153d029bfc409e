"""Streams of exports: their blocks, threads and ends, whatever they read."""

import asyncio
import sqlite3
import threading
from collections.abc import Generator
from contextlib import closing
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text

from energy_logger_server.errors import StoreUnavailable
from energy_logger_server.store import Store
from energy_logger_server.store.db.export_blocks import Blocks, read_blocks
from energy_logger_server.store.db.stream import ReadTransaction
from energy_logger_server.store.kamo.export_substations import export_readings
from tests.server.store.exported import ALL_TIME, HOUR, column, table
from tests.server.store.material import (
    NOON,
    FixedClock,
    area,
    areas_read,
    rows,
    write,
)

LONG_S = 60
"""What a thread may have to wait for on a busy machine."""


async def test_what_is_added_behind_the_block_being_read_is_found_and_nothing_twice(
    store: Store,
):
    await write(store, areas_read([area(1)]))
    for hour in (0, 200, 400):
        await write(store, table(NOON + hour * HOUR, {"West": hour}))

    found = []
    make = partial(export_readings, area_id=1, span=ALL_TIME)
    is_first = threading.Event()

    def one_by_one(read: ReadTransaction) -> Generator[Any]:
        for block in make(read):
            yield block
            # not made ahead: until the test has written
            is_first.wait(LONG_S)

    async with store.stream(one_by_one) as stream:
        found.append(await anext(stream))
        await write(store, table(NOON - HOUR, {"West": -1.0}))
        await write(store, table(NOON + 300 * HOUR, {"West": 300, "New": 1.0}))
        await write(store, table(NOON + 500 * HOUR, {"West": 500}))
        is_first.set()
        found += [block async for block in stream]

    assert column(found, "load_e1") == [0, 2000, 10, 3000, 4000, 5000]


def test_empty_years_cost_one_query_and_no_row_is_asked_for_twice():
    asked: list[tuple[int, int]] = []
    at = [5, 17, 1_000_000]

    def rows_of(_connection: Any, first: int, end: int) -> list[int] | None:
        asked.append((first, end))
        return [one for one in at if first <= one < end] or None

    blocks = Blocks(
        next_at=lambda _connection, first: min(
            (one for one in at if one >= first), default=None
        ),
        rows=rows_of,
        block_s=10,
        offset_s=3,
    )

    found = list(read_blocks(lambda query: query(None), blocks, (4, 2_000_000)))

    assert found == [[5], [17], [1_000_000]]
    assert asked == [
        (5, 13),
        (13, 23),
        (23, 33),
        (1_000_000, 1_000_003),
        (1_000_003, 1_000_013),
    ]


async def test_a_stream_is_at_most_two_chunks_ahead_of_its_taker(store: Store):
    made = count()
    is_third = threading.Event()

    def numbers(_read: ReadTransaction) -> Generator[int]:
        for number in made:
            if number == 3:
                is_third.set()
            yield number

    async with store.stream(numbers) as stream:
        assert await anext(stream) == 0
        await store.read(lambda _connection: None)
        assert not is_third.is_set()
        assert [await anext(stream) for _number in range(3)] == [1, 2, 3]
        assert store.open_streams == 1

    assert store.open_streams == 0
    assert next(made) <= 7


async def test_leaving_a_stream_ends_its_generator_and_its_thread(store: Store):
    is_ended = []

    def endless(read: ReadTransaction) -> Generator[int]:
        try:
            while True:
                read(lambda connection: connection.execute(text("SELECT 1")))
                yield threading.get_ident()
        finally:
            is_ended.append(threading.get_ident())

    async with store.stream(endless) as stream:
        thread = await anext(stream)

    assert is_ended == [thread]
    assert thread != threading.get_ident()
    assert thread not in {one.ident for one in threading.enumerate()}


async def test_what_goes_wrong_in_the_thread_is_reported_to_the_taker(store: Store):
    def broken(read: ReadTransaction) -> Generator[int]:
        yield 1
        read(lambda connection: connection.execute(text("SELECT * FROM nowhere")))

    async with store.stream(broken) as stream:
        assert await anext(stream) == 1
        with pytest.raises(Exception, match="nowhere"):
            await anext(stream)

    assert store.open_streams == 0


async def test_an_error_that_nobody_waits_for_disturbs_nobody(store: Store):
    def broken(_read: ReadTransaction) -> Generator[int]:
        yield 1
        raise StoreUnavailable("gone")

    async with store.stream(broken) as stream:
        assert await anext(stream) == 1

    assert store.open_streams == 0


async def test_a_store_that_closes_ends_its_streams(store_url: str, clock: FixedClock):
    store = await Store.open(store_url, clock)

    def endless(read: ReadTransaction) -> Generator[int]:
        while True:
            yield read(lambda _connection: 1)

    async with store.stream(endless) as stream:
        assert await anext(stream) == 1
        await store.close()
        with pytest.raises(StoreUnavailable, match="closed"):
            await anext(stream)


async def test_a_cancelled_taker_does_not_leave_the_thread_behind(store: Store):
    is_waiting, may_go_on = asyncio.Event(), threading.Event()

    def slow(_read: ReadTransaction) -> Generator[int]:
        yield 1
        may_go_on.wait(LONG_S)
        yield 2

    async def take() -> None:
        async with store.stream(slow) as stream:
            await anext(stream)
            is_waiting.set()
            await anext(stream)

    task = asyncio.create_task(take())
    await is_waiting.wait()
    task.cancel()
    may_go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert store.open_streams == 0


async def test_between_two_blocks_the_write_ahead_log_can_be_emptied(
    sqlite_url: str, clock: FixedClock
):
    store = await Store.open(sqlite_url, clock)
    await write(store, areas_read([area(1)]))
    for hour in range(0, 1000, 200):
        await write(store, table(NOON + hour * HOUR, {"West": hour}))
    loop, is_ahead = asyncio.get_running_loop(), asyncio.Event()

    def make(read: ReadTransaction) -> Generator[object]:
        readings = export_readings(read, area_id=1, span=ALL_TIME)
        yield next(readings)
        ahead = next(readings)
        loop.call_soon_threadsafe(is_ahead.set)
        yield ahead
        yield from readings

    async with store.stream(make) as stream:
        await anext(stream)
        await is_ahead.wait()
        await write(store, table(NOON + 1000 * HOUR, {"West": 1.0}))
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as other:
            checkpoint = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    is_busy, _log_pages, _moved_pages = checkpoint
    assert is_busy == 0
    await store.close()


async def test_a_connection_that_dies_ends_the_stream_as_unavailable(
    postgres_url: str, clock: FixedClock
):
    store = await Store.open(postgres_url, clock)

    def endless(read: ReadTransaction) -> Generator[int]:
        while True:
            yield read(
                lambda connection: connection.execute(
                    text("SELECT pg_backend_pid()")
                ).scalar_one()
            )

    async with store.stream(endless) as stream:
        pid = await anext(stream)
        await rows(store, "SELECT pg_terminate_backend(:pid)", pid=pid)
        with pytest.raises(StoreUnavailable):
            async for _pid in stream:
                pass

    assert store.open_streams == 0
    await store.close()
