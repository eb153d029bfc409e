"""Asking the server that runs on this machine."""

from http import HTTPStatus
from typing import Any

import aiohttp
import orjson

from energy_logger_server.api.errors import SourceUnreachable
from energy_logger_server.config.api_key import ApiKey
from energy_logger_server.config.settings import Settings

_GOOD = (HTTPStatus.OK, HTTPStatus.ACCEPTED)
_TIMEOUT = aiohttp.ClientTimeout(total=600, connect=5)


async def ask_running_server(
    settings: Settings, method: str, path: str
) -> dict[str, Any]:
    """Return the answer of the server on this machine, asked with its own key.

    Raises:
        SourceUnreachable: If it does not answer, or says no: then with its status.
    """
    key = ApiKey(settings.api_key, settings.data_dir).current()
    url = f"http://127.0.0.1:{settings.port}{path}"
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            session.request(
                method, url, headers={"X-API-Key": key.reveal()}
            ) as response,
        ):
            body = await response.read()
            status = response.status
    except (aiohttp.ClientError, TimeoutError) as err:
        raise SourceUnreachable(
            "server", path, f"no answer on port {settings.port}"
        ) from err
    try:
        answer: dict[str, Any] = orjson.loads(body)
    except orjson.JSONDecodeError as err:
        raise SourceUnreachable(
            "server", path, f"something else answers on port {settings.port}"
        ) from err
    if status not in _GOOD:
        message = answer.get("error", {}).get("message", f"status {status}")
        raise SourceUnreachable("server", path, message, status=status)
    return answer
