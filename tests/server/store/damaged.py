"""Stores with a page that was overwritten by chance."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from random import Random

from energy_logger_server.store import Store
from tests.server.store.fixture_store import fill
from tests.server.store.material import FixedClock
from tests.server.store_template import lay_store

SEEDS = range(20)
_PAGE_BYTES = 4096


async def lay_filled_store(path: Path) -> str:
    """Put a store with rows of every kind in a place; return its address."""
    url = lay_store(path)
    store = await Store.open(url, FixedClock())
    await fill(store)
    await store.close()
    return url


def overwrite_a_page(path: Path, seed: int) -> int:
    """Overwrite a page with random bytes, as a failing card does; return its number.

    A page that holds nothing is left alone: nobody would miss it.
    """
    random = Random(seed)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    page = random.randint(1, pages)
    _overwrite(path, page, random)
    return page


def overwrite_root_page(path: Path, table: str) -> None:
    """Overwrite the page that a table begins with."""
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchone()
    _overwrite(path, page, Random(table))


def _overwrite(path: Path, page: int, random: Random) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * _PAGE_BYTES)
        file.write(random.randbytes(_PAGE_BYTES))


def content_of(path: Path) -> bytes:
    """Return what is in a file, to the last byte."""
    return path.read_bytes()


def rows_of(path: Path) -> Mapping[str, list[tuple[object, ...]]]:
    """Return all rows of all tables, in the order of their keys."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite%' ORDER BY name"
        ).fetchall()
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for (name,) in names
        }
