"""What the KAMO logger leaves: its database, its zip, its dump; made by code."""

import csv
import io
import shutil
import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

SCHEMA = """
CREATE TABLE cooperatives (
    id INTEGER NOT NULL,
    name VARCHAR(255) NOT NULL,
    abbreviation VARCHAR(10) NOT NULL,
    is_aggregate BOOLEAN,
    updated_at DATETIME,
    PRIMARY KEY (id)
);
CREATE TABLE load_data (
    id INTEGER NOT NULL,
    area_id INTEGER NOT NULL,
    timestamp DATETIME NOT NULL,
    load_kw FLOAT NOT NULL,
    created_at DATETIME,
    PRIMARY KEY (id),
    CONSTRAINT uq_load_data_area_timestamp UNIQUE (area_id, timestamp),
    FOREIGN KEY(area_id) REFERENCES cooperatives (id)
);
CREATE TABLE substation_snapshots (
    id INTEGER NOT NULL,
    area_id INTEGER NOT NULL,
    snapshot_time DATETIME NOT NULL,
    substation_name VARCHAR(255) NOT NULL,
    kw FLOAT NOT NULL,
    kvar FLOAT NOT NULL,
    pf FLOAT NOT NULL,
    quality BOOLEAN,
    quality_now BOOLEAN,
    created_at DATETIME,
    PRIMARY KEY (id),
    CONSTRAINT uq_substation_snapshot UNIQUE (area_id, snapshot_time, substation_name)
);
CREATE TABLE settings (
    "key" VARCHAR(100) NOT NULL,
    value TEXT,
    description VARCHAR(255),
    updated_at DATETIME,
    PRIMARY KEY ("key")
);
CREATE TABLE import_log (
    id INTEGER NOT NULL,
    started_at DATETIME NOT NULL,
    completed_at DATETIME,
    status VARCHAR(20) NOT NULL,
    load_records_imported INTEGER,
    load_records_skipped INTEGER,
    substation_records_imported INTEGER,
    substation_records_skipped INTEGER,
    error_message TEXT,
    duration_seconds FLOAT,
    PRIMARY KEY (id)
);
"""

COOPERATIVES = [(1, "Barry; Electric (East)", "BEC"), (18, "It's Missouri", "MO")]
LOADS = [
    # a usual hour, read while it ran, and one read behind its end
    (1, "2026-07-01 10:00:00", 5000.5, "2026-07-01 10:04:07"),
    (1, "2026-07-01 11:00:00", 6000.0, "2026-07-01 12:04:07"),
    (18, "2026-07-01 11:00:00", 90000.0, "2026-07-01 12:04:08"),
    # the autumn night: before, the repeated hour, after
    (1, "2026-11-01 00:00:00", 100.0, "2026-11-01 01:01:00"),
    (1, "2026-11-01 01:00:00", 101.0, "2026-11-01 02:01:00"),
    (1, "2026-11-01 02:00:00", 102.0, "2026-11-01 03:01:00"),
    # an hour that spring skips
    (1, "2026-03-08 02:00:00", 99.0, "2026-03-08 03:01:00"),
]
SNAPSHOTS = [
    (1, "2026-07-01 10:05:00", "North", 10.5, -2.0, -0.98, 0, 0),
    (1, "2026-07-01 10:05:00", "S(ou)th; 'x'", 20.0, 3.0, 0.99, 0, 1),
    (1, "2026-07-01 10:10:00", "North", 11.5, -2.0, -0.98, 0, 0),
    (1, "2026-11-01 01:05:00", "North", 12.5, -2.0, -0.98, 0, 0),
]
"""22:05 UTC is 17:05 in Chicago: rows of the summer lie five hours behind UTC."""


def fill(database: sqlite3.Connection) -> None:
    """Write the rows."""
    database.executescript(SCHEMA)
    _insert(database, COOPERATIVES, LOADS, SNAPSHOTS)


def _insert(
    database: sqlite3.Connection,
    cooperatives: Sequence[tuple[object, ...]],
    loads: Sequence[tuple[object, ...]],
    snapshots: Sequence[tuple[object, ...]],
) -> None:
    as_stored = ".000000"
    with database:
        database.executemany(
            "INSERT INTO cooperatives VALUES (?, ?, ?, ?, NULL)",
            [(*row, row[0] == 18) for row in cooperatives],
        )
        database.executemany(
            "INSERT INTO load_data (area_id, timestamp, load_kw, created_at)"
            " VALUES (?, ?, ?, ?)",
            [
                (area, f"{at}{as_stored}", kw, f"{created}{as_stored}")
                for area, at, kw, created in loads
            ],
        )
        database.executemany(
            "INSERT INTO substation_snapshots (area_id, snapshot_time, substation_name,"
            " kw, kvar, pf, quality, quality_now, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            [(area, f"{at}{as_stored}", *rest) for area, at, *rest in snapshots],
        )
        database.execute(
            "INSERT INTO settings VALUES ('smtp_password', 'x', NULL, NULL)"
        )


def database_with_pending_log(folder: Path) -> Path:
    """Make a file of which everything but the tables is in the log beside it still."""
    path, copied = folder / "live.db", folder / "kamo_load.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        fill(database)
        shutil.copy(path, copied)
        shutil.copy(f"{path}-wal", f"{copied}-wal")
    return copied


def zipped_backup(folder: Path) -> Path:
    """Make what its backups page made: a CSV of each table, and a manifest."""
    path = folder / "backup_20261101_120000.zip"
    with (
        closing(sqlite3.connect(":memory:")) as database,
        zipfile.ZipFile(path, "w") as archive,
    ):
        fill(database)
        for table in (
            "cooperatives",
            "load_data",
            "substation_snapshots",
            "import_log",
        ):
            found = database.execute(f"SELECT * FROM {table}")
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow([name for name, *_rest in found.description])
            writer.writerows(
                [
                    value.removesuffix(".000000").replace(" ", "T")
                    if str(value).endswith(".000000")
                    else value
                    for value in row
                ]
                for row in found
            )
            archive.writestr(f"{table}.csv", text.getvalue())
        archive.writestr("manifest.json", "{}")
    return path


def dumped(folder: Path) -> Path:
    """Make what its migrate.sh made: a few comments, and the dump of ``sqlite3``."""
    path = folder / "data_export.sql"
    with closing(sqlite3.connect(":memory:")) as database:
        fill(database)
        lines = "\n".join(database.iterdump())
    path.write_text(f"-- KAMO Load Logger Data Export\n\n{lines}\n")
    return path
