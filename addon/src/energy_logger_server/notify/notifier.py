"""Tells the owner of the server."""

from energy_logger_server.clock import Clock
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.notification_texts import trial_message
from energy_logger_server.errors import NobodyToTell

from .email import EmailService
from .services import send_by_each, services_of


class Notifier:
    """Knows the services that the settings in force name."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Send nothing yet."""
        self._clock = clock
        self._services = services_of(settings, clock)

    def apply_settings(self, settings: Settings) -> None:
        """Go by other settings from the next message on."""
        self._services = services_of(settings, self._clock)

    @property
    def is_set_up(self) -> bool:
        """Whether there is anybody to tell."""
        return bool(self._services)

    async def send_trial(self, *, is_mail_only: bool = False) -> tuple[str, ...]:
        """Send a test message at once; return the names of the services.

        Args:
            is_mail_only: Whether other services than mail are left out.

        Raises:
            NobodyToTell: If there is none.
            NotificationFailed: If not all took it.
        """
        chosen = [
            service
            for service in self._services
            if not is_mail_only or isinstance(service, EmailService)
        ]
        if not chosen:
            raise NobodyToTell(is_mail_only=is_mail_only)
        return await send_by_each(chosen, trial_message())
