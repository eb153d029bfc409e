"""What the settings make worth a word in the log."""

import logging

from energy_logger_server.config.settings import Settings

_LOG = logging.getLogger(__name__)


def log_warnings(settings: Settings) -> None:
    """Log what was found in the settings and ignored."""
    for warning in settings.warnings:
        _LOG.warning("%s", warning)
