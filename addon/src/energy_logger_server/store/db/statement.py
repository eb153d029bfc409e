"""SQL as one kind of database takes it, executed with plain tuples."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Connection, Dialect

from .reader import Reader


class Statement:
    """SQL text with positional parameters in a stated order.

    Args:
        dialect: From the engine.
        sql: With ``:name`` parameters.
        order: The names in the order in which values will be given.
    """

    def __init__(self, dialect: Dialect, sql: str, order: Sequence[str]) -> None:
        """Compile; a parameter that is used twice is given once."""
        compiled = text(sql).compile(dialect=dialect)
        self.sql = str(compiled)
        self._has_names = False
        positions = list(getattr(compiled, "positiontup", None) or ())
        names = list(order)
        self._pick = (
            None if positions == names else [names.index(name) for name in positions]
        )

    def rows(
        self,
        connection: Reader,
        values: Sequence[Any] = (),
        names: tuple[str, ...] | None = None,
    ) -> list[tuple[Any, ...]]:
        """Execute once; return all rows.

        Args:
            connection: Inside its transaction.
            values: In the stated order.
            names: What the columns must be called, if that matters.

        Raises:
            TypeError: If they are called otherwise.
        """
        cursor = cursor_of(connection)
        try:
            cursor.execute(self.sql, self._arrange(values))
            if names is not None and not self._has_names:
                _check_names(cursor.description, names)
                self._has_names = True
            found: list[tuple[Any, ...]] = cursor.fetchall()
        finally:
            cursor.close()
        return found

    def run(self, connection: Connection, values: Sequence[Any] = ()) -> int:
        """Execute once; return how many rows that wrote or deleted."""
        cursor = cursor_of(connection)
        try:
            cursor.execute(self.sql, self._arrange(values))
            count: int = cursor.rowcount
        finally:
            cursor.close()
        return count

    def run_many(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Execute for every row."""
        if not rows:
            return
        arranged = rows if self._pick is None else map(self._arrange, rows)
        cursor = cursor_of(connection)
        try:
            # SQLite's driver takes half as long again to bind a named tuple
            cursor.executemany(self.sql, map(tuple, arranged))
        finally:
            cursor.close()

    def _arrange(self, values: Sequence[Any]) -> Sequence[Any]:
        if self._pick is None:
            return values
        return tuple(values[index] for index in self._pick)


def _check_names(description: Sequence[Sequence[Any]], names: tuple[str, ...]) -> None:
    found = tuple(name for name, *_rest in description)
    if found != names:
        raise TypeError(f"the columns are {found}, the row has {names}")


def cursor_of(connection: Reader) -> Any:
    """Return a cursor of the driver: past SQLAlchemy a small statement costs a fifth.

    The transaction stays SQLAlchemy's; errors are the driver's, see ``database``.
    """
    return connection.connection.cursor()
