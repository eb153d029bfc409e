"""What sends messages, whichever way."""

from hashlib import sha256
from typing import Protocol

from energy_logger_server.domain.notifications.messages import Message

_DIGITS = 8


class Service(Protocol):
    """One way to the owner: a mail address, or an address of Apprise."""

    @property
    def name(self) -> str:
        """What status and log call it; says the kind, and nothing of the address."""
        ...

    async def send(self, message: Message) -> None:
        """Return when the message has been accepted.

        Raises:
            NotificationFailed: If it was not; names no address and no secret.
        """
        ...


def service_name(kind: str, address: str) -> str:
    """Return a name that stays the same as long as the address does.

    Args:
        kind: Such as ``email`` or ``json``.
        address: A secret: only a part of its hash is shown.
    """
    return f"{kind}-{sha256(address.encode()).hexdigest()[:_DIGITS]}"
