"""Rows by kind: exact, for a person who asks once."""

from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

_TABLES = {
    "sites": "site",
    "prices": "price",
    "price forecasts": "price_outlook",
    "price forecasts, archived": "price_archive",
    "price forecasts, at horizons": "price_at_horizon",
    "usage": "usage",
    "areas": "area",
    "loads": "load",
    "load forecasts": "load_forecast",
    "load forecasts, archived": "load_archive",
    "load forecasts, at horizons": "load_at_horizon",
    "substations": "substation",
    "substation readings": "substation_reading",
    "ledger days": "day_ledger",
    "revisions": "revision",
    "unreadable samples": "unreadable_sample",
    "runs": "run",
}


_COUNTS = {
    kind: Query(f"SELECT count(*) FROM {table}") for kind, table in _TABLES.items()
}


def row_counts(connection: Reader) -> dict[str, int]:
    """Return the number of rows of each kind, counted one by one.

    Takes about ten milliseconds for a million rows: not for a page that reloads.
    """
    return {kind: int(query.value(connection)) for kind, query in _COUNTS.items()}
