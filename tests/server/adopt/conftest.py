"""Stores to adopt into, and what to ask of them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from energy_logger_server.adopt.report import Fate, Report, Rows
from energy_logger_server.store import Store
from tests.server.store.conftest import (
    new_store_url,
    sqlite_url,
    store,
    store_url,
)
from tests.server.store.material import FixedClock, rows

__all__ = ["new_store_url", "sqlite_url", "store", "store_url"]

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)

type Adopt = Callable[..., Awaitable[Report]]


@pytest.fixture
def clock() -> FixedClock:
    """After everything that is adopted."""
    clock = FixedClock()
    clock.at = NOW
    return clock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where scratch databases lie."""
    path = tmp_path / "scratch"
    path.mkdir()
    return path


def counts(report: Report) -> dict[tuple[Rows, Fate], int]:
    """What became of the rows."""
    return {key: count for key, count in report.counts.items() if count}


async def content(store: Store) -> list[list[tuple[object, ...]]]:
    """Every row of every table but the log of runs, in some order."""
    tables = [
        "area", "site", "load", "load_day", "substation_reading", "substation_fetch",
        "substation_hour", "substation_day", "price", "usage", "price_day", "usage_day",
        "day_ledger", "revision", "last_fetch", "answer_envelope",
    ]  # fmt: skip
    return [
        sorted(await rows(store, f"SELECT * FROM {name}"), key=repr) for name in tables
    ]
