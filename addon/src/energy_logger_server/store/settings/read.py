"""Settings that were saved over the API."""

from collections.abc import Mapping

from sqlalchemy.engine import Connection

from energy_logger_server.store.db.query import Query

_SAVED = Query("SELECT name, value FROM setting ORDER BY name")


def saved_settings(connection: Connection) -> Mapping[str, str]:
    """Return the texts that were saved, by name of the setting."""
    return {str(name): str(text) for name, text in _SAVED.all(connection)}
