"""What is expected of prices from an instant on, and since when it is known."""

from dataclasses import dataclass
from datetime import UTC, datetime

from energy_logger_server.api.amber_models import Price
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.intervals import PriceRow
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader

from .prices import NOT_SETTLED, parsed_prices, series_of

_LONGEST_INTERVAL_S = 86_400
_START = "t.end_at - t.duration_minutes * 60"
_COLUMNS = columns_of(PriceRow, "t.")
# the bound of end_at keeps the read on the key: no interval is longer than a day
_AHEAD = (
    f"t.series_id = :series AND t.end_at > :now AND {_START} < :end"
    " AND t.end_at < :behind_end"
)
_AHEAD_ORDER = ("series", "now", "end", "behind_end")
_SETTLED = Query(
    f"SELECT {_COLUMNS} FROM price t WHERE {_AHEAD}", _AHEAD_ORDER, row=PriceRow
)
_EXPECTED = Query(
    f"SELECT {_COLUMNS} FROM price_outlook t WHERE {_AHEAD} AND {NOT_SETTLED}",
    _AHEAD_ORDER,
    row=PriceRow,
)
_GENERATED = Query(
    "SELECT max(t.known_at) FROM price_outlook t"
    f" WHERE t.series_id = :series AND t.end_at > :now AND {_START} > :now",
    ("series", "now"),
)


@dataclass(frozen=True, slots=True)
class KnownPrice:
    """A price, and since when it is what is believed.

    Attributes:
        price: The record.
        known_at: Instant (UTC) of the first answer that said so.
    """

    price: Price
    known_at: datetime


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected for a site's channels.

    Attributes:
        prices: In the order of their ends, then by channel; the first of each channel
            covers the present and may be settled.
        generated_at: Instant (UTC) of the newest answer that brought or changed a
            price of an interval to come; None when nothing is expected.
    """

    prices: tuple[KnownPrice, ...]
    generated_at: datetime | None


def forecast(
    connection: Reader,
    site_id: str,
    span: tuple[int, int],
    channel: str | None = None,
) -> Forecast:
    """Return the prices of intervals that end after now and begin before an end.

    Args:
        connection: A reader's.
        site_id: Whose; forecasts of other sites never come in between.
        span: Now and the end, epoch seconds.
        channel: Channel type; None for all.
    """
    now, end = span
    rows: list[PriceRow] = []
    generated: list[int] = []
    for series_id, _name in series_of(connection, Kind.PRICE, site_id, channel):
        values = (series_id, now, end, end + _LONGEST_INTERVAL_S)
        for query in (_SETTLED, _EXPECTED):
            rows += query.all(connection, *values)
        known_at: int | None = _GENERATED.value(connection, series_id, now)
        if known_at is not None:
            generated.append(known_at)
    rows.sort(key=lambda row: (row.end_at, row.series_id))
    prices = parsed_prices(connection, rows)
    return Forecast(
        prices=tuple(
            KnownPrice(price, _instant(row.known_at))
            for price, row in zip(prices, rows, strict=True)
        ),
        generated_at=_instant(max(generated)) if generated else None,
    )


def _instant(epoch_s: int) -> datetime:
    return datetime.fromtimestamp(epoch_s, UTC)
