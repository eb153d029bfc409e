"""The socket by which commands on the same machine reach the server."""

import errno
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from aiohttp import web

from energy_logger_server.errors import PlaceUnusable

from .listening import runner_of


@asynccontextmanager
async def listening_on_socket(
    application: web.Application, path: Path
) -> AsyncIterator[None]:
    """Listen on a UNIX socket that only its owner can open, until the end.

    Args:
        application: Answers.
        path: Of the socket; its folder is made.

    Raises:
        PlaceUnusable: If it cannot be listened on.
    """
    runner = await runner_of(application)
    try:
        with _bound(path) as listener:
            await web.SockSite(runner, listener).start()
            yield
    finally:
        await runner.cleanup()


@contextmanager
def _bound(path: Path) -> Iterator[socket.socket]:
    try:
        listener = _bind(path)
    except OSError as err:
        raise PlaceUnusable(
            "cannot listen on", path, err, setting="RUNTIME_DIR"
        ) from err
    try:
        yield listener
    finally:
        with suppress(OSError):
            path.unlink()


def _bind(path: Path) -> socket.socket:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _is_answering(path):
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    # one that was killed leaves its socket
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    try:
        listener.bind(str(path))
        path.chmod(0o600)
    except BaseException:
        listener.close()
        raise
    return listener


def _is_answering(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(path)) == 0
