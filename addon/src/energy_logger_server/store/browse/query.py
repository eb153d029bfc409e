"""What somebody who browses a table asks for."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from energy_logger_server.store.schema.readable.columns import (
    ReadableTable,
    StoredValue,
    TableColumn,
)


class Comparison(StrEnum):
    """How a column is compared with a value."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="
    CONTAINS = "~"


class Direction(StrEnum):
    """Which end comes first; empty values always come last."""

    ASCENDING = "asc"
    DESCENDING = "desc"


@dataclass(frozen=True, slots=True)
class Condition:
    """What rows must fulfil.

    Attributes:
        column: Of the table.
        comparison: How.
        value: Text, or true or false, or a number as it is shown, or epoch seconds, or
            days since 1970-01-01; None for nothing, which can only be equal or not.
    """

    column: TableColumn
    comparison: Comparison
    value: str | bool | Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuery:
    """Which rows of a table are wanted.

    Attributes:
        table: Whose.
        columns: Which of its columns.
        sort: The column to order by; rows of equal values follow the key.
        direction: Of the column and of the key.
        conditions: All of which must hold.
        limit: Most rows.
        offset: Rows to leave out at the beginning.
        cursor: ``TablePage.cursor`` of the page before, under the same order.
    """

    table: ReadableTable
    columns: tuple[TableColumn, ...]
    sort: TableColumn
    direction: Direction = Direction.DESCENDING
    conditions: tuple[Condition, ...] = ()
    limit: int = 100
    offset: int = 0
    cursor: tuple[StoredValue, ...] | None = None
