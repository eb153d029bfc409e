"""Connections that leave a file and its log as they are, also when they are closed.

The last connection that closes folds the log into the file, even one that only reads:
into a damaged file, too.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, Connection

from energy_logger_server.store.db.driver_errors import driver_errors, store_error
from energy_logger_server.store.db.engine import make_engine
from energy_logger_server.store.db.stray_log import log_beside

_BUSY_TIMEOUT_S = 10.0


def file_url(file: Path) -> URL:
    """Return the address of the SQLite store in a file."""
    return URL.create("sqlite", database=str(file.absolute()))


def open_to_read(file: Path) -> sqlite3.Connection:
    """Open a file past SQLAlchemy, for one thread after the other."""
    has_log = _has_log(file)
    connection = sqlite3.connect(
        file.absolute(),
        isolation_level=None,
        timeout=_BUSY_TIMEOUT_S,
        check_same_thread=False,
    )
    if has_log:
        _leave_untouched(connection)
    connection.execute("PRAGMA query_only=ON")
    return connection


@contextmanager
def reading(file: Path) -> Iterator[Connection]:
    """Open a file as read functions want it.

    Raises:
        StoreUnavailable: If it cannot be read.
    """
    url, has_log = file_url(file), _has_log(file)
    engine = make_engine(url, writable=False)
    try:
        with closing(engine.connect()) as connection:
            driver = connection.connection.driver_connection
            if not isinstance(driver, sqlite3.Connection):
                raise TypeError(driver)
            if has_log:
                _leave_untouched(driver)
            yield connection
    except driver_errors() as err:
        raise store_error(url, err) from err
    finally:
        engine.dispose()


def _has_log(file: Path) -> bool:
    """Return whether there is anything to fold; if not, SQLite may tidy up."""
    log = log_beside(file.resolve())
    return log.exists() and log.stat().st_size > 0


def _leave_untouched(connection: sqlite3.Connection) -> None:
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, True)
