"""The texts that intervals carry, each combination stored once."""

from functools import lru_cache
from typing import NamedTuple

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.api.exact_json import JsonValue, loads
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


class TariffColumns(NamedTuple):
    """A tariff's known fields, to look for: columns of ``interval_attributes``."""

    tariff_period: str | None
    tariff_season: str | None
    tariff_block: int | None
    demand_window: bool | None


def tariff_columns(key: AttributeKey) -> TariffColumns:
    """Return the known fields of a key's tariff, None where not of their type."""
    tariff = None if key.tariff is None else tariff_as_sent(key.tariff)
    fields = tariff if isinstance(tariff, dict) else {}
    demand_window = fields.get("demandWindow")

    return TariffColumns(
        tariff_period=_text(fields.get("period")),
        tariff_season=_text(fields.get("season")),
        tariff_block=count_or_none(fields.get("block")),
        demand_window=demand_window if isinstance(demand_window, bool) else None,
    )


def _text(value: JsonValue) -> str | None:
    return storable(value) if isinstance(value, str) else None
