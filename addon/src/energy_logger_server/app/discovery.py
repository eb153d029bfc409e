"""Letting Home Assistant's Supervisor know where this server is, and with which key.

The Supervisor hands it on to the integration, which then offers to set the server up,
or learns its new address and key. It compares: the same again changes nothing there.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from aiohttp import ClientError, ClientSession, ClientTimeout

from energy_logger_server import __version__
from energy_logger_server.api.errors import EnergyLoggerError
from energy_logger_server.config.secret import Secret
from energy_logger_server.config.settings import Settings

SERVICE = "energy_logger"
"""The integration's domain, under which the app's manifest announces it."""

_SUPERVISOR_URL = "http://supervisor"
_EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - not listened on here
_LOOK_AT_KEY = timedelta(seconds=2)
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=5)
_TIMEOUT = ClientTimeout(total=10)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DiscoveryMessage:
    """What the integration needs to set this server up.

    Attributes:
        host: Where Home Assistant reaches it.
        port: Of its API.
        api_key: In force.
        instance_id: The store's own name, by which a server is known again.
    """

    host: str
    port: int
    api_key: Secret
    instance_id: str

    def as_json(self) -> dict[str, object]:
        """Return it as the integration reads it."""
        return {
            "host": self.host,
            "port": self.port,
            "api_key": self.api_key.reveal(),
            "instance_id": self.instance_id,
            "api_version": __version__,
        }


def host_of(settings: Settings) -> str:
    """Return where other programs in the Supervisor's network reach this server.

    The Supervisor gives an app's container the name that its network knows it by.
    """
    if settings.host in _EVERY_ADDRESS:
        return socket.gethostname()
    return settings.host


@asynccontextmanager
async def announced(
    settings: Settings,
    session: ClientSession,
    port: int,
    api_key: Callable[[], Secret],
    instance_id: str,
) -> AsyncIterator[None]:
    """Keep the Supervisor informed until the end, in the background; if there is one.

    Args:
        settings: Of the machine.
        session: For the request.
        port: Of the API.
        api_key: Gives the key in force.
        instance_id: Of the store.
    """
    token = settings.supervisor_token
    if token is None:
        yield
        return
    url = f"{settings.supervisor_url or _SUPERVISOR_URL}/discovery"
    host = host_of(settings)

    async def post(message: DiscoveryMessage) -> None:
        async with session.post(
            url,
            json={"service": SERVICE, "config": message.as_json()},
            headers={"Authorization": f"Bearer {token.reveal()}"},
            timeout=_TIMEOUT,
        ) as answer:
            if answer.status != HTTPStatus.OK:
                raise ClientError(f"status {answer.status}")

    def message() -> DiscoveryMessage:
        return DiscoveryMessage(host, port, api_key(), instance_id)

    announcing = asyncio.create_task(keep_announced(message, post))
    try:
        yield
    finally:
        announcing.cancel()
        with suppress(asyncio.CancelledError):
            await announcing


async def keep_announced(
    message: Callable[[], DiscoveryMessage],
    post: Callable[[DiscoveryMessage], Awaitable[None]],
) -> None:
    """Post a message now and whenever it has become another one, until cancelled.

    A failure is logged once, and tried again after growing pauses.

    Args:
        message: Gives the one that holds at present.
        post: Sends it.
    """
    announced: DiscoveryMessage | None = None
    failures = 0
    while True:
        pause = _LOOK_AT_KEY
        try:
            present = message()
            if present != announced:
                await post(present)
                announced = present
                if failures:
                    _LOG.info("this server is announced to the Supervisor")
                failures = 0
        except (ClientError, TimeoutError, EnergyLoggerError) as err:
            if not failures:
                _LOG.warning(
                    "the Supervisor does not take this address, so Home Assistant "
                    "does not find it by itself: %s; trying again",
                    str(err) or type(err).__name__,
                )
            pause = min(_FIRST_PAUSE * 2 ** min(failures, 10), _LONGEST_PAUSE)
            failures += 1
        await asyncio.sleep(pause.total_seconds())
