"""Settings that are saved over the API."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.engine import Connection

from energy_logger_server.store.codec.instants import epoch_s
from energy_logger_server.store.db.query import Query, upsert_into
from energy_logger_server.store.schema.bookkeeping import SETTING

_FORGET = Query("DELETE FROM setting WHERE name = :name", ("name",))
_SAVE = upsert_into(SETTING, ("name", "value", "changed_at"))


def change_settings(
    connection: Connection, changes: Mapping[str, str | None], now: datetime
) -> None:
    """Save settings, or forget them; together with the transaction or not at all.

    Args:
        connection: The writer's.
        changes: The text to keep by name; None forgets what was saved.
        now: Instant of the change.
    """
    _FORGET.run_many(
        connection, [(name,) for name, text in changes.items() if text is None]
    )
    _SAVE.run_many(
        connection,
        [
            (name, text, epoch_s(now))
            for name, text in changes.items()
            if text is not None
        ],
    )
