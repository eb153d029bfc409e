"""Two ends to which the same question can be put: the utilities and their mirror."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import urllib3
from amberelectric.api.amber_api import AmberApi
from amberelectric.api_client import ApiClient
from amberelectric.configuration import Configuration

from energy_logger_server import app
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.whole.conftest import settings_for

START = datetime(2026, 9, 4, 3, 47, 33, tzinfo=UTC)
"""13:47:33 NEM; both changeovers of daylight saving lie within the year before."""
TODAY = date(2026, 9, 4)
YESTERDAY = TODAY - timedelta(days=1)
YEAR = (TODAY - timedelta(days=365), YESTERDAY)
USAGE_DAYS = (TODAY - timedelta(days=90), YESTERDAY)
FIVE_MINUTES_FROM = TODAY - timedelta(days=14)
"""Site B's first NEM date of five-minute intervals; site A stays at half hours."""

KEY = "a-key-for-the-contract-tests"


@dataclass(frozen=True, slots=True)
class End:
    """Where a client can ask.

    Attributes:
        amber_url: Base URL for clients of Amber.
        kamo_url: Base URL for clients of KAMO.
        key: Amber's token, or the server's key.
    """

    amber_url: str
    kamo_url: str
    key: str

    def ask[Result](self, question: Callable[[AmberApi], Result]) -> Result:
        """Put a question by the official client, which blocks."""
        configuration = Configuration(host=self.amber_url, access_token=self.key)
        # else it sleeps for as long as a 503 asks it to, and tries again, three times
        configuration.retries = 0  # type: ignore[assignment] # its own is untyped
        with ApiClient(configuration) as client:
            return question(AmberApi(client))

    def get(self, path: str) -> Any:
        """Return the JSON that Amber's API answers."""
        headers = {"Authorization": f"Bearer {self.key}"}
        answer = urllib3.request("GET", f"{self.amber_url}{path}", headers=headers)
        assert answer.status == HTTPStatus.OK, answer.data
        return answer.json()


@dataclass(frozen=True, slots=True)
class World:
    """A server, its utilities and their common clock.

    Attributes:
        server: Answers; collects only when told to.
        clock: Moves only when told to.
        utilities: Simulated.
        mirror: The server's.
    """

    server: app.Server
    clock: SettableClock
    utilities: End
    mirror: End


@asynccontextmanager
async def running_world(folder: Path, **settings: str) -> AsyncIterator[World]:
    """Start both utilities, and a server that has collected nothing yet."""
    clock = SettableClock(START)
    # with Amber's own limit a year takes minutes that nobody waits here
    amber = AmberConfig(start=START, limit=10_000, cutover=FIVE_MINUTES_FROM)
    async with serve(Simulator(amber=amber, now=clock.now)) as base_url:
        utilities = End(f"{base_url}/v1", f"{base_url}/kamo/api", amber.token_valid)
        values = settings_for(folder, base_url, **{"API_KEY": KEY, **settings})
        async with app.running(values, clock) as server:
            mirror = f"http://127.0.0.1:{server.port}/mirror"
            yield World(
                server,
                clock,
                utilities,
                End(f"{mirror}/amber/v1", f"{mirror}/kamo/api", KEY),
            )
