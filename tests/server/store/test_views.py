"""The views of the database, for people with a SQL tool."""

import gzip
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from energy_logger_server.store import Store
from energy_logger_server.store.schema.views import view_statements
from tests.server.store.fixture_store import FOLDER
from tests.server.store.material import FixedClock

PACKED = FOLDER / "0004.db.gz"
"""The last store whose views were a list of their own."""

type Shown = tuple[list[str], Counter[tuple[Any, ...]]]


def shown(file: Path, query: str) -> Shown:
    """Return the column names and rows of a query."""
    with closing(sqlite3.connect(file)) as database:
        found = database.execute(query)
        return [column[0] for column in found.description], Counter(found.fetchall())


async def test_the_views_show_what_those_of_an_existing_store_showed(
    tmp_path: Path, clock: FixedClock
):
    file = tmp_path / "energy.db"
    file.write_bytes(gzip.decompress(PACKED.read_bytes()))
    _columns, views = shown(file, "SELECT name FROM sqlite_master WHERE type = 'view'")
    before = {name: shown(file, f"SELECT * FROM {name}") for (name,) in views}
    assert {name for name, (_columns, rows) in before.items() if rows} >= {
        "ledger_days",
        "loads",
        "prices",
        "revisions",
        "runs",
        "substation_readings",
        "usage_intervals",
    }

    store = await Store.open(f"sqlite:///{file}", clock)
    await store.close()

    queries = view_statements("sqlite")
    assert queries.keys() >= before.keys()
    for name, rows in before.items():
        assert shown(file, queries[name]) == rows, name
        assert shown(file, f"SELECT * FROM {name}") == rows, name
