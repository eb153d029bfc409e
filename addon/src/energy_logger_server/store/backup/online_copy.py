"""Copying a SQLite store while it is written to and read.

The copy is that of one instant. A read transaction that stays open keeps SQLite's view
at that instant: what others write meanwhile goes into the log and is not seen, so that
the copy neither begins anew with every write nor keeps anybody waiting. It is made in
steps of a few megabytes, between which the interpreter and the disk are free.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from energy_logger_server.store.db.driver_errors import driver_errors, store_error
from energy_logger_server.store.db.engine import (
    WAL,
    store_url,
)

from .size import stored_file
from .untouched import open_to_read

_PAGES_A_STEP = 1000
"""Four megabytes: some ten milliseconds on a disk, and no slower than one big step."""

type StepDone = Callable[[float], None]
"""Called after each step with the share done, 0 to 1; what it raises ends all."""


def copy_online(address: str, target: Path, step_done: StepDone) -> None:
    """Copy a store into a file of its own, without a log beside it.

    Runs in the calling thread, on a connection of its own.

    Args:
        address: Of a SQLite store, as in ``DATABASE_URL``.
        target: An empty file; what is written is not flushed to the disk.
        step_done: Told of every step.

    Raises:
        NothingStored: If there is no store.
        StoreUnsettled: If what lies beside its file has to be put right first.
        StoreUnavailable: If the store cannot be read, or the copy not be written.
    """
    url, source = store_url(address), stored_file(address)
    try:
        with (
            closing(open_to_read(source)) as reader,
            closing(sqlite3.connect(target, isolation_level=None)) as writer,
        ):
            # a copy that a power cut damages is one that was not finished
            writer.execute("PRAGMA journal_mode=OFF")
            writer.execute("PRAGMA synchronous=OFF")
            if _journal_mode(reader) == WAL:
                reader.execute("BEGIN")
                # a transaction sees the instant of its first read
                reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            # beside any other journal, a transaction would keep the writer waiting
            reader.backup(
                writer,
                pages=_PAGES_A_STEP,
                progress=lambda _status, left, total: step_done(_share(left, total)),
                sleep=0.01,
            )
            # else the copy would want a log of its own as soon as it is opened
            writer.execute("PRAGMA journal_mode=DELETE")
    except driver_errors() as err:
        raise store_error(url, err) from err


def _journal_mode(connection: sqlite3.Connection) -> str:
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    return str(mode)


def _share(left: int, total: int) -> float:
    return 1.0 if total == 0 else 1 - left / total
