"""Provisional prices: forecasts and estimates, replaced freely, archived by fetch."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from energy_logger_server.domain.collecting.runs import KindCounts
from energy_logger_server.domain.costs.coverage import IntervalKey
from energy_logger_server.store.codec.intervals import PriceRow, key_of, start_of
from energy_logger_server.store.db.query import (
    Query,
    columns_of,
    fields_of,
    upsert_into,
)
from energy_logger_server.store.ledger.write_transaction import WriteTransaction
from energy_logger_server.store.schema.amber import PRICE_ARCHIVE, PRICE_OUTLOOK

from .interval_kinds import PRICE_KIND
from .interval_statements import delete_from
from .spans import Spans


class _Times(NamedTuple):
    """True start and end of a settled price, epoch seconds."""

    start_at: int
    end_at: int


_IN_SPAN = (
    "WHERE series_id = :series AND end_at > :start"
    " AND end_at - duration_minutes * 60 < :end"
    # keeps the read on the key: no interval is longer than a day
    " AND end_at < :end + 86400"
)
_SPAN = ("series", "start", "end")
_PROVISIONAL = Query(
    f"SELECT {columns_of(PriceRow)} FROM price_outlook {_IN_SPAN}", _SPAN, row=PriceRow
)
_SETTLED = Query(
    f"SELECT end_at - duration_minutes * 60 AS start_at, end_at FROM price {_IN_SPAN}",
    _SPAN,
    row=_Times,
)
_UPSERT = upsert_into(PRICE_OUTLOOK, fields_of(PriceRow))
_ARCHIVE = upsert_into(PRICE_ARCHIVE, ("fetched_at", *fields_of(PriceRow)))
_DELETE = delete_from("price_outlook")


def write_provisional(
    context: WriteTransaction, series_id: int, rows: Sequence[PriceRow]
) -> KindCounts:
    """Replace what was expected for the span of ``rows`` by what is expected now.

    Rows of instants that have a settled price are left out.
    """
    if not rows:
        return KindCounts()
    start = min(start_of(row) for row in rows)
    end = max(row.end_at for row in rows)
    settled = _SETTLED.all(context.connection, series_id, start, end)
    fresh = {_time_of(row): row for row in rows if not _is_covered(row, settled)}
    stored = _stored(context, series_id, start, end)
    changed = [row for key, row in fresh.items() if _has_changed(row, stored.get(key))]
    _DELETE.run_many(
        context.connection,
        [
            key_of(row)
            for key, row in stored.items()
            if key not in fresh and row.known_at <= context.known_at
        ],
    )
    context.caches.write_new(context.connection, context.known_at)
    _UPSERT.run_many(context.connection, changed)
    _ARCHIVE.run_many(context.connection, [(context.known_at, *row) for row in changed])
    new = sum(_time_of(row) not in stored for row in changed)
    return KindCounts(
        new=new, changed=len(changed) - new, unchanged=len(fresh) - len(changed)
    )


def drop_provisional_of_settled(
    context: WriteTransaction, series_id: int, spans: Spans
) -> None:
    """Drop what was expected for instants whose price is settled now."""
    stored = _stored(context, series_id, min(spans.starts), max(spans.ends))
    if stored:
        settled = list(map(_Times, spans.starts, spans.ends))
        _DELETE.run_many(
            context.connection,
            [key_of(row) for row in stored.values() if _is_covered(row, settled)],
        )


def _has_changed(row: PriceRow, stored: PriceRow | None) -> bool:
    """Whether a row says something else than is known, and not from longer ago."""
    if stored is None:
        return True
    return row.known_at >= stored.known_at and (
        PRICE_KIND.facts(row) != PRICE_KIND.facts(stored)
    )


def _stored(
    context: WriteTransaction, series_id: int, start: int, end: int
) -> Mapping[IntervalKey, PriceRow]:
    found = _PROVISIONAL.all(context.connection, series_id, start, end)
    return {_time_of(row): row for row in found}


def _time_of(row: PriceRow) -> IntervalKey:
    return row.end_at, row.duration_minutes


def _is_covered(row: PriceRow, settled: Sequence[_Times]) -> bool:
    start, end = start_of(row), row.end_at
    return any(start < price.end_at and price.start_at < end for price in settled)
