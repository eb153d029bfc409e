"""``energy-logger backup-hold``: what Home Assistant runs around a backup."""

import click

from energy_logger_server.config.load import read_settings
from energy_logger_server.errors import ConfigurationError
from energy_logger_server.web.control.app import BACKUP_HOLD

from .running import run_until_stopped
from .server_call import ask_over_socket


@click.group()
def backup_hold() -> None:
    """Keep the store's file as it is while it is copied.

    The server goes on collecting meanwhile. The hold ends by itself after an hour.
    """


@backup_hold.command()
def begin() -> None:
    """Have the running server hold the file from now on.

    Exits 0 as well when no server runs, or none has the store open: nothing changes
    the file then.
    """
    _ask("POST")


@backup_hold.command()
def end() -> None:
    """Let the file change again; exit 1 if it has changed meanwhile."""
    _ask("DELETE")


def _ask(method: str) -> None:
    # other settings may be wrong: a backup is due all the same
    socket = read_settings().settings.control_socket
    if socket is None:
        raise ConfigurationError(
            ["RUNTIME_DIR is not set: it says where the server listens for this"]
        )
    answer = run_until_stopped(ask_over_socket(socket, method, BACKUP_HOLD))
    said = "no server runs" if answer is None else answer["message"]
    click.echo(f"backup: {said}")
