"""Runs migrations on the connection that ``migrate`` hands over."""

from alembic import context

from energy_logger_server.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
