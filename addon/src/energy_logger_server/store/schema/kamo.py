"""KAMO Power: areas, hourly load and its forecasts, substations, rollups."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
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

AREA = Table(
    "area",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("abbreviation", Text, nullable=False),
    Column("is_aggregate", Boolean, nullable=False),
    Column("selected", Boolean),
    Column("extra", Text),
    number("first_seen_at"),
    number("changed_at"),
    Column("is_gone", Boolean, nullable=False),
    *missing_from_lists(),
)

LOAD = keyed_table(
    "load",
    key("at"),
    key("area_id", ForeignKey("area.id")),
    number("load_e1"),
    Column("is_settled", Boolean, nullable=False),
    number("run_id"),
    number("known_at"),
    Column("extra", Text),
    change_id(),
    Index("ix_load_change", "change_id", "at", "area_id"),
)
"""Measured hourly load; the running hour is there unsettled."""

LOAD_FORECAST = keyed_table(
    "load_forecast",
    key("at"),
    key("series_id", ForeignKey("series.id")),
    number("load_e1"),
    number("run_id"),
    number("known_at"),
    Column("extra", Text),
)
"""The newest forecast of each hour; the series' channel is the line's label."""

LOAD_ARCHIVE = keyed_table(
    "load_archive",
    key("fetched_at"),
    key("series_id", ForeignKey("series.id")),
    key("at"),
    number("load_e1"),
    Column("extra", Text),
)
"""Forecasts and running hours by the instant they were fetched, for the retention."""

LOAD_DAY = keyed_table(
    "load_day",
    key("day"),
    key("area_id", ForeignKey("area.id")),
    number("hours"),
    number("load_sum_e1"),
    number("load_min_e1"),
    number("min_at"),
    number("load_max_e1"),
    number("max_at"),
    number("run_id"),
)
"""Measured load by Central date; of equal peaks the first counts."""

SUBSTATION = Table(
    "substation",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("area_id", Integer, ForeignKey("area.id"), nullable=False),
    Column("name", Text, nullable=False),
    number("first_seen_at"),
    UniqueConstraint("area_id", "name"),
)

READING = keyed_table(
    "substation_reading",
    key("hour"),
    key("substation_id", ForeignKey("substation.id")),
    key("minute"),
    number("load_e1"),
    number("reactive_e1"),
    number("power_factor_e4"),
    number("flags"),
    Column("extra", Text),
)
"""One substation at the minute it was fetched (hour = epoch seconds // 3600).

The bits of ``flags`` are in ``codec.reading_flags``; numbers that are unknown are 0.
"""

FETCH = keyed_table(
    "substation_fetch",
    key("hour"),
    key("area_id", ForeignKey("area.id")),
    key("minute"),
    number("run_id"),
    number("readings"),
)
"""Which run read an area's substations at a minute: the snapshot's head."""

READING_HOUR = keyed_table(
    "substation_hour",
    key("hour"),
    key("substation_id", ForeignKey("substation.id")),
    number("readings"),
    number("load_sum_e1"),
    number("reactive_sum_e1"),
    number("load_min_e1"),
    number("load_max_e1"),
    number("max_minute"),
    count("reactive_unknown"),
    count("reactive_unknown_load_sum_e1"),
)
"""Hours that are over; the open hour is read from its rows.

``reactive_unknown`` counts the readings without reactive power; the last column is the
load of these.
"""

READING_HOUR_CHANGE = keyed_table(
    "substation_hour_change",
    key("change_id"),
    key("hour"),
    key("area_id", ForeignKey("area.id")),
)
"""Which transaction counted an hour of an area (again): a row for each time.

An index of the hours themselves would be half as large as they are.
"""

READING_DAY = keyed_table(
    "substation_day",
    key("day"),
    key("substation_id", ForeignKey("substation.id")),
    number("readings"),
    number("load_sum_e1"),
    number("reactive_sum_e1"),
    number("load_min_e1"),
    number("load_max_e1"),
    number("max_at"),
    count("reactive_unknown"),
    count("reactive_unknown_load_sum_e1"),
)
"""By Central date, closed hours only; ``max_at``: the peak's minute, epoch seconds."""
