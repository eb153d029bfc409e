"""A SELECT of a reader's own making: it reads, for a limited time, and no secret.

On SQLite an authorizer lets nothing but reading pass. On PostgreSQL the transaction is
read-only, and the query is that of a cursor, which no other statement can be.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from energy_logger_server.errors import QueryUnusable
from energy_logger_server.store.db.driver_errors import (
    driver_errors,
    postgres_types,
    sqlstate,
)
from energy_logger_server.store.db.statement import cursor_of
from energy_logger_server.store.db.time_limit import time_limit
from energy_logger_server.store.schema.bookkeeping import SETTING
from energy_logger_server.store.schema.readable.columns import Cell
from energy_logger_server.store.schema.views import view_statements

_FIRST_WORD = re.compile(r"(?:\s|\(|--[^\n]*(?:\n|$)|/\*.*?\*/)*(\w*)", re.DOTALL)
_QUERIES = frozenset({"select", "with", "values"})
_ONLY_READS = "only a SELECT can be run: nothing can be changed here"
_NO_SETTINGS = (
    f"the table {SETTING.name} cannot be read here, it holds secrets: "
    "`energy-logger settings list` shows the settings"
)
_NAMES_SETTINGS = re.compile(rf"\b{SETTING.name}\b", re.IGNORECASE)
_SQLITE_READS = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_RECURSIVE,
    }
)
_SQLITE_FAULTS = frozenset(
    {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG}
)
_POSTGRESQL_FAULTS = ("ProgrammingError", "DataError", "NotSupportedError")
# PostgreSQL's codes
_READ_ONLY, _NO_TABLE, _NO_COLUMN = "25006", "42P01", "42703"


@dataclass(frozen=True, slots=True)
class SelectedRows:
    """What a SELECT found.

    Attributes:
        columns: Their names, as the database gives them; two may be equal.
        rows: In the order of the query.
        is_cut: Whether there are more rows.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_cut: bool


def select_rows(
    connection: Connection, sql: str, most_rows: int, limit_s: float
) -> SelectedRows:
    """Run a SELECT.

    Args:
        connection: A reader's, inside its transaction.
        sql: One statement; a semicolon may follow it.
        most_rows: Maximum of rows to return.
        limit_s: Maximum of seconds to search.

    Raises:
        QueryTooSlow: If it takes longer.
        QueryUnusable: If it is no SELECT, or the database does not understand it; the
            message is one sentence.
    """
    sql = sql.rstrip("; \t\r\n")
    first = _FIRST_WORD.match(sql)
    if first is None or first[1].lower() not in _QUERIES:
        raise QueryUnusable(_ONLY_READS)
    is_sqlite = connection.dialect.name == "sqlite"
    run = _on_sqlite if is_sqlite else _on_postgres
    try:
        with time_limit(connection, limit_s):
            columns, found = run(connection, sql, most_rows + 1)
    except driver_errors() as err:
        cause = err.orig if isinstance(err, DBAPIError) else err
        if not _is_readers_fault(cause):
            raise
        raise QueryUnusable(_sentence(cause, connection.dialect.name)) from err
    rows = tuple(tuple(map(_cell, row)) for row in found[:most_rows])
    return SelectedRows(columns, rows, is_cut=len(found) > most_rows)


type _Found = tuple[tuple[str, ...], Sequence[Sequence[Any]]]


def _on_sqlite(connection: Connection, sql: str, most: int) -> _Found:
    with _authorizing(connection):
        cursor = cursor_of(connection)
        try:
            cursor.execute(sql)
            return _names(cursor), cursor.fetchmany(most)
        finally:
            cursor.close()


def _on_postgres(connection: Connection, sql: str, most: int) -> _Found:
    if _NAMES_SETTINGS.search(sql):
        raise QueryUnusable(_NO_SETTINGS)
    cursor = cursor_of(connection)
    try:
        # prepared: the server refuses a second statement behind the query
        cursor.execute(f"DECLARE reader_sql NO SCROLL CURSOR FOR {sql}", prepare=True)
        cursor.execute(f"FETCH FORWARD {most} FROM reader_sql")
        return _names(cursor), cursor.fetchall()
    finally:
        cursor.close()


def _names(cursor: Any) -> tuple[str, ...]:
    return tuple(name for name, *_rest in cursor.description)


@contextmanager
def _authorizing(connection: Connection) -> Iterator[None]:
    """Let statements read, and neither change anything nor see saved settings."""
    driver: Any = connection.connection.driver_connection
    refusals: list[str] = []

    def authorize(action: int, table: str | None, *_rest: str | None) -> int:
        if action not in _SQLITE_READS:
            refusals.append(_ONLY_READS)
        elif action == sqlite3.SQLITE_READ and table == SETTING.name:
            refusals.append(_NO_SETTINGS)
        return sqlite3.SQLITE_DENY if refusals else sqlite3.SQLITE_OK

    authorizer: Callable[..., int] = authorize
    driver.set_authorizer(authorizer)
    try:
        yield
    except sqlite3.Error as err:
        if refusals:
            raise QueryUnusable(refusals[0]) from err
        raise
    finally:
        driver.set_authorizer(None)


def _is_readers_fault(cause: BaseException | None) -> bool:
    code = getattr(cause, "sqlite_errorcode", None)
    if code in _SQLITE_FAULTS or sqlstate(cause) == _READ_ONLY:
        return True
    of_sqlite = (sqlite3.ProgrammingError, sqlite3.DataError)
    return isinstance(cause, (*of_sqlite, *postgres_types(*_POSTGRESQL_FAULTS)))


def _sentence(cause: BaseException | None, dialect: str) -> str:
    """Return what the database does not understand, and where to look."""
    if sqlstate(cause) == _READ_ONLY:
        return _ONLY_READS
    said = (str(cause).strip().splitlines() or ["the query cannot be run"])[0]
    if said.startswith("no such table") or sqlstate(cause) == _NO_TABLE:
        return f"{said}; there are {', '.join(sorted(view_statements(dialect)))}"
    if said.startswith("no such column") or sqlstate(cause) == _NO_COLUMN:
        return f"{said}; SELECT * shows a table's columns"
    return said


def _cell(value: Any) -> Cell:
    match value:
        case None | bool() | int() | float() | str():
            cell: Cell = value
            return cell
        case Decimal() if value.is_finite() and value == value.to_integral_value():
            return int(value)
        case Decimal():
            return float(value)
        case bytes():
            return value.hex()
        case _:
            return str(value)
