"""What was wrong with substations, and what was decided on their spikes."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text

from .base import METADATA, ROW_ID, key, keyed_table, number

SUBSTATION_FAULT = Table(
    "substation_fault",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("area_id", Integer, ForeignKey("area.id"), nullable=False),
    Column("substation_id", Integer, ForeignKey("substation.id")),
    Column("fault", Text, nullable=False),
    number("began_at"),
    number("ended_at", nullable=True),
    number("value_e1", nullable=True),
    Index("ix_substation_fault_ended", "area_id", "ended_at"),
)
"""Notices of a substation, or without one of its area; open while there is no end."""

PEAK_REVIEW = keyed_table(
    "peak_review",
    key("substation_id", ForeignKey("substation.id")),
    key("day"),
    Column("counts", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    number("reviewed_at"),
)
"""What the owner says of a substation's day: whether it counts as its month's peak."""
