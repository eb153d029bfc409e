"""A limit to the time that a query of a reader's own making may take."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from energy_logger_server.errors import QueryTooSlow

from .driver_errors import driver_errors, sqlstate

_CANCELLED = "57014"
"""PostgreSQL's code of a statement that took too long."""

_STEPS = 10_000
"""Steps of SQLite's machine between two looks at the clock: about a millisecond."""


@contextmanager
def time_limit(connection: Connection, seconds: float) -> Iterator[None]:
    """Let the queries inside take this long together on SQLite, each on PostgreSQL.

    Args:
        connection: A reader's, inside its transaction.
        seconds: More than zero.

    Raises:
        QueryTooSlow: If they take longer.
    """
    driver = connection.connection.driver_connection
    try:
        if isinstance(driver, sqlite3.Connection):
            end = monotonic() + seconds
            driver.set_progress_handler(lambda: monotonic() > end, _STEPS)
        else:
            # until the end of the transaction
            limit_ms = max(1, round(seconds * 1000))
            connection.execute(text(f"SET LOCAL statement_timeout = {limit_ms}"))
        yield
    except driver_errors() as err:
        if _is_interrupted(err.orig if isinstance(err, DBAPIError) else err):
            raise QueryTooSlow(seconds) from err
        raise
    finally:
        if isinstance(driver, sqlite3.Connection):
            driver.set_progress_handler(None, 0)


def _is_interrupted(err: BaseException | None) -> bool:
    if isinstance(err, sqlite3.OperationalError):
        return err.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT
    return sqlstate(err) == _CANCELLED
