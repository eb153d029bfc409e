"""One writer process for one store."""

import errno
import fcntl
import logging
import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.engine import URL, Connection

from energy_logger_server.errors import PlaceUnusable, StoreInUse

from .driver_errors import driver_errors, store_error
from .engine import is_sqlite, make_engine, place_of, sqlite_file
from .sqlite_file import SETTING

_LOG = logging.getLogger(__name__)

# any constant does: the lock is per database
_ADVISORY_KEY = 0x656E6C6F67

_TAKE = text("SELECT pg_try_advisory_lock(:key)")
_FREE = text("SELECT pg_advisory_unlock(:key)")
_WHO = text(
    "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
)
_END = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid = :pid AND backend_start = :backend_start"
)
_WAIT = text("SELECT pg_sleep(0.1)")
_TRIES = 20
"""The session of a server that was killed takes a moment to end."""

# Linux says the first; others may say the second
_HELD = frozenset({errno.EWOULDBLOCK, errno.EACCES})


class WriterLock(Protocol):
    """Held as long as this process may write."""

    def ensure_held(self) -> bool:
        """See that it is still held, before a write; take it again if it is not.

        Returns:
            Whether it was taken again: another process may have written meanwhile.

        Raises:
            StoreInUse: If another process holds it by now.
            StoreUnavailable: If the database does not answer.
        """
        ...

    def release(self) -> None:
        """Let another process in."""


class NoLock:
    """Of a store that is only read."""

    def ensure_held(self) -> bool:
        """There is nothing to lose."""
        return False

    def release(self) -> None:
        """There is nothing to release."""


def lock_beside(file: Path) -> Path:
    """Return the file that is locked for a SQLite store."""
    return Path(f"{file}.lock")


def acquire_writer_lock(url: URL) -> WriterLock:
    """Take the store's writer lock.

    Raises:
        StoreInUse: If another process holds it.
        PlaceUnusable: If its file cannot be made, or locked by anybody.
        StoreUnavailable: If the database does not answer.
    """
    return _FileLock(url) if is_sqlite(url) else _AdvisoryLock(url)


class _FileLock:
    """``flock`` on a file beside the database: the kernel frees it at any end."""

    def __init__(self, url: URL) -> None:
        path = lock_beside(sqlite_file(url))
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as err:
            raise _unusable("make the lock file", path, err) from err
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            os.close(self._descriptor)
            if err.errno in _HELD:
                raise StoreInUse(place_of(url)) from err
            raise _unusable("lock", path, err) from err

    def ensure_held(self) -> bool:
        # nothing but its own end takes it from a process
        return False

    def release(self) -> None:
        # closing the descriptor frees the lock; a second release changes nothing
        with suppress(OSError):
            os.close(self._descriptor)


class _AdvisoryLock:
    """A session lock on a connection that does nothing else.

    It goes with its session: when the database restarts, or ends it.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = make_engine(url, writable=True)
        self._connection: Connection | None = None
        self._session: dict[str, object] = {}
        self._take(tries=_TRIES)

    def ensure_held(self) -> bool:
        if self._is_held():
            return False
        self._take(tries=_TRIES)
        _LOG.warning(
            "the database had ended the session that held the store's lock: the lock "
            "was taken again"
        )
        return True

    def release(self) -> None:
        if self._connection is not None:
            # the end of the session frees the lock too, but a moment after it is asked
            with suppress(*driver_errors()):
                self._connection.execute(_FREE, {"key": _ADVISORY_KEY})
                self._connection.commit()
            self._connection.close()
            self._connection = None
        self._engine.dispose()

    def _is_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
            self._connection.commit()
        except driver_errors():
            self._connection.close()
            self._connection = None
            return False
        return True

    def _take(self, tries: int) -> None:
        """Take the lock in a new session.

        A network that failed may have left the old one alive at the other end: it is
        ended first.
        """
        try:
            with ExitStack() as unless_taken:
                connection = self._engine.connect()
                unless_taken.callback(connection.close)
                if self._session:
                    connection.execute(_END, self._session)
                    connection.commit()
                self._lock_on(connection, tries)
                session = connection.execute(_WHO).mappings().one()
                self._session = {str(name): value for name, value in session.items()}
                connection.commit()
                unless_taken.pop_all()
        except driver_errors() as err:
            raise store_error(self._url, err) from err
        self._connection = connection

    def _lock_on(self, connection: Connection, tries: int) -> None:
        for tried in range(tries):
            if tried:
                connection.execute(_WAIT)
            is_taken = connection.execute(_TAKE, {"key": _ADVISORY_KEY}).scalar_one()
            connection.commit()
            if is_taken:
                return
        raise StoreInUse(place_of(self._url))


def _unusable(attempt: str, path: Path, err: OSError) -> PlaceUnusable:
    return PlaceUnusable(f"cannot {attempt}", path, err, setting=SETTING)
