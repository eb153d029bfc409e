"""What the peak watch has said, and how far it is."""

from sqlalchemy import Boolean, Column, ForeignKey

from .base import key, keyed_table, number

PEAK_WATCH = keyed_table(
    "peak_watch",
    key("area_id", ForeignKey("area.id")),
    number("looked_to"),
    Column("is_open", Boolean, nullable=False),
    Column("is_trained", Boolean, nullable=False),
    Column("is_probability_shown", Boolean, nullable=False),
)
"""How far an area's watch has looked: the last hour (epoch seconds // 3600)."""

PEAK_ANNOUNCEMENT = keyed_table(
    "peak_announcement",
    key("hour"),
    key("area_id", ForeignKey("area.id")),
    number("period_day"),
    number("announced_in"),
    number("probability_e4", nullable=True),
    number("withdrawn_in", nullable=True),
)
"""Hours that were announced (epoch seconds // 3600), and in which hours that was said.

``period_day`` is the first day of the billing period that the hour lies in.
"""
