"""A store with years of one area's substations, made by bulk SQL."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from energy_logger_server.store import Store

from .stepping_clock import SteppingClock

AREA = "1"
SUBSTATIONS = 28
"""As many as the largest recorded area has."""

FETCHES_PER_HOUR = 12
READINGS_PER_HOUR = SUBSTATIONS * FETCHES_PER_HOUR
FIRST_HOUR = int(datetime(2020, 1, 1, 6, tzinfo=UTC).timestamp()) // 3600

_AREA = """
INSERT INTO area (id, position, name, abbreviation, is_aggregate, first_seen_at,
  changed_at, is_gone) VALUES (1, 0, 'Area 1', 'A1', 0, 0, 0, 0)
"""
_STATIONS = """
WITH RECURSIVE station(number) AS (
  SELECT 1 UNION ALL SELECT number + 1 FROM station WHERE number < :stations)
INSERT INTO substation SELECT number, 1, 'Substation ' || number, 0 FROM station
"""
_TIMES = """
WITH RECURSIVE time(hour) AS (
  SELECT :first UNION ALL SELECT hour + 1 FROM time WHERE hour + 1 < :end),
minutes(minute) AS (
  SELECT 0 UNION ALL SELECT minute + 5 FROM minutes WHERE minute < 55)
"""
_FETCHES = f"""
{_TIMES} INSERT INTO substation_fetch
SELECT hour, 1, minute, 0, :stations FROM time CROSS JOIN minutes
"""
# whole kW and kVAR, two decimals of the power factor: as recorded
_READINGS = f"""
{_TIMES} INSERT INTO substation_reading
SELECT hour, id, minute, 10 * (random() & 4095),
  10 * (random() & 4095) - 30000, 100 * (random() & 127) - 6400, 0, NULL
FROM time CROSS JOIN substation CROSS JOIN minutes
"""


async def fill(database: Path, readings: int) -> int:
    """Make a store; return how many hours it holds.

    Args:
        database: Its SQLite file.
        readings: About how many to put into it, at least an hour's.
    """
    store = await Store.open(
        f"sqlite:///{database}", SteppingClock(datetime(2020, 1, 1, tzinfo=UTC))
    )
    await store.close()
    hours = max(1, readings // READINGS_PER_HOUR)
    insert_hours(database, hours)
    return hours


def insert_hours(database: Path, hours: int) -> None:
    """Put an area with so many hours of readings into a store that has none."""
    span = {"first": FIRST_HOUR, "end": FIRST_HOUR + hours, "stations": SUBSTATIONS}
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for statement in (_AREA, _STATIONS, _FETCHES, _READINGS):
            connection.execute(statement, span)
        connection.execute("COMMIT")
