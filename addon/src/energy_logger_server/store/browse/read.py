"""Pages of a table that is browsed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.engine import Connection

from energy_logger_server.store.db.query import Query, Row
from energy_logger_server.store.db.time_limit import time_limit
from energy_logger_server.store.schema.readable.columns import (
    Cell,
    ColumnType,
    StoredValue,
    TableColumn,
)

from .counts import RowTotal, count_rows
from .query import TableQuery
from .statement import TableStatement

_SERIES = Query("SELECT id FROM series WHERE kind = :kind ORDER BY id", ("kind",))


@dataclass(frozen=True, slots=True)
class TablePage:
    """Some rows.

    Attributes:
        rows: As shown, in the order of the columns.
        cursor: Where the next page begins; None when there is none.
        total: Rows that fulfil the conditions; None where that is unknown.
    """

    rows: tuple[tuple[Cell, ...], ...]
    cursor: tuple[StoredValue, ...] | None
    total: RowTotal | None


def table_page(
    connection: Connection,
    query: TableQuery,
    known: RowTotal | None,
    limit_s: float,
) -> TablePage:
    """Return a page of rows.

    Args:
        connection: A reader's.
        query: Which rows.
        known: Rows of the table, where rollups count them.
        limit_s: Maximum of seconds to search.

    Raises:
        QueryTooSlow: If it takes longer.
    """
    with time_limit(connection, limit_s):
        rows = _rows(connection, query)
    kept = rows[: query.limit]
    cursor = None
    if len(rows) > query.limit:
        cursor = _cursor(query, kept[-1])
    is_last = cursor is None and query.cursor is None
    if is_last and (kept or not query.offset):
        total: RowTotal | None = RowTotal(query.offset + len(kept), is_estimate=False)
    elif query.conditions:
        total = None
    else:
        total = known or count_rows(connection, query.table)
    shown = tuple(_shown(query.columns, row) for row in kept)
    return TablePage(shown, cursor, total)


def _cursor(query: TableQuery, last: Row) -> tuple[StoredValue, ...]:
    first, *others = last[len(query.columns) :]
    if query.sort.type is ColumnType.BOOL and first is not None:
        # SQLite stores a boolean as a number
        first = bool(first)
    return (first, *others)


def _rows(connection: Connection, query: TableQuery) -> list[Row]:
    statement = TableStatement(connection.dialect.name, query)
    table = query.table
    if table.series_kind is None or not query.sort.order:
        sql = statement.of_all()
    else:
        series = [row[0] for row in _SERIES.all(connection, table.series_kind)]
        if not series:
            return []
        sql = statement.of_series(series)
    found = connection.execute(text(sql), statement.values)
    return [tuple(row) for row in found]


def _shown(columns: Sequence[TableColumn], row: Row) -> tuple[Cell, ...]:
    return tuple(
        column.shown(stored) for column, stored in zip(columns, row, strict=False)
    )
