"""One SQLAlchemy engine for either database, set up for positional execution."""

from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from energy_logger_server.errors import ConfigurationError

_BUSY_TIMEOUT_MS = 10_000
_CONNECT_TIMEOUT_S = 4
"""Nothing interrupts it, and who stops a server waits ten seconds at most."""
_STATEMENT_TIMEOUT_MS = 120_000
_FILE_SCHEME = "file:"
_IN_MEMORY = ":memory:"
WAL = "wal"
"""SQLite's journal beside which readers and the writer never wait for each other."""

_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "sqlite": "sqlite",
}


def store_url(text: str) -> URL:
    """Return the database's address with the driver this program uses.

    Args:
        text: ``sqlite:///path``, or ``postgres://`` or ``postgresql://`` with host.

    Raises:
        ConfigurationError: If it is neither; the message holds no password.
    """
    try:
        url = make_url(text)
    except ArgumentError as err:
        raise ConfigurationError(["DATABASE_URL is not a database address"]) from err
    driver = _DRIVERS.get(url.drivername)
    if driver is None:
        raise ConfigurationError(
            [
                (
                    f"DATABASE_URL: {url.drivername} is not supported, use "
                    "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME"
                )
            ]
        )
    if driver == "sqlite" and not _is_kept(url):
        raise ConfigurationError(
            ["DATABASE_URL: sqlite needs a file, such as sqlite:////data/energy.db"]
        )
    return url.set(drivername=driver)


def _is_kept(url: URL) -> bool:
    name = url.database or _IN_MEMORY
    return _IN_MEMORY not in name and url.query.get("mode") != "memory"


def is_sqlite(url: URL) -> bool:
    """Return whether the store is one file on this machine."""
    return url.drivername == "sqlite"


def place_of(url: URL) -> str:
    """Return the store's address for messages: never with its password."""
    return url.render_as_string(hide_password=True)


def sqlite_file(url: URL) -> Path:
    """Return the file of a SQLite store, also of one named as ``file:PATH``."""
    name = str(url.database)
    if not name.startswith(_FILE_SCHEME):
        return Path(name)
    return Path(unquote(urlsplit(name).path))


def make_engine(url: URL, *, writable: bool) -> Engine:
    """Return an engine whose connections nobody pools: the caller holds them.

    Args:
        url: From ``store_url``.
        writable: Whether its connections may write.
    """
    if is_sqlite(url):
        engine = create_engine(
            url, poolclass=NullPool, connect_args={"check_same_thread": False}
        )
        event.listen(engine, "connect", _sqlite_set_up(writable=writable))
        event.listen(engine, "begin", _sqlite_begin(writable=writable))
        return engine
    # "format" makes psycopg positional like sqlite3: one code path for both
    return create_engine(
        url,
        poolclass=NullPool,
        paramstyle="format",
        connect_args={
            "connect_timeout": _CONNECT_TIMEOUT_S,
            "options": f"-c statement_timeout={_STATEMENT_TIMEOUT_MS}"
            + ("" if writable else " -c default_transaction_read_only=on"),
            "application_name": "energy-logger",
        },
    )


def journal_mode(connection: Connection) -> str | None:
    """Return how SQLite keeps what a crash must not take; None of PostgreSQL.

    A file system without shared memory refuses ``wal``, which was asked for.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, SqliteConnection):
        return None
    (mode,) = driver.execute("PRAGMA journal_mode").fetchone()
    return str(mode)


def _sqlite_set_up(*, writable: bool) -> Callable[[SqliteConnection, Any], None]:
    def set_up(connection: SqliteConnection, _record: object) -> None:
        # transactions are begun by _sqlite_begin, not guessed by the driver
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys=ON")
        if writable:
            connection.execute("PRAGMA journal_mode=WAL")
            # FULL: a committed cycle survives a power cut, not only a crash
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA journal_size_limit=67108864")
        else:
            connection.execute("PRAGMA query_only=ON")

    return set_up


def _sqlite_begin(*, writable: bool) -> Callable[[Connection], None]:
    statement = "BEGIN IMMEDIATE" if writable else "BEGIN"

    def begin(connection: Connection) -> None:
        # past SQLAlchemy, as every statement of a cycle: see statement.cursor_of
        cursor = connection.connection.cursor()
        cursor.execute(statement)
        cursor.close()

    return begin
