"""The texts that intervals carry, each combination stored once."""

from functools import lru_cache
from typing import NamedTuple

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.api.exact_json import JsonObject, JsonValue, loads
from energy_logger_server.api.fields import count_or_none

from .json_text import dumps, storable

_LONGEST_TARIFF = 500
_COMBINATIONS = 1024
"""So many are remembered; a few hundred occur in years."""


class AttributeKey(NamedTuple):
    """A combination of texts; the fields are columns of ``interval_attributes``."""

    type: str
    channel_type: str
    spike_status: str | None
    descriptor: str | None
    estimate: bool | None
    """Of prices."""
    quality: str | None
    """Of usage."""
    tariff: str | None
    """JSON; None where upstream sends none, or a longer one than is stored here."""


type _Sent = tuple[
    str, str, str | None, str | None, bool | None, str | None, str | None
]


def attribute_key(interval: Interval) -> AttributeKey:
    """Return the combination of texts of a price or usage interval."""
    tariff = interval.raw.get("tariffInformation")
    return _storable_key(
        (
            interval.type,
            interval.channel_type,
            interval.spike_status,
            interval.descriptor,
            interval.estimate if isinstance(interval, Price) else None,
            interval.quality if isinstance(interval, Usage) else None,
            dumps(tariff) if isinstance(tariff, dict) else None,
        )
    )


@lru_cache(maxsize=_COMBINATIONS)
def _storable_key(sent: _Sent) -> AttributeKey:
    key = AttributeKey._make(
        storable(text) if isinstance(text, str) else text for text in sent
    )
    is_long = key.tariff is not None and len(key.tariff) > _LONGEST_TARIFF
    return key._replace(tariff=None) if is_long else key


@lru_cache(maxsize=_COMBINATIONS)
def tariff_as_sent(tariff: str) -> JsonValue:
    """Return the tariff of a key; the object is shared and must not be changed."""
    return loads(tariff)


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
