"""How much each table has, and since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection

from energy_logger_server.store.db.query import Query
from energy_logger_server.store.schema.readable.columns import ReadableTable

from .counts import RowTotal
from .query import Direction, TableQuery
from .read import table_page

NOT_COUNTED = RowTotal(0, is_estimate=True)
"""For who asks for a page and not how many rows there are."""


@dataclass(frozen=True, slots=True)
class TableExtent:
    """What a table of readings holds.

    Attributes:
        table: Which.
        rows: How many, counted one by one.
        first: The earliest instant by which its rows are sorted; None without rows.
        last: The latest likewise.
        owners: How many sites they are of; None where the key knows none.
        channels: How many different channels or registers those have; likewise.
    """

    table: ReadableTable
    rows: int
    first: datetime | None
    last: datetime | None
    owners: int | None
    channels: int | None


def table_extents(
    connection: Connection, tables: Iterable[ReadableTable], limit_s: float
) -> tuple[TableExtent, ...]:
    """Return the extent of tables that are sorted by a time.

    Counts every row: about ten milliseconds for a million, for a person who asks once.

    Args:
        connection: A reader's.
        tables: Which.
        limit_s: Maximum of seconds to look for an end of one of them.

    Raises:
        QueryTooSlow: If that takes longer.
    """
    return tuple(_extent(connection, table, limit_s) for table in tables)


def _extent(
    connection: Connection, table: ReadableTable, limit_s: float
) -> TableExtent:
    rows = int(Query(f"SELECT count(*) FROM {table.table}").value(connection))
    owners = channels = None
    if table.series_kind is not None:
        owners, channels = Query(
            "SELECT count(DISTINCT s.owner), count(DISTINCT s.channel) FROM series s"
            " WHERE s.kind = :kind AND EXISTS"
            f" (SELECT 1 FROM {table.table} t WHERE t.series_id = s.id)",
            ("kind",),
        ).one(connection, table.series_kind)
    return TableExtent(
        table,
        rows,
        _end(connection, table, Direction.ASCENDING, limit_s),
        _end(connection, table, Direction.DESCENDING, limit_s),
        owners,
        channels,
    )


def _end(
    connection: Connection, table: ReadableTable, direction: Direction, limit_s: float
) -> datetime | None:
    column = table.by_name[table.default_sort]
    query = TableQuery(
        table=table, columns=(column,), sort=column, direction=direction, limit=1
    )
    page = table_page(connection, query, NOT_COUNTED, limit_s)
    return next((datetime.fromisoformat(str(cell)) for (cell,) in page.rows), None)
