"""Amber's sites, prices and usage, as the records that upstream's JSON gives.

Prices are settled ones and, where nothing settled covers an instant, what was expected
for it last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from energy_logger_server.api.amber_parse import parse_prices, parse_sites, parse_usage
from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.api.models import Price, Site, Usage
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import decode_price, decode_usage
from energy_logger_server.store.codec.sites import decode_site
from energy_logger_server.store.schema.amber import PRICE, USAGE

from .query import Query, Row

_LONGEST_INTERVAL_S = 86_400
_END = 1
_TEXTS = (
    "type",
    "channel_type",
    "spike_status",
    "descriptor",
    "estimate",
    "quality",
    "tariff",
)
_ESTIMATE = 4

_SITES = Query(
    "SELECT id, is_gone, site_id, nmi, network, status, active_from, closed_on,"
    " interval_length_minutes, extra FROM site ORDER BY is_gone, position, id"
)
_CHANNELS = Query(
    "SELECT site_row, identifier, type, tariff, extra FROM site_channel"
    " ORDER BY site_row, position"
)
_SITE = Query("SELECT 1 FROM site WHERE site_id = :site", ("site",))
_SERIES = Query(
    "SELECT id, channel FROM series WHERE kind = :kind AND owner = :owner ORDER BY id",
    ("kind", "owner"),
)


def _select(table: str, columns: Sequence[str], condition: str) -> str:
    names = ", ".join((*(f"t.{name}" for name in columns), *(f"a.{t}" for t in _TEXTS)))
    return (
        f"SELECT {names} FROM {table} t JOIN interval_attributes a"
        f" ON a.id = t.attributes_id WHERE t.series_id = :series AND {condition}"
        " ORDER BY t.end_at DESC LIMIT :limit"
    )


_START = "t.end_at - t.duration_minutes * 60"
# the bounds of end_at keep a read on the key: no interval is longer than a day
_IN_SPAN = (
    f"t.end_at > :first AND {_START} >= :first AND {_START} < :end"
    " AND t.end_at < :behind_end AND t.end_at < :before"
)
_AT = f"t.end_at > :at AND t.end_at <= :day_later AND {_START} <= :at"
_NOT_SETTLED = (
    "NOT EXISTS (SELECT 1 FROM price p WHERE p.series_id = t.series_id"
    f" AND p.end_at > {_START} AND p.end_at < t.end_at + {_LONGEST_INTERVAL_S}"
    " AND p.end_at - p.duration_minutes * 60 < t.end_at)"
)
_SPAN_ORDER = ("series", "first", "end", "behind_end", "before", "limit")
_AT_ORDER = ("series", "at", "day_later", "limit")
_PRICE_COLUMNS = PRICE.columns.keys()
_USAGE_COLUMNS = USAGE.columns.keys()

_SETTLED = Query(_select("price", _PRICE_COLUMNS, _IN_SPAN), _SPAN_ORDER)
_EXPECTED = Query(
    _select("price_outlook", _PRICE_COLUMNS, f"{_IN_SPAN} AND {_NOT_SETTLED}"),
    _SPAN_ORDER,
)
_USAGE = Query(_select("usage", _USAGE_COLUMNS, _IN_SPAN), _SPAN_ORDER)
_SETTLED_AT = Query(_select("price", _PRICE_COLUMNS, _AT), _AT_ORDER)
_EXPECTED_AT = Query(_select("price_outlook", _PRICE_COLUMNS, _AT), _AT_ORDER)


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


def sites(connection: Connection) -> tuple[StoredSite, ...]:
    """Return every site that was ever there, those that are gone last."""
    channels: dict[int, list[Row]] = {}
    for row in _CHANNELS.all(connection):
        channels.setdefault(row[0], []).append(row[1:])
    rows = _SITES.all(connection)
    objects = [
        decode_site(
            (row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9]),
            [(one[0], one[1], one[2], one[3]) for one in channels.get(row[0], [])],
        )
        for row in rows
    ]
    parsed, _rejected = parse_sites([*objects])
    return tuple(
        StoredSite(site, bool(row[1])) for site, row in zip(parsed, rows, strict=True)
    )


def is_known_site(connection: Connection, site_id: str) -> bool:
    """Return whether the account has or had a site."""
    return _SITE.first(connection, site_id) is not None


def current_prices(
    connection: Connection, site_id: str, now: datetime
) -> tuple[Price, ...]:
    """Return the price of each channel whose interval covers an instant.

    Chosen by time, never by upstream's type: what was a forecast an hour ago may be
    all there is for now.
    """
    at = int(now.timestamp())
    rows = []
    for series_id, _channel in _series(connection, Kind.PRICE, site_id, None):
        values = (series_id, at, at + _LONGEST_INTERVAL_S, 1)
        row = _SETTLED_AT.first(connection, *values) or _EXPECTED_AT.first(
            connection, *values
        )
        if row is not None:
            rows.append(row)
    return parse_prices([_price_object(row) for row in rows])[0]


def newest_prices(connection: Connection, span: IntervalSpan) -> IntervalPage[Price]:
    """Return the newest prices of a span."""
    series = _series(connection, Kind.PRICE, span.site_id, span.channel)
    rows, cursor = _newest(connection, (_SETTLED, _EXPECTED), span, series)
    records, _rejected = parse_prices([_price_object(row) for row in rows])
    return IntervalPage(records, cursor)


def newest_usage(connection: Connection, span: IntervalSpan) -> IntervalPage[Usage]:
    """Return the newest usage of a span."""
    series = _series(connection, Kind.USAGE, span.site_id, span.channel)
    registers = dict(series)
    rows, cursor = _newest(connection, (_USAGE,), span, series)
    records, _rejected = parse_usage(
        [_usage_object(row, registers[row[0]]) for row in rows]
    )
    return IntervalPage(records, cursor)


def _series(
    connection: Connection, kind: Kind, site_id: str, channel: str | None
) -> list[tuple[int, str]]:
    return [
        (row[0], row[1])
        for row in _SERIES.all(connection, kind.value, site_id)
        if channel is None or row[1] == channel
    ]


def _newest(
    connection: Connection,
    queries: Sequence[Query],
    span: IntervalSpan,
    series: Sequence[tuple[int, str]],
) -> tuple[list[Row], IntervalCursor | None]:
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
    found.sort(key=lambda row: (row[_END], row[0]), reverse=True)
    kept = found[: span.limit]
    cursor = None
    if len(found) > len(kept):
        cursor = IntervalCursor(kept[-1][_END], kept[-1][0])
    kept.reverse()
    return kept, cursor


def _before(span: IntervalSpan, series_id: int) -> int:
    """Return the end that a series' intervals must lie before."""
    cursor = span.cursor
    if cursor is None:
        return span.end + _LONGEST_INTERVAL_S
    return cursor.end_at + 1 if series_id < cursor.series_id else cursor.end_at


def _texts_of(texts: Row) -> AttributeKey:
    estimate = texts[_ESTIMATE]
    return (
        texts[0],
        texts[1],
        texts[2],
        texts[3],
        # SQLite has no booleans
        None if estimate is None else bool(estimate),
        texts[5],
        texts[6],
    )


def _price_object(row: Row) -> JsonObject:
    width = len(_PRICE_COLUMNS)
    columns: Any = tuple(row[:width])
    return decode_price(columns, _texts_of(row[width:]))


def _usage_object(row: Row, register: str) -> JsonObject:
    width = len(_USAGE_COLUMNS)
    columns: Any = tuple(row[:width])
    return decode_usage(columns, _texts_of(row[width:]), register)
