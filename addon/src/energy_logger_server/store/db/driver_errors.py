"""The database driver's errors, as ours.

The driver of PostgreSQL takes ten megabytes: a store on SQLite does not load it, and
nothing raises its errors before somebody has.
"""

import sqlite3
import sys
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from energy_logger_server.errors import StoreDamaged, StoreError, StoreUnavailable

from .engine import place_of

_OUR_FAULT = ("IntegrityError", "DataError", "ProgrammingError")
"""What both drivers call errors of the statement itself."""


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
    "its file is damaged",
    "restore a backup, save what can be read with energy-logger repair, or move it "
    "away to begin anew",
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


def postgres_types(*names: str) -> tuple[type[Any], ...]:
    """Return types of PostgreSQL's driver by their names; none while it is not loaded.

    For ``isinstance``: of a type that is not loaded there is nothing.
    """
    driver = sys.modules.get("psycopg")
    return () if driver is None else tuple(getattr(driver, name) for name in names)


def driver_errors() -> tuple[type[Exception], ...]:
    """Return what a database can raise, through SQLAlchemy or past it."""
    return (DBAPIError, sqlite3.Error, *postgres_types("Error"))


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
    if _is_our_fault(cause):
        return StoreError(message)
    return StoreUnavailable(message)


def damaged(url: URL, found: str) -> StoreDamaged:
    """Return the error that a store's file is damaged, and what was found of it."""
    return StoreDamaged(
        f"{place_of(url)}: {found}: {_DAMAGED.what_to_do}",
        _DAMAGED.cause,
        _DAMAGED.what_to_do,
    )


def sqlstate(cause: BaseException | None) -> str | None:
    """Return PostgreSQL's code of an error; None of any other."""
    state: str | None = getattr(cause, "sqlstate", None)
    return state


def _is_our_fault(cause: BaseException | None) -> bool:
    of_sqlite = tuple(getattr(sqlite3, name) for name in _OUR_FAULT)
    return isinstance(cause, (*of_sqlite, *postgres_types(*_OUR_FAULT)))


def _trouble(cause: BaseException | None) -> _Trouble | None:
    if isinstance(cause, postgres_types("Error")):
        if state := sqlstate(cause):
            return _OF_POSTGRESQL.get(state)
        # the server never said anything: it is gone, or the driver refused what it got
        return None if _is_our_fault(cause) else _NO_ANSWER
    code = getattr(cause, "sqlite_errorcode", None)
    return None if code is None else _OF_SQLITE.get(code & _PRIMARY_CODE)
