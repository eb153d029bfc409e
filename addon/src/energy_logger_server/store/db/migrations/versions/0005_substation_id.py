"""Name a substation's number like those of areas and series: id, substation_id."""

from alembic import op

revision = "0005"
down_revision = "0004"

_REFERRING = ("substation_reading", "substation_hour", "substation_day")


def upgrade() -> None:
    """Rename the columns where they are: no row is copied on either database.

    SQLite renames what refers to them too, and keeps the old name of a constraint in
    the table's text, where nothing reads it.
    """
    rename = "ALTER TABLE {} RENAME COLUMN item TO {}"
    op.execute(rename.format("substation", "id"))
    for table in _REFERRING:
        op.execute(rename.format(table, "substation_id"))
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"ALTER TABLE {table} RENAME CONSTRAINT fk_{table}_item"
                f" TO fk_{table}_substation_id"
            )
