"""What a store holds, counted row by row, and whether its file is sound."""

from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import Connection

from energy_logger_server.domain.backups.backup import Contents
from energy_logger_server.errors import StoreError
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.runs.status import edges, instance_id, schema_version

from .untouched import reading

_VERSION_TABLE = "alembic_version"


class NotAStore(StoreError):
    """A file is no store of this program: give another one."""


def contents_of(file: Path) -> Contents:
    """Return what the store in a file holds, of whatever schema.

    Raises:
        NotAStore: If the file is none.
        StoreUnavailable: If it cannot be read.
    """
    with reading(file) as connection:
        return contents(connection)


def contents(connection: Connection) -> Contents:
    """Return what a store holds; counts every row.

    Raises:
        NotAStore: If it has no tables of this program.
    """
    tables = sorted(inspect(connection).get_table_names())
    if _VERSION_TABLE not in tables:
        raise NotAStore("this is a database, but none of Energy Logger")
    tables.remove(_VERSION_TABLE)
    first_at, last_at = edges(connection)
    return Contents(
        schema_version=str(schema_version(connection)),
        instance_id=instance_id(connection),
        rows={
            table: int(Query(f'SELECT count(*) FROM "{table}"').value(connection))
            for table in tables
        },
        first_at=first_at,
        last_at=last_at,
    )


def damage_in(file: Path) -> str | None:
    """Return what SQLite finds wrong with a file, page by page; None if it is sound.

    Raises:
        StoreUnavailable: If the file cannot be read at all.
    """
    with reading(file) as connection:
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
        orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if found != "ok":
        return str(found).strip().splitlines()[-1]
    if orphan is not None:
        return f"a row of {orphan[0]} belongs to none of {orphan[2]}"
    return None
