"""How prices and usage differ; the rules of writing them are the same."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import (
    IntervalRow,
    PriceRow,
    UsageRow,
    decode_price,
    decode_usage,
)
from energy_logger_server.store.db.query import fields_of

from .hour_sums import HourSums, price_sums, usage_sums
from .interval_statements import (
    KEY,
    PRICE_STATEMENTS,
    USAGE_STATEMENTS,
    IntervalStatements,
)

_ORIGIN = ("run_id", "known_at")


@dataclass(frozen=True, slots=True)
class IntervalKind[Row: IntervalRow]:
    """One kind of settled interval.

    Attributes:
        kind: Price or usage.
        statements: SQL of its tables.
        amounts: What is summed up of a row: price and spot price, or energy and cost.
        facts: What a row states: neither key nor origin.
        decode: Row, texts and channel to the JSON object.
        hour_sums: Counts an hour.
    """

    kind: Kind
    statements: IntervalStatements[Row]
    amounts: Callable[[Row], tuple[int, int | None]]
    facts: Callable[[Row], tuple[Any, ...]]
    decode: Callable[[Row, AttributeKey, str], JsonObject]
    hour_sums: Callable[..., HourSums]


def _getter(row: type[IntervalRow], *names: str) -> Callable[[Any], Any]:
    return itemgetter(*map(fields_of(row).index, names))


def _facts(row: type[IntervalRow]) -> Callable[[Any], Any]:
    stated = (name for name in fields_of(row) if name not in {*KEY, *_ORIGIN})
    return _getter(row, *stated)


PRICE_KIND: IntervalKind[PriceRow] = IntervalKind(
    kind=Kind.PRICE,
    statements=PRICE_STATEMENTS,
    amounts=_getter(PriceRow, "price_e5", "spot_e5"),
    facts=_facts(PriceRow),
    decode=lambda row, key, _channel: decode_price(row, key),
    hour_sums=price_sums,
)

USAGE_KIND: IntervalKind[UsageRow] = IntervalKind(
    kind=Kind.USAGE,
    statements=USAGE_STATEMENTS,
    amounts=_getter(UsageRow, "energy_e3", "cost_e4"),
    facts=_facts(UsageRow),
    decode=decode_usage,
    hour_sums=usage_sums,
)
