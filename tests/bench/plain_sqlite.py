"""What is compared with: the same rows put into a bare table by executemany."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any


class PlainTable:
    """A table without rowid, set up for durability as the store is.

    Args:
        path: Its database file, made here.
        columns: Column definitions.
        key: Columns of the primary key.
    """

    def __init__(self, path: Path, columns: Sequence[str], key: Sequence[str]) -> None:
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(
            f"CREATE TABLE plain ({', '.join(columns)},"
            f" PRIMARY KEY ({', '.join(key)})) WITHOUT ROWID"
        )
        marks = ", ".join("?" * len(columns))
        self._insert = f"INSERT INTO plain VALUES ({marks})"

    def insert(self, rows: Sequence[Sequence[Any]]) -> float:
        """Insert rows in one transaction; return the seconds it took."""
        start = perf_counter()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany(self._insert, rows)
        self._connection.execute("COMMIT")
        return perf_counter() - start

    def close(self) -> int:
        """Close; return the bytes that the file takes."""
        self._connection.close()
        return self.path.stat().st_size
