"""A table's rows in the order of its key, the same from either database."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from energy_logger_server.store.db.query import Query, Row
from energy_logger_server.store.db.reader import Reader

from .tables import TableShape, ValueKind

ROWS_AT_ONCE = 5_000
"""Rows of a page: what is in memory at a time."""

_NAME = "name"


@dataclass(frozen=True, slots=True)
class Only:
    """Which rows of a table with a column ``name`` are read.

    Attributes:
        names: Theirs.
        are_left_out: Whether all rows but those are.
    """

    names: tuple[str, ...]
    are_left_out: bool = False


def pages(
    reader: Reader,
    table: TableShape,
    only: Only | None = None,
    rows_at_once: int = ROWS_AT_ONCE,
) -> Iterator[Sequence[Row]]:
    """Yield rows of a table, page after page, each row a tuple as in its columns.

    Text keys are in the order of their code points. Each page is a statement of its
    own: PostgreSQL's time limit counts anew, and nothing is sorted.

    Args:
        reader: Inside a transaction that shows one state of the store, see
            ``one_state``.
        table: Whose.
        only: Which rows; all unless given.
        rows_at_once: Length of a page.
    """
    plan = _plan(reader.dialect.name, table, only)
    wanted = () if only is None else only.names
    found = plan.first.all(reader, *wanted, rows_at_once)
    while found:
        last = found[-1]
        yield plan.as_exported(found)
        if len(found) < rows_at_once:
            return
        after = [last[place] for place in plan.key_places]
        found = plan.next.all(reader, *wanted, *after, rows_at_once)


def count_rows(reader: Reader, table: TableShape, only: Only | None = None) -> int:
    """Return how many rows there are."""
    plan = _plan(reader.dialect.name, table, only)
    counted: int = plan.count.value(reader, *(() if only is None else only.names))
    return counted


@dataclass(frozen=True, slots=True)
class _Plan:
    count: Query[Row]
    first: Query[Row]
    next: Query[Row]
    key_places: tuple[int, ...]
    as_exported: Callable[[list[Row]], Sequence[Row]]


@lru_cache(maxsize=256)
def _plan(dialect: str, table: TableShape, only: Only | None) -> _Plan:
    listed = ", ".join(
        f"CAST({column.name} AS INTEGER)"
        if column.kind is ValueKind.BOOLEAN
        else column.name
        for column in table.columns
    )
    keys = [
        f'{column.name} COLLATE "C"'
        if column.kind is ValueKind.TEXT and dialect == "postgresql"
        else column.name
        for column in table.key
    ]
    after = [f"after_{column.name}" for column in table.key]
    wanted = () if only is None else tuple(f"name_{n}" for n in range(len(only.names)))
    condition = "1 = 1"
    if only is not None:
        operator = "NOT IN" if only.are_left_out else "IN"
        condition = f"{_NAME} {operator} ({', '.join(f':{name}' for name in wanted)})"
    place = f"({', '.join(keys)}) > ({', '.join(f':{name}' for name in after)})"
    order = f"ORDER BY {', '.join(keys)} LIMIT :rows_at_once"
    read = f"SELECT {listed} FROM {table.name} WHERE {condition}"
    names = table.column_names
    return _Plan(
        Query(f"SELECT count(*) FROM {table.name} WHERE {condition}", wanted),
        Query(f"{read} {order}", (*wanted, "rows_at_once")),
        Query(f"{read} AND {place} {order}", (*wanted, *after, "rows_at_once")),
        tuple(names.index(column.name) for column in table.key),
        _exporting([column.kind for column in table.columns]),
    )


def _exporting(kinds: Sequence[ValueKind]) -> Callable[[list[Row]], Sequence[Row]]:
    """Return what writes real numbers as texts; most tables have none."""
    real = {place for place, kind in enumerate(kinds) if kind is ValueKind.REAL}
    if not real:
        return lambda rows: rows

    def exported(row: Row) -> tuple[Any, ...]:
        return tuple(
            repr(float(value)) if place in real and value is not None else value
            for place, value in enumerate(row)
        )

    return lambda rows: [exported(row) for row in rows]
