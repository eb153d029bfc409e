"""How price and usage tables differ; the rules of writing them are the same."""

from collections.abc import Callable, Mapping
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
        repeated: Its columns that all rows of a block share, in a block's order.
        facts: Positions of what is stated (neither key nor origin).
        attributes: Position of the attributes number.
        run: Position of the run.
        known: Position of the instant from which the row is known.
        decode: Row, texts and channel to the JSON object.
        hour_sql: Recounts the hours of whole days from the rows.
        day_sql: Recounts NEM days from their hours.
        day_minutes_sql: Covered and estimated minutes by NEM day.
    """

    kind: Kind
    table: Table
    repeated: tuple[str, ...]
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


DAYS_PARAMETERS = ("series", "begin", "end", "last_end")
"""``begin`` to ``end`` (excluded) are whole NEM days, epoch seconds; what begins in
them counts, and ends at ``last_end`` at the latest."""

ROLLUP_PARAMETERS = ("run", *DAYS_PARAMETERS)

_START = "(end_at - duration_minutes * 60)"
# the first line is for the key, the second says what is meant
IN_DAYS = (
    "series_id = :series AND end_at > :begin AND end_at <= :last_end"
    f" AND {_START} >= :begin AND {_START} < :end"
)
HOURS_IN_DAYS = "series_id = :series AND hour >= :begin / 3600 AND hour < :end / 3600"


def _rollups(
    kind: str, sums: Mapping[str, str], of_hours: Mapping[str, str], source: str
) -> tuple[str, str]:
    """Return SQL that counts hours from rows, and NEM days from hours.

    An hour never spans two NEM dates, and counting days from hours reads a twelfth.

    Args:
        kind: Table of the rows.
        sums: Columns of both rollups, each with what it is of the rows.
        of_hours: The same, of the hours.
        source: FROM clause of the rows.
    """
    return (
        _rollup(f"{kind}_hour", "hour", f"{_START} / 3600", sums)
        + f" FROM {source} WHERE {IN_DAYS} GROUP BY 1, 2"
        + _on_conflict("hour", sums),
        _rollup(f"{kind}_day", "day", "(hour + 10) / 24", of_hours)
        + f" FROM {kind}_hour WHERE {HOURS_IN_DAYS} GROUP BY 1, 2"
        + _on_conflict("day", sums),
    )


def _rollup(table: str, span: str, expression: str, sums: Mapping[str, str]) -> str:
    return (
        f"INSERT INTO {table} (series_id, {span}, {', '.join(sums)}, run_id)"
        f" SELECT series_id, {expression}, {', '.join(sums.values())}, :run"
    )


def _on_conflict(span: str, sums: Mapping[str, str]) -> str:
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*sums, "run_id"))
    return f" ON CONFLICT (series_id, {span}) DO UPDATE SET {updates}"


_PRICE_ROLLUPS = _rollups(
    "price",
    {
        "minutes": "sum(duration_minutes)",
        "price_minutes_e5": "sum(price_e5 * duration_minutes)",
        "spot_minutes_e5": "coalesce(sum(spot_e5 * duration_minutes), 0)",
        "price_min_e5": "min(price_e5)",
        "price_max_e5": "max(price_e5)",
    },
    {
        "minutes": "sum(minutes)",
        "price_minutes_e5": "sum(price_minutes_e5)",
        "spot_minutes_e5": "sum(spot_minutes_e5)",
        "price_min_e5": "min(price_min_e5)",
        "price_max_e5": "max(price_max_e5)",
    },
    "price",
)
_ESTIMATED_MINUTES = (
    "CASE WHEN a.quality = 'estimated' THEN duration_minutes ELSE 0 END"
)
_USAGE_ROLLUPS = _rollups(
    "usage",
    {
        "minutes": "sum(duration_minutes)",
        "estimated_minutes": f"sum({_ESTIMATED_MINUTES})",
        "energy_e3": "sum(energy_e3)",
        "cost_e4": "sum(cost_e4)",
    },
    {
        "minutes": "sum(minutes)",
        "estimated_minutes": "sum(estimated_minutes)",
        "energy_e3": "sum(energy_e3)",
        "cost_e4": "sum(cost_e4)",
    },
    "usage JOIN interval_attributes a ON a.id = attributes_id",
)

_BLOCK_COLUMNS = ("series_id", "duration_minutes")
_ORIGIN_COLUMNS = ("run_id", "known_at", "extra")

PRICE_KIND = IntervalKind(
    kind=Kind.PRICE,
    table=PRICE,
    repeated=(
        *_BLOCK_COLUMNS,
        "range_min_e5",
        "range_max_e5",
        "low_e5",
        "predicted_e5",
        "high_e5",
        *_ORIGIN_COLUMNS,
    ),
    facts=(3, 4, 5, 6, 7, 8, 9, 10, 11, 14),
    attributes=6,
    run=12,
    known=13,
    decode=lambda row, key, _channel: decode_price(row, key),
    hour_sql=_PRICE_ROLLUPS[0],
    day_sql=_PRICE_ROLLUPS[1],
    day_minutes_sql="SELECT day, minutes, 0 FROM price_day "
    "WHERE series_id = :series AND day >= :first AND day <= :last",
)

USAGE_KIND = IntervalKind(
    kind=Kind.USAGE,
    table=USAGE,
    repeated=(*_BLOCK_COLUMNS, *_ORIGIN_COLUMNS),
    facts=(3, 4, 5, 6, 7, 8, 11),
    attributes=8,
    run=9,
    known=10,
    decode=decode_usage,
    hour_sql=_USAGE_ROLLUPS[0],
    day_sql=_USAGE_ROLLUPS[1],
    day_minutes_sql="SELECT day, minutes, estimated_minutes FROM usage_day "
    "WHERE series_id = :series AND day >= :first AND day <= :last",
)
