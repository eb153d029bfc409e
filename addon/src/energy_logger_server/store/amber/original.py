"""Prices and usage of a site as upstream sent them: in pages, and around an instant.

One block for each channel: general, then controlled load, then feed-in, each in the
order of time (Amber OpenAPI 2.0.0; recorded answers).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from energy_logger_server.api.channels import ChannelType
from energy_logger_server.api.exact_json import JsonObject
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

from .registers import REGISTERS

_LONGEST_INTERVAL_S = 86_400

_BLOCKS = tuple(kind.value for kind in ChannelType)

_SERIES = Query(
    "SELECT id, channel FROM series WHERE kind = :kind AND owner = :owner ORDER BY id",
    ("kind", "owner"),
)
_START = "end_at - duration_minutes * 60"


@dataclass(frozen=True, slots=True)
class Span:
    """Which intervals are wanted: those that start in it.

    Attributes:
        site_id: Whose.
        first: Earliest start, epoch seconds.
        end: No interval that starts here or later, epoch seconds.
    """

    site_id: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class PageToken:
    """Where a page ended: the key of its last record."""

    series_id: int
    end_at: int
    duration_minutes: int


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """Some records of a list.

    Attributes:
        records: In upstream's order.
        place: Where the next page begins; None behind the last one.
    """

    records: list[JsonObject]
    place: PageToken | None


@dataclass(frozen=True, slots=True)
class PricesAround:
    """One channel's prices around an instant.

    Attributes:
        past: Intervals that are over, ascending.
        present: The one that holds the instant; None where nothing is known of it.
        coming: Intervals that have not begun, ascending.
    """

    past: list[JsonObject]
    present: JsonObject | None
    coming: list[JsonObject]


class _Rows[Found: IntervalRow]:
    """Queries of one table of intervals."""

    def __init__(self, table: str, row: type[Found]) -> None:
        ours = f"SELECT {columns_of(row)} FROM {table} WHERE series_id = :series"
        # the bounds of end_at keep a read on the key: no interval is longer than a day
        self.in_span = Query(
            f"{ours} AND (end_at, duration_minutes) > (:end_at, :duration)"
            f" AND end_at <= :last_end AND {_START} >= :first AND {_START} < :end"
            " ORDER BY end_at, duration_minutes LIMIT :limit",
            ("series", "end_at", "duration", "last_end", "first", "end", "limit"),
            row=row,
        )
        self.at = Query(
            f"{ours} AND end_at > :at AND end_at <= :day_later AND {_START} <= :at"
            " ORDER BY end_at LIMIT 1",
            ("series", "at", "day_later"),
            row=row,
        )
        self.before = Query(
            f"{ours} AND end_at <= :at"
            " ORDER BY end_at DESC, duration_minutes DESC LIMIT :limit",
            ("series", "at", "limit"),
            row=row,
        )
        self.after = Query(
            f"{ours} AND end_at > :at AND {_START} >= :at"
            " ORDER BY end_at, duration_minutes LIMIT :limit",
            ("series", "at", "limit"),
            row=row,
        )


# what was expected is read first: a price that is settled in between must not be missed
_PRICES = (_Rows("price_outlook", PriceRow), _Rows("price", PriceRow))
_USAGE = (_Rows("usage", UsageRow),)

type _Texts = Mapping[int, AttributeKey]


@dataclass(frozen=True, slots=True)
class _Series:
    """A channel's series; ``channel`` is its type, or its register for usage."""

    number: int
    channel: str


def prices_page(
    connection: Reader, span: Span, place: PageToken | None, limit: int
) -> OriginalPage:
    """Return the next prices of a span, settled or expected.

    Args:
        connection: A reader's.
        span: Which.
        place: From the page before; None for the first.
        limit: Most records to return.
    """
    series = _price_series(connection, span.site_id)
    picked, behind = _pick(connection, _PRICES, series, span, (place, limit))
    texts = attribute_keys(connection)
    return OriginalPage([_price(row, texts) for _one, row in picked], behind)


def usage_page(
    connection: Reader, span: Span, place: PageToken | None, limit: int
) -> OriginalPage:
    """Return the next usage of a span; the arguments are those of ``prices_page``."""
    series = _usage_series(connection, span.site_id)
    picked, behind = _pick(connection, _USAGE, series, span, (place, limit))
    texts = attribute_keys(connection)
    records = [
        decode_usage(row, texts[row.attributes_id], one.channel) for one, row in picked
    ]
    return OriginalPage(records, behind)


def prices_around(
    connection: Reader, site_id: str, at: int, counts: tuple[int, int]
) -> list[PricesAround]:
    """Return each channel's prices around an instant, chosen by time alone.

    Args:
        connection: A reader's.
        site_id: Whose.
        at: The instant, epoch seconds.
        counts: How many intervals before and after the present one, at most.
    """
    found = [
        _around(connection, one.number, at, counts)
        for one in _price_series(connection, site_id)
    ]
    texts = attribute_keys(connection)
    return [
        PricesAround(
            [_price(row, texts) for row in past],
            None if present is None else _price(present, texts),
            [_price(row, texts) for row in coming],
        )
        for past, present, coming in found
    ]


def _pick[Found: IntervalRow](
    connection: Reader,
    tables: Sequence[_Rows[Found]],
    series: Sequence[_Series],
    span: Span,
    page: tuple[PageToken | None, int],
) -> tuple[list[tuple[_Series, Found]], PageToken | None]:
    """Return rows with their series, and where the next page begins."""
    place, limit = page
    picked: list[tuple[_Series, Found]] = []
    for one in series:
        after = (span.first, 0)
        if place is not None:
            if place.series_id != one.number:
                continue
            after, place = (place.end_at, place.duration_minutes), None
        room = limit - len(picked)
        bounds = (span.end + _LONGEST_INTERVAL_S, span.first, span.end, room + 1)
        rows = _merged(
            table.in_span.all(connection, one.number, *after, *bounds)
            for table in tables
        )
        picked += [(one, row) for row in rows[:room]]
        if len(rows) > room:
            if room:
                after = _time_of(rows[room - 1])
            return picked, PageToken(one.number, *after)
    return picked, None


def _around(
    connection: Reader, number: int, at: int, counts: tuple[int, int]
) -> tuple[list[PriceRow], PriceRow | None, list[PriceRow]]:
    before, after = counts
    candidates = [
        row
        for table in _PRICES
        for row in table.at.all(connection, number, at, at + _LONGEST_INTERVAL_S)
    ]
    # a settled price, which is the last one, wins over what was expected
    present = candidates[-1] if candidates else None
    start, end = at, at
    if present is not None:
        start, end = present.end_at - present.duration_minutes * 60, present.end_at
    past = _merged(
        table.before.all(connection, number, start, before) for table in _PRICES
    )
    coming = _merged(
        table.after.all(connection, number, end, after) for table in _PRICES
    )
    return past[len(past) - min(before, len(past)) :], present, coming[:after]


def _merged[Found: IntervalRow](
    parts: Iterable[Sequence[Found]],
) -> list[Found]:
    """Return rows in the order of time; of two with one key the later part counts."""
    rows = {_time_of(row): row for part in parts for row in part}
    return [rows[key] for key in sorted(rows)]


def _time_of(row: IntervalRow) -> tuple[int, int]:
    return row.end_at, row.duration_minutes


def _price(row: PriceRow, texts: _Texts) -> JsonObject:
    return decode_price(row, texts[row.attributes_id])


def _price_series(connection: Reader, site_id: str) -> list[_Series]:
    """Return the series of a site's prices, which are listed by type of channel."""
    types = [register.type for register in REGISTERS.all(connection, site_id)]
    return _in_order(
        connection,
        Kind.PRICE,
        site_id,
        lambda kind: (_block(kind), _position(kind, types)),
    )


def _usage_series(connection: Reader, site_id: str) -> list[_Series]:
    """Return the series of a site's usage; registers that are gone come last."""
    types = dict(REGISTERS.all(connection, site_id))
    registers = list(types)
    return _in_order(
        connection,
        Kind.USAGE,
        site_id,
        lambda register: (
            _block(types.get(register)),
            _position(register, registers),
        ),
    )


def _in_order(
    connection: Reader,
    kind: Kind,
    site_id: str,
    rank: Callable[[str], tuple[int, int]],
) -> list[_Series]:
    """Return a site's series in the order of upstream's blocks."""
    found = [_Series(*row) for row in _SERIES.all(connection, kind.value, site_id)]
    return sorted(found, key=lambda one: (rank(one.channel), one.number))


def _block(kind: str | None) -> int:
    return _position(kind, _BLOCKS)


def _position(word: str | None, words: Sequence[str]) -> int:
    """Return where a word stands, behind all others if nowhere."""
    return words.index(word) if word in words else len(words)
