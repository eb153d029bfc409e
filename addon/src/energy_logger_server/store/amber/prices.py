"""Amber's sites, prices and usage, as the records that upstream's JSON gives.

Prices are settled ones and, where nothing settled covers an instant, what was expected
for it last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from energy_logger_server.api.amber_models import Price, Site, Usage
from energy_logger_server.api.amber_parse import parse_prices, parse_sites, parse_usage
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.intervals import (
    IntervalRow,
    PriceRow,
    UsageRow,
    decode_price,
    decode_usage,
)
from energy_logger_server.store.codec.sites import (
    ChannelColumns,
    SiteColumns,
    decode_site,
)
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader, bounded
from energy_logger_server.store.ledger.attribute_texts import attribute_keys

from .registers import REGISTERS

_LONGEST_INTERVAL_S = 86_400


class _Series(NamedTuple):
    id: int
    channel: str


_SITES = Query(
    f"SELECT id, is_gone, {columns_of(SiteColumns)} FROM site"
    " ORDER BY is_gone, position, id"
)
_CHANNELS = Query(
    f"SELECT site_row, {columns_of(ChannelColumns)} FROM site_channel"
    " ORDER BY site_row, position"
)
_SITE = Query("SELECT 1 FROM site WHERE site_id = :site", ("site",))
_SERIES = Query(
    "SELECT id, channel FROM series WHERE kind = :kind AND owner = :owner ORDER BY id",
    ("kind", "owner"),
    row=_Series,
)


def _newest_of[Found: IntervalRow](
    row: type[Found], table: str, condition: str, order: Sequence[str]
) -> Query[Found]:
    return Query(
        f"SELECT {columns_of(row, 't.')} FROM {table} t"
        f" WHERE t.series_id = :series AND {condition}"
        " ORDER BY t.end_at DESC LIMIT :limit",
        order,
        row=row,
    )


_START = "t.end_at - t.duration_minutes * 60"
# the bounds of end_at keep a read on the key: no interval is longer than a day
_IN_SPAN = (
    f"t.end_at > :first AND {_START} >= :first AND {_START} < :end"
    " AND t.end_at < :behind_end AND t.end_at < :before"
)
_AT = f"t.end_at > :at AND t.end_at <= :day_later AND {_START} <= :at"
NOT_SETTLED = (
    "NOT EXISTS (SELECT 1 FROM price p WHERE p.series_id = t.series_id"
    f" AND p.end_at > {_START} AND p.end_at < t.end_at + {_LONGEST_INTERVAL_S}"
    " AND p.end_at - p.duration_minutes * 60 < t.end_at)"
)
"""Condition that a row ``t`` overlaps no settled price."""

_SPAN_ORDER = ("series", "first", "end", "behind_end", "before", "limit")
_AT_ORDER = ("series", "at", "day_later", "limit")
_SETTLED = _newest_of(PriceRow, "price", _IN_SPAN, _SPAN_ORDER)
_EXPECTED = _newest_of(
    PriceRow, "price_outlook", f"{_IN_SPAN} AND {NOT_SETTLED}", _SPAN_ORDER
)
_USAGE = _newest_of(UsageRow, "usage", _IN_SPAN, _SPAN_ORDER)
_SETTLED_AT = _newest_of(PriceRow, "price", _AT, _AT_ORDER)
_EXPECTED_AT = _newest_of(PriceRow, "price_outlook", _AT, _AT_ORDER)


@dataclass(frozen=True, slots=True)
class StoredSite:
    """A site, and whether the account still has it."""

    site: Site
    is_gone: bool


@dataclass(frozen=True, slots=True)
class IntervalCursor:
    """Place between two intervals of a site: pages go on behind it.

    Attributes:
        end_at: End of the last interval sent, epoch seconds.
        series_id: Its series: channels share their ends.
    """

    end_at: int
    series_id: int


@dataclass(frozen=True, slots=True)
class IntervalPage[Record]:
    """The newest intervals of a span.

    Attributes:
        intervals: In ascending order of their ends, then by series.
        cursor: Where the older ones begin; None when there are none.
    """

    intervals: tuple[Record, ...]
    cursor: IntervalCursor | None


@dataclass(frozen=True, slots=True)
class IntervalSpan:
    """Which intervals of a site are wanted.

    Attributes:
        site_id: Whose.
        first: Earliest start, epoch seconds.
        end: No interval that starts here or later, epoch seconds.
        limit: Most intervals to return.
        channel: Channel type (prices) or register (usage); None for all.
        cursor: From the page before.
    """

    site_id: str
    first: int
    end: int
    limit: int
    channel: str | None = None
    cursor: IntervalCursor | None = None


@bounded
def sites(connection: Reader) -> tuple[StoredSite, ...]:
    """Return every site that was ever there, those that are gone last."""
    channels: dict[int, list[ChannelColumns]] = {}
    for site_row, *columns in _CHANNELS.all(connection):
        channels.setdefault(site_row, []).append(ChannelColumns._make(columns))
    rows = _SITES.all(connection)
    objects = [
        decode_site(SiteColumns._make(columns), channels.get(site_row, []))
        for site_row, _is_gone, *columns in rows
    ]
    parsed, _rejected = parse_sites([*objects])
    return tuple(
        StoredSite(site, bool(is_gone))
        for site, (_row, is_gone, *_columns) in zip(parsed, rows, strict=True)
    )


@bounded
def is_known_site(connection: Reader, site_id: str) -> bool:
    """Return whether the account has or had a site."""
    return _SITE.first(connection, site_id) is not None


@bounded
def known_channels(connection: Reader, kind: Kind, site_id: str) -> tuple[str, ...]:
    """Return the channels of a site: types of prices, registers of usage.

    They are those of its register list and those of which something is stored.
    """
    is_usage = kind is Kind.USAGE
    listed = [
        identifier if is_usage else type_
        for identifier, type_ in REGISTERS.all(connection, site_id)
    ]
    stored = [row.channel for row in _SERIES.all(connection, kind.value, site_id)]
    return tuple(dict.fromkeys((*listed, *stored)))


@bounded
def current_prices(
    connection: Reader, site_id: str, now: datetime
) -> tuple[Price, ...]:
    """Return the price of each channel whose interval covers an instant.

    Chosen by time, never by upstream's type: what was a forecast an hour ago may be
    all there is for now.
    """
    at = int(now.timestamp())
    rows = []
    for series_id, _channel in series_of(connection, Kind.PRICE, site_id, None):
        values = (series_id, at, at + _LONGEST_INTERVAL_S, 1)
        row = _SETTLED_AT.first(connection, *values) or _EXPECTED_AT.first(
            connection, *values
        )
        if row is not None:
            rows.append(row)
    return parsed_prices(connection, rows)


def newest_prices(connection: Reader, span: IntervalSpan) -> IntervalPage[Price]:
    """Return the newest prices of a span."""
    series = series_of(connection, Kind.PRICE, span.site_id, span.channel)
    rows, cursor = _newest(connection, (_SETTLED, _EXPECTED), span, series)
    return IntervalPage(parsed_prices(connection, rows), cursor)


def newest_usage(connection: Reader, span: IntervalSpan) -> IntervalPage[Usage]:
    """Return the newest usage of a span."""
    series = series_of(connection, Kind.USAGE, span.site_id, span.channel)
    registers = dict(series)
    rows, cursor = _newest(connection, (_USAGE,), span, series)
    texts = attribute_keys(connection)
    objects = [
        decode_usage(row, texts[row.attributes_id], registers[row.series_id])
        for row in rows
    ]
    return IntervalPage(parse_usage([*objects])[0], cursor)


def series_of(
    connection: Reader, kind: Kind, site_id: str, channel: str | None
) -> list[tuple[int, str]]:
    """Return number and channel of a site's series; of one channel if it is named."""
    return [
        (row.id, row.channel)
        for row in _SERIES.all(connection, kind.value, site_id)
        if channel is None or row.channel == channel
    ]


def _newest[Found: IntervalRow](
    connection: Reader,
    queries: Sequence[Query[Found]],
    span: IntervalSpan,
    series: Sequence[tuple[int, str]],
) -> tuple[list[Found], IntervalCursor | None]:
    """Return rows in ascending order, and where older ones begin."""
    found = [
        row
        for series_id, _channel in series
        for query in queries
        for row in query.all(
            connection,
            series_id,
            span.first,
            span.end,
            span.end + _LONGEST_INTERVAL_S,
            _before(span, series_id),
            span.limit + 1,
        )
    ]
    found.sort(key=lambda row: (row.end_at, row.series_id), reverse=True)
    kept = found[: span.limit]
    cursor = None
    if len(found) > len(kept):
        cursor = IntervalCursor(kept[-1].end_at, kept[-1].series_id)
    kept.reverse()
    return kept, cursor


def _before(span: IntervalSpan, series_id: int) -> int:
    """Return the end that a series' intervals must lie before."""
    cursor = span.cursor
    if cursor is None:
        return span.end + _LONGEST_INTERVAL_S
    return cursor.end_at + 1 if series_id < cursor.series_id else cursor.end_at


def parsed_prices(connection: Reader, rows: Sequence[PriceRow]) -> tuple[Price, ...]:
    """Return the prices of rows, in their order."""
    texts = attribute_keys(connection)
    objects = [decode_price(row, texts[row.attributes_id]) for row in rows]
    return parse_prices([*objects])[0]
