"""A store of each kind: SQLite in a folder, PostgreSQL of this test run.

``store`` is parametrised over both; a test that must look into the database takes
``store_url`` as well.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from energy_logger_server.store import Store
from tests.server.store.material import FixedClock


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Address of a file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'energy.db'}"


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
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
async def store(store_url: str, clock: FixedClock) -> AsyncIterator[Store]:
    """An open, empty store."""
    opened = await Store.open(store_url, clock)
    yield opened
    await opened.close()
