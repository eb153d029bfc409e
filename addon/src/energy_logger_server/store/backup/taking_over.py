"""Making a store's file ready to take another one's place, and the other one to go."""

import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from energy_logger_server.errors import StoreUnavailable
from energy_logger_server.store.db.driver_errors import driver_errors, store_error
from energy_logger_server.store.db.engine import make_engine
from energy_logger_server.store.db.migrate import migrate
from energy_logger_server.store.db.stray_log import is_stray, log_beside

from .untouched import file_url

_FIRST_BYTES = b"SQLite format 3\0"
_GREATEST_NUMBER = 2**30


def is_sqlite_file(file: Path) -> bool:
    """Return whether a file is a database of SQLite.

    Raises:
        OSError: If it cannot be read.
    """
    with file.open("rb") as source:
        return source.read(len(_FIRST_BYTES)) == _FIRST_BYTES


def copy_closed(source: Path, target: Path) -> bool:
    """Copy a SQLite file that nobody writes to, with what its log adds.

    Neither the file nor its log is changed.

    Args:
        source: The file.
        target: Takes the copy, which has no log.

    Returns:
        Whether a log lay beside it that belongs to another file, and was left out.

    Raises:
        OSError: If one of the files cannot be used.
        StoreUnavailable: If what was copied is damaged.
    """
    shutil.copyfile(source, target)
    log, is_left_out = log_beside(source), is_stray(source)
    if log.exists() and not is_left_out:
        shutil.copyfile(log, log_beside(target))
    fold_log(target)
    return is_left_out


def upgrade_copy(file: Path) -> None:
    """Bring a copy to the newest schema, and make its log's numbers its own.

    Args:
        file: Nobody else has it open.

    Raises:
        StoreTooNew: If its schema is not known here.
        StoreUnavailable: If it is damaged, or cannot be written.
    """
    engine = make_engine(file_url(file), writable=True)
    try:
        migrate(engine)
    finally:
        engine.dispose()
    fold_log(file)
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            # no log of the store that was there before has these numbers
            number = secrets.randbelow(_GREATEST_NUMBER) + 1
            connection.execute(f"PRAGMA user_version={number}")
    except driver_errors() as err:
        raise store_error(file_url(file), err) from err


def fold_log(file: Path) -> None:
    """Have all of a store in its file, and no log beside it.

    Raises:
        StoreUnavailable: If it is damaged, or another program has it open.
    """
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            (busy, *_pages) = connection.execute(
                "PRAGMA wal_checkpoint(TRUNCATE)"
            ).fetchone()
            (mode,) = connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except driver_errors() as err:
        raise store_error(file_url(file), err) from err
    if busy or mode != "delete":
        raise StoreUnavailable(
            f"{file}: another program has it open: close what else uses the database"
        )
