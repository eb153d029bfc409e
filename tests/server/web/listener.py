"""A client of server-sent events that reads as the standard tells, and no more."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, ClientSession, ClientTimeout


@dataclass(frozen=True, slots=True)
class Heard:
    """An event."""

    id: str
    kind: str
    fields: Any


class Listener:
    """Reads one stream.

    Attributes:
        response: The answer.
        last_event_id: Where a browser would go on.
        comments: Those read so far.
        retry: Milliseconds, as the stream last said.
    """

    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        self.last_event_id = ""
        self.comments: list[str] = []
        self.retry: int | None = None

    async def block(self) -> list[tuple[str, str]] | None:
        """Return the fields up to the next empty line; None at the end."""
        fields: list[tuple[str, str]] = []
        while line := await self.response.content.readline():
            text = line.decode().removesuffix("\n")
            if not text:
                return fields
            name, _, value = text.partition(":")
            value = value.removeprefix(" ")
            if name == "":
                self.comments.append(value)
            elif name == "id":
                self.last_event_id = value
            elif name == "retry":
                self.retry = int(value)
            fields.append((name, value))
        return None

    async def next(self) -> Heard | None:
        """Return the next event; None when the stream ends before one."""
        while (fields := await self.block()) is not None:
            data = [value for name, value in fields if name == "data"]
            if data:
                kind = dict(fields).get("event", "message")
                return Heard(self.last_event_id, kind, json.loads("\n".join(data)))
        return None

    async def hear(self, count: int) -> list[Heard]:
        """Return so many events."""
        heard = [await self.next() for _ in range(count)]
        return [one for one in heard if one is not None]


@asynccontextmanager
async def listening(
    session: ClientSession, url: str, **headers: str
) -> AsyncIterator[Listener]:
    """Open a stream and read what it begins with."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with session.get(url, headers=sent, timeout=ClientTimeout()) as response:
        assert response.status == 200, await response.text()
        listener = Listener(response)
        await listener.block()
        yield listener
