"""What every table is made of, as far as its rows can leave the database.

Derived from the schema's metadata: a table or column that is added there is in every
export from then on.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, Float, Integer, Table, Text
from sqlalchemy.types import TypeEngine

from energy_logger_server.store.schema import METADATA


class ValueKind(StrEnum):
    """What a column holds, and how its values leave the database.

    ``integer``: an int. ``boolean``: 0 or 1. ``text``: a str. ``real``: the shortest
    decimal text that gives the same double, as ``repr`` writes it.
    """

    INTEGER = "integer"
    BOOLEAN = "boolean"
    TEXT = "text"
    REAL = "real"


_KINDS: tuple[tuple[type[TypeEngine[Any]], ValueKind], ...] = (
    (Boolean, ValueKind.BOOLEAN),
    (Integer, ValueKind.INTEGER),
    (Float, ValueKind.REAL),
    (Text, ValueKind.TEXT),
)


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column.

    Attributes:
        name: In the database.
        kind: Of its values.
        is_nullable: Whether one may be null.
    """

    name: str
    kind: ValueKind
    is_nullable: bool


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table.

    Attributes:
        name: In the database.
        columns: In its order.
        key: The columns of its primary key, in theirs: rows are read in this order.
        numbered_by: The column whose numbers the database counts up; None if none is.
    """

    name: str
    columns: tuple[ColumnShape, ...]
    key: tuple[ColumnShape, ...]
    numbered_by: str | None

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in their order."""
        return tuple(column.name for column in self.columns)


def kind_of(column: Column[Any]) -> ValueKind:
    """Return what a column holds.

    Raises:
        TypeError: If no values of its type can leave the database yet.
    """
    for known, kind in _KINDS:
        if isinstance(column.type, known):
            return kind
    raise TypeError(f"{column} has a type that no export knows: {column.type!r}")


def shape_of(table: Table) -> TableShape:
    """Return what a table is made of."""
    columns = {
        column.name: ColumnShape(
            str(column.name), kind_of(column), bool(column.nullable)
        )
        for column in table.columns
    }
    numbered = table.autoincrement_column
    return TableShape(
        str(table.name),
        tuple(columns.values()),
        tuple(columns[column.name] for column in table.primary_key),
        None if numbered is None else str(numbered.name),
    )


TABLES: tuple[TableShape, ...] = tuple(map(shape_of, METADATA.sorted_tables))
"""Every table of the schema; none refers to one behind it."""
