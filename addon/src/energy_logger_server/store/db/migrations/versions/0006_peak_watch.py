"""Keep what the peak watch has announced, and how far it has looked."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the tables; nothing was watched before."""
    op.create_table(
        "peak_watch",
        sa.Column("area_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("looked_to", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_trained", sa.Boolean(), nullable=False),
        sa.Column("is_probability_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_peak_watch_area_id")
        ),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_peak_watch")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "peak_announcement",
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period_day", sa.BigInteger(), nullable=False),
        sa.Column("announced_in", sa.BigInteger(), nullable=False),
        sa.Column("probability_e4", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_in", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_peak_announcement_area_id")
        ),
        sa.PrimaryKeyConstraint("hour", "area_id", name=op.f("pk_peak_announcement")),
        sqlite_with_rowid=False,
    )
