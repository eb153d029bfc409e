"""A real Home Assistant with all three connections, once for all tests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
import pytest_socket

from tests.launch.connections import Connections, connect
from tests.launch.household import HISTORY_DAYS, Household, running_household

STARTS_AT = datetime(2026, 8, 12, 2, 6, tzinfo=UTC)
"""Noon at the sites: yesterday's usage is there, and prices are confirmed.

The night before in Missouri. Four minutes are left until the next tick, in which all
tests end on most machines; they pass at any other time too, but take longer.
"""


@dataclass(frozen=True, slots=True)
class Connected:
    """What runs, with its entries.

    Attributes:
        household: Programs and who to ask.
        entries: Ids of the entries.
    """

    household: Household
    entries: Connections


@pytest.fixture(autouse=True)
def sockets() -> None:
    """Let tests connect to loopback: the plugin lets nobody open a socket."""
    pytest_socket.enable_socket()


@pytest.fixture(scope="session")
def history_days(request: pytest.FixtureRequest) -> int:
    """How far back the server reads."""
    days: int = request.config.getoption("--history-days", default=HISTORY_DAYS)
    return days


@pytest.fixture(scope="session")
def starts_at(request: pytest.FixtureRequest) -> datetime:
    """What time it is when the household starts."""
    at: datetime = request.config.getoption("--starts-at", default=STARTS_AT)
    return at


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def connected(
    tmp_path_factory: pytest.TempPathFactory, history_days: int, starts_at: datetime
) -> AsyncIterator[Connected]:
    """Everything started, onboarded and set up through the config flow."""
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp("household")
    async with running_household(
        folder, history_days=history_days, starts_at=starts_at
    ) as household:
        await household.home.onboard("Developer", "developer", "developer")
        yield Connected(household, await connect(household))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that keep photographs, and that lengthen history."""
    parser.addoption(
        "--history-days",
        type=int,
        default=HISTORY_DAYS,
        metavar="DAYS",
        help="how far back the server reads; an import takes two steps from 31 on",
    )
    parser.addoption(
        "--starts-at",
        type=datetime.fromisoformat,
        default=STARTS_AT,
        metavar="TIME",
        help="what time it is for all programs when they start, with offset",
    )
    parser.addoption(
        "--photographs",
        type=Path,
        metavar="FOLDER",
        help="keep the photographs of dashboards in this folder",
    )


@pytest.fixture
def photographs(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Folder for photographs: a passing one unless the option names another."""
    chosen: Path | None = request.config.getoption("--photographs", default=None)
    folder = chosen or tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder
