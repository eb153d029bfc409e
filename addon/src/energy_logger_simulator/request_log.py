"""What was asked of the simulator, for tests that count requests."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

_KEPT = 100_000


@dataclass(slots=True)
class LoggedRequest:
    """One request of a client.

    Attributes:
        at: Simulated instant (UTC) at which it came.
        endpoint: Name as in the fault plan, such as ``amber.prices``.
        owner: Site, state or area that it is about; None when about all.
        path: Path without query.
        query: Its parameters; the last one where a name is repeated.
        status: HTTP status of the answer; None until its headers are sent, and for
            ever when a fault kept them back.
    """

    at: datetime
    endpoint: str
    owner: str | None
    path: str
    query: dict[str, str]
    status: int | None = None


_LOGGED = web.RequestKey("logged", LoggedRequest)


class RequestLog:
    """The latest 100,000 requests, oldest first. Never holds a key.

    Args:
        now: The simulated clock.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._entries: deque[LoggedRequest] = deque(maxlen=_KEPT)

    def record(
        self, request: web.Request, endpoint: str, owner: str | None = None
    ) -> None:
        """Note a request; each endpoint calls this first, before anything can fail."""
        entry = LoggedRequest(
            self._now(), endpoint, owner, request.path, dict(request.query)
        )
        request[_LOGGED] = entry
        self._entries.append(entry)

    def __iter__(self) -> Iterator[LoggedRequest]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)

    def count(self, endpoint: str, owner: str | None = None) -> int:
        """Return how many requests an endpoint had, of one owner or (None) of all."""
        return sum(
            entry.endpoint == endpoint and owner in (None, entry.owner)
            for entry in self._entries
        )

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()


async def record_status(request: web.Request, response: web.StreamResponse) -> None:
    """Complete the log's entry; an ``on_response_prepare`` signal handler."""
    entry = request.get(_LOGGED)
    if entry is not None:
        entry.status = response.status
