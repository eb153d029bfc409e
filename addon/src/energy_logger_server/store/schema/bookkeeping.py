"""What the server knows about its own work: series, runs, ledger, revisions."""

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

from .base import METADATA, ROW_ID, key, keyed_table, number

META = keyed_table(
    "store_meta",
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""``instance_id`` and what else has one value for the whole store."""

SETTING = keyed_table(
    "setting",
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    number("changed_at"),
)

SERIES = Table(
    "series",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("channel", Text, nullable=False),
    UniqueConstraint("kind", "owner", "channel"),
)

LOAD_FORECAST_SERIES = "load_forecast"
"""Kind of the series of load forecasts, which have no ledger; others are ``Kind``."""

RUN = Table(
    "run",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("source", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("interval_minutes", Integer, nullable=False),
    number("started_at_ms"),
    number("finished_at_ms", nullable=True),
    Column("outcome", Text, nullable=False),
    Column("series_total", Integer, nullable=False),
    Column("series_failed", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("ticks_skipped", Integer, nullable=False),
    *(
        Column(f"{kind}_{count}", Integer, nullable=False)
        for kind in ("price", "usage", "load", "substation", "forecast")
        for count in ("new", "changed", "unchanged")
    ),
    Column("rejected", Integer, nullable=False),
)
"""Times in milliseconds: cycle times are well below a second."""

RUN_FAILURE = keyed_table(
    "run_failure",
    key("run_id", ForeignKey("run.id", ondelete="CASCADE")),
    key("ordinal"),
    Column("subject", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("message", Text, nullable=False),
)
"""Outcome of each series that failed; the rest of ``series_total`` succeeded."""

LEDGER = keyed_table(
    "day_ledger",
    key("day"),
    key("series_id", ForeignKey("series.id")),
    Column("state", Text, nullable=False),
    Column("expected_minutes", Integer, nullable=False),
    Column("present_minutes", Integer, nullable=False),
    Column("estimated_minutes", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    number("checked_at"),
    Column("cause", Text),
    Column("recheck", Boolean, nullable=False),
    Column("slot_minutes", Integer, nullable=False),
    Column("last_slot", Integer, nullable=False),
)
"""``slot`` columns serve the substations: the polling grid and its last slot."""

REVISION = Table(
    "revision",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("kind", Text, nullable=False),
    number("series_id"),
    number("end_at"),
    Column("duration_minutes", Integer, nullable=False),
    number("known_from"),
    number("known_until"),
    number("run_id"),
    number("replaced_by_run_id"),
    Column("reason", Text, nullable=False),
    Column("record", Text, nullable=False),
    Index("ix_revision_key", "kind", "series_id", "end_at"),
)
"""Values believed from ``known_from`` until ``known_until``; the record as JSON."""

SAMPLE = Table(
    "unreadable_sample",
    METADATA,
    Column("id", ROW_ID, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("sample", Text, nullable=False),
    number("first_seen_at"),
    number("last_seen_at"),
    Column("times_seen", Integer, nullable=False),
)

ENVELOPE = keyed_table(
    "answer_envelope",
    Column("endpoint", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    Column("envelope", Text, nullable=False),
)
"""What a KAMO answer holds besides its rows: unknown fields, labels, order."""

LAST_FETCH = keyed_table(
    "last_fetch",
    Column("endpoint", Text, primary_key=True),
    Column("owner", Text, primary_key=True),
    number("fetched_at_ms"),
)
"""When each endpoint last gave a usable answer: freshness, and ``Last-Modified``."""
