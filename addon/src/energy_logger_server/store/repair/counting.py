"""How many rows another copy of a store has where rows of a damaged one are lost."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from energy_logger_server.store.db.driver_errors import driver_errors, store_error
from energy_logger_server.store.db.engine import store_url

from .gaps import Gap
from .repair import RepairedTable


def rows_within(file: Path, tables: Iterable[RepairedTable]) -> dict[str, list[int]]:
    """Return the count of rows in each gap of each table, by the table's name.

    Args:
        file: Of a sound store of the newest schema, without a log.
        tables: Of a repaired one.

    Raises:
        StoreUnavailable: If the file cannot be read.
    """
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA query_only=ON")
            return {
                table.name: [_count(connection, table, gap) for gap in table.gaps]
                for table in tables
            }
    except driver_errors() as err:
        raise store_error(store_url(f"sqlite:///{file}"), err) from err


def _count(connection: sqlite3.Connection, table: RepairedTable, gap: Gap) -> int:
    conditions = ["1 = 1"]
    values: list[object] = []
    for bound, sign in ((gap.after, ">"), (gap.before, "<")):
        if bound is not None:
            columns = ", ".join(table.key[: len(bound)])
            conditions.append(f"({columns}) {sign} ({', '.join('?' * len(bound))})")
            values += bound
    query = f'SELECT count(*) FROM "{table.name}" WHERE {" AND ".join(conditions)}'
    (count,) = connection.execute(query, values).fetchone()
    return int(count)
