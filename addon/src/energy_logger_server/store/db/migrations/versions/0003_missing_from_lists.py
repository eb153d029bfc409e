"""Note since when a site or an area has been missing from upstream's list."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the notes; what is there already has not been missed yet."""
    for table in ("site", "area"):
        op.add_column(table, sa.Column("missing_since", sa.BigInteger(), nullable=True))
        op.add_column(
            table,
            sa.Column(
                "missing_readings",
                sa.Integer(),
                server_default=sa.text("0"),
                nullable=False,
            ),
        )
