"""The schema's version: brought up to date at every start, never brought down.

Alembic is loaded only when there is something to bring up to date: most starts find
the newest schema, and it takes a third of a start's time and 11 MB.
"""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from energy_logger_server.errors import StoreTooNew

from .driver_errors import driver_errors, store_error

MIGRATIONS = Path(__file__).parent / "migrations"
"""Alembic's folder; the files in ``versions`` are named ``{version}_{subject}.py``."""

_VERSION_TABLE = "alembic_version"


def known_versions() -> tuple[str, ...]:
    """Return the schemas that this program knows, oldest first."""
    files = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return tuple(sorted(file.name.partition("_")[0] for file in files))


def newest_version() -> str:
    """Return the newest schema that this program knows."""
    return known_versions()[-1]


def stored_version(engine: Engine) -> str | None:
    """Return the schema of a store, None when it is empty.

    Raises:
        StoreUnavailable: If the database does not answer.
    """
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table(_VERSION_TABLE):
                return None
            query = text(f"SELECT version_num FROM {_VERSION_TABLE}")
            found: str | None = connection.execute(query).scalar_one_or_none()
            return found
    except driver_errors() as err:
        raise store_error(engine.url, err) from err


def migrate(engine: Engine) -> str:
    """Bring a store to the newest schema; return its version.

    Raises:
        StoreTooNew: If the store's schema is not known here.
        StoreUnavailable: If the database does not answer, or cannot be changed.
    """
    versions = known_versions()
    newest = versions[-1]
    found = stored_version(engine)
    if found == newest:
        return newest
    if found is not None and found not in versions:
        raise StoreTooNew(found, newest)
    from .upgrade import upgrade  # noqa: PLC0415 - loads Alembic

    try:
        upgrade(engine, MIGRATIONS)
    except driver_errors() as err:
        raise store_error(engine.url, err) from err
    return newest
