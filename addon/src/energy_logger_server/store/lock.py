"""One writer process for one store."""

import errno
import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.engine import URL, Connection

from energy_logger_server.errors import PlaceUnusable, StoreInUse

from .driver_errors import DRIVER_ERRORS, store_error
from .engine import is_sqlite, make_engine, place_of, sqlite_file
from .sqlite_file import SETTING

# any constant does: the lock is per database
_ADVISORY_KEY = 0x656E6C6F67


# Linux says the first; others may say the second
_HELD = frozenset({errno.EWOULDBLOCK, errno.EACCES})


class WriterLock(Protocol):
    """Held as long as this process may write."""

    def release(self) -> None:
        """Let another process in."""


class NoLock:
    """Of a store that is only read."""

    def release(self) -> None:
        """There is nothing to release."""


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
        path = Path(f"{sqlite_file(url)}.lock")
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

    def release(self) -> None:
        # closing the descriptor frees the lock; a second release changes nothing
        with suppress(OSError):
            os.close(self._descriptor)


class _AdvisoryLock:
    """A session lock on a connection that does nothing else."""

    def __init__(self, url: URL) -> None:
        self._engine = make_engine(url, writable=True)
        try:
            self._connection: Connection = self._engine.connect()
            taken = self._connection.execute(
                text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_KEY}
            ).scalar_one()
            self._connection.commit()
        except DRIVER_ERRORS as err:
            raise store_error(url, err) from err
        if not taken:
            self.release()
            raise StoreInUse(place_of(url))

    def release(self) -> None:
        self._connection.close()
        self._engine.dispose()


def _unusable(attempt: str, path: Path, err: OSError) -> PlaceUnusable:
    return PlaceUnusable(f"cannot {attempt}", path, err, setting=SETTING)
