"""A query's text, compiled once for each database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.engine import Connection

from .statement import Statement, sql

type Row = tuple[Any, ...]


class Query:
    """SQL with ``:name`` parameters, executed with plain values."""

    def __init__(self, text: str, order: Sequence[str] = ()) -> None:
        """Compile nothing yet.

        Args:
            text: Valid on both databases.
            order: The parameters' names in the order in which values will be given.
        """
        self._text = text
        self._order = tuple(order)
        self._compiled: dict[str, Statement] = {}

    def all(self, connection: Connection, *values: Any) -> list[Row]:
        """Return every row."""
        name = connection.dialect.name
        statement = self._compiled.get(name)
        if statement is None:
            statement = sql(connection.dialect, self._text, self._order)
            self._compiled[name] = statement
        return statement.rows(connection, values)

    def first(self, connection: Connection, *values: Any) -> Row | None:
        """Return the first row, None when there is none."""
        return next(iter(self.all(connection, *values)), None)

    def one(self, connection: Connection, *values: Any) -> Row:
        """Return the row of a query that always has exactly one."""
        [row] = self.all(connection, *values)
        return row
