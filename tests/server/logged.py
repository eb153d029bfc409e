"""What the log holds: the level of each line, and what is wrong."""

import logging

import pytest


def logged_levels(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the level of each line."""
    return [record.levelname for record in caplog.records]


def logged_warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines that are warnings, or worse."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
    ]
