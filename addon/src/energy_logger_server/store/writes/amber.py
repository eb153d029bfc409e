"""Answers about one site: prices of any life, and usage."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from energy_logger_server.api.models import Price, Usage
from energy_logger_server.api.nem import day_number, nem_day_number
from energy_logger_server.domain.batch import PricesRead, UsageRead
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.domain.runs import KindCounts, WriteCounts
from energy_logger_server.store.codec.attributes import attribute_key
from energy_logger_server.store.codec.intervals import encode_price, encode_usage
from energy_logger_server.store.schema.amber import SITE, SITE_CHANNEL

from .context import WriteContext
from .interval_kinds import DURATION, END, PRICE_KIND, USAGE_KIND, IntervalKind, Row
from .intervals import write_settled
from .ledger import note_interval_days
from .outlook import drop_outlook_of_settled, write_outlook
from .samples import write_rejected


def write_prices(context: WriteContext, read: PricesRead) -> WriteCounts:
    """Store an answer of prices: settled, expected, and the ledger's days."""
    settled: dict[str, list[Row]] = {}
    expected: dict[str, list[Row]] = {}
    for price in read.answer.records:
        target = settled if price.is_settled else expected
        target.setdefault(price.channel_type, []).append(
            _price_row(context, read.site_id, price)
        )
    channels = dict.fromkeys((*settled, *expected))
    if read.days is not None:
        channels.update(dict.fromkeys(_channels_of_site(context, read.site_id, "type")))
    prices, outlook = KindCounts(), KindCounts()
    for channel in channels:
        series_id = _series(context, Kind.PRICE, read.site_id, channel)
        rows = settled.get(channel, [])
        prices += write_settled(context, PRICE_KIND, series_id, rows)
        drop_outlook_of_settled(context, series_id, rows)
        outlook += write_outlook(context, series_id, expected.get(channel, []))
        _note_days(context, PRICE_KIND, series_id, rows, read.days)
    return WriteCounts(
        price=prices,
        forecast=outlook,
        rejected=write_rejected(
            context, "amber", f"price/{read.site_id}", read.answer.rejected
        ),
    )


def write_usage(context: WriteContext, read: UsageRead) -> WriteCounts:
    """Store an answer of usage and the ledger's days."""
    by_channel: dict[str, list[Row]] = {}
    for usage in read.answer.records:
        by_channel.setdefault(usage.channel_identifier, []).append(
            _usage_row(context, read.site_id, usage)
        )
    channels = dict.fromkeys(
        (*by_channel, *_channels_of_site(context, read.site_id, "identifier"))
    )
    counts = KindCounts()
    for channel in channels:
        series_id = _series(context, Kind.USAGE, read.site_id, channel)
        rows = by_channel.get(channel, [])
        counts += write_settled(context, USAGE_KIND, series_id, rows)
        _note_days(context, USAGE_KIND, series_id, rows, read.days)
    return WriteCounts(
        usage=counts,
        rejected=write_rejected(
            context, "amber", f"usage/{read.site_id}", read.answer.rejected
        ),
    )


def _price_row(context: WriteContext, site_id: str, price: Price) -> Row:
    key = attribute_key(price)
    ids = (
        _series(context, Kind.PRICE, site_id, price.channel_type),
        context.books.attributes.number_of(key),
        context.run_id,
        context.known_at,
    )
    return encode_price(price, key, ids)


def _usage_row(context: WriteContext, site_id: str, usage: Usage) -> Row:
    key = attribute_key(usage)
    channel = usage.channel_identifier
    ids = (
        _series(context, Kind.USAGE, site_id, channel),
        context.books.attributes.number_of(key),
        context.run_id,
        context.known_at,
    )
    return encode_usage(usage, key, channel, ids)


def _series(context: WriteContext, kind: Kind, site_id: str, channel: str) -> int:
    return context.books.series.number_of((kind.value, site_id, channel))


def _note_days(
    context: WriteContext,
    kind: IntervalKind,
    series_id: int,
    rows: Sequence[Row],
    days: tuple[date, date] | None,
) -> None:
    """Tell the ledger, but for days that have not begun: nothing can be there."""
    today = day_number(context.today)
    asked = None
    if days is not None and day_number(days[0]) <= today:
        asked = day_number(days[0]), min(day_number(days[1]), today)
    touched = {nem_day_number(row[END], row[DURATION]) for row in rows}
    note_interval_days(context, kind, series_id, asked=asked, touched=touched)


def _channels_of_site(
    context: WriteContext, site_id: str, column: str
) -> Iterable[str]:
    found = context.connection.execute(
        select(SITE_CHANNEL.c[column])
        .join(SITE, SITE.c.id == SITE_CHANNEL.c.site_row)
        .where(SITE.c.site_id == site_id)
        .order_by(SITE_CHANNEL.c.position)
    )
    return [row[0] for row in found]
