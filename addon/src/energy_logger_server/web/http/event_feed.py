"""The newest events, for those who listen now and those who come back for them."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from energy_logger_server.domain.events import Event

from .reply import json_body

EVENTS_KEPT = 1000
BYTES_KEPT = 256 * 1024
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """An event as every stream sends it.

    Attributes:
        number: Ascending from 1 since the start.
        kind: Its name.
        block: Its lines and the empty one that ends it.
    """

    number: int
    kind: str
    block: bytes


class EventFeed:
    """Keeps the newest events and wakes who waits for more. Knows no client.

    Who listens holds nothing but a number, so a slow one costs no memory. Ids are those
    of one start of the server: an id from before means that events were lost.
    """

    def __init__(
        self, started_at: datetime, fields_of: Callable[[Event], object]
    ) -> None:
        """Keep nothing yet.

        Args:
            started_at: Instant (UTC) of the server's start.
            fields_of: Gives what an event shows, as values for JSON.
        """
        # the token: a machine without a battery may start at one instant twice
        self._mark = f"{round(started_at.timestamp() * 1000)}.{token_hex(3)}"
        self._fields_of = fields_of
        self._kept: deque[KeptEvent] = deque()
        self._bytes = 0
        self._newest = 0
        self._next = asyncio.Event()

    @property
    def newest(self) -> int:
        """Number of the newest event, 0 before the first."""
        return self._newest

    def publish(self, event: Event) -> None:
        """Take an event in; call it where the event loop runs."""
        self._newest += 1
        kind = event.kind.value
        lines = block(
            self._fields_of(event), kind=kind, event_id=self.id_of(self._newest)
        )
        self._kept.append(KeptEvent(self._newest, kind, lines))
        self._bytes += len(lines)
        while len(self._kept) > EVENTS_KEPT or self._bytes > BYTES_KEPT:
            self._bytes -= len(self._kept.popleft().block)
        self._next.set()
        self._next = asyncio.Event()

    def id_of(self, number: int) -> str:
        """Return the id of an event."""
        return f"{self._mark}-{number}"

    def number_of(self, event_id: str) -> int | None:
        """Return the number of an event of this start; None for every other id."""
        digits = event_id.rpartition("-")[2]
        if not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS):
            return None
        number = int(digits)
        is_ours = number <= self._newest and self.id_of(number) == event_id
        return number if is_ours else None

    def has_all_since(self, number: int) -> bool:
        """Whether every event after a number is still kept."""
        return number >= self._newest - len(self._kept)

    def since(self, number: int) -> Sequence[KeptEvent]:
        """Return the kept events after a number, oldest first."""
        count = max(self._newest - number, 0)
        newest_first = zip(range(count), reversed(self._kept), strict=False)
        return [event for _n, event in newest_first][::-1]

    async def wait_beyond(self, number: int) -> None:
        """Return when there is an event after a number."""
        while self._newest <= number:
            await self._next.wait()


def block(fields: object, *, kind: str, event_id: str) -> bytes:
    """Return an event as a stream shows it; compact JSON has no line break."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (
        event_id.encode(),
        kind.encode(),
        json_body(fields),
    )
