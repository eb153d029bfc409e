"""The schema's version: brought up to date at every start, never brought down."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from energy_logger_server.errors import StoreTooNew

from .driver_errors import DRIVER_ERRORS, store_error
from .views import view_statements

_MIGRATIONS = Path(__file__).parent / "migrations"


def newest_version() -> str:
    """Return the newest schema that this program knows."""
    return str(ScriptDirectory(str(_MIGRATIONS)).get_current_head())


def stored_version(engine: Engine) -> str | None:
    """Return the schema of a store, None when it is empty.

    Raises:
        StoreUnavailable: If the database does not answer.
    """
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DRIVER_ERRORS as err:
        raise store_error(engine.url, err) from err


def migrate(engine: Engine) -> str:
    """Bring a store to the newest schema; return its version.

    Raises:
        StoreTooNew: If the store's schema is not known here.
        StoreUnavailable: If the database does not answer, or cannot be changed.
    """
    newest = newest_version()
    found = stored_version(engine)
    if found == newest:
        return newest
    known = {
        script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()
    }
    if found is not None and found not in known:
        raise StoreTooNew(found, newest)
    try:
        _upgrade(engine)
    except DRIVER_ERRORS as err:
        raise store_error(engine.url, err) from err
    return newest


def _upgrade(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    views = view_statements(engine.dialect.name)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        # views only show tables: dropped first, so that a migration is free to alter
        for name in inspect(connection).get_view_names():
            connection.exec_driver_sql(f'DROP VIEW "{name}"')
        command.upgrade(config, "head")
        for name, query in views.items():
            connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")
