"""Where a read runs, what its rows are, and how rows are written."""

import threading
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, Table

from energy_logger_server.store import Store
from energy_logger_server.store.codec.intervals import PriceRow, UsageRow
from energy_logger_server.store.db.engine import make_engine
from energy_logger_server.store.db.engine import store_url as address
from energy_logger_server.store.db.query import (
    Query,
    columns_of,
    fields_of,
    insert_into,
    upsert_into,
)
from energy_logger_server.store.db.reader import Reader, bounded, bounded_if
from energy_logger_server.store.schema.amber import PRICE, PRICE_OUTLOOK, USAGE
from energy_logger_server.store.schema.bookkeeping import SETTING


@bounded
def short_read(_reader: Reader) -> int:
    """Return the thread that reads."""
    return threading.get_ident()


def is_small(limit: int, /) -> bool:
    return limit <= 10


@bounded_if(is_small)
def read_of_a_length(_reader: Reader, limit: int) -> tuple[int, int]:
    return threading.get_ident(), limit


async def test_what_is_declared_bounded_runs_in_place_on_sqlite_only(
    store: Store, store_url: str
):
    is_in_place = store_url.startswith("sqlite")

    assert (await store.read(short_read) == threading.get_ident()) is is_in_place
    thread, limit = await store.read(read_of_a_length, 10)
    assert ((thread == threading.get_ident()), limit) == (is_in_place, 10)


async def test_everything_else_runs_in_a_thread(store: Store):
    here = threading.get_ident()

    thread, limit = await store.read(read_of_a_length, 11)

    assert (thread != here, limit) == (True, 11)
    assert await store.read(lambda _reader: threading.get_ident()) != here


def test_a_bounded_read_keeps_the_name_and_words_of_its_function():
    assert getattr(short_read, "__name__", None) == "short_read"
    assert short_read.__doc__ == "Return the thread that reads."


class Setting(NamedTuple):
    """What is saved of a setting."""

    name: str
    value: str


async def test_rows_are_named_as_their_columns_are(store: Store):
    await store.change_settings({"TZ": "UTC"})
    query = Query(f"SELECT {columns_of(Setting, 's.')} FROM setting s", row=Setting)

    assert await store.read(query.all) == [Setting("TZ", "UTC")]


async def test_columns_that_a_row_calls_otherwise_are_refused(store: Store):
    query = Query("SELECT value, name FROM setting", row=Setting)

    with pytest.raises(TypeError, match="value"):
        await store.read(query.all)


class SettingColumns(NamedTuple):
    """The same of many, by column."""

    name: list[str]
    value: list[str]


async def test_many_rows_come_by_column(store: Store):
    query = Query("SELECT name, value FROM setting ORDER BY name", row=SettingColumns)
    assert await store.read(query.columns) is None

    await store.change_settings({"TZ": "UTC", "LOG_LEVEL": "debug"})

    columns = await store.read(query.columns)
    assert columns == SettingColumns(["LOG_LEVEL", "TZ"], ["debug", "UTC"])


async def test_a_single_value_is_none_where_there_is_no_row(store: Store):
    query = Query("SELECT value FROM setting WHERE name = :name", ("name",))
    await store.change_settings({"TZ": "UTC"})

    assert await store.read(query.value, "TZ") == "UTC"
    assert await store.read(query.value, "LOG_LEVEL") is None


@pytest.mark.parametrize(
    ("row", "table"), [(PriceRow, PRICE), (PriceRow, PRICE_OUTLOOK), (UsageRow, USAGE)]
)
def test_rows_of_intervals_have_the_columns_of_their_tables(row: type, table: Table):
    assert list(fields_of(row)) == [column.name for column in table.columns]


class StoredSetting(NamedTuple):
    """A whole row of ``setting``, in another order than the table's."""

    changed_at: int
    value: str
    name: str


STORED = Query(
    f"SELECT {columns_of(StoredSetting)} FROM setting ORDER BY name",
    row=StoredSetting,
)


@pytest.fixture
def connection(store_url: str) -> Iterator[Connection]:
    """A connection that may write, in a transaction that is rolled back."""
    engine = make_engine(address(store_url), writable=True)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_named_rows_are_written_to_the_columns_of_their_names(connection: Connection):
    rows = [StoredSetting(1, "debug", "LOG_LEVEL"), StoredSetting(2, "UTC", "TZ")]

    insert_into(SETTING, fields_of(StoredSetting)).run_many(connection, rows)

    assert STORED.all(connection) == rows


def test_an_upsert_replaces_the_row_of_its_key_and_adds_others(connection: Connection):
    insert_into(SETTING).run(connection, "TZ", "UTC", 1)

    upsert_into(SETTING).run_many(
        connection, [("TZ", "Australia/Sydney", 2), ("LOG_LEVEL", "debug", 2)]
    )

    assert STORED.all(connection) == [
        StoredSetting(2, "debug", "LOG_LEVEL"),
        StoredSetting(2, "Australia/Sydney", "TZ"),
    ]


def test_an_insert_returns_what_it_is_asked_for(connection: Connection):
    insert = insert_into(SETTING, returning="value")

    assert insert.value(connection, "TZ", "UTC", 1) == "UTC"


def test_a_write_says_how_many_rows_it_concerned(connection: Connection):
    rows = [("TZ", "UTC", 1), ("LOG_LEVEL", "debug", 1), ("API_PORT", "80", 2)]
    insert_into(SETTING).run_many(connection, rows)
    delete = Query("DELETE FROM setting WHERE changed_at = :at", ("at",))

    assert delete.run(connection, 1) == 2
    assert delete.run(connection, 1) == 0
