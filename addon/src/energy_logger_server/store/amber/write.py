"""Answers about one site: prices of any life, and usage."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from energy_logger_server.api.amber_models import Price, Usage
from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.collecting.batch import PricesRead, UsageRead
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.collecting.runs import KindCounts, WriteCounts
from energy_logger_server.store.codec.attributes import attribute_key
from energy_logger_server.store.codec.interval_blocks import (
    IntervalBlock,
    price_block,
    usage_block,
)
from energy_logger_server.store.codec.intervals import (
    PriceRow,
    UsageRow,
    encode_price,
    encode_usage,
)
from energy_logger_server.store.ledger.days import record_interval_days
from energy_logger_server.store.ledger.samples import write_rejected
from energy_logger_server.store.ledger.write_transaction import WriteTransaction

from .interval_kinds import PRICE_KIND, USAGE_KIND, IntervalKind
from .provisional import drop_provisional_of_settled, write_provisional
from .registers import REGISTERS
from .settled import write_block, write_settled
from .spans import Spans, spans_of_block, spans_of_rows


def write_prices(context: WriteTransaction, read: PricesRead) -> WriteCounts:
    """Store an answer of prices: settled, expected, and the ledger's days."""
    by_channel = _group(read.answer.records, attrgetter("channel_type"))
    channels = dict.fromkeys(by_channel)
    if read.days is not None:
        registered = REGISTERS.all(context.connection, read.site_id)
        channels.update(dict.fromkeys(register.type for register in registered))
    prices, provisional = KindCounts(), KindCounts()
    for channel in channels:
        series_id = _series(context, Kind.PRICE, read.site_id, channel)
        settled, expected = _price_rows(context, series_id, by_channel.get(channel, ()))
        counts, spans = _write(context, PRICE_KIND, series_id, settled)
        prices += counts
        if spans is not None:
            drop_provisional_of_settled(context, series_id, spans)
        provisional += write_provisional(context, series_id, expected)
        _record_days(context, PRICE_KIND, series_id, spans, read.days)
    return WriteCounts(
        price=prices,
        forecast=provisional,
        rejected=write_rejected(
            context, "amber", f"price/{read.site_id}", read.answer.rejected
        ),
    )


def write_usage(context: WriteTransaction, read: UsageRead) -> WriteCounts:
    """Store an answer of usage and the ledger's days."""
    by_channel = _group(read.answer.records, attrgetter("channel_identifier"))
    registered = REGISTERS.all(context.connection, read.site_id)
    channels = dict.fromkeys(
        (*by_channel, *(register.identifier for register in registered))
    )
    usage = KindCounts()
    for channel in channels:
        series_id = _series(context, Kind.USAGE, read.site_id, channel)
        rows = _usage_rows(context, series_id, by_channel.get(channel, ()))
        counts, spans = _write(context, USAGE_KIND, series_id, rows)
        usage += counts
        _record_days(context, USAGE_KIND, series_id, spans, read.days)
    return WriteCounts(
        usage=usage,
        rejected=write_rejected(
            context, "amber", f"usage/{read.site_id}", read.answer.rejected
        ),
    )


def _write[Row: (PriceRow, UsageRow)](
    context: WriteTransaction,
    kind: IntervalKind[Row],
    series_id: int,
    rows: IntervalBlock[Row] | Sequence[Row],
) -> tuple[KindCounts, Spans | None]:
    """Write settled rows; return what they brought and the time they cover."""
    if isinstance(rows, IntervalBlock):
        spans = spans_of_block(rows)
        return write_block(context, kind, rows, spans), spans
    if not rows:
        return KindCounts(), None
    spans = spans_of_rows(rows)
    return write_settled(context, kind, series_id, rows, spans), spans


def _group[Record](
    records: Iterable[Record], channel_of: Callable[[Record], str]
) -> Mapping[str, list[Record]]:
    groups: dict[str, list[Record]] = {}
    # upstream sends channel after channel
    for channel, of_channel in groupby(records, key=channel_of):
        groups.setdefault(channel, []).extend(of_channel)
    return groups


def _price_rows(
    context: WriteTransaction, series_id: int, prices: Sequence[Price]
) -> tuple[IntervalBlock[PriceRow] | list[PriceRow], list[PriceRow]]:
    """Return the settled and the expected rows of one channel."""
    if not prices:
        return [], []
    number_of = context.caches.attributes.number_of
    origin = (series_id, context.run_id, context.known_at)
    block = price_block(prices, origin, number_of)
    if block is not None:
        return block, []
    settled: list[PriceRow] = []
    expected: list[PriceRow] = []
    for price in prices:
        key = attribute_key(price)
        ids = (series_id, number_of(key), context.run_id, context.known_at)
        target = settled if price.is_settled else expected
        target.append(encode_price(price, key, ids))
    return settled, expected


def _usage_rows(
    context: WriteTransaction, series_id: int, usages: Sequence[Usage]
) -> IntervalBlock[UsageRow] | list[UsageRow]:
    """Return the rows of one register."""
    if not usages:
        return []
    number_of = context.caches.attributes.number_of
    origin = (series_id, context.run_id, context.known_at)
    block = usage_block(usages, origin, number_of)
    if block is not None:
        return block
    rows: list[UsageRow] = []
    for usage in usages:
        key = attribute_key(usage)
        ids = (series_id, number_of(key), context.run_id, context.known_at)
        rows.append(encode_usage(usage, key, usage.channel_identifier, ids))
    return rows


def _series(context: WriteTransaction, kind: Kind, site_id: str, channel: str) -> int:
    return context.caches.series.number_of((kind.value, site_id, channel))


def _record_days(
    context: WriteTransaction,
    kind: IntervalKind[Any],
    series_id: int,
    spans: Spans | None,
    days: tuple[date, date] | None,
) -> None:
    """Note in the ledger, but for days that have not begun: nothing can be there."""
    today = day_number(context.today)
    asked = None
    if days is not None and day_number(days[0]) <= today:
        asked = day_number(days[0]), min(day_number(days[1]), today)
    touched = () if spans is None else spans.days
    record_interval_days(
        context,
        kind.statements.minutes_of_days,
        series_id,
        asked=asked,
        touched=touched,
    )
