"""The texts that intervals carry, by number."""

from sqlalchemy import select
from sqlalchemy.engine import Connection

from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.schema.amber import ATTRIBUTES


def attribute_keys(connection: Connection) -> dict[int, AttributeKey]:
    """Return the texts of each attribute number."""
    return {
        row.id: (
            row.type,
            row.channel_type,
            row.spike_status,
            row.descriptor,
            row.estimate,
            row.quality,
            row.tariff,
        )
        for row in connection.execute(select(ATTRIBUTES))
    }
