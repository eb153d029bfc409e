"""Core statements, compiled once and executed with plain tuples."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.sql.elements import ClauseElement

from .reader import Reader


class Statement:
    """SQL text with positional parameters in a stated order.

    Args:
        dialect: From the engine.
        clause: A Core construct with named parameters.
        order: The names in the order in which values will be given.
    """

    def __init__(
        self, dialect: Dialect, clause: ClauseElement, order: Sequence[str]
    ) -> None:
        """Compile; a parameter that is used twice must be given twice."""
        compiled = clause.compile(dialect=dialect)
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

    def run(self, connection: Connection, values: Sequence[Any] = ()) -> None:
        """Execute once; what it returns is dropped."""
        cursor = cursor_of(connection)
        try:
            cursor.execute(self.sql, self._arrange(values))
        finally:
            cursor.close()

    def run_many(self, connection: Connection, rows: Sequence[Sequence[Any]]) -> None:
        """Execute for every row."""
        if not rows:
            return
        pick = self._pick
        arranged = rows if pick is None else [self._arrange(row) for row in rows]
        cursor = cursor_of(connection)
        try:
            cursor.executemany(self.sql, arranged)
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


def upsert(
    dialect: Dialect,
    table: Table,
    columns: Sequence[str],
    *,
    origin: Sequence[str] = (),
) -> Statement:
    """Return an insert that overwrites the row of the same primary key.

    Args:
        dialect: From the engine.
        table: Where the row goes.
        columns: In the order in which values will be given.
        origin: Columns that only say who wrote: when nothing else differs, the row
            stays as it is. None overwrites always.
    """
    make = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    insert = make(table).values({name: bindparam(name) for name in columns})
    keys = [column.name for column in table.primary_key]
    updates = {
        name: getattr(insert.excluded, name) for name in columns if name not in keys
    }
    stated = [name for name in updates if name not in origin]
    differs = tuple_(*(table.c[name] for name in stated)).is_distinct_from(
        tuple_(*(updates[name] for name in stated))
    )
    return Statement(
        dialect,
        insert.on_conflict_do_update(
            index_elements=keys, set_=updates, where=differs if origin else None
        ),
        list(columns),
    )


def insert(dialect: Dialect, table: Table, columns: Sequence[str]) -> Statement:
    """Return a plain insert: a row that is there already is an error."""
    clause = table.insert().values({name: bindparam(name) for name in columns})
    return Statement(dialect, clause, list(columns))


def sql(dialect: Dialect, statement: str, order: Sequence[str]) -> Statement:
    """Return a textual statement with ``:name`` parameters."""
    return Statement(dialect, text(statement), order)
