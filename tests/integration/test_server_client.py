"""The client of our server, against answers that the real one does not give."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_socket
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from custom_components.energy_logger.api.errors import (
    SourceMissing,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
)
from custom_components.energy_logger.api.server import (
    EventKind,
    ServerClient,
    ServerEvent,
)

NOON = datetime(2026, 1, 4, 2, tzinfo=UTC)
STATUS: dict[str, Any] = {
    "status": "healthy",
    "database_stats": {
        "database_size_mb": 1.5,
        "oldest_record": "2025-12-20T14:05:00+00:00",
        "newest_record": None,
    },
    "sources": {
        "amber": {"refused_since": "2026-01-04T02:00:00+00:00"},
        "kamo": {"refused_since": None},
    },
}

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Serve = Callable[..., AbstractAsyncContextManager[ServerClient]]


@pytest.fixture
def serve() -> Serve:
    """Serve one path by a handler; gives a client of it."""
    pytest_socket.enable_socket()

    @asynccontextmanager
    async def serving(
        path: str, handler: Handler, key: str = "key"
    ) -> AsyncIterator[ServerClient]:
        app = web.Application()
        app.add_routes([web.get(path, handler)])
        async with TestServer(app) as server, ClientSession() as session:
            url = f"http://127.0.0.1:{server.port}/"
            yield ServerClient(session, url=url, key=key, now=lambda: NOON)

    return serving


def telling(body: Any) -> Handler:
    async def handle(_request: web.Request) -> web.Response:
        return web.json_response(body)

    return handle


def streaming(*chunks: bytes) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for chunk in chunks:
            await response.write(chunk)
        return response

    return handle


async def heard(client: ServerClient, last_id: str | None = None) -> list[ServerEvent]:
    return [event async for events in client.events(last_id) for event in events]


async def test_a_status_is_read(serve: Serve):
    async with serve("/api/status", telling(STATUS)) as client:
        status = await client.fetch_status()

    assert status.refused_sources == ("amber",)
    assert status.has_problem
    assert status.database_size_mib == 1.5
    assert status.oldest_record_at == datetime(2025, 12, 20, 14, 5, tzinfo=UTC)
    assert status.newest_record_at is None


@pytest.mark.parametrize(
    "body", [[], {}, {**STATUS, "status": 5}, {**STATUS, "sources": {"amber": None}}]
)
async def test_another_status_is_unreadable(serve: Serve, body: Any):
    async with serve("/api/status", telling(body)) as client:
        with pytest.raises(SourceUnreadable):
            await client.fetch_status()


async def test_a_watch_that_is_none_is_unreadable(serve: Serve):
    async with serve("/api/peaks/watch", telling({"area_id": 20})) as client:
        with pytest.raises(SourceUnreadable, match="announced is not a list"):
            await client.fetch_peak_watch()


async def test_events_are_put_together_across_chunks(serve: Serve):
    chunks = (
        b": live events\nretry: 5000\n\nid: 1-0\n\n",
        b'id: 1-1\r\nevent: new_price\r\ndata: {"site',
        b'_id":"01S"}\r\n\r\n: still here\nid: 1-1\n\n',
        b'id: 1-2\nevent: run_finished\ndata: {"source":"kamo"}\n\nid: 1-3\n',
    )
    async with serve("/api/events", streaming(*chunks)) as client:
        events = await heard(client)

    assert events == [
        ServerEvent(EventKind.POSITION, "1-0"),
        ServerEvent(EventKind.NEW_PRICE, "1-1", site_id="01S"),
        ServerEvent(EventKind.POSITION, "1-1"),
        ServerEvent(EventKind.RUN_FINISHED, "1-2", source="kamo"),
    ]


async def test_who_comes_back_says_what_came_last(serve: Serve):
    seen: list[str | None] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Last-Event-ID"))
        return web.Response()

    async with serve("/api/events", handle) as client:
        await heard(client)
        await heard(client, "1-7")

    assert seen == [None, "1-7"]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (401, '{"error": {}}', SourceRefused),
        (403, '{"error": {}}', SourceRefused),
        (401, "<html>Log in to the proxy</html>", SourceUnreachable),
        (403, "", SourceUnreachable),
        (404, "", SourceMissing),
        (302, "", SourceUnreachable),
        (503, "", SourceUnreachable),
    ],
)
async def test_a_status_has_its_error(
    serve: Serve, status: int, body: str, error: type[Exception]
):
    async def handle(_request: web.Request) -> web.Response:
        return web.Response(
            status=status, text=body, headers={"Location": "/elsewhere"}
        )

    async with serve("/api/events", handle) as client:
        with pytest.raises(error):
            await heard(client)


async def test_a_connection_that_breaks_is_told_without_the_key(serve: Serve):
    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"id: 1-0\n\n")
        assert request.transport is not None
        request.transport.close()
        return response

    async with serve("/api/events", handle, key="a-secret-key") as client:
        with pytest.raises(SourceUnreachable) as caught:
            await heard(client)

    assert "a-secret-key" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("key", ["", "two\nlines", "schlüssel"])
async def test_what_can_be_no_key_is_not_sent(serve: Serve, key: str):
    async with serve("/api/events", streaming(), key=key) as client:
        with pytest.raises(SourceRefused):
            await heard(client)


@pytest.mark.parametrize(
    "chunk",
    [
        pytest.param(b"event: new_price\ndata: nonsense\n\n", id="no JSON"),
        pytest.param(b"event: new_price\ndata: [1]\n\n", id="no object"),
        pytest.param(b"x" * 1_100_000, id="no end"),
    ],
)
async def test_what_are_no_events_is_unreadable(serve: Serve, chunk: bytes):
    async with serve("/api/events", streaming(chunk)) as client:
        with pytest.raises(SourceUnreadable):
            await heard(client)


async def test_a_server_that_knows_nothing_of_substations_has_nothing_to_say(serve):
    async def unheard_of(_request: web.Request) -> web.Response:
        return web.json_response({"error": {"code": "not_found"}}, status=404)

    async with serve("/api/other", unheard_of) as client:
        assert await client.fetch_faults(1) == ()
        assert await client.fetch_determinants(1) is None
        assert await client.fetch_price_scores("S") is None
        assert await client.fetch_load_scores(1) is None


async def test_what_is_no_answer_about_substations_is_unreadable(serve):
    async def nothing(_request: web.Request) -> web.Response:
        return web.json_response([])

    async with serve("/api/{what:.*}", nothing) as client:
        with pytest.raises(SourceUnreadable):
            await client.fetch_faults(1)
        with pytest.raises(SourceUnreadable):
            await client.fetch_determinants(1)
        with pytest.raises(SourceUnreadable):
            await client.fetch_load_scores(1)
