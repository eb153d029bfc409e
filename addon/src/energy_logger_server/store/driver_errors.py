"""The database driver's errors, as ours."""

import sqlite3

import psycopg
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from energy_logger_server.errors import StoreError, StoreUnavailable

from .engine import place_of

DRIVER_ERRORS = (DBAPIError, sqlite3.Error, psycopg.Error)
"""What a database can raise, through SQLAlchemy or past it."""

_OUR_FAULT = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.ProgrammingError,
    psycopg.IntegrityError,
    psycopg.DataError,
    psycopg.ProgrammingError,
)


def store_error(url: URL, err: Exception) -> StoreError:
    """Return the error to raise instead of the driver's.

    The driver's own first line says what happened; parameters of statements, which
    may be personal, never get into the message.

    Returns:
        ``StoreUnavailable`` when trying again can help, else ``StoreError``: the
        statement itself was refused, which is a defect of this program.
    """
    cause = err.orig if isinstance(err, DBAPIError) else err
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    kind = StoreError if isinstance(cause, _OUR_FAULT) else StoreUnavailable
    return kind(f"{place_of(url)}: {lines[0]}")
