"""The writer: one connection in one thread, and whether it may fold its log in.

SQLite writes to its log first and copies from there into the file, which it calls a
checkpoint: on the way, whenever the log is a thousand pages long, and when the last
connection closes. While checkpoints are held, the file stays as it is to the last
byte, and whoever copies it has a whole store.
"""

import logging
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection, Engine

from energy_logger_server.errors import BackupNotHeld

from .driver_errors import driver_errors, store_error
from .engine import WAL, journal_mode, sqlite_file
from .stray_log import count_up

MOST_LOGGED_BYTES = 256 * 1_048_576
"""The log grows while checkpoints are held; a card has an end, and is worth more than
one backup."""

_PAGES_BETWEEN_CHECKPOINTS = 1000
"""SQLite's own choice."""

_LOG = logging.getLogger(__name__)


class Writer:
    """The writer's engine, connection and thread; all but the pool is for the thread.

    Attributes:
        engine: Opens its connections.
        pool: Its one thread.
        is_wal: Whether SQLite writes ahead; False of PostgreSQL.
        is_held: Whether checkpoints are.
    """

    def __init__(self, engine: Engine) -> None:
        """Open nothing yet."""
        self.engine = engine
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        self.is_wal = False
        self.is_held = False
        self._connection: Connection | None = None

    def connection(self) -> Connection:
        """Return the connection; open it if need be.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        if self._connection is None:
            try:
                self._connection = self.engine.connect()
                self.is_wal = journal_mode(self._connection) == WAL
                if self.is_held:
                    let_checkpoint(_driver_of(self._connection), allowed=False)
            except driver_errors() as err:
                raise store_error(self.engine.url, err) from err
        return self._connection

    def numbered[Result](
        self, job: Callable[[Connection], Result]
    ) -> Callable[[Connection], Result]:
        """Return the job of a durable write, which is numbered: see ``stray_log``."""

        def numbered(connection: Connection) -> Result:
            result = job(connection)
            if self.is_wal:
                count_up(_driver_of(connection))
            return result

        return numbered

    def close(self) -> None:
        """Close the connection; the next use opens another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def hold(self) -> None:
        """Fold the log into the file, and let nothing more into it until ``release``.

        Raises:
            BackupNotHeld: If that cannot be done.
            StoreUnavailable: If the database does not answer.
        """
        connection = self.connection()
        if not self.is_wal:
            raise BackupNotHeld(
                "the store's file system refuses SQLite's write-ahead log, so that its "
                "file changes with every write: stop the server for a backup"
            )
        driver = _driver_of(connection)
        try:
            let_checkpoint(driver, allowed=False)
            query = "PRAGMA wal_checkpoint(TRUNCATE)"
            is_busy, pages_left, _folded = driver.execute(query).fetchone()
        except driver_errors() as err:
            self.close()
            raise store_error(self.engine.url, err) from err
        if is_busy or pages_left:
            let_checkpoint(driver, allowed=True)
            raise BackupNotHeld(
                "a long read keeps the store's log from being folded into its file: "
                "try again"
            )
        self.is_held = True

    def release(self) -> bool:
        """Let checkpoints happen again; return whether they were held until now."""
        was_held, self.is_held = self.is_held, False
        if was_held and self._connection is not None:
            let_checkpoint(_driver_of(self._connection), allowed=True)
        return was_held

    def freeze(self) -> None:
        """Let nothing more into the file, not even what is in the log already."""
        if self._connection is not None:
            let_checkpoint(_driver_of(self._connection), allowed=False)

    def bound_log(self) -> None:
        """End a hold under which the log has grown too long; called after a write."""
        if not self.is_held or _log_bytes(self.engine) <= MOST_LOGGED_BYTES:
            return
        self.release()
        _LOG.warning(
            "the store's log grew to %d MiB while a backup held its file: the hold has "
            "ended, and that backup may be damaged",
            MOST_LOGGED_BYTES // 1_048_576,
        )


def let_checkpoint(driver: sqlite3.Connection, *, allowed: bool) -> None:
    """Say whether a connection may fold the log in, on the way and as the last."""
    pages = _PAGES_BETWEEN_CHECKPOINTS if allowed else 0
    driver.execute(f"PRAGMA wal_autocheckpoint={pages}")
    driver.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, not allowed)


def _log_bytes(engine: Engine) -> int:
    # SQLite puts it beside what a link leads to
    file = Path(os.path.realpath(sqlite_file(engine.url)))
    try:
        return file.with_name(f"{file.name}-wal").stat().st_size
    except FileNotFoundError:
        return 0


def _driver_of(connection: Connection) -> sqlite3.Connection:
    driver: Any = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(driver)
    return driver
