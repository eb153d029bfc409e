"""How price and usage tables differ; the rules of writing them are the same."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import decode_price, decode_usage
from energy_logger_server.store.schema.amber import PRICE, USAGE

type Row = tuple[Any, ...]

END, DURATION = 1, 2
"""Positions that both row shapes share."""


@dataclass(frozen=True, slots=True)
class IntervalKind:
    """Positions and SQL of one kind of settled interval.

    Attributes:
        kind: Price or usage.
        table: Its settled rows.
        facts: Positions of what is stated (neither key nor origin).
        attributes: Position of the attributes number.
        run: Position of the run.
        known: Position of the instant from which the row is known.
        decode: Row, texts and channel to the JSON object.
        hour_sql: Recomputes hours; parameters run, series, first and last end.
        day_sql: Recomputes NEM days; the same parameters.
        day_minutes_sql: Covered and estimated minutes by NEM day.
    """

    kind: Kind
    table: Table
    facts: tuple[int, ...]
    attributes: int
    run: int
    known: int
    decode: Callable[[Row, AttributeKey, str], JsonObject]
    hour_sql: str
    day_sql: str
    day_minutes_sql: str

    def facts_of(self, row: Row) -> Row:
        """Return what a row states."""
        return tuple(row[position] for position in self.facts)


ROLLUP_PARAMETERS = ("run", "series", "first_end", "last_end")

_START = "(end_at - duration_minutes * 60)"
_HOUR = f"{_START} / 3600"
_NEM_DAY = f"({_START} + 36000) / 86400"
_WINDOW = "series_id = :series AND end_at >= :first_end AND end_at <= :last_end"


def _price_rollup(table: str, span: str, expression: str) -> str:
    return f"""
INSERT INTO {table} (series_id, {span}, minutes, price_minutes_e5, spot_minutes_e5,
  price_min_e5, price_max_e5, run_id)
SELECT series_id, {expression} AS span, sum(duration_minutes),
  sum(price_e5 * duration_minutes), coalesce(sum(spot_e5 * duration_minutes), 0),
  min(price_e5), max(price_e5), :run
FROM price WHERE {_WINDOW} GROUP BY 1, 2
ON CONFLICT (series_id, {span}) DO UPDATE SET minutes = excluded.minutes,
  price_minutes_e5 = excluded.price_minutes_e5,
  spot_minutes_e5 = excluded.spot_minutes_e5, price_min_e5 = excluded.price_min_e5,
  price_max_e5 = excluded.price_max_e5, run_id = excluded.run_id
"""


def _usage_rollup(table: str, span: str, expression: str) -> str:
    return f"""
INSERT INTO {table} (series_id, {span}, minutes, estimated_minutes, energy_e3,
  cost_e4, run_id)
SELECT u.series_id, {expression} AS span, sum(duration_minutes),
  sum(CASE WHEN a.quality = 'estimated' THEN duration_minutes ELSE 0 END),
  sum(energy_e3), sum(cost_e4), :run
FROM usage u JOIN interval_attributes a ON a.id = u.attributes_id
WHERE {_WINDOW} GROUP BY 1, 2
ON CONFLICT (series_id, {span}) DO UPDATE SET minutes = excluded.minutes,
  estimated_minutes = excluded.estimated_minutes, energy_e3 = excluded.energy_e3,
  cost_e4 = excluded.cost_e4, run_id = excluded.run_id
"""


PRICE_KIND = IntervalKind(
    kind=Kind.PRICE,
    table=PRICE,
    facts=(3, 4, 5, 6, 7, 8, 9, 10, 11, 14),
    attributes=6,
    run=12,
    known=13,
    decode=lambda row, key, _channel: decode_price(row, key),
    hour_sql=_price_rollup("price_hour", "hour", _HOUR),
    day_sql=_price_rollup("price_day", "day", _NEM_DAY),
    day_minutes_sql="SELECT day, minutes, 0 FROM price_day "
    "WHERE series_id = :series AND day >= :first AND day <= :last",
)

USAGE_KIND = IntervalKind(
    kind=Kind.USAGE,
    table=USAGE,
    facts=(3, 4, 5, 6, 7, 8, 11),
    attributes=8,
    run=9,
    known=10,
    decode=decode_usage,
    hour_sql=_usage_rollup("usage_hour", "hour", _HOUR),
    day_sql=_usage_rollup("usage_day", "day", _NEM_DAY),
    day_minutes_sql="SELECT day, minutes, estimated_minutes FROM usage_day "
    "WHERE series_id = :series AND day >= :first AND day <= :last",
)
