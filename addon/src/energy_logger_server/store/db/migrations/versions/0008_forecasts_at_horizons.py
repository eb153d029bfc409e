"""Keep what was forecast at each horizon before an interval began."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the tables; upkeep fills them from the archives."""
    op.create_table(
        "price_at_horizon",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("end_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "duration_minutes", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column(
            "horizon_minutes", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("price_e5", sa.BigInteger(), nullable=False),
        sa.Column("low_e5", sa.BigInteger(), nullable=True),
        sa.Column("predicted_e5", sa.BigInteger(), nullable=True),
        sa.Column("high_e5", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_price_at_horizon_series_id")
        ),
        sa.PrimaryKeyConstraint(
            "series_id",
            "end_at",
            "duration_minutes",
            "horizon_minutes",
            name=op.f("pk_price_at_horizon"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "load_at_horizon",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "horizon_minutes", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("load_e1", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_load_at_horizon_series_id")
        ),
        sa.PrimaryKeyConstraint(
            "series_id", "at", "horizon_minutes", name=op.f("pk_load_at_horizon")
        ),
        sqlite_with_rowid=False,
    )
