"""A real Home Assistant with all three connections, once for all tests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import pytest_socket

from tests.launch.connections import Connections, connect
from tests.launch.household import HISTORY_DAYS, Household, running_household


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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def connected(
    tmp_path_factory: pytest.TempPathFactory, history_days: int
) -> AsyncIterator[Connected]:
    """Everything started, onboarded and set up through the config flow."""
    pytest_socket.enable_socket()
    folder = tmp_path_factory.mktemp("household")
    async with running_household(folder, history_days=history_days) as household:
        await household.home.onboard("Developer", "developer", "developer")
        yield Connected(household, await connect(household))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options that keep photographs, and that lengthen history."""
    parser.addoption(
        "--history-days",
        type=int,
        default=HISTORY_DAYS,
        metavar="DAYS",
        help="how far back the server reads; from 30 on its import is cut off too",
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
