"""Migrations, run by Alembic in one transaction with the views that show the tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect

from energy_logger_server.store.schema.views import view_statements


def upgrade(engine: Engine, migrations: Path) -> None:
    """Bring a store from whatever schema it has, or none, to the newest one.

    Args:
        engine: May write.
        migrations: Alembic's folder.
    """
    config = Config()
    config.set_main_option("script_location", str(migrations))
    views = view_statements(engine.dialect.name)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        # views only show tables: dropped first, so that a migration is free to alter
        for name in inspect(connection).get_view_names():
            connection.exec_driver_sql(f'DROP VIEW "{name}"')
        command.upgrade(config, "head")
        for name, query in views.items():
            connection.exec_driver_sql(f"CREATE VIEW {name} AS {query}")
