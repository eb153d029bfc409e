"""Rows of a whole table into a store that had none, many at a time."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.statement import cursor_of

from .read import Only, count_rows
from .tables import TABLES, TableShape, ValueKind

_MADE_BY_MIGRATIONS = {"store_meta": Only(("instance_id",), are_left_out=True)}
"""Rows that a new store has before anything is stored."""

_SETTING = "setting"

_FROM_EXPORT: dict[ValueKind, Callable[[Any], Any]] = {
    ValueKind.BOOLEAN: bool,
    ValueKind.REAL: float,
}


def is_new(connection: Connection) -> bool:
    """Return whether nothing was stored yet."""
    return not any(
        count_rows(connection, table, _MADE_BY_MIGRATIONS.get(table.name))
        for table in TABLES
    )


def forget_new_store(connection: Connection) -> None:
    """Take out what a new store has of its own, for what an export brings instead."""
    for table in _MADE_BY_MIGRATIONS:
        Query(f"DELETE FROM {table}").run(connection)


def remove_rows(connection: Connection, settings: Sequence[str]) -> None:
    """Take all rows out of a store in PostgreSQL.

    Args:
        connection: Inside the transaction that fills the store again.
        settings: Names of the saved settings that go; the others stay.
    """
    emptied = ", ".join(one.name for one in TABLES if one.name != _SETTING)
    # of tables that refer to each other, all at once
    Query(f"TRUNCATE {emptied}").run(connection)
    names = tuple(f"name_{number}" for number in range(len(settings)))
    marks = ", ".join(f":{name}" for name in names)
    Query(f"DELETE FROM {_SETTING} WHERE name IN ({marks})", names).run(
        connection, *settings
    )


def insert_rows(
    connection: Connection, table: TableShape, rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows as ``read.pages`` gives them.

    Raises:
        StoreError: From the transaction around it, if the database refuses a row.
    """
    convert = [_FROM_EXPORT.get(column.kind) for column in table.columns]
    if any(convert):
        rows = [_converted(row, convert) for row in rows]
    names = ", ".join(table.column_names)
    cursor = cursor_of(connection)
    try:
        if connection.dialect.name == "postgresql":
            # half the time of inserts, and no statement of which a limit could tire
            with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(table.columns))
        cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)
    finally:
        cursor.close()


def go_on_numbering(connection: Connection) -> None:
    """Have the database count up from the numbers that came with the rows.

    SQLite always does.
    """
    if connection.dialect.name == "sqlite":
        return
    for table in TABLES:
        if table.numbered_by is not None:
            number = table.numbered_by
            Query(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', '{number}'),"
                f" max({number})) FROM {table.name} HAVING max({number}) IS NOT NULL"
            ).all(connection)


def _converted(
    row: Sequence[Any], convert: Sequence[Callable[[Any], Any] | None]
) -> Sequence[Any]:
    return tuple(
        value if change is None or value is None else change(value)
        for value, change in zip(row, convert, strict=True)
    )
