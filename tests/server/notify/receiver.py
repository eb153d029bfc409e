"""A web service that takes messages, as Apprise's ``json://`` sends them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(slots=True)
class Receiver:
    """Takes messages.

    Attributes:
        url: Its address for Apprise, with a token in the path.
        titles: Of the messages that it took, oldest first.
        bodies: Likewise.
        status: What it answers; changed by a test.
        asked: How often it was asked.
    """

    url: str = ""
    titles: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    status: int = 200
    asked: int = 0

    async def take(self, request: web.Request) -> web.Response:
        """Keep a message, or refuse it."""
        self.asked += 1
        if self.status == 200:
            told = await request.json()
            self.titles.append(told["title"])
            self.bodies.append(told["message"])
        return web.Response(status=self.status)


TOKEN = "token-of-the-receiver"  # noqa: S105 - a made-up one


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """Take messages while the context lasts."""
    taking = Receiver()
    app = web.Application()
    app.add_routes([web.post(f"/{TOKEN}", taking.take)])
    # an access log would hold the token
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        taking.url = f"json://127.0.0.1:{port}/{TOKEN}"
        yield taking
    finally:
        await runner.cleanup()
