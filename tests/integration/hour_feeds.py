"""A server that has nothing but feeds of hours, and says of any hour what a test says.

Its cursors and its order are those of the real one: an hour that changes moves to the
end. See docs/rest-api.md.
"""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from custom_components.energy_logger.api.server import ServerClient

REGISTERS = {"general": "E1", "controlledLoad": "E2", "feedIn": "B1"}


@dataclass(frozen=True, slots=True)
class FedHour:
    """An hour of a register, in the numbers of the store.

    Attributes:
        energy_wh: As in the store's rows: thousandths of a kWh.
        cost_e4: Hundredths of a hundredth of a cent, in the channel's direction; None
            when no minute is priced.
        minutes: Covered.
        unpriced_minutes: Of them.
    """

    energy_wh: int
    cost_e4: int | None
    minutes: int = 60
    unpriced_minutes: int = 0


@dataclass(slots=True)
class FedHours:
    """The feed of a site's usage.

    Attributes:
        running_at: No hour is told that starts here or later.
        requests: The queries so far.
        refused: Cursors that are not taken any more.
        limit: Most hours of an answer.
        status: Of every answer.
        fails_after: So many answers are good, the next are not.
        counts_end: Whether an hour at the end of a span is told too, as KAMO's are.
        rows: Hours by start and channel, with the number of their last change.
        changes: How many there were.
    """

    running_at: datetime
    requests: list[dict[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    limit: int = 2000
    status: int = 200
    fails_after: int | None = None
    counts_end: bool = False
    rows: dict[tuple[datetime, str], tuple[int, FedHour]] = field(default_factory=dict)
    changes: int = 0

    def put(self, hours: Iterable[tuple[datetime, str, FedHour]]) -> None:
        """Store hours by channel, as one transaction does."""
        self.changes += 1
        for at, channel, hour in hours:
            self.rows[at, channel] = self.changes, hour

    def take_away(self, at: datetime) -> None:
        """Lose an hour, as a store does that was set up anew."""
        for channel in REGISTERS:
            self.rows.pop((at, channel), None)

    def amount(self, at: datetime, channel: str) -> tuple[float, float]:
        """Return energy, kWh, and money, AUD, of an hour; zero when it is not there."""
        if (at, channel) not in self.rows:
            return 0.0, 0.0
        _, hour = self.rows[at, channel]
        return hour.energy_wh / 1000, (hour.cost_e4 or 0) / 1_000_000

    async def answer(self, request: web.Request) -> web.Response:
        """Answer as the server does."""
        query = dict(request.query)
        self.requests.append(query)
        if self.fails_after is not None and len(self.requests) > self.fails_after:
            return web.json_response({"error": {}}, status=500)
        if self.status != 200:
            return web.json_response({"error": {}}, status=self.status)
        if query.get("since") in self.refused:
            return web.json_response({"error": {}}, status=422)
        since = json.loads(query.get("since", '[0, "", ""]'))
        first = query.get("start", "")
        end = query.get("end", "9") + ("!" if self.counts_end else "")
        end = min(end, self.running_at.isoformat())
        found = self._found(since, first, end)
        page = found[: self.limit]
        return web.json_response(
            {
                "data": [_row(place, hour) for place, hour in page],
                "truncated": len(found) > len(page),
                "cursor": json.dumps(page[-1][0] if page else since),
            }
        )

    def _found(
        self, since: list[Any], first: str, end: str
    ) -> list[tuple[list[Any], FedHour]]:
        found = [
            ([change, start, channel], hour)
            for (at, channel), (change, hour) in self.rows.items()
            if first <= (start := at.isoformat()) < end
        ]
        wanted = [one for one in found if one[0] > since]
        return sorted(wanted, key=lambda one: one[0])


def _row(place: list[Any], hour: FedHour) -> dict[str, Any]:
    _, start, channel = place
    return {
        "start": start,
        "channel_identifier": REGISTERS[channel],
        "channel_type": channel,
        "energy_kwh": hour.energy_wh / 1000,
        "cost_aud": None if hour.cost_e4 is None else hour.cost_e4 / 1_000_000,
        "minutes": hour.minutes,
        "unpriced_minutes": hour.unpriced_minutes,
    }


@asynccontextmanager
async def served(feed: FedHours) -> AsyncIterator[ServerClient]:
    """Serve a feed for the site ``SITE`` and give a client of it."""
    app = web.Application()
    app.add_routes([web.get("/api/statistics/usage/SITE", feed.answer)])
    async with TestServer(app) as server, ClientSession() as session:
        url = f"http://127.0.0.1:{server.port}"
        yield ServerClient(session, url=url, key="key", now=lambda: feed.running_at)
