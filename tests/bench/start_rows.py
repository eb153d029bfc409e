"""What a store of years has beside its readings and is read at a start: runs, loads."""

import sqlite3
from contextlib import closing
from pathlib import Path

from .export_rows import FIRST_HOUR

_COUNTS = tuple(
    f"{kind}_{count}"
    for kind in ("price", "usage", "load", "substation", "forecast")
    for count in ("new", "changed", "unchanged")
)
# one of each source at every fetch
_RUNS = f"""
INSERT INTO run (source, "trigger", interval_minutes, started_at_ms, finished_at_ms,
  outcome, series_total, series_failed, requests, ticks_skipped, rejected,
  {", ".join(_COUNTS)})
SELECT source.name, 'tick', 5, (hour * 60 + minute) * 60000,
  (hour * 60 + minute) * 60000 + 900, 'success', 20, 0, 37, 0, 0
  {", 0" * len(_COUNTS)}
FROM substation_fetch
CROSS JOIN (SELECT 'kamo' AS name UNION ALL SELECT 'amber') AS source
"""
_LOADS = """
INSERT INTO load (at, area_id, load_e1, is_settled, run_id, known_at, change_id)
SELECT hour * 3600, 1, 10 * (random() & 65535), 1, 1, hour * 3600,
  hour - :first
FROM substation_fetch GROUP BY hour
"""
_LAST_FETCHES = """
INSERT INTO last_fetch (endpoint, owner, fetched_at_ms)
SELECT 'load', '1', max(at) * 1000 FROM load
UNION ALL SELECT 'substations', '1', max(hour * 60 + minute) * 60000
FROM substation_fetch
"""


def insert_runs_and_loads(database: Path) -> int:
    """Put them beside the readings of ``export_rows``; return the number of runs."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        runs = connection.execute(_RUNS).rowcount
        connection.execute(_LOADS, {"first": FIRST_HOUR})
        connection.execute(_LAST_FETCHES)
        connection.execute("COMMIT")
    return runs
