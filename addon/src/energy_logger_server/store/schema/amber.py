"""Amber Electric: sites, prices (settled, provisional, archived), usage, rollups."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from .base import (
    METADATA,
    ROW_ID,
    change_id,
    count,
    key,
    keyed_table,
    missing_from_lists,
    number,
)

SITE = Table(
    "site",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("site_id", Text, nullable=False, unique=True),
    Column("position", Integer, nullable=False),
    Column("nmi", Text, nullable=False),
    Column("network", Text),
    Column("status", Text, nullable=False),
    Column("active_from", Text),
    Column("closed_on", Text),
    Column("interval_length_minutes", Integer),
    Column("extra", Text),
    number("first_seen_at"),
    number("changed_at"),
    Column("is_gone", Boolean, nullable=False),
    *missing_from_lists(),
)

SITE_CHANNEL = keyed_table(
    "site_channel",
    key("site_row", ForeignKey("site.id")),
    key("position"),
    Column("identifier", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("tariff", Text),
    Column("extra", Text),
)

ATTRIBUTES = Table(
    "interval_attributes",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("type", Text),
    Column("channel_type", Text),
    Column("spike_status", Text),
    Column("descriptor", Text),
    Column("estimate", Boolean),
    Column("quality", Text),
    Column("tariff", Text),
    Column("tariff_period", Text),
    Column("tariff_season", Text),
    Column("tariff_block", Integer),
    Column("demand_window", Boolean),
)
"""Each combination of texts that intervals carry, once: a few hundred rows."""


def _price_columns() -> tuple[Column[int] | Column[float] | Column[str], ...]:
    return (
        number("price_e5"),
        number("spot_e5", nullable=True),
        Column("renewables_percent", Float(53)),
        Column(
            "attributes_id",
            Integer,
            ForeignKey("interval_attributes.id"),
            nullable=False,
        ),
        number("range_min_e5", nullable=True),
        number("range_max_e5", nullable=True),
        number("low_e5", nullable=True),
        number("predicted_e5", nullable=True),
        number("high_e5", nullable=True),
        number("run_id"),
        number("known_at"),
        Column("extra", Text),
    )


PRICE = keyed_table(
    "price",
    key("series_id", ForeignKey("series.id")),
    key("end_at"),
    key("duration_minutes"),
    *_price_columns(),
)
"""Settled prices: actual ones and confirmed current ones."""

PRICE_OUTLOOK = keyed_table(
    "price_outlook",
    key("series_id", ForeignKey("series.id")),
    key("end_at"),
    key("duration_minutes"),
    *_price_columns(),
)
"""The newest forecast or estimate of instants that have no settled price."""

PRICE_ARCHIVE = keyed_table(
    "price_archive",
    key("series_id", ForeignKey("series.id")),
    key("fetched_at"),
    key("end_at"),
    key("duration_minutes"),
    *_price_columns(),
)
"""Every forecast and estimate by the instant it was fetched, for the retention."""

USAGE = keyed_table(
    "usage",
    key("series_id", ForeignKey("series.id")),
    key("end_at"),
    key("duration_minutes"),
    number("energy_e3"),
    number("cost_e4", nullable=True),
    number("price_e5", nullable=True),
    number("spot_e5", nullable=True),
    Column("renewables_percent", Float(53)),
    Column(
        "attributes_id", Integer, ForeignKey("interval_attributes.id"), nullable=False
    ),
    number("run_id"),
    number("known_at"),
    Column("extra", Text),
)

PRICE_HOUR = keyed_table(
    "price_hour",
    key("series_id", ForeignKey("series.id")),
    key("hour"),
    number("intervals"),
    number("minutes"),
    number("price_minutes_e5"),
    number("spot_minutes_e5"),
    number("price_min_e5"),
    number("price_max_e5"),
    number("run_id"),
    change_id(),
    Index("ix_price_hour_change", "change_id", "hour", "series_id"),
)
"""Settled prices by UTC hour; mean = price_minutes_e5 / minutes."""

PRICE_DAY = keyed_table(
    "price_day",
    key("series_id", ForeignKey("series.id")),
    key("day"),
    number("intervals"),
    number("minutes"),
    number("price_minutes_e5"),
    number("spot_minutes_e5"),
    number("price_min_e5"),
    number("price_max_e5"),
    number("run_id"),
)
"""The same by NEM date."""

USAGE_HOUR = keyed_table(
    "usage_hour",
    key("series_id", ForeignKey("series.id")),
    key("hour"),
    number("intervals"),
    number("minutes"),
    number("estimated_minutes"),
    number("energy_e3"),
    number("cost_e4"),
    count("unpriced_minutes"),
    count("unpriced_energy_e3"),
    number("run_id"),
    change_id(),
    Index("ix_usage_hour_change", "change_id", "hour", "series_id"),
)
"""Usage by UTC hour: energy in the channel's direction, and the cost that is known.

The unpriced minutes and energy are those of intervals whose cost is unknown.
"""

USAGE_DAY = keyed_table(
    "usage_day",
    key("series_id", ForeignKey("series.id")),
    key("day"),
    number("intervals"),
    number("minutes"),
    number("estimated_minutes"),
    number("energy_e3"),
    number("cost_e4"),
    count("unpriced_minutes"),
    count("unpriced_energy_e3"),
    number("run_id"),
)
"""The same by NEM date."""
