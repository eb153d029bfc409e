"""Number the changes of hours, so that a client can ask what is new since."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_HOURS = (
    ("price_hour", "hour", "series_id"),
    ("usage_hour", "hour", "series_id"),
    ("load", "at", "area_id"),
)


def upgrade() -> None:
    """Add the numbers; what is there already was changed by number 0."""
    for table, time, series in _HOURS:
        op.add_column(
            table,
            sa.Column(
                "change_id",
                sa.BigInteger(),
                server_default=sa.text("0"),
                nullable=False,
            ),
        )
        op.create_index(f"ix_{table}_change", table, ["change_id", time, series])
    op.create_table(
        "substation_hour_change",
        sa.Column("change_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_substation_hour_change_area_id")
        ),
        sa.PrimaryKeyConstraint(
            "change_id", "hour", "area_id", name=op.f("pk_substation_hour_change")
        ),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO substation_hour_change (change_id, hour, area_id)"
        " SELECT DISTINCT 0, h.hour, s.area_id"
        " FROM substation_hour h JOIN substation s ON s.item = h.item"
    )
