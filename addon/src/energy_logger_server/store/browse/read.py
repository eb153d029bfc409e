"""Pages of a table, as somebody who browses asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.engine import Connection

from energy_logger_server.store.db.query import Query, Row
from energy_logger_server.store.db.time_limit import time_limit

from .columns import Cell, ColumnType, StoredValue, TableColumn
from .counts import RowTotal, count_rows
from .request import TableQuestion
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
    question: TableQuestion,
    known: RowTotal | None,
    limit_s: float,
) -> TablePage:
    """Return the rows that are wanted.

    Args:
        connection: A reader's.
        question: Which.
        known: Rows of the table, where rollups tell them.
        limit_s: Most seconds to search.

    Raises:
        QueryTooSlow: If it takes longer.
    """
    with time_limit(connection, limit_s):
        rows = _rows(connection, question)
    kept = rows[: question.limit]
    cursor = None
    if len(rows) > question.limit:
        cursor = _cursor(question, kept[-1])
    is_last = cursor is None and question.cursor is None
    if is_last and (kept or not question.offset):
        total: RowTotal | None = RowTotal(
            question.offset + len(kept), is_estimate=False
        )
    elif question.conditions:
        total = None
    else:
        total = known or count_rows(connection, question.table)
    shown = tuple(_shown(question.columns, row) for row in kept)
    return TablePage(shown, cursor, total)


def _cursor(question: TableQuestion, last: Row) -> tuple[StoredValue, ...]:
    first, *others = last[len(question.columns) :]
    if question.sort.type is ColumnType.BOOL and first is not None:
        # SQLite files truth as a number
        first = bool(first)
    return (first, *others)


def _rows(connection: Connection, question: TableQuestion) -> list[Row]:
    statement = TableStatement(connection.dialect.name, question)
    table = question.table
    if table.series_kind is None or not question.sort.order:
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
