"""The services that settings name."""

from collections.abc import Sequence

from energy_logger_server.clock import Clock
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.messages import Message
from energy_logger_server.errors import NotificationFailed

from .apprise_service import AppriseService
from .email import EmailService
from .service import Service


def services_of(settings: Settings, clock: Clock) -> tuple[Service, ...]:
    """Return a service for mail, if it is set up, and one for each address."""
    mail = [EmailService(settings, clock)] if settings.has_mail else []
    return (*mail, *map(AppriseService, settings.notification_addresses))


async def send_by_each(
    services: Sequence[Service], message: Message
) -> tuple[str, ...]:
    """Send a message by one service after the other; none stops those behind it.

    Returns:
        The names of the services.

    Raises:
        NotificationFailed: If not all took it; says which, and why.
    """
    took, failed = [], []
    for service in services:
        try:
            await service.send(message)
        except NotificationFailed as err:
            failed.append(f"{service.name}: {err}")
        else:
            took.append(service.name)
    if failed:
        took_it = [f"sent by {', '.join(took)}"] if took else []
        raise NotificationFailed("; ".join([*failed, *took_it]))
    return tuple(took)
