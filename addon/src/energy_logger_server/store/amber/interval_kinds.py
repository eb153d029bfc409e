"""How price and usage tables differ; the rules of writing them are the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import Table

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import decode_price, decode_usage
from energy_logger_server.store.schema.amber import (
    PRICE,
    PRICE_HOUR,
    USAGE,
    USAGE_HOUR,
)

from .hour_sums import HourSums, price_sums, usage_sums

type Row = tuple[Any, ...]
"""A row of ``price`` or ``usage``, in table order.

No named tuple: SQLite's driver takes half as long again to bind one.
"""


def _position(table: Table, column: str) -> int:
    return table.columns.keys().index(column)


def _facts(table: Table) -> tuple[int, ...]:
    return tuple(
        position
        for position, column in enumerate(table.columns)
        if not column.primary_key and column.name not in {"run_id", "known_at"}
    )


SERIES, END, DURATION = (
    _position(PRICE, column) for column in ("series_id", "end_at", "duration_minutes")
)
"""Positions of the key, the same in rows of prices and of usage."""

key_of: Callable[[Row], tuple[int, int, int]] = itemgetter(SERIES, END, DURATION)
"""Return the primary key of a row."""


def start_of(row: Row) -> int:
    """Return the true start of a row's interval, epoch seconds."""
    start: int = row[END] - row[DURATION] * 60
    return start


@dataclass(frozen=True, slots=True)
class IntervalKind:
    """Positions and SQL of one kind of settled interval.

    Attributes:
        kind: Price or usage.
        table: Its settled rows.
        amounts: Positions of what is summed up: price and spot price, or energy and
            cost.
        repeated: Its columns that all rows of a block share, in a block's order.
        facts: Positions of what is stated: neither key nor origin.
        attributes: Position of the attributes number.
        run: Position of the run.
        known: Position of the instant from which the row is known.
        decode: Row, texts and channel to the JSON object.
        hours: Its hours: series_id, hour, sums, run_id, change_id.
        hour_sums: Counts an hour.
        days_sql: Counts days of hours; parameters run, series, begin, end: a span of
            whole NEM days, epoch seconds.
        day_minutes_sql: Minutes by NEM day: covered, and of these those that may still
            be revised.
    """

    kind: Kind
    table: Table
    amounts: tuple[int, ...]
    repeated: tuple[str, ...]
    facts: tuple[int, ...]
    attributes: int
    run: int
    known: int
    decode: Callable[[Row, AttributeKey, str], JsonObject]
    hours: Table
    hour_sums: Callable[..., HourSums]
    days_sql: str
    day_minutes_sql: str

    def facts_of(self, row: Row) -> Row:
        """Return what a row states."""
        return tuple(row[position] for position in self.facts)

    def amounts_of(self, row: Row) -> Row:
        """Return what is summed up of a row."""
        return tuple(row[position] for position in self.amounts)


_BLOCK_COLUMNS = ("series_id", "duration_minutes")
_ORIGIN_COLUMNS = ("run_id", "known_at", "extra")

HOURS_OF_DAYS = "series_id = :series AND hour >= :begin / 3600 AND hour < :end / 3600"


def _days_sql(kind: str, sums: Mapping[str, str]) -> str:
    of_hours = ", ".join(f"{function}({name})" for name, function in sums.items())
    updates = ", ".join(f"{name} = excluded.{name}" for name in (*sums, "run_id"))
    # NEM time is ten hours ahead
    return f"""
INSERT INTO {kind}_day (series_id, day, {", ".join(sums)}, run_id)
SELECT series_id, (hour + 10) / 24, {of_hours}, :run
FROM {kind}_hour WHERE {HOURS_OF_DAYS} GROUP BY 1, 2
ON CONFLICT (series_id, day) DO UPDATE SET {updates}
"""


PRICE_KIND = IntervalKind(
    kind=Kind.PRICE,
    table=PRICE,
    amounts=(_position(PRICE, "price_e5"), _position(PRICE, "spot_e5")),
    repeated=(
        *_BLOCK_COLUMNS,
        "range_min_e5",
        "range_max_e5",
        "low_e5",
        "predicted_e5",
        "high_e5",
        *_ORIGIN_COLUMNS,
    ),
    facts=_facts(PRICE),
    attributes=_position(PRICE, "attributes_id"),
    run=_position(PRICE, "run_id"),
    known=_position(PRICE, "known_at"),
    decode=lambda row, key, _channel: decode_price(row, key),
    hours=PRICE_HOUR,
    hour_sums=price_sums,
    days_sql=_days_sql(
        "price",
        {
            "intervals": "sum",
            "minutes": "sum",
            "price_minutes_e5": "sum",
            "spot_minutes_e5": "sum",
            "price_min_e5": "min",
            "price_max_e5": "max",
        },
    ),
    day_minutes_sql="SELECT day, minutes, 0 FROM price_day "
    "WHERE series_id = :series AND day >= :first AND day <= :last",
)

USAGE_KIND = IntervalKind(
    kind=Kind.USAGE,
    table=USAGE,
    amounts=(_position(USAGE, "energy_e3"), _position(USAGE, "cost_e4")),
    repeated=(*_BLOCK_COLUMNS, *_ORIGIN_COLUMNS),
    facts=_facts(USAGE),
    attributes=_position(USAGE, "attributes_id"),
    run=_position(USAGE, "run_id"),
    known=_position(USAGE, "known_at"),
    decode=decode_usage,
    hours=USAGE_HOUR,
    hour_sums=usage_sums,
    days_sql=_days_sql(
        "usage",
        {
            "intervals": "sum",
            "minutes": "sum",
            "estimated_minutes": "sum",
            "energy_e3": "sum",
            "cost_e4": "sum",
            "unpriced_minutes": "sum",
            "unpriced_energy_e3": "sum",
        },
    ),
    # what has no cost yet will be revised as well; both may be the same minutes
    day_minutes_sql="SELECT day, minutes, CASE"
    " WHEN unpriced_minutes > estimated_minutes THEN unpriced_minutes"
    " ELSE estimated_minutes END FROM usage_day "
    "WHERE series_id = :series AND day >= :first AND day <= :last",
)
