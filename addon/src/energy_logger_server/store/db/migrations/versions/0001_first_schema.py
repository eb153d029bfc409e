"""The first schema: sites, prices, usage, loads, substations, bookkeeping."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, and the store's identity."""
    op.create_table(
        "answer_envelope",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "owner", name=op.f("pk_answer_envelope")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("abbreviation", sa.Text(), nullable=False),
        sa.Column("is_aggregate", sa.Boolean(), nullable=False),
        sa.Column("selected", sa.Boolean(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
    )
    op.create_table(
        "interval_attributes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("channel_type", sa.Text(), nullable=True),
        sa.Column("spike_status", sa.Text(), nullable=True),
        sa.Column("descriptor", sa.Text(), nullable=True),
        sa.Column("estimate", sa.Boolean(), nullable=True),
        sa.Column("quality", sa.Text(), nullable=True),
        sa.Column("tariff", sa.Text(), nullable=True),
        sa.Column("tariff_period", sa.Text(), nullable=True),
        sa.Column("tariff_season", sa.Text(), nullable=True),
        sa.Column("tariff_block", sa.Integer(), nullable=True),
        sa.Column("demand_window", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interval_attributes")),
    )
    op.create_table(
        "last_fetch",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("fetched_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "owner", name=op.f("pk_last_fetch")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "revision",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("series_id", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("known_from", sa.BigInteger(), nullable=False),
        sa.Column("known_until", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("replaced_by_run_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index(
        "ix_revision_key", "revision", ["kind", "series_id", "end_at"], unique=False
    )
    op.create_table(
        "run",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("interval_minutes", sa.Integer(), nullable=False),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("finished_at_ms", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("series_total", sa.Integer(), nullable=False),
        sa.Column("series_failed", sa.Integer(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("ticks_skipped", sa.Integer(), nullable=False),
        sa.Column("price_new", sa.Integer(), nullable=False),
        sa.Column("price_changed", sa.Integer(), nullable=False),
        sa.Column("price_unchanged", sa.Integer(), nullable=False),
        sa.Column("usage_new", sa.Integer(), nullable=False),
        sa.Column("usage_changed", sa.Integer(), nullable=False),
        sa.Column("usage_unchanged", sa.Integer(), nullable=False),
        sa.Column("load_new", sa.Integer(), nullable=False),
        sa.Column("load_changed", sa.Integer(), nullable=False),
        sa.Column("load_unchanged", sa.Integer(), nullable=False),
        sa.Column("substation_new", sa.Integer(), nullable=False),
        sa.Column("substation_changed", sa.Integer(), nullable=False),
        sa.Column("substation_unchanged", sa.Integer(), nullable=False),
        sa.Column("forecast_new", sa.Integer(), nullable=False),
        sa.Column("forecast_changed", sa.Integer(), nullable=False),
        sa.Column("forecast_unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_table(
        "series",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("kind", "owner", "channel", name=op.f("uq_series_kind")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "site",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("site_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("nmi", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("active_from", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Text(), nullable=True),
        sa.Column("interval_length_minutes", sa.Integer(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
        sa.UniqueConstraint("site_id", name=op.f("uq_site_site_id")),
    )
    op.create_table(
        "store_meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_store_meta")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "unreadable_sample",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("times_seen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unreadable_sample")),
        sa.UniqueConstraint("digest", name=op.f("uq_unreadable_sample_digest")),
    )
    op.create_table(
        "day_ledger",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expected_minutes", sa.Integer(), nullable=False),
        sa.Column("present_minutes", sa.Integer(), nullable=False),
        sa.Column("estimated_minutes", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("recheck", sa.Boolean(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("last_slot", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_day_ledger_series_id")
        ),
        sa.PrimaryKeyConstraint("day", "series_id", name=op.f("pk_day_ledger")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "load",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("load_e1", sa.BigInteger(), nullable=False),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_load_area_id")),
        sa.PrimaryKeyConstraint("at", "area_id", name=op.f("pk_load")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "load_archive",
        sa.Column("fetched_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("load_e1", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_load_archive_series_id")
        ),
        sa.PrimaryKeyConstraint(
            "fetched_at", "series_id", "at", name=op.f("pk_load_archive")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "load_day",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hours", sa.BigInteger(), nullable=False),
        sa.Column("load_sum_e1", sa.BigInteger(), nullable=False),
        sa.Column("load_min_e1", sa.BigInteger(), nullable=False),
        sa.Column("min_at", sa.BigInteger(), nullable=False),
        sa.Column("load_max_e1", sa.BigInteger(), nullable=False),
        sa.Column("max_at", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_load_day_area_id")
        ),
        sa.PrimaryKeyConstraint("day", "area_id", name=op.f("pk_load_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "load_forecast",
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("load_e1", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_load_forecast_series_id")
        ),
        sa.PrimaryKeyConstraint("at", "series_id", name=op.f("pk_load_forecast")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "price",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("end_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "duration_minutes", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column("price_e5", sa.BigInteger(), nullable=False),
        sa.Column("spot_e5", sa.BigInteger(), nullable=True),
        sa.Column("renewables_percent", sa.Float(precision=53), nullable=True),
        sa.Column("attributes_id", sa.Integer(), nullable=False),
        sa.Column("range_min_e5", sa.BigInteger(), nullable=True),
        sa.Column("range_max_e5", sa.BigInteger(), nullable=True),
        sa.Column("low_e5", sa.BigInteger(), nullable=True),
        sa.Column("predicted_e5", sa.BigInteger(), nullable=True),
        sa.Column("high_e5", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attributes_id"],
            ["interval_attributes.id"],
            name=op.f("fk_price_attributes_id"),
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_price_series_id")
        ),
        sa.PrimaryKeyConstraint(
            "series_id", "end_at", "duration_minutes", name=op.f("pk_price")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "price_archive",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("end_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "duration_minutes", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column("price_e5", sa.BigInteger(), nullable=False),
        sa.Column("spot_e5", sa.BigInteger(), nullable=True),
        sa.Column("renewables_percent", sa.Float(precision=53), nullable=True),
        sa.Column("attributes_id", sa.Integer(), nullable=False),
        sa.Column("range_min_e5", sa.BigInteger(), nullable=True),
        sa.Column("range_max_e5", sa.BigInteger(), nullable=True),
        sa.Column("low_e5", sa.BigInteger(), nullable=True),
        sa.Column("predicted_e5", sa.BigInteger(), nullable=True),
        sa.Column("high_e5", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attributes_id"],
            ["interval_attributes.id"],
            name=op.f("fk_price_archive_attributes_id"),
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_price_archive_series_id")
        ),
        sa.PrimaryKeyConstraint(
            "series_id",
            "fetched_at",
            "end_at",
            "duration_minutes",
            name=op.f("pk_price_archive"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "price_day",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("intervals", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("price_minutes_e5", sa.BigInteger(), nullable=False),
        sa.Column("spot_minutes_e5", sa.BigInteger(), nullable=False),
        sa.Column("price_min_e5", sa.BigInteger(), nullable=False),
        sa.Column("price_max_e5", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_price_day_series_id")
        ),
        sa.PrimaryKeyConstraint("series_id", "day", name=op.f("pk_price_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "price_hour",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("intervals", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("price_minutes_e5", sa.BigInteger(), nullable=False),
        sa.Column("spot_minutes_e5", sa.BigInteger(), nullable=False),
        sa.Column("price_min_e5", sa.BigInteger(), nullable=False),
        sa.Column("price_max_e5", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_price_hour_series_id")
        ),
        sa.PrimaryKeyConstraint("series_id", "hour", name=op.f("pk_price_hour")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "price_outlook",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("end_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "duration_minutes", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column("price_e5", sa.BigInteger(), nullable=False),
        sa.Column("spot_e5", sa.BigInteger(), nullable=True),
        sa.Column("renewables_percent", sa.Float(precision=53), nullable=True),
        sa.Column("attributes_id", sa.Integer(), nullable=False),
        sa.Column("range_min_e5", sa.BigInteger(), nullable=True),
        sa.Column("range_max_e5", sa.BigInteger(), nullable=True),
        sa.Column("low_e5", sa.BigInteger(), nullable=True),
        sa.Column("predicted_e5", sa.BigInteger(), nullable=True),
        sa.Column("high_e5", sa.BigInteger(), nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attributes_id"],
            ["interval_attributes.id"],
            name=op.f("fk_price_outlook_attributes_id"),
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_price_outlook_series_id")
        ),
        sa.PrimaryKeyConstraint(
            "series_id", "end_at", "duration_minutes", name=op.f("pk_price_outlook")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "run_failure",
        sa.Column("run_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["run.id"],
            name=op.f("fk_run_failure_run_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "ordinal", name=op.f("pk_run_failure")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "site_channel",
        sa.Column("site_row", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("tariff", sa.Text(), nullable=True),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_row"], ["site.id"], name=op.f("fk_site_channel_site_row")
        ),
        sa.PrimaryKeyConstraint("site_row", "position", name=op.f("pk_site_channel")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "substation",
        sa.Column(
            "item", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_substation_area_id")
        ),
        sa.PrimaryKeyConstraint("item", name=op.f("pk_substation")),
        sa.UniqueConstraint("area_id", "name", name=op.f("uq_substation_area_id")),
    )
    op.create_table(
        "substation_fetch",
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("readings", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"], ["area.id"], name=op.f("fk_substation_fetch_area_id")
        ),
        sa.PrimaryKeyConstraint(
            "hour", "area_id", "minute", name=op.f("pk_substation_fetch")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "usage",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("end_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "duration_minutes", sa.BigInteger(), autoincrement=False, nullable=False
        ),
        sa.Column("energy_e3", sa.BigInteger(), nullable=False),
        sa.Column("cost_e4", sa.BigInteger(), nullable=False),
        sa.Column("price_e5", sa.BigInteger(), nullable=False),
        sa.Column("spot_e5", sa.BigInteger(), nullable=True),
        sa.Column("renewables_percent", sa.Float(precision=53), nullable=True),
        sa.Column("attributes_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attributes_id"],
            ["interval_attributes.id"],
            name=op.f("fk_usage_attributes_id"),
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_usage_series_id")
        ),
        sa.PrimaryKeyConstraint(
            "series_id", "end_at", "duration_minutes", name=op.f("pk_usage")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "usage_day",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("intervals", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("estimated_minutes", sa.BigInteger(), nullable=False),
        sa.Column("energy_e3", sa.BigInteger(), nullable=False),
        sa.Column("cost_e4", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_usage_day_series_id")
        ),
        sa.PrimaryKeyConstraint("series_id", "day", name=op.f("pk_usage_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "usage_hour",
        sa.Column("series_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("intervals", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("estimated_minutes", sa.BigInteger(), nullable=False),
        sa.Column("energy_e3", sa.BigInteger(), nullable=False),
        sa.Column("cost_e4", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_usage_hour_series_id")
        ),
        sa.PrimaryKeyConstraint("series_id", "hour", name=op.f("pk_usage_hour")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "substation_day",
        sa.Column("day", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("readings", sa.BigInteger(), nullable=False),
        sa.Column("load_sum_e1", sa.BigInteger(), nullable=False),
        sa.Column("reactive_sum_e1", sa.BigInteger(), nullable=False),
        sa.Column("load_min_e1", sa.BigInteger(), nullable=False),
        sa.Column("load_max_e1", sa.BigInteger(), nullable=False),
        sa.Column("max_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item"], ["substation.item"], name=op.f("fk_substation_day_item")
        ),
        sa.PrimaryKeyConstraint("day", "item", name=op.f("pk_substation_day")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "substation_hour",
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("readings", sa.BigInteger(), nullable=False),
        sa.Column("load_sum_e1", sa.BigInteger(), nullable=False),
        sa.Column("reactive_sum_e1", sa.BigInteger(), nullable=False),
        sa.Column("load_min_e1", sa.BigInteger(), nullable=False),
        sa.Column("load_max_e1", sa.BigInteger(), nullable=False),
        sa.Column("max_minute", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item"], ["substation.item"], name=op.f("fk_substation_hour_item")
        ),
        sa.PrimaryKeyConstraint("hour", "item", name=op.f("pk_substation_hour")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "substation_reading",
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("minute", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("load_e1", sa.BigInteger(), nullable=False),
        sa.Column("reactive_e1", sa.BigInteger(), nullable=False),
        sa.Column("power_factor_e4", sa.BigInteger(), nullable=False),
        sa.Column("flags", sa.BigInteger(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["item"], ["substation.item"], name=op.f("fk_substation_reading_item")
        ),
        sa.PrimaryKeyConstraint(
            "hour", "item", "minute", name=op.f("pk_substation_reading")
        ),
        sqlite_with_rowid=False,
    )
    op.execute(
        sa.text(
            "INSERT INTO store_meta (name, value) VALUES ('instance_id', :value)"
        ).bindparams(value=str(uuid.uuid4()))
    )
