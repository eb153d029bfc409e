"""The least that aiohttp can do: one path, one short answer."""

import asyncio
import sys

from aiohttp import web


async def _hello(_request: web.Request) -> web.Response:
    return web.Response(text="hello, world")


async def run(port: int) -> None:
    """Serve until the process is ended."""
    application = web.Application()
    application.router.add_get("/", _hello)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1])))
