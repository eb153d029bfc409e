"""A simulated Amber that runs for a test, and the official client pointed at it."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import aiohttp
from amberelectric.api.amber_api import AmberApi
from amberelectric.api_client import ApiClient
from amberelectric.configuration import Configuration

from energy_logger_server.api.nem import NEM_TIME
from energy_logger_simulator.amber.answers import AmberAnswers
from energy_logger_simulator.faults.fault import Fault, FaultAction
from energy_logger_simulator.server import Simulator
from energy_logger_simulator.settable_clock import SettableClock

START = datetime(2026, 9, 4, 3, 47, 33, tzinfo=UTC)
"""13:47:33 NEM on a Friday; both changeovers of daylight saving lie in reach."""
TODAY = date(2026, 9, 4)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer whose body has been read."""

    status: int
    headers: Any
    body: bytes

    def json(self) -> Any:
        """Return the parsed body."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class RunningAmber:
    """What a test may ask and do."""

    simulator: Simulator
    clock: SettableClock
    session: aiohttp.ClientSession
    url: str

    async def get(self, path: str, **query: object) -> Reply:
        """Ask below ``/v1`` with the valid key."""
        key = f"Bearer {self.simulator.amber.token_valid}"
        return await self.get_with(path, {"Authorization": key}, **query)

    async def get_with(
        self, path: str, headers: dict[str, str], **query: object
    ) -> Reply:
        """Ask below ``/v1`` with other headers."""
        texts = {name: str(value) for name, value in query.items()}
        async with self.session.get(
            f"{self.url}/v1/{path}", headers=headers, params=texts
        ) as response:
            return Reply(response.status, response.headers, await response.read())

    async def records(self, path: str, **query: object) -> list[dict[str, Any]]:
        """Return the records of an answer that must be good, whatever the limit."""
        self.simulator.reset_counters()
        reply = await self.get(path, **query)
        assert reply.status == 200, reply.body
        found = reply.json()
        assert isinstance(found, list)
        return found

    def plan(self, action: FaultAction, endpoint: str | None, **rest: Any) -> None:
        """Add a fault; what is no field of it is one of its options."""
        known = {
            name: rest.pop(name)
            for name in ("owner", "nth", "probability", "count")
            if name in rest
        }
        self.simulator.faults.add(Fault(action, endpoint, **known, options=rest))

    async def with_client[Result](self, ask: Callable[[AmberApi], Result]) -> Result:
        """Call the official client, which blocks, in a thread."""
        self.simulator.reset_counters()
        configuration = Configuration(
            host=f"{self.url}/v1", access_token=self.simulator.amber.token_valid
        )
        with ApiClient(configuration) as client:
            return await asyncio.to_thread(ask, AmberApi(client))


type StartAmber = Callable[..., Awaitable[RunningAmber]]
"""Starts a simulator with fields of `AmberConfig`; the clock is at ``START``."""


def days_ago(days: int) -> date:
    """Return the NEM date so many days before the start."""
    return TODAY - timedelta(days=days)


type Records = list[dict[str, Any]]


def prices_of(
    answers: AmberAnswers, site: str, day: date, now: datetime = START, **query: str
) -> Records:
    """Return the price records of one NEM date without HTTP in between."""
    asked = {"startDate": day.isoformat(), "endDate": day.isoformat(), **query}
    return answers.prices(site, asked, now)


def blocks(records: Records) -> dict[str, Records]:
    """Return the records by channel type."""
    found: dict[str, Records] = defaultdict(list)
    for record in records:
        found[record["channelType"]].append(record)
    return found


def nem(hour: int, minute: int, second: int = 0, day: date = TODAY) -> datetime:
    """Return an instant by its NEM wall clock."""
    return datetime(
        day.year, day.month, day.day, hour, minute, second, tzinfo=NEM_TIME
    ).astimezone(UTC)
