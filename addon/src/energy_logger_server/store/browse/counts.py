"""How many rows a table has, without counting ten years of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from energy_logger_server.store.schema.readable.columns import ReadableTable, RowCount

MOST_COUNTED = 250_000
"""Rows that are counted one by one: it takes some ten milliseconds."""

_MEMORY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class RowTotal:
    """How many rows there are.

    Attributes:
        rows: So many; ``MOST_COUNTED`` also stands for any larger number, where the
            database knows no better.
        is_estimate: Whether they were not counted one by one.
    """

    rows: int
    is_estimate: bool


class RowCounter:
    """Counts tables; one that is too large to be counted is tried once an hour."""

    def __init__(self) -> None:
        """Know no table yet."""
        self._large_at: dict[str, datetime] = {}

    def count(
        self, connection: Connection, tables: Iterable[ReadableTable], now: datetime
    ) -> dict[str, RowTotal]:
        """Return how many rows each table has that no rollup counts."""
        return {one.name: self._count(connection, one, now) for one in tables}

    def _count(
        self, connection: Connection, table: ReadableTable, now: datetime
    ) -> RowTotal:
        known_at = self._large_at.get(table.name)
        if known_at is not None and abs(now - known_at) <= _MEMORY:
            return _estimate(connection, table)
        total = count_rows(connection, table)
        if total.is_estimate:
            self._large_at[table.name] = now
        return total


def count_rows(connection: Connection, table: ReadableTable) -> RowTotal:
    """Return how many rows a table has that no rollup counts."""
    counted = _scalar(
        connection,
        f"SELECT count(*) FROM (SELECT 1 FROM {table.table} LIMIT {MOST_COUNTED}) x",
    )
    if counted < MOST_COUNTED:
        return RowTotal(counted, is_estimate=False)
    return _estimate(connection, table)


def _estimate(connection: Connection, table: ReadableTable) -> RowTotal:
    if table.row_count is RowCount.NUMBERED:
        estimate = _scalar(
            connection,
            f"SELECT (SELECT max(id) FROM {table.table})"
            f" - (SELECT min(id) FROM {table.table}) + 1",
        )
    elif connection.dialect.name == "postgresql":
        estimate = _scalar(
            connection,
            "SELECT CAST(reltuples AS BIGINT) FROM pg_class"
            f" WHERE oid = CAST('{table.table}' AS regclass)",
        )
    else:
        estimate = MOST_COUNTED
    return RowTotal(max(estimate, MOST_COUNTED), is_estimate=True)


def _scalar(connection: Connection, sql: str) -> int:
    return int(connection.exec_driver_sql(sql).scalar_one())
