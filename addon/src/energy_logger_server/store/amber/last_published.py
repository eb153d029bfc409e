"""The prices that were current last, as a server that starts finds them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.amber_parse import parse_prices
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.intervals import (
    PriceRow,
    decode_price,
)
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.ledger.attribute_texts import attribute_keys

_DAY_S = 86_400
_COLUMNS = columns_of(PriceRow, "t.")
# the bounds of end_at keep a read on the key: no interval is longer than a day
_NEWEST = (
    "t.series_id = :series AND t.end_at <= :day_later"
    " AND t.end_at - t.duration_minutes * 60 <= :at ORDER BY t.end_at DESC LIMIT 1"
)
_ORDER = ("series", "day_later", "at")

_SERIES = Query(
    "SELECT id, owner FROM series WHERE kind = :kind ORDER BY id", ("kind",)
)
_SETTLED = Query(
    f"SELECT {_COLUMNS} FROM price t WHERE {_NEWEST}", _ORDER, row=PriceRow
)
_ESTIMATED = Query(
    f"SELECT {_COLUMNS} FROM price_outlook t"
    " JOIN interval_attributes a ON a.id = t.attributes_id"
    f" WHERE a.type = 'CurrentInterval' AND {_NEWEST}",
    _ORDER,
    row=PriceRow,
)


def last_current_prices(
    connection: Reader, now: datetime
) -> Mapping[str, Sequence[Price]]:
    """Return each channel's price that was the current one last, by site.

    Forecasts of intervals that have begun since then do not count: nobody has seen
    those intervals.

    Args:
        connection: A reader's.
        now: Present instant; what begins later is left out.
    """
    at = int(now.timestamp())
    rows: dict[str, list[PriceRow]] = {}
    for series_id, site_id in _SERIES.all(connection, Kind.PRICE.value):
        found = [
            row
            for query in (_SETTLED, _ESTIMATED)
            for row in query.all(connection, series_id, at + _DAY_S, at)
        ]
        if found:
            rows.setdefault(site_id, []).append(max(found, key=lambda row: row.end_at))
    texts = attribute_keys(connection)
    return {
        site_id: parse_prices(
            [decode_price(row, texts[row.attributes_id]) for row in of_site]
        )[0]
        for site_id, of_site in rows.items()
    }
