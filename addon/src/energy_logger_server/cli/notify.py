"""``energy-logger notify``: whether messages about what is wrong arrive."""

import click

from energy_logger_server.api.errors import SourceUnreachable
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.notifications.texts import sent_by
from energy_logger_server.errors import NotificationFailed
from energy_logger_server.notify.services import send_trial, services_of

from .reading import settings_at_next_start
from .running import run_until_stopped
from .server_call import ask_running_server


@click.group()
def notify() -> None:
    """Try whether messages about what is wrong arrive."""


@notify.command()
def test() -> None:
    """Send a test message by every service that is set up.

    While a server runs here it is asked to do it; without one, the settings that a
    server would start with are tried.
    """
    message = run_until_stopped(_send(load_settings()))
    if message is not None:
        click.echo(message)


async def _send(machine: Settings) -> str:
    """Send it, and return what to say.

    Raises:
        SourceUnreachable: If the running server says no.
        NotificationFailed: If a service did not take it.
        NoRecipient: If there is none.
    """
    try:
        answer = await ask_running_server(machine, "POST", "/api/notifications/test")
    except SourceUnreachable as err:
        if err.status is not None:
            raise NotificationFailed(err.reason) from err
    else:
        return str(answer["message"])
    settings = await settings_at_next_start(machine)
    return sent_by(await send_trial(services_of(settings, SystemClock())))
