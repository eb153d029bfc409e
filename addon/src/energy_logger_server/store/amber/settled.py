"""Settled intervals: prices that are not expected to change, and usage.

An unchanged row is not written. A changed one replaces the row and the old value goes
to the revisions with both its times. Money that was known does not become unknown.
A complete day in another duration supersedes the old rows; what overlaps stored rows
in an incomplete day is kept aside.
"""

from collections.abc import Iterable, Mapping, Sequence

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.collecting.runs import KindCounts
from energy_logger_server.domain.costs.coverage import (
    IntervalKey,
    is_free_of_overlap,
    merge,
)
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.interval_blocks import IntervalBlock
from energy_logger_server.store.codec.intervals import PriceRow, UsageRow, key_of
from energy_logger_server.store.codec.json_text import dumps
from energy_logger_server.store.ledger.revisions import (
    Reason,
    Revised,
    record_revisions,
)
from energy_logger_server.store.ledger.write_transaction import WriteTransaction

from .interval_kinds import IntervalKind
from .interval_statements import Days
from .rollups import counted_of_block, counted_of_rows, roll_up
from .spans import Spans

_LONGEST_S = 86_400
_MONEY = ("cost", "perKwh", "spotPerKwh")
"""Of usage, as upstream calls it."""


def write_block[Row: (PriceRow, UsageRow)](
    context: WriteTransaction,
    kind: IntervalKind[Row],
    block: IntervalBlock[Row],
    spans: Spans,
) -> KindCounts:
    """Bring a block up to date, rollups included.

    The usual case of a backfill, nothing there yet, is short.
    """
    days = (block.series_id, *spans.whole_days)
    if _read(context, kind, days):
        return write_settled(context, kind, block.series_id, block.rows(), spans)
    context.caches.write_new(context.connection, context.known_at)
    kind.statements.insert_block.run(
        context.connection,
        (block.series_id, block.duration_minutes, *block.same),
        (spans.ends, *block.varying),
    )
    roll_up(context, kind, days, counted_of_block(block, spans.starts))
    return KindCounts(new=len(spans.ends))


def write_settled[Row: (PriceRow, UsageRow)](
    context: WriteTransaction,
    kind: IntervalKind[Row],
    series_id: int,
    rows: Sequence[Row],
    spans: Spans,
) -> KindCounts:
    """Bring the settled rows of one series up to date, rollups included.

    Args:
        context: The transaction.
        kind: Price or usage.
        series_id: Whose rows.
        rows: At least one, in table order; of two with one key the last one holds.
        spans: Theirs.
    """
    incoming = _by_time(rows)
    days = (series_id, *spans.whole_days)
    stored = _read(context, kind, days)
    if not stored and is_free_of_overlap(sorted(incoming)):
        now_stored = list(incoming.values())
        counts = KindCounts(new=len(now_stored))
        _insert(context, kind, now_stored)
    else:
        counts = _merge(context, kind, days, incoming, stored)
        if not (counts.new or counts.changed):
            return counts
        now_stored = list(_read(context, kind, days).values())
    roll_up(context, kind, days, counted_of_rows(kind, now_stored))
    return counts


def _read[Row: (PriceRow, UsageRow)](
    context: WriteTransaction, kind: IntervalKind[Row], days: Days
) -> dict[IntervalKey, Row]:
    """Return the stored rows of a series that begin in a span of days."""
    series_id, begin, end = days
    return _by_time(
        kind.statements.in_days.all(
            context.connection, series_id, begin, end + _LONGEST_S, end
        )
    )


def _by_time[Row: (PriceRow, UsageRow)](rows: Iterable[Row]) -> dict[IntervalKey, Row]:
    return {(row.end_at, row.duration_minutes): row for row in rows}


def _insert[Row: (PriceRow, UsageRow)](
    context: WriteTransaction, kind: IntervalKind[Row], rows: Sequence[Row]
) -> None:
    context.caches.write_new(context.connection, context.known_at)
    kind.statements.insert.run_many(context.connection, rows)


def _merge[Row: (PriceRow, UsageRow)](
    context: WriteTransaction,
    kind: IntervalKind[Row],
    days: Days,
    incoming: Mapping[IntervalKey, Row],
    stored: Mapping[IntervalKey, Row],
) -> KindCounts:
    merged = merge(incoming, stored)
    texts = context.caches.attributes.key_of
    changed: list[Row] = []
    revised: list[Revised] = []
    unchanged = 0
    for key, old in stored.items():
        row = incoming.get(key)
        if row is None:
            continue
        if kind.facts(row) == kind.facts(old):
            unchanged += 1
            continue
        old_texts, texts_now = (texts(one.attributes_id) for one in (old, row))
        if _is_step_back(old_texts, texts_now) or (
            kind.kind is Kind.USAGE and _only_lacks_money(context, kind, old, row)
        ):
            unchanged += 1
            continue
        if _is_confirmed(old_texts, texts_now) and (
            kind.amounts(old) == kind.amounts(row)
        ):
            # the price has been known since its confirmation
            changed.append(row._replace(known_at=old.known_at))
            continue
        changed.append(row)
        revised.append(_revised(context, kind, old, Reason.REVISED))
    revised += [
        _revised(context, kind, stored[key], Reason.SUPERSEDED)
        for key in merged.superseded
    ]
    revised += [
        _revised(context, kind, incoming[key], Reason.NOT_ADOPTED)
        for key in merged.refused
    ]
    record_revisions(context, kind.kind, revised)
    if merged.superseded:
        kind.statements.delete.run_many(
            context.connection, [key_of(stored[key]) for key in merged.superseded]
        )
        # longer intervals may leave hours behind in which none begins
        kind.statements.delete_hours.run(context.connection, *days)
    _insert(context, kind, [incoming[key] for key in merged.adopted])
    kind.statements.upsert.run_many(context.connection, changed)
    return KindCounts(
        new=len(merged.adopted),
        changed=len(changed) + len(merged.superseded),
        unchanged=unchanged,
    )


def _is_step_back(old: AttributeKey, new: AttributeKey) -> bool:
    """Whether a confirmed current price comes after the actual one: the actual wins."""
    return old.type == "ActualInterval" and new.type == "CurrentInterval"


def _only_lacks_money[Row: (PriceRow, UsageRow)](
    context: WriteTransaction, kind: IntervalKind[Row], old: Row, new: Row
) -> bool:
    """Whether usage says what is stored, but for money that it does not know."""
    stored, sent = (_decoded(context, kind, row) for row in (old, new))
    lost = {
        name: stored[name]
        for name in _MONEY
        if sent.get(name) is None and stored.get(name) is not None
    }
    return bool(lost) and {**sent, **lost} == stored


def _is_confirmed(old: AttributeKey, new: AttributeKey) -> bool:
    """Whether a confirmed current price became the actual one.

    Every interval takes this step once. At the same price nothing that anybody
    believed was wrong, so it is no revision. Usage has no such step.
    """
    return old.type == "CurrentInterval" and new.type == "ActualInterval"


def _revised[Row: (PriceRow, UsageRow)](
    context: WriteTransaction, kind: IntervalKind[Row], row: Row, reason: Reason
) -> Revised:
    return Revised(
        series_id=row.series_id,
        end_at=row.end_at,
        duration_minutes=row.duration_minutes,
        known_from=row.known_at,
        run_id=row.run_id,
        reason=reason,
        record=dumps(_decoded(context, kind, row)),
    )


def _decoded[Row: (PriceRow, UsageRow)](
    context: WriteTransaction, kind: IntervalKind[Row], row: Row
) -> JsonObject:
    key = context.caches.attributes.key_of(row.attributes_id)
    _kind, _site_id, channel = context.caches.series.key_of(row.series_id)
    return kind.decode(row, key, channel)
