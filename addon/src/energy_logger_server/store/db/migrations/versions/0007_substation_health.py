"""Keep what was wrong with substations, and what was decided on their spikes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables; nothing was looked at before."""
    op.create_table(
        "substation_fault",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("substation_id", sa.Integer(), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("value_e1", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_substation_fault_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["substation_id"],
            ["substation.id"],
            name=op.f("fk_substation_fault_substation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substation_fault")),
    )
    op.create_index(
        "ix_substation_fault_ended", "substation_fault", ["area_id", "ended_at"]
    )
    op.create_table(
        "peak_review",
        sa.Column(
            "substation_id", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["substation_id"],
            ["substation.id"],
            name=op.f("fk_peak_review_substation_id"),
        ),
        sa.PrimaryKeyConstraint("substation_id", "day", name=op.f("pk_peak_review")),
        sqlite_with_rowid=False,
    )
