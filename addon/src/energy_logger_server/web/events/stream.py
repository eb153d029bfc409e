"""Streams of server-sent events: one for each client that listens."""

import asyncio
import logging
from collections.abc import Collection, Coroutine
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from aiohttp import hdrs, web

from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.web.http.auth import GUARD
from energy_logger_server.web.http.errors import ApiError
from energy_logger_server.web.http.event_feed import EventFeed, block

MOST_STREAMS = 32
"""Clients that may listen at once."""

HEARTBEAT_S = 15.0
"""Seconds from one sign of life to the next, and from one look at the key."""

SLOWEST_S = 30.0
"""A client that has read nothing for so many seconds is disconnected."""

MISSED = "missed"

_LOG = logging.getLogger(__name__)
_LOOK_EVERY_S = 1.0
"""A client goes away in silence: the connection must be looked at."""

_RETRY_MS = 5000
_FULL_RETRY_S = 30
_MISSED_TEXT = "events were lost: read anew what you show, then go on listening"


class Streams:
    """The streams that are open; lets in so many, and ends them all at once."""

    def __init__(self) -> None:
        self._open: set[asyncio.Task[None]] = set()
        self._is_over = False

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    async def carry(self, stream: Coroutine[Any, Any, None]) -> None:
        """Run a stream to its end, or until all are ended.

        Raises:
            ApiError: If there is no room for another one.
        """
        if self._is_over or len(self._open) >= MOST_STREAMS:
            stream.close()
            raise ApiError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too_many_streams",
                f"{MOST_STREAMS} clients listen already: try again later",
                headers={hdrs.RETRY_AFTER: str(_FULL_RETRY_S)},
            )
        task = asyncio.ensure_future(stream)
        self._open.add(task)
        try:
            await asyncio.wait({task})
        finally:
            self._open.discard(task)
            task.cancel()
        if not task.cancelled():
            task.result()

    async def end(self) -> None:
        """End every stream, and let no other begin."""
        self._is_over = True
        for task in self._open:
            task.cancel()
        if self._open:
            await asyncio.wait(self._open)


class EventStream:
    """Sends one client what it has not got yet, and signs of life in between."""

    def __init__(
        self,
        request: web.Request,
        response: web.StreamResponse,
        feed: EventFeed,
        kinds: Collection[str] | None,
    ) -> None:
        """Send nothing yet.

        Args:
            request: Where the client stands, and with which key.
            response: Not prepared yet.
            feed: Where events come from.
            kinds: Those that are wanted; None for all.
        """
        self._request = request
        self._response = response
        self._feed = feed
        self._kinds = kinds
        self._place = feed.newest

    async def run(self, last_event_id: str | None) -> None:
        """Send until the client goes away, is too slow, or its key is another one.

        Args:
            last_event_id: What the client got last; None when it begins.
        """
        loop = asyncio.get_running_loop()
        with suppress(ConnectionError):
            await self._response.prepare(self._request)
            await self._send(self._opening(last_event_id))
            beat_at = loop.time() + HEARTBEAT_S
            while self._is_connected():
                if self._feed.newest > self._place:
                    await self._send(self._news())
                if loop.time() >= beat_at:
                    if not self._may_stay():
                        return
                    await self._send(b": still here\n" + self._position())
                    beat_at = loop.time() + HEARTBEAT_S
                await self._wait(min(beat_at, loop.time() + _LOOK_EVERY_S))

    def _opening(self, last_event_id: str | None) -> bytes:
        """Return what a stream begins with."""
        opening = b": live events\nretry: %d\n" % _RETRY_MS
        number = None
        if last_event_id is not None:
            number = self._feed.number_of(last_event_id)
            if number is None:
                return opening + self._position() + self._missed()
            self._place = number
        return opening + self._position()

    def _news(self) -> bytes:
        """Return what has not been sent yet."""
        if not self._feed.has_all_since(self._place):
            self._place = self._feed.newest
            return self._missed()
        events = self._feed.since(self._place)
        self._place = self._feed.newest
        return b"".join(
            event.block
            for event in events
            if self._kinds is None or event.kind in self._kinds
        )

    def _missed(self) -> bytes:
        event_id = self._feed.id_of(self._place)
        return block({"message": _MISSED_TEXT}, kind=MISSED, event_id=event_id)

    def _position(self) -> bytes:
        """Return where the client stands: without ``data`` it is sent no event.

        A client that wants few kinds, or came before the first event, would otherwise
        come back with an old id, or with none, and events would be lost or seem so.
        """
        return b"id: %b\n\n" % self._feed.id_of(self._place).encode()

    def _is_connected(self) -> bool:
        transport = self._request.transport
        return transport is not None and not transport.is_closing()

    def _may_stay(self) -> bool:
        try:
            return self._request.app[GUARD].still_authenticated(self._request)
        except EnergyLoggerError as err:
            _LOG.error("a stream of events ends: the key cannot be read: %s", err)
            return False

    async def _wait(self, until_s: float) -> None:
        """Wait for the next event, or for an instant of the loop's clock."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until_s):
                await self._feed.wait_beyond(self._place)

    async def _send(self, lines: bytes) -> None:
        """Send lines and wait until the client takes them.

        Raises:
            ConnectionError: If the client is gone, or was sent away for not reading.
        """
        if not lines:
            return
        try:
            async with asyncio.timeout(SLOWEST_S):
                await self._response.write(lines)
                await self._request.writer.drain()
        except TimeoutError as err:
            _LOG.warning(
                "a client of live events at %s did not read for %g s: disconnected",
                self._request.remote,
                SLOWEST_S,
            )
            self._cut()
            raise ConnectionAbortedError from err
        except asyncio.CancelledError:
            # what it has not taken by now would hold up the server's end
            self._cut()
            raise

    def _cut(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()
