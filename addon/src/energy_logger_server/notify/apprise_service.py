"""Messages by whatever Apprise knows: chats, push services, webhooks.

Apprise waits for answers in its thread, and takes 25 MB as soon as it is used: it is
imported there, and only where somebody has set an address for it.
"""

import asyncio
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import override
from urllib.parse import urlsplit

from energy_logger_server.config.secret import Secret
from energy_logger_server.domain.notifications.messages import Message
from energy_logger_server.errors import NotificationFailed

from .service import service_name

_STATUS = re.compile(r"error=(\d{3})\b")
_TALKATIVE = ("urllib3", "requests_oauthlib", "oauthlib")
"""Loggers below Apprise that write addresses, and so tokens."""

_ABOVE_ALL = logging.CRITICAL + 1
_ONE_AT_A_TIME = Lock()
"""Held by who sends: what Apprise logs does not say which message it is about."""


class AppriseService:
    """Sends to one address of Apprise."""

    def __init__(self, address: Secret) -> None:
        """Load nothing yet."""
        self._address = address
        # every address has a scheme, or it could not have been set
        kind = urlsplit(address.reveal()).scheme
        self.name = service_name(kind, address.reveal())

    async def send(self, message: Message) -> None:
        """Return when the service has taken the message.

        Raises:
            NotificationFailed: If it did not.
        """
        problem = await asyncio.to_thread(_send, self._address, message)
        if problem is not None:
            raise NotificationFailed(problem)


def _send(address: Secret, message: Message) -> str | None:
    """Return why a message could not be sent; None if it was."""
    import apprise  # noqa: PLC0415 - see the module

    sender = apprise.Apprise(asset=apprise.AppriseAsset(app_id="Energy Logger"))
    with _silenced() as said:
        if not sender.add(address.reveal()):
            return "Apprise does not know this kind of address: check NOTIFICATION_URLS"
        if sender.notify(title=message.subject, body=message.body):
            return None
    if said.status is not None:
        return f"the service refuses the message with status {said.status}"
    return "the service does not take the message: check NOTIFICATION_URLS"


class _Said(logging.Filter):
    """Takes the HTTP status out of what Apprise logs, and lets no line through."""

    status: str | None = None

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        found = _STATUS.search(record.getMessage())
        if found is not None:
            self.status = found[1]
        return False


@contextmanager
def _silenced() -> Iterator[_Said]:
    """Keep lines of others, which hold addresses, out of our log."""
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(_ABOVE_ALL)
    said = _Said()
    log = logging.getLogger("apprise")
    with _ONE_AT_A_TIME:
        log.addFilter(said)
        try:
            yield said
        finally:
            log.removeFilter(said)
