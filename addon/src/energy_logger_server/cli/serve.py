"""``energy-logger serve``: collect and answer, until stopped."""

from dataclasses import replace

import click

from energy_logger_server import app
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.load import read_settings
from energy_logger_server.domain.setting_state import SettingOrigin

from .running import log_to_stderr, run_until_stopped
from .settings_log import log_warnings


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Serve on this port.")
@click.option(
    "--exit-on-error",
    is_flag=True,
    help="Exit if the store cannot be opened, instead of waiting for it.",
)
def serve(port: int | None, *, exit_on_error: bool) -> None:
    """Collect from the utilities and serve what is stored.

    KAMO needs no key; Amber needs AMBER_API_KEY. While the store cannot be opened the
    server says why and tries again. Ctrl-C stops cleanly.
    """
    read = read_settings()
    settings = read.settings
    if not settings.is_app or exit_on_error:
        read.or_raise()
    if port is not None:
        origins = {**settings.origins, "PORT": SettingOrigin.COMMAND}
        settings = replace(settings, port=port, origins=origins)
    log_to_stderr(settings.log_level)
    log_warnings(settings)
    run_until_stopped(
        app.serve(
            settings,
            SystemClock(),
            exits_on_error=exit_on_error,
            problem=read.problem,
        )
    )
