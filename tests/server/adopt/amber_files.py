"""What amber-home leaves: its database, a dump of it, a table as CSV; made by code."""

import csv
from pathlib import Path

from sqlalchemy import create_engine, text

from energy_logger_server.store.db.engine import store_url
from tests.server.store.material import SITE_ID

SCHEMA = """
CREATE TABLE sites (
    id VARCHAR PRIMARY KEY,
    nmi VARCHAR NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE price_data (
    id SERIAL PRIMARY KEY,
    site_id VARCHAR NOT NULL,
    nem_time TIMESTAMP WITH TIME ZONE NOT NULL,
    start_time TIMESTAMP WITH TIME ZONE,
    end_time TIMESTAMP WITH TIME ZONE,
    duration INTEGER,
    channel_type VARCHAR NOT NULL,
    per_kwh DECIMAL(10,5) NOT NULL,
    spot_per_kwh DECIMAL(10,5) NOT NULL,
    renewables DECIMAL(5,2),
    spike_status VARCHAR,
    descriptor VARCHAR,
    estimate BOOLEAN DEFAULT FALSE,
    var_date DATE,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (site_id, nem_time, channel_type)
);
CREATE TABLE usage_data (
    id SERIAL PRIMARY KEY,
    site_id VARCHAR NOT NULL,
    nem_time TIMESTAMP WITH TIME ZONE NOT NULL,
    start_time TIMESTAMP WITH TIME ZONE,
    end_time TIMESTAMP WITH TIME ZONE,
    duration INTEGER,
    channel_id VARCHAR,
    channel_type VARCHAR NOT NULL,
    kwh DECIMAL(10,5) NOT NULL,
    cost DECIMAL(10,2) NOT NULL,
    quality VARCHAR,
    descriptor VARCHAR,
    var_date DATE,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (site_id, nem_time, channel_id)
);
CREATE TABLE tariff_information (
    id SERIAL PRIMARY KEY,
    usage_id INTEGER,
    period VARCHAR
);
"""

PRICE_COLUMNS = (
    "site_id", "nem_time", "end_time", "duration", "channel_type", "per_kwh",
    "spot_per_kwh", "renewables", "spike_status", "descriptor", "estimate", "var_date",
    "created_at",
)  # fmt: skip
USAGE_COLUMNS = (
    "site_id", "nem_time", "end_time", "duration", "channel_id", "channel_type", "kwh",
    "cost", "quality", "descriptor", "var_date", "created_at",
)  # fmt: skip


def price(nem: str, end: str | None, channel: str = "GENERAL", **fields: object):
    """Return a price: label, end, and what differs from the usual."""
    usual = {
        "site_id": SITE_ID,
        "nem_time": nem,
        "end_time": end,
        "duration": "30",
        "channel_type": f"ChannelType.{channel}",
        "per_kwh": "20.50000",
        "spot_per_kwh": "8.25000",
        "renewables": "41.50",
        "spike_status": "SpikeStatus.NONE",
        "descriptor": "PriceDescriptor.VERYLOW",
        "estimate": "f",
        "var_date": "2026-01-03",
        "created_at": "2026-01-03 05:00:00",
    }
    return tuple({**usual, **fields}[name] for name in PRICE_COLUMNS)


def usage(nem: str, end: str | None, channel: str | None = "E1", **fields: object):
    """Return usage likewise."""
    usual = {
        "site_id": SITE_ID,
        "nem_time": nem,
        "end_time": end,
        "duration": "30",
        "channel_id": channel,
        "channel_type": "ChannelType.GENERAL",
        "kwh": "0.50000",
        "cost": "10.25",
        "quality": "billable",
        "descriptor": "PriceDescriptor.VERYLOW",
        "var_date": "2026-01-03",
        "created_at": "2026-01-04 05:00:00",
    }
    return tuple({**usual, **fields}[name] for name in USAGE_COLUMNS)


PRICES = [
    price("2026-01-03 10:30:00+10", "2026-01-03 00:30:00+00"),
    price("2026-01-03 10:30:00+10", "2026-01-03 00:30:00+00", "FEEDIN", per_kwh="-5"),
    # Sydney's label of the interval that ends at 11:00 NEM time
    price("2026-01-03 12:00:00+10", "2026-01-03 01:00:00+00"),
    price("2026-01-03 11:30:00+10", "2026-01-03 01:30:00+00", estimate="t"),
    # contradicts itself
    price("2026-01-03 19:00:00+10", "2026-01-03 01:00:00+00"),
]
USAGE = [
    usage("2026-01-03 10:30:00+10", "2026-01-03 00:30:00+00"),
    usage("2026-01-03 10:30:00+10", None, "B1", channel_type="ChannelType.FEEDIN"),
    usage("2026-01-03 11:00:00+10", "2026-01-03 01:00:00+00", None),
]


def fill(address: str) -> None:
    """Make amber-home's database in an empty one."""
    engine = create_engine(store_url(address))
    with engine.begin() as connection:
        for statement in SCHEMA.split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
        connection.execute(
            text("INSERT INTO sites (id, nmi) VALUES (:id, :nmi)"),
            {"id": SITE_ID, "nmi": "9000000001"},
        )
        for table, columns, rows in (
            ("price_data", PRICE_COLUMNS, PRICES),
            ("usage_data", USAGE_COLUMNS, USAGE),
        ):
            marks = ", ".join(f":{name}" for name in columns)
            connection.execute(
                text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"),
                [dict(zip(columns, row, strict=True)) for row in rows],
            )
    engine.dispose()


def dump(path: Path) -> None:
    """Write what ``pg_dump`` writes of the tables that are adopted."""
    lines = [f"COPY public.sites (id, nmi) FROM stdin;\n{SITE_ID}\t9000000001\n\\."]
    for table, columns, rows in (
        ("price_data", PRICE_COLUMNS, PRICES),
        ("usage_data", USAGE_COLUMNS, USAGE),
    ):
        lines.append(f"COPY public.{table} ({', '.join(columns)}) FROM stdin;")
        lines += [
            "\t".join("\\N" if value is None else str(value) for value in row)
            for row in rows
        ]
        lines.append("\\.")
    path.write_text("\n".join(["--", "-- PostgreSQL database dump", "--", *lines, ""]))


def as_csv(
    path: Path, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> Path:
    """Write a table as CSV."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    return path
