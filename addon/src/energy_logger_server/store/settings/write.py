"""Settings that are saved over the API."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.engine import Connection

from energy_logger_server.store.schema.bookkeeping import SETTING


def change_settings(
    connection: Connection, changes: Mapping[str, str | None], now: datetime
) -> None:
    """Save settings, or forget them; together with the transaction or not at all.

    Args:
        connection: The writer's.
        changes: The text to keep by name; None forgets what was saved.
        now: Instant of the change.
    """
    connection.execute(delete(SETTING).where(SETTING.c.name.in_(changes)))
    rows = [
        {"name": name, "value": text, "changed_at": int(now.timestamp())}
        for name, text in changes.items()
        if text is not None
    ]
    if rows:
        connection.execute(insert(SETTING), rows)
