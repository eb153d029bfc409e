"""The texts that intervals carry, by number."""

from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

_TEXTS = Query(f"SELECT id, {', '.join(AttributeKey._fields)} FROM interval_attributes")


def attribute_keys(connection: Reader) -> dict[int, AttributeKey]:
    """Return the texts of each attribute number."""
    return {
        number: _key(AttributeKey._make(texts))
        for number, *texts in _TEXTS.all(connection)
    }


def _key(stored: AttributeKey) -> AttributeKey:
    # SQLite knows no booleans
    estimate = None if stored.estimate is None else bool(stored.estimate)
    return stored._replace(estimate=estimate)
