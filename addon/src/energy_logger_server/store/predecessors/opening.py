"""Opening what a predecessor left: a database as it is, or text in a scratch one."""

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import inspect
from sqlalchemy.engine import URL, Connection

from energy_logger_server.errors import PlaceUnusable, PredecessorUnusable
from energy_logger_server.store.db.driver_errors import driver_errors, store_error
from energy_logger_server.store.db.engine import make_engine, store_url

from .csv_files import load_csv, load_zip
from .scratch import Scratch
from .sql_dump import load_dump
from .tables import Predecessor

_SQLITE = b"SQLite format 3\x00"
_ZIP = b"PK\x03\x04"
_PACKED_DUMP = b"PGDMP"
_LOOKED_AT_BYTES = 4096
_STATEMENTS = (b"CREATE TABLE", b"INSERT INTO", b"COPY ", b"PRAGMA foreign_keys")


@contextmanager
def opened_file(
    file: Path, predecessor: Predecessor, folder: Path
) -> Iterator[Connection]:
    """Give a connection that reads the predecessor's tables; the file is not changed.

    A SQLite file is read with the write-ahead log beside it.

    Args:
        file: A SQLite file, a zip of its backups page, an SQL dump or a CSV.
        predecessor: Whose.
        folder: Takes a scratch database, as large as what the file holds.

    Raises:
        PlaceUnusable: If it cannot be read.
        PredecessorUnusable: If it holds no tables of the predecessor.
    """
    try:
        with file.open("rb") as source:
            head = source.read(_LOOKED_AT_BYTES)
    except OSError as err:
        raise PlaceUnusable("cannot read", file, err) from err
    if head.startswith(_SQLITE):
        name = f"sqlite:///file:{quote(str(file.absolute()))}?mode=ro&uri=true"
        with opened_database(store_url(name), predecessor) as connection:
            yield connection
        return
    if head.startswith(_PACKED_DUMP):
        raise PredecessorUnusable(
            f"{file} is a packed dump: unpack it by `pg_restore -f dump.sql {file}`"
        )
    with tempfile.TemporaryDirectory(dir=folder, prefix="adopt-") as scratch_folder:
        scratch = Path(scratch_folder) / "scratch.db"
        with closing(sqlite3.connect(scratch)) as database:
            _load(file, head, Scratch(database, predecessor), predecessor)
        with opened_database(store_url(f"sqlite:///{scratch}"), predecessor) as opened:
            yield opened


@contextmanager
def opened_database(address: URL, predecessor: Predecessor) -> Iterator[Connection]:
    """Give a connection that reads the predecessor's tables, in one transaction.

    Args:
        address: From ``db.engine.store_url``.
        predecessor: Whose.

    Raises:
        PredecessorUnusable: If the tables are not there.
        StoreUnavailable: If the database does not answer.
    """
    engine = make_engine(address, writable=False)
    try:
        with engine.connect() as connection, connection.begin():
            _check(connection, predecessor)
            yield connection
    except driver_errors() as err:
        raise store_error(address, err) from err
    finally:
        engine.dispose()


def _check(connection: Connection, predecessor: Predecessor) -> None:
    inspector = inspect(connection)
    for table, columns in predecessor.columns.items():
        if not inspector.has_table(table):
            raise PredecessorUnusable(
                f"there is no table {table}: this is no database of {predecessor.name}"
            )
        found = {column["name"] for column in inspector.get_columns(table)}
        missing = {*columns} - found
        if missing:
            raise PredecessorUnusable(
                f"table {table} has no column {min(missing)}: this is no database of "
                f"{predecessor.name}"
            )


def _load(file: Path, head: bytes, scratch: Scratch, predecessor: Predecessor) -> None:
    try:
        if head.startswith(_ZIP):
            with zipfile.ZipFile(file) as archive:
                load_zip(archive, scratch, predecessor)
        else:
            with file.open(encoding="utf-8", newline="") as lines:
                if any(statement in head for statement in _STATEMENTS):
                    load_dump(lines, scratch, predecessor)
                else:
                    load_csv(lines, scratch, predecessor)
    except (UnicodeDecodeError, zipfile.BadZipFile) as err:
        raise PredecessorUnusable(f"{file} cannot be read: {err}") from err
    scratch.finish()
