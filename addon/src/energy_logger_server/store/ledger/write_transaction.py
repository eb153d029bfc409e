"""What every write needs: connection, caches, statements, run and instant."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Table
from sqlalchemy.engine import Connection, Dialect

from energy_logger_server.store.db.statement import Statement, insert, sql, upsert
from energy_logger_server.store.db.wide_insert import WideInsert

from .caches import WriterCaches


class Statements:
    """Compiled statements of one dialect, made at first use."""

    def __init__(self, dialect: Dialect) -> None:
        """Start empty."""
        self._dialect = dialect
        self._made: dict[tuple[str, str], Statement] = {}
        self._wide: dict[str, WideInsert] = {}

    def insert(self, table: Table) -> Statement:
        """Return an insert of all columns in table order."""
        return self._get(
            ("insert", table.name),
            lambda: insert(self._dialect, table, table.columns.keys()),
        )

    def wide_insert(self, table: Table, repeated: Sequence[str]) -> WideInsert:
        """Return an insert for many rows that share the values of some columns."""
        found = self._wide.get(table.name)
        if found is None:
            found = WideInsert(self._dialect, table, repeated)
            self._wide[table.name] = found
        return found

    def wide_upsert(
        self, table: Table, repeated: Sequence[str], *, origin: Sequence[str] = ()
    ) -> WideInsert:
        """Return the same, but overwriting the rows of the same keys.

        Rows that differ in nothing but the columns named as ``origin`` stay.
        """
        name = f"{table.name}, overwriting"
        found = self._wide.get(name)
        if found is None:
            found = WideInsert(
                self._dialect, table, repeated, overwrites=True, origin=origin
            )
            self._wide[name] = found
        return found

    def upsert(self, table: Table) -> Statement:
        """Return an insert of all columns that overwrites the row of the same key."""
        return self._get(
            ("upsert", table.name),
            lambda: upsert(self._dialect, table, table.columns.keys()),
        )

    def sql(self, text: str, order: tuple[str, ...]) -> Statement:
        """Return a textual statement."""
        return self._get(("sql", text), lambda: sql(self._dialect, text, order))

    def _get(self, name: tuple[str, str], make: Callable[[], Statement]) -> Statement:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = make()
        return found


@dataclass(frozen=True, slots=True)
class WriteTransaction:
    """The surroundings of one transaction.

    Attributes:
        connection: The writer's, inside its transaction.
        statements: Compiled for its database.
        caches: Numbers of series, texts and substations.
        run_id: The run that brings the rows.
        fetched_at: Instant (UTC) of the answer: rows are known from then.
        known_at: The same in epoch seconds.
        today: NEM date of that instant.
    """

    connection: Connection
    statements: Statements
    caches: WriterCaches
    run_id: int
    fetched_at: datetime
    known_at: int
    today: date

    @property
    def change_id(self) -> int:
        """Number of this transaction for the rows that it changes."""
        return self.caches.changes.number(self.known_at)
