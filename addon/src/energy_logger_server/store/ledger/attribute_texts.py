"""The texts that intervals carry, by number."""

from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

_TEXTS = Query(
    "SELECT id, type, channel_type, spike_status, descriptor, estimate, quality, tariff"
    " FROM interval_attributes"
)


def attribute_keys(connection: Reader) -> dict[int, AttributeKey]:
    """Return the texts of each attribute number."""
    return {
        number: (
            type_,
            channel_type,
            spike_status,
            descriptor,
            None if estimate is None else bool(estimate),
            quality,
            tariff,
        )
        for (
            number,
            type_,
            channel_type,
            spike_status,
            descriptor,
            estimate,
            quality,
            tariff,
        ) in _TEXTS.all(connection)
    }
