"""Streams of events end with their client, who must read, and with the server."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from energy_logger_server.web import make_web_app
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.events.routes import STREAMS
from energy_logger_server.web.events.stream import (
    HEARTBEAT_S,
    SLOWEST_S,
)
from energy_logger_server.web.http.event_feed import EventFeed
from tests.server.web.conftest import KEY, Api
from tests.server.web.events_sent import EVENTS, run
from tests.server.web.listener import Listener, listening

pytestmark = pytest.mark.virtual_time


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[tuple[web.AppRunner, str]]:
    """Serve as the server itself does; yield the runner and the address of events."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield runner, f"http://127.0.0.1:{runner.addresses[0][1]}{EVENTS}"
    finally:
        await runner.cleanup()


async def test_a_client_that_goes_away_is_forgotten(api: Api):
    app = make_web_app(deps_of_server(api))
    async with served(app) as (_runner, url):
        async with ClientSession() as session, listening(session, url, X_API_Key=KEY):
            assert app[STREAMS].count == 1
        await asyncio.sleep(1.5)

        assert app[STREAMS].count == 0


async def test_ingress_needs_no_key_however_long(api: Api):
    app = make_web_app(deps_of_server(api), ingress_from={"127.0.0.1"})
    async with (
        served(app) as (_runner, url),
        ClientSession() as session,
        listening(session, url) as listener,
    ):
        await asyncio.sleep(2 * HEARTBEAT_S)
        api.events.publish(run(1))

        assert await listener.next()


async def test_the_servers_end_ends_streams_at_once(api: Api):
    loop = asyncio.get_running_loop()
    app = make_web_app(deps_of_server(api))
    async with (
        served(app) as (runner, url),
        ClientSession() as session,
        listening(session, url, X_API_Key=KEY) as listener,
    ):
        began = loop.time()
        await runner.cleanup()

        assert await listener.next() is None
        assert loop.time() - began < 1


def deps_of_server(api: Api) -> Any:
    """Return what the application of the fixture was given."""
    assert isinstance(api.client.server, TestServer)
    return api.client.server.app[DEPS]


@asynccontextmanager
async def deaf_client(url: str) -> AsyncIterator[None]:
    """Ask for events and never read them."""
    host, port = url.removeprefix("http://").removesuffix(EVENTS).split(":")
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(deaf, (host, int(port)))
        head = f"GET {EVENTS} HTTP/1.1\r\nHost: {host}\r\nX-API-Key: {KEY}\r\n\r\n"
        await loop.sock_sendall(deaf, head.encode())
        yield


async def shout(feed: EventFeed, listener: Listener) -> None:
    """Publish more than a connection can hold; the listener hears all of it."""
    for number in range(200):
        feed.publish(run(number, "x" * 50_000))
        heard = await listener.next()
        assert heard is not None
        assert heard.fields["id"] == number


async def test_a_client_that_does_not_read_is_disconnected(
    api: Api, caplog: pytest.LogCaptureFixture
):
    app = make_web_app(deps_of_server(api))
    async with (
        served(app) as (_runner, url),
        ClientSession() as session,
        listening(session, url, X_API_Key=KEY) as listener,
        deaf_client(url),
    ):
        with caplog.at_level(logging.WARNING):
            await shout(api.events, listener)
            await asyncio.sleep(SLOWEST_S + 1)

        assert app[STREAMS].count == 1
        api.events.publish(run(-1))
        heard = await listener.next()
    assert heard is not None
    assert heard.fields["id"] == -1
    assert caplog.messages == [
        "a client of live events at 127.0.0.1 did not read for 30 s: disconnected"
    ]


async def test_a_client_that_does_not_read_does_not_hold_up_the_end(api: Api):
    loop = asyncio.get_running_loop()
    app = make_web_app(deps_of_server(api))
    async with (
        served(app) as (runner, url),
        ClientSession() as session,
        listening(session, url, X_API_Key=KEY) as listener,
        deaf_client(url),
    ):
        await shout(api.events, listener)
        began = loop.time()
        await runner.cleanup()

        assert loop.time() - began < 1
