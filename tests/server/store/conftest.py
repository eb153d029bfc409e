"""A store of each kind: SQLite in a folder, PostgreSQL of this test run.

``store`` is parametrised over both; a test that must look into the database takes
``store_url`` as well, one about first starts and migrations ``new_store_url``.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from energy_logger_server.store import Store
from tests.server.store.material import FixedClock
from tests.server.store_template import lay_store

BOTH_KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of a migrated file without rows."""
    return lay_store(tmp_path / "energy.db")


@pytest.fixture(params=BOTH_KINDS)
def new_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a place where there is no store yet, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new.db'}"
    url: str = request.getfixturevalue("new_postgres_url")
    return url


@pytest.fixture(params=BOTH_KINDS)
def store_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty store, once of each kind."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def clock() -> FixedClock:
    """A clock that tests set."""
    return FixedClock()


@pytest.fixture
async def new_store(new_store_url: str, clock: FixedClock) -> AsyncIterator[Store]:
    """An open store that its program has just made."""
    opened = await Store.open(new_store_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def store(store_url: str, clock: FixedClock) -> AsyncIterator[Store]:
    """An open, empty store."""
    opened = await Store.open(store_url, clock)
    yield opened
    await opened.close()
