"""Inserting many rows of which some columns repeat, several rows to a statement."""

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import Connection, Dialect

from .statement import cursor_of, insert, upsert

_ROWS_AT_ONCE = 32


class WideInsert:
    """An insert of all columns of a table.

    Most of what executemany costs on SQLite it costs for each row and each parameter
    anew. Thirty-two rows in a statement that is given the repeated values once take
    half the time (measured; more rows to a statement gain nothing). PostgreSQL would
    have to be told every type, and gets executemany.

    Args:
        dialect: From the engine.
        table: Where the rows go.
        repeated: The columns that have one value in all rows.
        overwrites: Whether a row replaces that of the same key; else it is an error.
    """

    def __init__(
        self,
        dialect: Dialect,
        table: Table,
        repeated: Sequence[str],
        *,
        overwrites: bool = False,
    ) -> None:
        varying = [one.name for one in table.columns if one.name not in repeated]
        make = upsert if overwrites else insert
        self._row_by_row = make(dialect, table, (*repeated, *varying))
        self._is_wide = dialect.name == "sqlite"
        self._sql = _wide_sql(table, repeated, varying)
        if overwrites:
            self._sql += _overwriting(table)

    def run(
        self,
        connection: Connection,
        repeated: Sequence[Any],
        varying: Sequence[Sequence[Any]],
    ) -> None:
        """Insert rows.

        Args:
            connection: The writer's.
            repeated: Values of the repeated columns, in the order in which they were
                named.
            varying: The other columns in table order, each with a value for each row.
        """
        rows = len(varying[0])
        whole = rows - rows % _ROWS_AT_ONCE if self._is_wide else 0
        if whole:
            self._run_wide(connection, repeated, [column[:whole] for column in varying])
        rest = zip(
            *map(repeat, repeated),
            *(column[whole:] for column in varying),
            strict=False,
        )
        self._row_by_row.run_many(connection, list(rest))

    def _run_wide(
        self,
        connection: Connection,
        repeated: Sequence[Any],
        varying: Sequence[Sequence[Any]],
    ) -> None:
        flat = list(chain.from_iterable(zip(*varying, strict=True)))
        step = _ROWS_AT_ONCE * len(varying)
        cursor = cursor_of(connection)
        try:
            cursor.executemany(
                self._sql,
                (
                    (*repeated, *flat[start : start + step])
                    for start in range(0, len(flat), step)
                ),
            )
        finally:
            cursor.close()


def _wide_sql(table: Table, repeated: Sequence[str], varying: Sequence[str]) -> str:
    marks = ["?"] * len(repeated)
    columns = [f"column{number}" for number in range(1, len(varying) + 1)]
    row = f"({', '.join('?' * len(varying))})"
    return (
        f"INSERT INTO {table.name} ({', '.join((*repeated, *varying))})"
        f" SELECT {', '.join((*marks, *columns))}"
        f" FROM (VALUES {', '.join([row] * _ROWS_AT_ONCE)})"
    )


def _overwriting(table: Table) -> str:
    keys = [column.name for column in table.primary_key]
    updates = ", ".join(
        f"{column.name} = excluded.{column.name}"
        for column in table.columns
        if column.name not in keys
    )
    # without WHERE, SQLite would read ON as part of a join
    return f" WHERE true ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {updates}"
