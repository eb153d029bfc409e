"""A loopback server that answers as a test tells it, and a clock to set."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web

from energy_logger_server.api.rate_limit import CallBudget
from energy_logger_simulator.settable_clock import SettableClock

type Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Upstream:
    """Answers every request by ``answering`` and keeps what was asked."""

    def __init__(self) -> None:
        self.base_url = ""
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.answering: Answering = self._teapot

    async def dispatch(self, request: web.Request) -> web.StreamResponse:
        """Note what was asked, and answer."""
        self.asked.append(request.path_qs)
        self.headers.append(dict(request.headers))
        return await self.answering(request)

    def always(self, **kwargs: object) -> None:
        """Answer every request with a ``web.Response`` of these arguments."""

        async def answer(_request: web.Request) -> web.Response:
            return web.Response(**kwargs)  # type: ignore[arg-type]

        self.answering = answer

    async def _teapot(self, _request: web.Request) -> web.Response:
        return web.Response(status=418)


@pytest.fixture
async def upstream() -> AsyncIterator[Upstream]:
    served = Upstream()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", served.dispatch)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    served.base_url = f"http://{host}:{port}"
    yield served
    await runner.cleanup()


@pytest.fixture
async def raw_upstream() -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
    """Serve fixed bytes and then close, to break HTTP in ways that aiohttp does not."""
    servers = []

    async def serve(reply: bytes) -> str:
        async def answer(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(reply)
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        servers.append(server)
        host, port = server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}/"

    yield serve
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(datetime(2026, 3, 1, 12, 0, tzinfo=UTC))


@pytest.fixture
def budget(clock: SettableClock) -> CallBudget:
    """The calls of an account, by its clock."""
    return CallBudget(clock.now)
