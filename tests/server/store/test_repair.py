"""What can be read of a damaged store is saved, and what is lost is said exactly."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from energy_logger_server.errors import PlaceUnusable
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.repair import repair
from energy_logger_server.store.repair.counting import rows_within
from energy_logger_server.store.repair.repair import RepairedTable, repair_store
from tests.server.store.damaged import (
    SEEDS,
    content_of,
    lay_filled_store,
    overwrite_a_page,
    overwrite_root_page,
    rows_of,
)
from tests.server.store_template import lay_store


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with rows, closed."""
    path = tmp_path_factory.mktemp("filled") / "energy.db"
    asyncio.run(lay_filled_store(path))
    return path


@pytest.fixture
def file(filled: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copy(filled, tmp_path / "energy.db"))


@pytest.fixture(autouse=True)
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy the empty store that a repair begins with instead of migrating it anew."""
    laid = tmp_path / "template.db"
    lay_store(laid)

    def copy(engine: Engine) -> str:
        shutil.copy(laid, str(engine.url.database))
        return ""

    monkeypatch.setattr(repair, "migrate", copy)


def repaired(file: Path) -> tuple[dict[str, RepairedTable], Path]:
    """Return what is said of each table, and the new file."""
    new = file.with_name("new.db")
    saved = repair_store(store_url(f"sqlite:///{file}"), new)
    return {one.name: one for one in saved}, new


def key_places(path: Path, table: RepairedTable) -> list[int]:
    names = columns_of(path, table.name)
    return [names.index(name) for name in table.key]


def columns_of(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    return [name for _place, name, *_more in found]


def is_lost(table: RepairedTable, key: tuple[Any, ...]) -> bool:
    """Return whether a key lies where rows are lost."""
    return any(
        (gap.after is None or gap.after < key)
        and (gap.before is None or key < gap.before)
        for gap in table.gaps
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_a_page_that_was_overwritten_costs_what_the_report_says_and_nothing_else(
    file: Path, filled: Path, seed: int
):
    overwrite_a_page(file, seed)
    damaged = content_of(file)

    tables, new = repaired(file)

    assert content_of(file) == damaged
    before, after = rows_of(filled), rows_of(new)
    for name, table in tables.items():
        assert len(after[name]) >= table.rows
        if name == "store_meta" and table.gaps:
            # the new file's own row stands in for the one that is lost
            continue
        lost = set(before[name]) - set(after[name])
        assert set(after[name]) <= set(before[name])
        assert table.rows == len(after[name])
        assert table.refused == 0
        places = key_places(filled, table)
        keys = [tuple(row[place] for place in places) for row in lost]
        kept = [tuple(row[place] for place in places) for row in after[name]]
        assert all(is_lost(table, key) for key in keys), name
        assert not any(is_lost(table, key) for key in kept), name
        # a copy of what was there tells how many are lost, exactly
        assert sum(rows_within(filled, [table])[name]) == len(lost), name


def test_a_whole_store_is_saved_whole(file: Path, filled: Path):
    tables, new = repaired(file)

    assert not any(one.gaps or one.refused for one in tables.values())
    assert rows_of(new) == rows_of(filled)


def test_a_table_without_its_first_page_is_lost_alone(file: Path, filled: Path):
    overwrite_root_page(file, "usage")

    tables, new = repaired(file)

    assert [name for name, one in tables.items() if one.gaps] == ["usage"]
    assert {**rows_of(new), "usage": []} == {**rows_of(filled), "usage": []}


def test_a_file_that_is_there_is_not_overwritten(file: Path):
    file.with_name("new.db").write_text("somebody's notes")

    with pytest.raises(PlaceUnusable, match="move away what lies there"):
        repaired(file)

    assert file.with_name("new.db").read_text() == "somebody's notes"
