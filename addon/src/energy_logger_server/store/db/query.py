"""A statement, read or write: declared once, compiled once for each database."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, overload

from sqlalchemy import Table
from sqlalchemy.engine import Connection

from .reader import Reader
from .statement import Statement

type Row = tuple[Any, ...]


class Query[Found]:
    """SQL with ``:name`` parameters, executed with plain values in a stated order."""

    @overload
    def __init__(
        self: "Query[Row]", statement: str, order: Sequence[str] = ()
    ) -> None: ...

    @overload
    def __init__(
        self,
        statement: str,
        order: Sequence[str] = (),
        *,
        row: type[Found],
    ) -> None: ...

    def __init__(
        self,
        statement: str,
        order: Sequence[str] = (),
        *,
        row: type[Any] = tuple,
    ) -> None:
        """Compile nothing yet.

        Args:
            statement: SQL that is valid on both databases.
            order: The parameters' names in the order in which values will be given.
            row: A named tuple whose fields are the names of the columns, in their
                order, which is checked; without it rows are plain tuples.
        """
        self._sql = statement
        self._order = tuple(order)
        self._compiled: dict[str, Statement] = {}
        self._fields: tuple[str, ...] | None = getattr(row, "_fields", None)
        # the count of fields is checked with their names, once and not for each row
        self._make: Callable[[Any], Found] | None = (
            None if self._fields is None else partial(tuple.__new__, row)
        )

    def all(self, connection: Reader, *values: Any) -> list[Found]:
        """Return every row."""
        rows: Any = self._rows(connection, values)
        found: list[Found] = rows if self._make is None else list(map(self._make, rows))
        return found

    def value(self, connection: Reader, *values: Any) -> Any:
        """Return the first column of the first row; None when there is none."""
        for first, *_others in self._rows(connection, values):
            return first
        return None

    def columns(self, connection: Reader, *values: Any) -> Found | None:
        """Return a list of each column's values; None when there is no row.

        A list costs less than an object for each row; ``row`` names the lists then.
        """
        rows = self._rows(connection, values)
        if not rows:
            return None
        lists: Any = tuple(map(list, zip(*rows, strict=True)))
        found: Found = lists if self._make is None else self._make(lists)
        return found

    def first(self, connection: Reader, *values: Any) -> Found | None:
        """Return the first row, None when there is none."""
        return next(iter(self.all(connection, *values)), None)

    def one(self, connection: Reader, *values: Any) -> Found:
        """Return the row of a query that always has exactly one."""
        [row] = self.all(connection, *values)
        return row

    def run(self, connection: Connection, *values: Any) -> int:
        """Write; return how many rows that concerned."""
        return self._statement(connection).run(connection, values)

    def run_many(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Write with the values of every row; no rows are no write."""
        self._statement(connection).run_many(connection, rows)

    def _rows(self, connection: Reader, values: Sequence[Any]) -> list[Row]:
        return self._statement(connection).rows(connection, values, self._fields)

    def _statement(self, connection: Reader) -> Statement:
        name = connection.dialect.name
        found = self._compiled.get(name)
        if found is None:
            found = Statement(connection.dialect, self._sql, self._order)
            self._compiled[name] = found
        return found


def insert_into(
    table: Table, columns: Sequence[str] = (), *, returning: str = ""
) -> Query[Row]:
    """Return an insert: a row that is there already is an error.

    Args:
        table: Where rows go.
        columns: In the order in which values will be given, such as the fields of a
            named tuple; without them all columns, in the order of the table.
        returning: What to return of a row, if anything.
    """
    columns = columns or table.columns.keys()
    sql = _insert(table, columns)
    return Query(f"{sql} RETURNING {returning}" if returning else sql, columns)


def upsert_into(
    table: Table, columns: Sequence[str] = (), *, origin: Sequence[str] = ()
) -> Query[Row]:
    """Return an insert that overwrites the row of the same primary key.

    Args:
        table: Where rows go.
        columns: As for ``insert_into``.
        origin: Columns that only say who wrote: when nothing else differs, the row
            stays as it is. None overwrites always. PostgreSQL's; for SQLite there is
            ``WideInsert``.
    """
    columns = columns or table.columns.keys()
    clause = on_conflict(table, columns, origin, "IS DISTINCT FROM")
    return Query(f"{_insert(table, columns)} {clause}", columns)


def keep_first_in(table: Table) -> Query[Row]:
    """Return an insert of whole rows that leaves a row of the same key as it is."""
    columns = table.columns.keys()
    return Query(f"{_insert(table, columns)} ON CONFLICT DO NOTHING", columns)


def on_conflict(
    table: Table, columns: Sequence[str], origin: Sequence[str], differs: str
) -> str:
    """Return what makes an insert overwrite, see ``upsert_into``.

    Args:
        table: Where rows go.
        columns: Of the insert.
        origin: Those of them that only say who wrote.
        differs: How the database compares where both sides may be null.
    """
    keys = [column.name for column in table.primary_key]
    names = [name for name in columns if name not in keys]
    updates = ", ".join(f"{name} = excluded.{name}" for name in names)
    clause = f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {updates}"
    if not origin:
        return clause
    stated = [name for name in names if name not in origin]
    old = ", ".join(f"{table.name}.{name}" for name in stated)
    new = ", ".join(f"excluded.{name}" for name in stated)
    return f"{clause} WHERE ({old}) {differs} ({new})"


def _insert(table: Table, columns: Sequence[str]) -> str:
    values = ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({values})"


def columns_of(row: type, prefix: str = "") -> str:
    """Return what a row is made of, for ``SELECT``: ``t.end_at, t.price_e5``.

    Args:
        row: Its fields have the names of the columns.
        prefix: Put before each name, such as ``t.``.
    """
    return ", ".join(f"{prefix}{name}" for name in fields_of(row))


def fields_of(row: type) -> tuple[str, ...]:
    """Return the names of a named tuple's fields."""
    fields: tuple[str, ...] = getattr(row, "_fields", ())
    return fields
