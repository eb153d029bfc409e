"""The database driver's errors, as ours."""

import sqlite3
from dataclasses import dataclass

import psycopg
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from energy_logger_server.errors import StoreDamaged, StoreError, StoreUnavailable

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


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What is wrong with a database, without its place, and what helps."""

    cause: str
    what_to_do: str


_FULL = _Trouble("its disk is full", "make room on its disk")
_READ_ONLY = _Trouble(
    "the database is read-only",
    "let the user that runs Energy Logger write it, and its folder",
)
_DISK = _Trouble("its disk fails", "check the disk")
_LOCKED = _Trouble("another program locks it", "close what else uses the database")
_CLOSED = _Trouble(
    "the database file cannot be opened",
    "let the user that runs Energy Logger read and write it, and its folder",
)
_DAMAGED = _Trouble(
    "its file is damaged", "restore a backup, or move it away to begin anew"
)
_NOT_GRANTED = _Trouble(
    "the database forbids it", "grant the user of DATABASE_URL all rights on its tables"
)

_NO_ANSWER = _Trouble(
    "the database does not answer",
    "check that PostgreSQL runs, and what DATABASE_URL says",
)

_OF_SQLITE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_CANTOPEN: _CLOSED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
}
# by SQLSTATE
_OF_POSTGRESQL = {
    "53100": _FULL,
    "42501": _NOT_GRANTED,
    "25006": _READ_ONLY,
    "58030": _DISK,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
_PRIMARY_CODE = 0xFF
"""Of SQLite's error codes; what is above it only says more."""


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
    message = f"{place_of(url)}: {lines[0]}"
    trouble = _trouble(cause)
    if trouble is _DAMAGED:
        return damaged(url, lines[0])
    if trouble is not None:
        return StoreUnavailable(
            f"{message}: {trouble.what_to_do}", trouble.cause, trouble.what_to_do
        )
    if isinstance(cause, _OUR_FAULT):
        return StoreError(message)
    return StoreUnavailable(message)


def damaged(url: URL, found: str) -> StoreDamaged:
    """Return the error that a store's file is damaged, and what was found of it."""
    return StoreDamaged(
        f"{place_of(url)}: {found}: {_DAMAGED.what_to_do}",
        _DAMAGED.cause,
        _DAMAGED.what_to_do,
    )


def _trouble(cause: BaseException | None) -> _Trouble | None:
    if isinstance(cause, psycopg.Error):
        if cause.sqlstate:
            return _OF_POSTGRESQL.get(cause.sqlstate)
        # the server never said anything: it is gone, or the driver refused what it got
        return None if isinstance(cause, _OUR_FAULT) else _NO_ANSWER
    code = getattr(cause, "sqlite_errorcode", None)
    return None if code is None else _OF_SQLITE.get(code & _PRIMARY_CODE)
