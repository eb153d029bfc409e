"""A store written by any version before keeps every row when this one opens it."""

import gzip
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from energy_logger_server.store import Store
from energy_logger_server.store.db.migrate import newest_version
from energy_logger_server.store.schema.views import view_statements
from tests.server.store.material import FIXTURES, FixedClock, rows

OLDER = [
    *sorted((FIXTURES / "stores").glob("*.db.gz")),
    *sorted((FIXTURES / "lived_stores").glob("*.db.gz")),
]
CHANGED_ON_PURPOSE: Mapping[str, frozenset[str]] = {
    "alembic_version": frozenset({"version_num"})
}
"""Columns whose values a migration changes, by table."""
RENAMED: Mapping[str, Mapping[str, str]] = {
    "substation": {"item": "id"},
    "substation_reading": {"item": "substation_id"},
    "substation_hour": {"item": "substation_id"},
    "substation_day": {"item": "substation_id"},
}
"""What a migration calls a column, by its table and the name before."""


def unpacked(packed: Path, folder: Path) -> Path:
    """The store of a fixture, ready to open."""
    file = folder / "energy.db"
    file.write_bytes(gzip.decompress(packed.read_bytes()))
    return file


def tables_of(file: Path) -> dict[str, tuple[str, ...]]:
    """Columns of every table."""
    with closing(sqlite3.connect(file)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: tuple(
                column
                for _id, column, *_rest in database.execute(
                    f"PRAGMA table_info({name})"
                )
            )
            for (name,) in names.fetchall()
        }


def columns_now(table: str, columns: Sequence[str]) -> list[str]:
    """What the newest schema calls the columns of a table of any version."""
    names = RENAMED.get(table, {})
    return [names.get(column, column) for column in columns]


def contents(
    file: Path, tables: Mapping[str, Sequence[str]]
) -> dict[str, Counter[tuple[Any, ...]]]:
    """Every row of some tables, reduced to some columns."""
    with closing(sqlite3.connect(file)) as database:
        return {
            name: Counter(
                database.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall()
            )
            for name, columns in tables.items()
            if columns
        }


@pytest.mark.parametrize("packed", OLDER, ids=lambda path: "/".join(path.parts[-2:]))
async def test_every_row_of_an_older_store_is_kept(
    packed: Path, tmp_path: Path, clock: FixedClock
):
    file = unpacked(packed, tmp_path)
    kept = {
        table: [one for one in columns if one not in CHANGED_ON_PURPOSE.get(table, ())]
        for table, columns in tables_of(file).items()
    }
    before = contents(file, kept)
    assert sum(table.total() for table in before.values()) > 100

    store = await Store.open(f"sqlite:///{file}", clock)
    for view in view_statements("sqlite"):
        assert len(await rows(store, f"SELECT count(*) FROM {view}")) == 1
    await store.close()

    assert store.schema_version == newest_version()
    after = contents(
        file,
        {table: columns_now(table, columns) for table, columns in kept.items()},
    )
    for table, found in before.items():
        assert after[table] == found, table


def test_a_store_that_lived_has_rows_in_nearly_every_table():
    """So that a migration has something to lose."""
    (packed,) = [path for path in OLDER if path.parent.name == "lived_stores"]
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(gzip.decompress(packed.read_bytes()))
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        empty = {
            name
            for (name,) in names.fetchall()
            if not database.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchall()
        }

    # those of tests/fixtures/stores have some
    assert empty == {"revision"}
