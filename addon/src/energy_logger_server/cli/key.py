"""``energy-logger key``: the key of the server's own API."""

import click

from energy_logger_server.config.api_key import ApiKey
from energy_logger_server.config.load import load_settings


@click.group()
def key() -> None:
    """Show or replace the API key."""


@key.command()
def show() -> None:
    """Print the key that clients send as X-API-Key; make one if there is none."""
    click.echo(_key().current().reveal())


@key.command()
def rotate() -> None:
    """Replace the key by a fresh one; a running server takes it at once."""
    click.echo(_key().rotate().reveal())


def _key() -> ApiKey:
    settings = load_settings()
    return ApiKey(settings.api_key, settings.data_dir)
