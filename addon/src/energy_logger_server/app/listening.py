"""Ports: who listens on one, and what is said of one that cannot be had."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from energy_logger_server.errors import ConfigurationError, PlaceUnusable

_OTHER_HOST = "set HOST to an address of this machine"
_PORT_ADVICE = {
    errno.EADDRINUSE: "stop the other program that listens there, or choose another "
    "port",
    errno.EACCES: "choose a port above 1023",
}
_SHUTDOWN_S = 5.0
_KEEP_ALIVE_S = 75.0


@asynccontextmanager
async def listening(
    web_app: web.Application, host: str, wanted_port: int, setting: str
) -> AsyncIterator[int]:
    """Answer on a port until the end; give its number.

    Args:
        web_app: Answers.
        host: Name or address of this machine.
        wanted_port: 0 for any that is free.
        setting: Which one chooses the port.

    Raises:
        ConfigurationError: If the host can be no name.
        PlaceUnusable: If it cannot be listened on.
    """
    runner = web.AppRunner(
        web_app,
        access_log=None,
        shutdown_timeout=_SHUTDOWN_S,
        keepalive_timeout=_KEEP_ALIVE_S,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, wanted_port).start()
        except UnicodeError as err:
            raise ConfigurationError(["HOST is not the name of a machine"]) from err
        except OSError as err:
            raise PlaceUnusable(
                "cannot listen on",
                f"{host}, {setting} {wanted_port}",
                err,
                what_to_do=_PORT_ADVICE.get(err.errno or 0, _OTHER_HOST),
            ) from err
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
