"""The texts that intervals carry, each combination stored once."""

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.api.fields import count_or_none

from .json_text import dumps, storable

_LONGEST_TARIFF = 500

type AttributeKey = tuple[
    str, str, str | None, str | None, bool | None, str | None, str | None
]
"""type, channel type, spike status, descriptor, estimate, quality, tariff as JSON."""


def attribute_key(interval: Interval) -> AttributeKey:
    """Return the combination of texts of a price or usage interval."""
    tariff = interval.raw.get("tariffInformation")
    tariff_text: str | None = None
    if isinstance(tariff, dict):
        text = dumps(tariff)
        tariff_text = text if len(text) <= _LONGEST_TARIFF else None
    return (
        _storable(interval.type) or "",
        interval.channel_type,
        _storable(interval.spike_status),
        _storable(interval.descriptor),
        interval.estimate if isinstance(interval, Price) else None,
        _storable(interval.quality) if isinstance(interval, Usage) else None,
        tariff_text,
    )


def _storable(text: str | None) -> str | None:
    return storable(text) if text else text


def tariff_columns(tariff: JsonValue) -> JsonObject:
    """Return a tariff's four known fields, None where they are not of their type."""
    fields = tariff if isinstance(tariff, dict) else {}

    def of_type(name: str, kind: type) -> JsonValue:
        value = fields.get(name)
        if type(value) is not kind:
            return None
        return storable(value) if isinstance(value, str) else value

    return {
        "tariff_period": of_type("period", str),
        "tariff_season": of_type("season", str),
        "tariff_block": count_or_none(fields.get("block")),
        "demand_window": of_type("demandWindow", bool),
    }
