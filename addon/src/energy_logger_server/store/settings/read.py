"""Settings that were saved over the API."""

from collections.abc import Mapping

from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

_SAVED = Query("SELECT name, value FROM setting ORDER BY name")


def saved_settings(connection: Reader) -> Mapping[str, str]:
    """Return the texts that were saved, by name of the setting."""
    return {str(name): str(text) for name, text in _SAVED.all(connection)}
