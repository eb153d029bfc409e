"""Which rows of a table are asked for."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from energy_logger_server.store.schema.readable.columns import (
    ReadableTable,
    StoredValue,
    TableColumn,
)


class Operator(StrEnum):
    """How a column is compared with a value, as Datasette and Django call it."""

    EXACT = "exact"
    NE = "ne"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    CONTAINS = "contains"
    ISNULL = "isnull"


class Direction(StrEnum):
    """Which end comes first; nulls always come last."""

    ASCENDING = "asc"
    DESCENDING = "desc"


type Operand = str | bool | Decimal
"""Text, or true or false, or a number as it is shown, or epoch seconds, or days since
1970-01-01, as the column's type says."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What rows must fulfil; a row without a value fulfils only ``ISNULL``.

    Attributes:
        column: Of the table.
        operator: How.
        value: True or false for ``ISNULL``; for ``IN`` several, of which one must be
            equal.
    """

    column: TableColumn
    operator: Operator
    value: Operand | tuple[Operand, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuery:
    """A page of rows.

    Attributes:
        table: Whose rows.
        columns: Which of its columns.
        sort: The column to order by; rows of equal values follow the key.
        direction: Of the column and of the key.
        conditions: All of which must hold.
        limit: Maximum of rows.
        offset: Rows to skip at the beginning.
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
