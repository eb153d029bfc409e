"""Instants as the tables have them."""

from datetime import datetime


def epoch_s(instant: datetime) -> int:
    """Return an aware instant in epoch seconds."""
    return int(instant.timestamp())
