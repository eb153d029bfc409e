"""Prices and usage as the store believed them at an instant.

What had been settled by then counts first: rows known at the instant, and values that
were believed then and have been revised or superseded since. Where nothing was settled
yet, the newest forecast or estimate that had been fetched holds, as far as the
retention has kept it. A confirmed price that became the actual one without a change is
known since its confirmation, and comes as the actual one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import NamedTuple

from energy_logger_server.api.amber_models import Price, Usage
from energy_logger_server.api.amber_parse import parse_prices, parse_usage
from energy_logger_server.api.exact_json import JsonObject, JsonValue, loads
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import (
    IntervalRow,
    PriceRow,
    UsageRow,
    decode_price,
    decode_usage,
)
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.ledger.attribute_texts import attribute_keys

from .candidates import Candidate, Precedence, uncovered, without_overlaps
from .interval_statements import FETCHED_COLUMNS
from .prices import IntervalCursor, IntervalPage, IntervalSpan, series_of

_DAY_S = 86_400
_NEM_OFFSET_S = 36_000
_WINDOW_S = 7 * _DAY_S
# the collector asks for three days at most
_FURTHEST_FORECAST_S = 7 * _DAY_S
# an expectation of what is over is fetched while its interval runs, or soon after
_LATEST_ESTIMATE_S = 2 * _DAY_S


class _Revision(NamedTuple):
    id: int
    end_at: int
    duration_minutes: int
    record: str


class _Reach(NamedTuple):
    """First and last end; None when there is nothing."""

    first: int | None
    last: int | None


_WINDOW = "t.end_at > :low AND t.end_at <= :high"
_KNOWN_ORDER = ("series", "low", "high", "as_of")


def _known[Found: IntervalRow](table: str, row: type[Found]) -> Query[Found]:
    return Query(
        f"SELECT {columns_of(row, 't.')} FROM {table} t WHERE t.series_id = :series"
        f" AND {_WINDOW} AND t.known_at <= :as_of",
        _KNOWN_ORDER,
        row=row,
    )


_PRICES = _known("price", PriceRow)
_OUTLOOK = _known("price_outlook", PriceRow)
_USAGE = _known("usage", UsageRow)
# what was kept aside was known until the second in which it came: never
_REVISIONS = Query(
    "SELECT t.id, t.end_at, t.duration_minutes, t.record FROM revision t"
    " WHERE t.kind = :kind AND t.series_id = :series"
    f" AND {_WINDOW} AND t.known_from <= :as_of AND t.known_until > :as_of",
    ("kind", *_KNOWN_ORDER),
    row=_Revision,
)
_ARCHIVED = Query(
    f"SELECT {FETCHED_COLUMNS}"
    " FROM (SELECT t.end_at, t.duration_minutes, max(t.fetched_at) AS fetched_at"
    " FROM price_archive t WHERE t.series_id = :series AND t.fetched_at > :oldest"
    f" AND t.fetched_at <= :newest AND {_WINDOW}"
    " GROUP BY t.end_at, t.duration_minutes) n JOIN price_archive t"
    " ON t.series_id = :series AND t.fetched_at = n.fetched_at"
    " AND t.end_at = n.end_at AND t.duration_minutes = n.duration_minutes",
    ("series", "oldest", "newest", "low", "high"),
    row=PriceRow,
)
_REVISION_REACH = Query(
    "SELECT min(end_at) AS first, max(end_at) AS last FROM revision"
    " WHERE kind = :kind AND series_id = :series",
    ("kind", "series"),
    row=_Reach,
)
_ARCHIVE_REACH = Query(
    f"SELECT min(fetched_at) - {_LATEST_ESTIMATE_S} AS first,"
    f" max(fetched_at) + {_FURTHEST_FORECAST_S} AS last"
    " FROM price_archive WHERE series_id = :series",
    ("series",),
    row=_Reach,
)


def _reach(table: str) -> Query[_Reach]:
    return Query(
        f"SELECT min(end_at) AS first, max(end_at) AS last FROM {table}"
        " WHERE series_id = :series",
        ("series",),
        row=_Reach,
    )


@dataclass(frozen=True, slots=True)
class _Source[Found: IntervalRow]:
    """Where the candidates about one kind of interval stand.

    Attributes:
        kind: Prices or usage.
        settled: Rows known at an instant; parameters as in ``_KNOWN_ORDER``.
        expected: The same of what is not settled, and what the archive has of it; None
            when there is no such thing.
        reaches: First and last end of a series in each of its tables.
        decode: Row, texts and channel to the JSON object.
    """

    kind: Kind
    settled: Query[Found]
    expected: tuple[Query[Found], Query[Found]] | None
    reaches: tuple[Query[_Reach], ...]
    decode: Callable[[Found, AttributeKey, str], JsonObject]


_OF_PRICES = _Source(
    kind=Kind.PRICE,
    settled=_PRICES,
    expected=(_OUTLOOK, _ARCHIVED),
    reaches=(_reach("price"), _reach("price_outlook"), _ARCHIVE_REACH),
    decode=lambda row, key, _channel: decode_price(row, key),
)
_OF_USAGE = _Source(
    kind=Kind.USAGE,
    settled=_USAGE,
    expected=None,
    reaches=(_reach("usage"),),
    decode=decode_usage,
)


def prices_as_of(
    connection: Reader, span: IntervalSpan, as_of: datetime
) -> IntervalPage[Price]:
    """Return the newest prices of a span as they were believed at an instant.

    Args:
        connection: A reader's.
        span: As for ``amber.newest_prices``; cursors of both are of one kind.
        as_of: Aware; what became known at the instant itself counts.
    """
    objects, cursor = _page(connection, _OF_PRICES, span, as_of)
    return IntervalPage(parse_prices(objects)[0], cursor)


def usage_as_of(
    connection: Reader, span: IntervalSpan, as_of: datetime
) -> IntervalPage[Usage]:
    """Return the newest usage of a span as it was believed at an instant."""
    objects, cursor = _page(connection, _OF_USAGE, span, as_of)
    return IntervalPage(parse_usage(objects)[0], cursor)


@dataclass(frozen=True, slots=True)
class _Question[Found: IntervalRow]:
    """What stays the same while the windows of a span are read."""

    connection: Reader
    source: _Source[Found]
    span: IntervalSpan
    as_of: int
    texts: dict[int, AttributeKey]


def _page[Found: IntervalRow](
    connection: Reader, source: _Source[Found], span: IntervalSpan, as_of: datetime
) -> tuple[list[JsonValue], IntervalCursor | None]:
    """Return the objects in ascending order, and where older ones begin."""
    series = series_of(connection, source.kind, span.site_id, span.channel)
    question = _Question(
        connection, source, span, int(as_of.timestamp()), attribute_keys(connection)
    )
    found: list[Candidate] = []
    for window in _windows(question, [number for number, _channel in series]):
        of_window = [
            candidate
            for number, channel in series
            for candidate in _candidates(question, number, channel, window)
            if _is_wanted(span, candidate)
        ]
        of_window.sort(key=lambda one: (one.end_at, one.series_id), reverse=True)
        found += of_window
        if len(found) > span.limit:
            break
    kept = found[: span.limit]
    cursor = None
    if len(found) > len(kept):
        cursor = IntervalCursor(kept[-1].end_at, kept[-1].series_id)
    return [candidate.record() for candidate in reversed(kept)], cursor


def _windows[Found: IntervalRow](
    question: _Question[Found], series: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield spans of whole NEM days, newest first, that hold every wanted interval.

    No interval lies in two NEM days, so none lies in two windows.
    """
    reaches = [
        query.one(question.connection, number)
        for number in series
        for query in question.source.reaches
    ] + [
        _REVISION_REACH.one(question.connection, question.source.kind.value, number)
        for number in series
    ]
    firsts = [reach.first for reach in reaches if reach.first is not None]
    lasts = [reach.last for reach in reaches if reach.last is not None]
    if not firsts:
        return
    span = question.span
    high = min(span.end + _DAY_S, max(lasts))
    if span.cursor is not None:
        high = min(high, span.cursor.end_at)
    low = max(span.first, min(firsts) - _DAY_S)
    end = _midnight(high + _DAY_S - 1)
    while end > low:
        yield end - _WINDOW_S, end
        end -= _WINDOW_S


def _midnight(at: int) -> int:
    """Return the NEM midnight at or before an instant."""
    return at - (at + _NEM_OFFSET_S) % _DAY_S


def _candidates[Found: IntervalRow](
    question: _Question[Found], series_id: int, channel: str, window: tuple[int, int]
) -> list[Candidate]:
    """Return what was believed of a series in a window."""
    source, values = question.source, (series_id, *window, question.as_of)
    settled = [
        _of_row(question, channel, row, Precedence.SETTLED)
        for row in source.settled.all(question.connection, *values)
    ]
    settled += [
        Candidate(
            series_id,
            row.end_at,
            row.duration_minutes,
            (Precedence.REVISED, row.id),
            partial(loads, row.record),
        )
        for row in _REVISIONS.all(question.connection, source.kind.value, *values)
    ]
    held = without_overlaps(settled)
    span = question.span
    low, high = window
    asked = max(low, span.first), min(high, span.end + _DAY_S)
    gap = uncovered(held, asked)
    if source.expected is None or gap is None:
        return held
    low, high = gap
    newest, archived = source.expected
    expected = [
        *newest.all(question.connection, series_id, low, high, question.as_of),
        *archived.all(
            question.connection,
            series_id,
            low - _FURTHEST_FORECAST_S,
            min(question.as_of, high + _LATEST_ESTIMATE_S),
            low,
            high,
        ),
    ]
    return without_overlaps(
        [
            *held,
            *(_of_row(question, channel, row, Precedence.EXPECTED) for row in expected),
        ]
    )


def _of_row[Found: IntervalRow](
    question: _Question[Found], channel: str, row: Found, standing: Precedence
) -> Candidate:
    """Return the candidate that a row states."""
    source = question.source

    def record() -> JsonObject:
        return source.decode(row, question.texts[row.attributes_id], channel)

    rank = standing, row.known_at
    return Candidate(row.series_id, row.end_at, row.duration_minutes, rank, record)


def _is_wanted(span: IntervalSpan, candidate: Candidate) -> bool:
    cursor = span.cursor
    return span.first <= candidate.start_at < span.end and (
        cursor is None
        or (candidate.end_at, candidate.series_id) < (cursor.end_at, cursor.series_id)
    )
