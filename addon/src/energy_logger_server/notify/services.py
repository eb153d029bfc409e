"""The services that settings name."""

from collections.abc import Iterable

from energy_logger_server.clock import Clock
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.notifications.texts import trial_message
from energy_logger_server.errors import NoRecipient, NotificationFailed

from .apprise_service import AppriseService
from .email import EmailService
from .service import Service


def services_of(settings: Settings, clock: Clock) -> tuple[Service, ...]:
    """Return a service for mail, if it is set up, and one for each address."""
    mail = [EmailService(settings, clock)] if settings.has_mail else []
    return (*mail, *map(AppriseService, settings.notification_addresses))


async def send_trial(
    services: Iterable[Service], *, is_mail_only: bool = False
) -> tuple[str, ...]:
    """Send a test message by one service after the other; return their names.

    None stops those behind it.

    Args:
        services: That are set up.
        is_mail_only: Whether others than mail are left out.

    Raises:
        NoRecipient: If there is none.
        NotificationFailed: If not all took it; says which, and why.
    """
    took, failed = [], []
    for service in services:
        if is_mail_only and not isinstance(service, EmailService):
            continue
        try:
            await service.send(trial_message())
        except NotificationFailed as err:
            failed.append(f"{service.name}: {err}")
        else:
            took.append(service.name)
    if not took and not failed:
        raise NoRecipient(is_mail_only=is_mail_only)
    if failed:
        took_it = [f"sent by {', '.join(took)}"] if took else []
        raise NotificationFailed("; ".join([*failed, *took_it]))
    return tuple(took)
