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

from energy_logger_server.api.amber_models import Price, Usage
from energy_logger_server.api.amber_parse import parse_prices, parse_usage
from energy_logger_server.api.exact_json import JsonObject, JsonValue, loads
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import decode_price, decode_usage
from energy_logger_server.store.db.query import Query, Row
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.ledger.attribute_texts import attribute_keys
from energy_logger_server.store.schema.amber import PRICE, USAGE

from .candidates import Candidate, Precedence, uncovered, without_overlaps
from .prices import IntervalCursor, IntervalPage, IntervalSpan, series_of

_DAY_S = 86_400
_NEM_OFFSET_S = 36_000
_WINDOW_S = 7 * _DAY_S
# the collector asks for three days at most
_FURTHEST_FORECAST_S = 7 * _DAY_S
# an expectation of what is over is fetched while its interval runs, or soon after
_LATEST_ESTIMATE_S = 2 * _DAY_S
_END, _DURATION = 1, 2
_PRICE_TEXTS, _USAGE_TEXTS = 6, 8
"""Positions of the attributes number."""

_WINDOW = "t.end_at > :low AND t.end_at <= :high"
_KNOWN_ORDER = ("series", "low", "high", "as_of")


def _known(table: str, columns: Sequence[str]) -> Query[Row]:
    names = ", ".join(f"t.{name}" for name in columns)
    return Query(
        f"SELECT {names}, t.known_at FROM {table} t WHERE t.series_id = :series"
        f" AND {_WINDOW} AND t.known_at <= :as_of",
        _KNOWN_ORDER,
    )


_PRICE_COLUMNS = PRICE.columns.keys()
_PRICES = _known("price", _PRICE_COLUMNS)
_OUTLOOK = _known("price_outlook", _PRICE_COLUMNS)
_USAGE = _known("usage", USAGE.columns.keys())
# what was kept aside was known until the second in which it came: never
_REVISIONS = Query(
    "SELECT t.id, t.end_at, t.duration_minutes, t.record FROM revision t"
    " WHERE t.kind = :kind AND t.series_id = :series"
    f" AND {_WINDOW} AND t.known_from <= :as_of AND t.known_until > :as_of",
    ("kind", *_KNOWN_ORDER),
)
_ARCHIVED = Query(
    f"SELECT {', '.join(f't.{name}' for name in _PRICE_COLUMNS)}, t.fetched_at"
    " FROM (SELECT t.end_at, t.duration_minutes, max(t.fetched_at) AS fetched_at"
    " FROM price_archive t WHERE t.series_id = :series AND t.fetched_at > :oldest"
    f" AND t.fetched_at <= :newest AND {_WINDOW}"
    " GROUP BY t.end_at, t.duration_minutes) n JOIN price_archive t"
    " ON t.series_id = :series AND t.fetched_at = n.fetched_at"
    " AND t.end_at = n.end_at AND t.duration_minutes = n.duration_minutes",
    ("series", "oldest", "newest", "low", "high"),
)
_REVISION_REACH = Query(
    "SELECT min(end_at), max(end_at) FROM revision"
    " WHERE kind = :kind AND series_id = :series",
    ("kind", "series"),
)
_ARCHIVE_REACH = Query(
    f"SELECT min(fetched_at) - {_LATEST_ESTIMATE_S},"
    f" max(fetched_at) + {_FURTHEST_FORECAST_S}"
    " FROM price_archive WHERE series_id = :series",
    ("series",),
)


def _reach(table: str) -> Query[Row]:
    return Query(
        f"SELECT min(end_at), max(end_at) FROM {table} WHERE series_id = :series",
        ("series",),
    )


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the beliefs about one kind of interval stand.

    Attributes:
        kind: Prices or usage.
        settled: Rows known at an instant; parameters as in ``_KNOWN_ORDER``.
        expected: The same of what is not settled; None when there is no such thing.
        reaches: First and last end of a series in each of its tables.
        texts: Position of the attributes number in a row.
        decode: Row, texts and channel to the JSON object.
    """

    kind: Kind
    settled: Query[Row]
    expected: Query[Row] | None
    reaches: tuple[Query[Row], ...]
    texts: int
    decode: Callable[[Row, AttributeKey, str], JsonObject]


_OF_PRICES = _Source(
    kind=Kind.PRICE,
    settled=_PRICES,
    expected=_OUTLOOK,
    reaches=(_reach("price"), _reach("price_outlook"), _ARCHIVE_REACH),
    texts=_PRICE_TEXTS,
    decode=lambda row, key, _channel: decode_price(row[:-1], key),
)
_OF_USAGE = _Source(
    kind=Kind.USAGE,
    settled=_USAGE,
    expected=None,
    reaches=(_reach("usage"),),
    texts=_USAGE_TEXTS,
    decode=lambda row, key, channel: decode_usage(row[:-1], key, channel),
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
class _Question:
    """What stays the same while the windows of a span are read."""

    connection: Reader
    source: _Source
    span: IntervalSpan
    as_of: int
    texts: dict[int, AttributeKey]


def _page(
    connection: Reader, source: _Source, span: IntervalSpan, as_of: datetime
) -> tuple[list[JsonValue], IntervalCursor | None]:
    """Return the objects in ascending order, and where older ones begin."""
    series = series_of(connection, source.kind, span.site_id, span.channel)
    question = _Question(
        connection, source, span, int(as_of.timestamp()), attribute_keys(connection)
    )
    found: list[Candidate] = []
    for window in _windows(question, [number for number, _channel in series]):
        of_window = [
            belief
            for number, channel in series
            for belief in _beliefs(question, number, channel, window)
            if _is_wanted(span, belief)
        ]
        of_window.sort(key=lambda one: (one.end_at, one.series_id), reverse=True)
        found += of_window
        if len(found) > span.limit:
            break
    kept = found[: span.limit]
    cursor = None
    if len(found) > len(kept):
        cursor = IntervalCursor(kept[-1].end_at, kept[-1].series_id)
    return [belief.record() for belief in reversed(kept)], cursor


def _windows(question: _Question, series: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield spans of whole NEM days, newest first, that hold every wanted interval.

    No interval lies in two NEM days, so none lies in two windows.
    """
    reaches = [
        edges
        for number in series
        for query in question.source.reaches
        for edges in [query.one(question.connection, number)]
    ] + [
        _REVISION_REACH.one(question.connection, question.source.kind.value, number)
        for number in series
    ]
    known = [edges for edges in reaches if edges[0] is not None]
    if not known:
        return
    span = question.span
    high = min(span.end + _DAY_S, max(int(edges[1]) for edges in known))
    if span.cursor is not None:
        high = min(high, span.cursor.end_at)
    low = max(span.first, min(int(edges[0]) for edges in known) - _DAY_S)
    end = _midnight(high + _DAY_S - 1)
    while end > low:
        yield end - _WINDOW_S, end
        end -= _WINDOW_S


def _midnight(at: int) -> int:
    """Return the NEM midnight at or before an instant."""
    return at - (at + _NEM_OFFSET_S) % _DAY_S


def _beliefs(
    question: _Question, series_id: int, channel: str, window: tuple[int, int]
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
            row[1],
            row[2],
            (Precedence.REVISED, row[0]),
            partial(loads, row[3]),
        )
        for row in _REVISIONS.all(question.connection, source.kind.value, *values)
    ]
    held = without_overlaps(settled)
    span = question.span
    asked = max(window[0], span.first), min(window[1], span.end + _DAY_S)
    gap = uncovered(held, asked)
    if source.expected is None or gap is None:
        return held
    expected = [
        *source.expected.all(question.connection, series_id, *gap, question.as_of),
        *_ARCHIVED.all(
            question.connection,
            series_id,
            gap[0] - _FURTHEST_FORECAST_S,
            min(question.as_of, gap[1] + _LATEST_ESTIMATE_S),
            *gap,
        ),
    ]
    return without_overlaps(
        [
            *held,
            *(_of_row(question, channel, row, Precedence.EXPECTED) for row in expected),
        ]
    )


def _of_row(
    question: _Question, channel: str, row: Row, standing: Precedence
) -> Candidate:
    """Return the belief that a row states; its last column is when it became known."""
    source = question.source

    def record() -> JsonObject:
        return source.decode(row, question.texts[row[source.texts]], channel)

    return Candidate(row[0], row[_END], row[_DURATION], (standing, row[-1]), record)


def _is_wanted(span: IntervalSpan, belief: Candidate) -> bool:
    cursor = span.cursor
    return span.first <= belief.start_at < span.end and (
        cursor is None
        or (belief.end_at, belief.series_id) < (cursor.end_at, cursor.series_id)
    )
