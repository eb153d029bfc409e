"""A scratch database for what a predecessor left as text, to be asked in order."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import count

from .tables import Predecessor

_TIME_SEPARATOR = "T"
_DATE_LENGTH = 10


class Scratch:
    """Tables of a predecessor that are being loaded; every value is a text or null.

    Args:
        database: An empty one.
        predecessor: Whose tables.
    """

    def __init__(self, database: sqlite3.Connection, predecessor: Predecessor) -> None:
        self._database = database
        self._predecessor = predecessor
        self._numbers = count(1)
        for table, columns in predecessor.columns.items():
            # without types, values stay what they are
            database.execute(f"CREATE TABLE {table} ({', '.join(columns)})")

    def insert(
        self, table: str, names: Sequence[str], rows: Iterable[Sequence[str | None]]
    ) -> None:
        """Insert rows.

        Args:
            table: One of the predecessor's.
            names: Of the values; what the table does not have is left out.
            rows: As long as the names.
        """
        known = self._predecessor.columns[table]
        places = [place for place, name in enumerate(names) if name in known]
        columns = [names[place] for place in places]
        is_numbered = "id" in columns or "id" not in known
        if not is_numbered:
            columns.append("id")
        marks = ", ".join("?" * len(columns))
        self._database.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",
            (
                (
                    *(_cleaned(row[place]) for place in places),
                    *(() if is_numbered else (next(self._numbers),)),
                )
                for row in rows
            ),
        )

    def finish(self) -> None:
        """Make rows quick to find."""
        for table, columns in self._predecessor.indexes.items():
            self._database.execute(f"CREATE INDEX ix_{table} ON {table} ({columns})")
        self._database.commit()


def _cleaned(value: str | None) -> str | None:
    """Return a value with a time written as SQLite has it; an empty text is none."""
    if not value:
        return None
    if value[_DATE_LENGTH : _DATE_LENGTH + 1] == _TIME_SEPARATOR and value[0].isdigit():
        return f"{value[:_DATE_LENGTH]} {value[_DATE_LENGTH + 1 :]}"
    return value
