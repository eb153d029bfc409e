"""Provisional prices: forecasts and estimates, replaced freely, archived by fetch."""

from collections.abc import Mapping, Sequence

from energy_logger_server.domain.coverage import IntervalKey
from energy_logger_server.domain.runs import KindCounts
from energy_logger_server.store.ledger.write_transaction import WriteTransaction
from energy_logger_server.store.schema.amber import PRICE_ARCHIVE, PRICE_OUTLOOK

from .interval_kinds import DURATION, END, PRICE_KIND, Row, key_of, start_of
from .spans import Spans

_COLUMNS = ", ".join(PRICE_OUTLOOK.columns.keys())
_SPAN = (
    "WHERE series_id = :series AND end_at > :start"
    " AND end_at - duration_minutes * 60 < :end"
    # keeps the read on the key: no interval is longer than a day
    " AND end_at < :end + 86400"
)


def write_provisional(
    context: WriteTransaction, series_id: int, rows: Sequence[Row]
) -> KindCounts:
    """Replace what was expected for the span of ``rows`` by what is expected now.

    Rows of instants that have a settled price are left out.
    """
    if not rows:
        return KindCounts()
    start = min(start_of(row) for row in rows)
    end = max(row[END] for row in rows)
    settled = _spans(context, "price", series_id, start, end)
    fresh = {
        (row[END], row[DURATION]): row for row in rows if not _is_covered(row, settled)
    }
    stored = _stored(context, series_id, start, end)
    changed = [row for key, row in fresh.items() if _has_changed(row, stored.get(key))]
    _delete(
        context,
        [
            row
            for key, row in stored.items()
            if key not in fresh and row[PRICE_KIND.known] <= context.known_at
        ],
    )
    context.caches.write_new(context.connection, context.known_at)
    context.statements.upsert(PRICE_OUTLOOK).run_many(context.connection, changed)
    context.statements.upsert(PRICE_ARCHIVE).run_many(
        context.connection,
        [
            (series_id, context.known_at, *key_and_facts)
            for _series_id, *key_and_facts in changed
        ],
    )
    new = sum((row[END], row[DURATION]) not in stored for row in changed)
    return KindCounts(
        new=new, changed=len(changed) - new, unchanged=len(fresh) - len(changed)
    )


def drop_provisional_of_settled(
    context: WriteTransaction, series_id: int, spans: Spans
) -> None:
    """Drop what was expected for instants whose price is settled now."""
    stored = _stored(context, series_id, min(spans.starts), max(spans.ends))
    if stored:
        settled = list(zip(spans.starts, spans.ends, strict=True))
        _delete(context, [row for row in stored.values() if _is_covered(row, settled)])


def _has_changed(row: Row, stored: Row | None) -> bool:
    """Whether a row says something else than is known, and not from longer ago."""
    if stored is None:
        return True
    known = PRICE_KIND.known
    return row[known] >= stored[known] and (
        PRICE_KIND.facts_of(row) != PRICE_KIND.facts_of(stored)
    )


def _stored(
    context: WriteTransaction, series_id: int, start: int, end: int
) -> Mapping[IntervalKey, Row]:
    found = context.statements.sql(
        f"SELECT {_COLUMNS} FROM price_outlook {_SPAN}",
        ("series", "start", "end"),
    ).rows(context.connection, (series_id, start, end))
    return {(row[END], row[DURATION]): row for row in found}


def _spans(
    context: WriteTransaction, table: str, series_id: int, start: int, end: int
) -> list[tuple[int, int]]:
    found = context.statements.sql(
        f"SELECT end_at - duration_minutes * 60, end_at FROM {table} {_SPAN}",
        ("series", "start", "end"),
    ).rows(context.connection, (series_id, start, end))
    return [(starts, ends) for starts, ends in found]


def _is_covered(row: Row, spans: Sequence[tuple[int, int]]) -> bool:
    start, end = start_of(row), row[END]
    return any(start < other_end and begin < end for begin, other_end in spans)


def _delete(context: WriteTransaction, rows: Sequence[Row]) -> None:
    context.statements.sql(
        "DELETE FROM price_outlook WHERE series_id = :series AND end_at = :end_at"
        " AND duration_minutes = :duration",
        ("series", "end_at", "duration"),
    ).run_many(context.connection, [key_of(row) for row in rows])
