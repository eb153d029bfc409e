"""A proxy that holds requests back, so that a test says when they go on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import ClientConnectionError, ClientSession, ClientTimeout, web

from .handing_on import hand_on

_CUT_OFF_AFTER_S = 0.1


@dataclass(slots=True)
class HoldingProxy:
    """Stands before a server.

    Attributes:
        server_url: Where requests go.
        holds: Which requests it keeps until they may go on.
        has_held: Set as soon as it keeps one.
        may_go_on: Set as soon as what it keeps may go on.
        statuses: Of what was answered to requests that it had kept.
        url: Its own address.
    """

    server_url: str
    holds: Callable[[web.Request], bool] = lambda _request: False
    has_held: asyncio.Event = field(default_factory=asyncio.Event)
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    statuses: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    url: str = ""

    async def answer(
        self, request: web.Request, session: ClientSession
    ) -> web.StreamResponse:
        """Hand a request on, at once or later; 502 says that nobody is there."""
        is_held = self.holds(request) and not self.may_go_on.is_set()
        if is_held:
            self.has_held.set()
            await self.may_go_on.wait()
        answer = await self._ask(request, session)
        if is_held:
            self.statuses.put_nowait(answer.status)
        return answer

    async def _ask(
        self, request: web.Request, session: ClientSession
    ) -> web.StreamResponse:
        headers = {
            name: value for name, value in request.headers.items() if name != "Host"
        }
        url = f"{self.server_url}{request.path}"
        try:
            return await hand_on(request, session, url, headers)
        except ClientConnectionError:
            return web.Response(status=HTTPStatus.BAD_GATEWAY)


@asynccontextmanager
async def holding_proxy(server_url: str) -> AsyncIterator[HoldingProxy]:
    """Start one, which holds nothing yet."""
    proxy = HoldingProxy(server_url)
    async with ClientSession(
        auto_decompress=False, timeout=ClientTimeout(total=None)
    ) as session:

        async def answer(request: web.Request) -> web.StreamResponse:
            return await proxy.answer(request, session)

        application = web.Application()
        application.add_routes([web.route("*", "/{path:.*}", answer)])
        # what it holds is cut off
        runner = web.AppRunner(application, shutdown_timeout=_CUT_OFF_AFTER_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            proxy.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield proxy
        finally:
            await runner.cleanup()
