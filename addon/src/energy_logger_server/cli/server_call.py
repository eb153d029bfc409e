"""Asking the server that runs on this machine."""

import errno
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
import orjson

from energy_logger_server.api.errors import SourceUnreachable
from energy_logger_server.config.api_key import ApiKey
from energy_logger_server.config.settings import Settings
from energy_logger_server.errors import PlaceUnusable

_GOOD = (HTTPStatus.OK, HTTPStatus.ACCEPTED)
_NOBODY_LISTENS = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ECONNREFUSED})
_TIMEOUT = aiohttp.ClientTimeout(total=600, connect=5)


async def ask_running_server(
    settings: Settings, method: str, path: str, *, body: object = None
) -> dict[str, Any]:
    """Return the answer of the server on this machine, asked with its own key.

    Args:
        settings: Say where it listens, and its key.
        method: Of HTTP.
        path: Of the operation.
        body: Is sent as JSON; None sends nothing.

    Raises:
        SourceUnreachable: If it does not answer, or says no: then with its status.
    """
    key = ApiKey(settings.api_key, settings.data_dir).current()
    url = f"http://127.0.0.1:{settings.port}{path}"
    place = f"on port {settings.port}"
    try:
        async with aiohttp.ClientSession(
            timeout=_TIMEOUT, headers={"X-API-Key": key.reveal()}
        ) as session:
            return await _answer(session, method, url, place, body)
    except (aiohttp.ClientError, TimeoutError) as err:
        raise SourceUnreachable("server", path, f"no answer {place}") from err


async def ask_over_socket(
    socket: Path, method: str, path: str
) -> dict[str, Any] | None:
    """Return the answer of the server that listens on a socket; None without one.

    Raises:
        PlaceUnusable: If this user may not open the socket.
        SourceUnreachable: If the server says no, or nothing.
    """
    try:
        async with aiohttp.ClientSession(
            timeout=_TIMEOUT, connector=aiohttp.UnixConnector(str(socket))
        ) as session:
            return await _answer(
                session, method, f"http://server{path}", f"on {socket}"
            )
    except aiohttp.ClientConnectorError as err:
        if err.errno in _NOBODY_LISTENS:
            return None
        raise PlaceUnusable("cannot ask the server by", socket, err.os_error) from err
    except (aiohttp.ClientError, TimeoutError) as err:
        raise SourceUnreachable("server", path, f"no answer on {socket}") from err


async def _answer(
    session: aiohttp.ClientSession,
    method: str,
    url: str,
    place: str,
    body: object = None,
) -> dict[str, Any]:
    async with session.request(method, url, json=body) as response:
        content = await response.read()
        status, path = response.status, response.url.path
    try:
        answer: dict[str, Any] = orjson.loads(content)
    except orjson.JSONDecodeError as err:
        raise SourceUnreachable(
            "server", path, f"something else answers {place}"
        ) from err
    if status not in _GOOD:
        message = answer.get("error", {}).get("message", f"status {status}")
        raise SourceUnreachable("server", path, message, status=status)
    return answer
