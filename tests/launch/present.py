"""The time of day, which simulated utilities, server and Home Assistant go by here."""

from datetime import UTC, datetime


def present() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the only place that reads it here
