"""A filled store of one's own, and looking into stores behind the program's back."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from energy_logger_server.store.db import engine as store_engine
from tests.server.store.conftest import (
    clock,
    new_store_url,
    sqlite_url,
    store,
    store_url,
)

__all__ = ["clock", "new_store_url", "sqlite_url", "store", "store_url"]


@pytest.fixture
def filled_url(filled_file: Path, tmp_path: Path) -> str:
    """A store of one's own."""
    path = tmp_path / "filled.db"
    shutil.copy(filled_file, path)
    return f"sqlite:///{path}"


def run_sql(address: str, *statements: str) -> None:
    """Change a store behind the program's back."""
    engine = create_engine(store_engine.store_url(address))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def all_rows(address: str, table: str, order: str = "1") -> Sequence[Mapping[str, Any]]:
    """Every row of a table."""
    engine = create_engine(store_engine.store_url(address))
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT * FROM {table} ORDER BY {order}"))
        rows = [dict(row) for row in found.mappings()]
    engine.dispose()
    return rows
