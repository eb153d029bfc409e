"""How many rows a table has, without counting ten years of them."""

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from energy_logger_server.store.schema.readable.columns import ReadableTable, RowCount

MOST_COUNTED = 250_000
"""Rows that are counted one by one: it takes some ten milliseconds."""


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


def count_rows(connection: Connection, table: ReadableTable) -> RowTotal:
    """Return how many rows a table has that no rollup counts."""
    counted = _scalar(
        connection,
        f"SELECT count(*) FROM (SELECT 1 FROM {table.table} LIMIT {MOST_COUNTED}) x",
    )
    if counted < MOST_COUNTED:
        return RowTotal(counted, is_estimate=False)
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
