"""Make room for what upstream does not know: money of usage, kVAR of a substation."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_COUNTS = {
    "usage_hour": ("unpriced_minutes", "unpriced_energy_e3"),
    "usage_day": ("unpriced_minutes", "unpriced_energy_e3"),
    "substation_hour": ("reactive_unknown", "reactive_unknown_load_sum_e1"),
    "substation_day": ("reactive_unknown", "reactive_unknown_load_sum_e1"),
}

_START = "u.end_at - u.duration_minutes * 60"
# of series that have a feed-in figure in the sign that Amber's description gives it
_TURNED = """
SELECT DISTINCT u.series_id
FROM usage u JOIN interval_attributes a ON a.id = u.attributes_id
WHERE u.energy_e3 < 0 AND a.channel_type = 'feedIn'
"""
_COUNT_HOURS = f"""
UPDATE usage_hour SET energy_e3 = (
  SELECT sum(CASE WHEN a.channel_type = 'feedIn' THEN abs(u.energy_e3)
    ELSE u.energy_e3 END)
  FROM usage u JOIN interval_attributes a ON a.id = u.attributes_id
  WHERE u.series_id = usage_hour.series_id AND u.end_at > usage_hour.hour * 3600
    AND u.end_at <= usage_hour.hour * 3600 + 90000
    AND ({_START}) / 3600 = usage_hour.hour)
WHERE series_id = :series
"""
_COUNT_DAYS = """
UPDATE usage_day SET energy_e3 = (
  SELECT sum(h.energy_e3) FROM usage_hour h
  WHERE h.series_id = usage_day.series_id AND h.hour >= usage_day.day * 24 - 10
    AND h.hour < usage_day.day * 24 + 14)
WHERE series_id = :series
"""


def upgrade() -> None:
    """Add counts of what is unknown, none so far; let money of usage be null.

    SQLite copies the table of usage for that, some ten thousand rows a year. Unknown
    numbers of a substation are bits of its flags: its millions of rows stay.
    """
    for table, names in _COUNTS.items():
        for name in names:
            op.add_column(
                table,
                sa.Column(
                    name, sa.BigInteger(), server_default=sa.text("0"), nullable=False
                ),
            )
    with op.batch_alter_table(
        "usage", table_kwargs={"sqlite_with_rowid": False}
    ) as usage:
        for name in ("cost_e4", "price_e5"):
            usage.alter_column(name, existing_type=sa.BigInteger(), nullable=True)
    connection = op.get_bind()
    for (series,) in connection.execute(sa.text(_TURNED)).all():
        for statement in (_COUNT_HOURS, _COUNT_DAYS):
            connection.execute(sa.text(statement), {"series": series})
