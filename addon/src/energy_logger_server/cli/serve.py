"""``energy-logger serve``: collect and answer, until stopped."""

from dataclasses import replace

import click

from energy_logger_server import app
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.load import load_settings
from energy_logger_server.domain.setting_state import SettingOrigin

from .running import log_to_stderr, run_until_stopped
from .settings_log import log_warnings


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Serve on this port.")
def serve(port: int | None) -> None:
    """Collect from the utilities and serve what is stored.

    KAMO needs no key; Amber needs AMBER_API_KEY. Ctrl-C stops cleanly.
    """
    settings = load_settings()
    if port is not None:
        origins = {**settings.origins, "PORT": SettingOrigin.COMMAND}
        settings = replace(settings, port=port, origins=origins)
    log_to_stderr(settings.log_level)
    log_warnings(settings)
    run_until_stopped(app.serve(settings, SystemClock()))
