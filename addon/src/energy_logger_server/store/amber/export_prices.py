"""Every price of a site, and every forecast of one, for exports."""

from collections.abc import Generator

from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.intervals import PriceRow
from energy_logger_server.store.db.export_blocks import (
    FETCHED_AFTERWARDS_S,
    FETCHED_BEFORE_S,
    Blocks,
    read_blocks,
)
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction

from .export_intervals import (
    DAY_S,
    IN_SPAN,
    NEM_MIDNIGHT_S,
    OF_SITE,
    START,
    AttributeTexts,
    SiteSeries,
    of_site,
)
from .export_price_rows import PriceColumns, PriceRows, price_rows
from .interval_statements import FETCHED_COLUMNS
from .prices import NOT_SETTLED

_FETCHES_BLOCK_S = 300
_SETTLED = of_site("price", Kind.PRICE)
_EXPECTED = of_site("price_outlook", Kind.PRICE)
_ARCHIVED = of_site("price_archive", Kind.PRICE)
_COLUMNS = columns_of(PriceRow, "t.")
# channels share their ends
_BY_TIME = "ORDER BY end_at, series_id, duration_minutes"
_BY_FETCH = "ORDER BY known_at, end_at, series_id, duration_minutes"

_NEXT_PRICE = Query(
    "SELECT min(end_at) FROM ("
    f" SELECT min(t.end_at) AS end_at {_SETTLED} AND t.end_at > :at"
    f" UNION ALL SELECT min(t.end_at) {_EXPECTED} AND t.end_at > :at) found",
    (*OF_SITE, "at"),
)
_PRICES = Query(
    f"SELECT {_COLUMNS}, 1 AS is_settled {_SETTLED} AND {IN_SPAN}"
    f" UNION ALL SELECT {_COLUMNS}, 0 AS is_settled {_EXPECTED} AND {IN_SPAN}"
    f" AND {NOT_SETTLED} {_BY_TIME}",
    (*OF_SITE, "first", "end", "behind_end"),
    row=PriceColumns,
)
_NEXT_FORECAST = Query(
    f"SELECT min(t.end_at) {_EXPECTED} AND t.end_at > :at", (*OF_SITE, "at")
)
_FORECASTS = Query(
    f"SELECT {_COLUMNS}, 0 AS is_settled {_EXPECTED} AND {IN_SPAN}"
    f" AND t.end_at > :now {_BY_TIME}",
    (*OF_SITE, "first", "end", "behind_end", "now"),
    row=PriceColumns,
)
_NEXT_FETCH = Query(
    "SELECT min(fetched_at) FROM ("
    f" SELECT min(t.fetched_at) AS fetched_at {_ARCHIVED} AND t.fetched_at >= :at"
    f" UNION ALL SELECT min(t.known_at) {_EXPECTED} AND t.known_at >= :at) found",
    (*OF_SITE, "at"),
)
# the newest forecasts are in the archive too, unless they are older than what it
# keeps: UNION gives them once
_FETCHED = Query(
    f"SELECT {FETCHED_COLUMNS}, 0 AS is_settled {_ARCHIVED}"
    " AND t.fetched_at >= :fetched AND t.fetched_at < :behind_fetched"
    f" AND {START} >= :first AND {START} < :end"
    f" UNION SELECT {_COLUMNS}, 0 AS is_settled {_EXPECTED}"
    " AND t.known_at >= :fetched AND t.known_at < :behind_fetched"
    f" AND {START} >= :first AND {START} < :end {_BY_FETCH}",
    (*OF_SITE, "fetched", "behind_fetched", "first", "end"),
    row=PriceColumns,
)


def export_prices(
    read: ReadTransaction, series: SiteSeries, span: tuple[int, int]
) -> Generator[PriceRows]:
    """Yield the prices that begin in a span, ascending in time.

    Settled ones, and where nothing settled covers an instant what was expected last.

    Args:
        read: The stream's.
        series: Which.
        span: First instant and the one past the last, epoch seconds.
    """
    attribute_texts = AttributeTexts()

    def next_at(connection: Reader, at: int) -> int | None:
        [end_at] = _NEXT_PRICE.one(connection, *series.values, at)
        # no interval is longer than a day
        return None if end_at is None else end_at - DAY_S

    def rows(connection: Reader, first: int, end: int) -> PriceRows | None:
        found = _PRICES.columns(connection, *series.values, first, end, end + DAY_S)
        return price_rows(connection, attribute_texts, found)

    block_s = series.block_s(read, Kind.PRICE)
    if block_s is not None:
        yield from read_blocks(
            read, Blocks(next_at, rows, block_s, NEM_MIDNIGHT_S), span
        )


def export_price_forecasts(
    read: ReadTransaction, series: SiteSeries, span: tuple[int, int], now: int
) -> Generator[PriceRows]:
    """Yield what is expected of the intervals of a span that are not over.

    Args:
        read: The stream's.
        series: Which.
        span: First instant and the one past the last, epoch seconds.
        now: Epoch seconds.
    """
    attribute_texts = AttributeTexts()

    def next_at(connection: Reader, at: int) -> int | None:
        [end_at] = _NEXT_FORECAST.one(connection, *series.values, max(at, now))
        return None if end_at is None else end_at - DAY_S

    def rows(connection: Reader, first: int, end: int) -> PriceRows | None:
        found = _FORECASTS.columns(
            connection, *series.values, first, end, end + DAY_S, now
        )
        return price_rows(connection, attribute_texts, found)

    block_s = series.block_s(read, Kind.PRICE)
    if block_s is not None:
        yield from read_blocks(
            read, Blocks(next_at, rows, block_s, NEM_MIDNIGHT_S), span
        )


def export_archived_price_forecasts(
    read: ReadTransaction, series: SiteSeries, span: tuple[int, int]
) -> Generator[PriceRows]:
    """Yield every forecast of a span's intervals, ascending by when it was fetched."""
    attribute_texts = AttributeTexts()

    def next_at(connection: Reader, at: int) -> int | None:
        found: int | None = _NEXT_FETCH.value(connection, *series.values, at)
        return found

    def rows(connection: Reader, first: int, end: int) -> PriceRows | None:
        found = _FETCHED.columns(connection, *series.values, first, end, *span)
        return price_rows(connection, attribute_texts, found)

    first, end = span
    fetched = (first - FETCHED_BEFORE_S, end + FETCHED_AFTERWARDS_S)
    yield from read_blocks(read, Blocks(next_at, rows, _FETCHES_BLOCK_S), fetched)
