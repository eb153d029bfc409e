"""Empty stores that are migrated once for a test run and copied for each test.

Migrating costs more than most tests do. What a first start does to an empty place is
tested by ``test_store_life`` and ``test_migrations``, which take ``new_store_url``.
"""

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy import create_engine, text

from energy_logger_server.store.db.engine import make_engine, store_url
from energy_logger_server.store.db.migrate import migrate

POSTGRES_TEMPLATE = "migrated"
"""Database that new ones are copied from; nobody else may be connected to it."""


def lay_store(path: Path) -> str:
    """Put an empty, migrated SQLite store where there is none; return its address.

    All of them have the same instance id.
    """
    if not path.exists():
        path.write_bytes(_migrated_file())
    return f"sqlite:///{path}"


@cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "energy.db"
        _migrate(f"sqlite:///{path}")
        # the last connection that closes leaves no log beside the file
        return path.read_bytes()


def make_postgres_template(server: str) -> None:
    """Make the database that ``copy_postgres_template`` copies.

    Args:
        server: Address of a PostgreSQL server with ``{name}`` for the database.
    """
    _administer(server, f"CREATE DATABASE {POSTGRES_TEMPLATE}")
    _migrate(server.format(name=POSTGRES_TEMPLATE))


def create_database(server: str, name: str, *, is_migrated: bool) -> str:
    """Create a database without rows; return its address."""
    # copying files takes half of what copying through the log does, the usual way
    template = (
        f" TEMPLATE {POSTGRES_TEMPLATE} STRATEGY file_copy" if is_migrated else ""
    )
    _administer(server, f"CREATE DATABASE {name}{template}")
    return server.format(name=name)


def drop_database(server: str, name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _migrate(address: str) -> None:
    engine = make_engine(store_url(address), writable=True)
    migrate(engine)
    engine.dispose()


def _administer(server: str, statement: str) -> None:
    address = server.format(name="postgres")
    engine = create_engine(
        address.replace("postgresql:", "postgresql+psycopg:"),
        isolation_level="AUTOCOMMIT",
    )
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
