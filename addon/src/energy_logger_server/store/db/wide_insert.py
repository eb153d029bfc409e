"""Inserting many rows of which some columns repeat, several rows to a statement."""

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Any

from sqlalchemy import Table
from sqlalchemy.engine import Connection

from .query import insert_into, on_conflict, upsert_into
from .statement import cursor_of

_ROWS_AT_ONCE = 32


class WideInsert:
    """An insert of all columns of a table, declared once like a ``Query``.

    Most of what executemany costs on SQLite it costs for each row and each parameter
    anew. Thirty-two rows in a statement that is given the repeated values once take
    half the time (measured; more rows to a statement gain nothing), and so do fewer
    in a statement of their own. PostgreSQL would need every type stated, and gets
    executemany.

    Args:
        table: Where the rows go.
        repeated: The columns that have one value in all rows.
        overwrites: Whether a row replaces that of the same key; else it is an error.
        origin: Columns that only say who wrote: a row that differs in nothing else
            from that of the same key is not written.
    """

    def __init__(
        self,
        table: Table,
        repeated: Sequence[str],
        *,
        overwrites: bool = False,
        origin: Sequence[str] = (),
    ) -> None:
        varying = [one.name for one in table.columns if one.name not in repeated]
        columns = (*repeated, *varying)
        self._row_by_row = (
            upsert_into(table, columns, origin=origin)
            if overwrites
            else insert_into(table, columns)
        )
        self._head = _head(table, repeated, varying)
        self._row = f"({', '.join('?' * len(varying))})"
        self._texts: dict[int, str] = {}
        # without WHERE, SQLite would read ON as part of a join
        self._tail = (
            f" WHERE true {on_conflict(table, columns, origin, 'IS NOT')}"
            if overwrites
            else ""
        )

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
        if connection.dialect.name != "sqlite":
            rows = zip(*map(repeat, repeated), *varying, strict=False)
            self._row_by_row.run_many(connection, list(rows))
            return
        count, width = len(varying[0]), len(varying)
        flat = list(chain.from_iterable(zip(*varying, strict=True)))
        whole = count - count % _ROWS_AT_ONCE
        cursor = cursor_of(connection)
        try:
            if whole:
                step = _ROWS_AT_ONCE * width
                cursor.executemany(
                    self._sql(_ROWS_AT_ONCE),
                    (
                        (*repeated, *flat[start : start + step])
                        for start in range(0, whole * width, step)
                    ),
                )
            if whole < count:
                cursor.execute(
                    self._sql(count - whole), (*repeated, *flat[whole * width :])
                )
        finally:
            cursor.close()

    def _sql(self, rows: int) -> str:
        text = self._texts.get(rows)
        if text is None:
            values = ", ".join([self._row] * rows)
            text = self._texts[rows] = f"{self._head} (VALUES {values}){self._tail}"
        return text


def _head(table: Table, repeated: Sequence[str], varying: Sequence[str]) -> str:
    marks = ["?"] * len(repeated)
    columns = [f"column{number}" for number in range(1, len(varying) + 1)]
    return (
        f"INSERT INTO {table.name} ({', '.join((*repeated, *varying))})"
        f" SELECT {', '.join((*marks, *columns))} FROM"
    )
