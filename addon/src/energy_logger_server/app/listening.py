"""Ports: open from the start to the end, whichever application answers on them.

A server answers signs of life before its store is open, and the same port then serves
what is stored: nobody has to wait for it, or to find another one.
"""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from energy_logger_server.errors import ConfigurationError, PlaceUnusable

_OTHER_HOST = "set HOST to an address of this machine"
_PORT_ADVICE = {
    errno.EADDRINUSE: "stop the other program that listens there, or choose another "
    "port",
    errno.EACCES: "choose a port above 1023",
}
_SHUTDOWN_S = 5.0
_KEEP_ALIVE_S = 75.0


class Listener:
    """A port, and the application that answers on it at present.

    Attributes:
        port: Its number.
    """

    def __init__(self) -> None:
        """Use ``listening``."""
        self.port = 0
        self._runner: web.AppRunner | None = None

    async def answer_by(self, application: web.Application | None) -> None:
        """Let another application answer; the one before ends its answers first.

        Args:
            application: None at the end.
        """
        before = self._runner
        self._runner = None if application is None else await runner_of(application)
        if before is not None:
            await before.cleanup()

    def protocol(self) -> RequestHandler:
        """Return what talks to a client who has come just now."""
        server = self._runner and self._runner.server
        if not server:
            raise ConnectionAbortedError
        return server()


@asynccontextmanager
async def listening(
    application: web.Application, host: str, wanted_port: int, setting: str
) -> AsyncIterator[Listener]:
    """Listen on a port until the end.

    Args:
        application: Answers first.
        host: Name or address of this machine.
        wanted_port: 0 for any that is free.
        setting: Which one chooses the port.

    Raises:
        ConfigurationError: If the host can be no name.
        PlaceUnusable: If it cannot be listened on.
    """
    listener = Listener()
    await listener.answer_by(application)
    try:
        server = await _open(listener, host, wanted_port, setting)
        listener.port = int(server.sockets[0].getsockname()[1])
        try:
            yield listener
        finally:
            server.close()
    finally:
        await listener.answer_by(None)


async def _open(
    listener: Listener, host: str, wanted_port: int, setting: str
) -> asyncio.Server:
    try:
        return await asyncio.get_running_loop().create_server(
            listener.protocol, host, wanted_port, backlog=128
        )
    except UnicodeError as err:
        raise ConfigurationError(["HOST is not the name of a machine"]) from err
    except OSError as err:
        raise PlaceUnusable(
            "cannot listen on",
            f"{host}, {setting} {wanted_port}",
            err,
            what_to_do=_PORT_ADVICE.get(err.errno or 0, _OTHER_HOST),
        ) from err


async def runner_of(application: web.Application) -> web.AppRunner:
    """Return what lets an application answer; to be cleaned up at the end."""
    runner = web.AppRunner(
        application,
        access_log=None,
        shutdown_timeout=_SHUTDOWN_S,
        keepalive_timeout=_KEEP_ALIVE_S,
    )
    await runner.setup()
    return runner
