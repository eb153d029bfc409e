"""Prices by column, as exports write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.amber_parse import parse_prices
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import decode_price
from energy_logger_server.store.db.export_blocks import Number
from energy_logger_server.store.db.query import Row
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.ledger.attribute_texts import attribute_keys
from energy_logger_server.store.schema.amber import PRICE

from .export_intervals import (
    AttributeTexts,
    IntervalTexts,
    aud_of,
    aud_text,
    original,
    starts_of,
    texts_of,
)

PRICE_COLUMNS = ", ".join(f"t.{name}" for name in PRICE.columns.keys())  # noqa: SIM118 - the names, not the columns
"""SQL: the columns with which each row of ``price_rows`` begins."""

_WIDTH = len(PRICE.columns)
_END, _DURATION, _PRICE, _SPOT, _RENEWABLES, _TEXTS = range(1, 7)
_BANDS = range(7, 12)
_EXTRA = _WIDTH - 1
_PATHS_OF_BANDS = (
    ("range", "min"),
    ("range", "max"),
    ("advancedPrice", "low"),
    ("advancedPrice", "predicted"),
    ("advancedPrice", "high"),
)

type MaybeNumbers = Sequence[Number | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRows:
    """Prices by column; numbers in cents have upstream's sign.

    Attributes:
        starts_at: Epoch seconds.
        ends_at: Epoch seconds.
        duration_minutes: Lengths.
        text_ids: Which of ``texts`` each row has.
        texts: By their number.
        price_e5: c/kWh times 10^5.
        price_aud_e7: AUD/kWh times 10^7, positive in the channel's normal direction.
        spot_e5: c/kWh times 10^5.
        renewables_percent: Share in the grid, or its text.
        range_min_e5: c/kWh times 10^5, where upstream gives a range.
        range_max_e5: Likewise.
        low_e5: Of the advanced price, c/kWh times 10^5, where upstream gives one.
        predicted_e5: Likewise.
        high_e5: Likewise.
        is_settled: Whether no change is expected.
        fetched_at: When this value was first fetched, epoch seconds.
    """

    starts_at: Sequence[int]
    ends_at: Sequence[int]
    duration_minutes: Sequence[int]
    text_ids: Sequence[int]
    texts: Mapping[int, IntervalTexts]
    price_e5: MaybeNumbers
    price_aud_e7: MaybeNumbers
    spot_e5: MaybeNumbers
    renewables_percent: Sequence[float | str | None]
    range_min_e5: MaybeNumbers
    range_max_e5: MaybeNumbers
    low_e5: MaybeNumbers
    predicted_e5: MaybeNumbers
    high_e5: MaybeNumbers
    is_settled: Sequence[bool]
    fetched_at: Sequence[int]


def price_rows(
    connection: Reader, attribute_texts: AttributeTexts, found: Sequence[Row]
) -> PriceRows | None:
    """Return rows by column; None when there are none.

    Args:
        connection: That of the rows.
        attribute_texts: Of the export.
        found: ``PRICE_COLUMNS``, then whether it is settled and when it was fetched.
    """
    if not found:
        return None
    columns = [list(column) for column in zip(*found, strict=True)]
    texts = attribute_texts.texts(connection, columns[_TEXTS])
    aud = aud_of(columns[_PRICE], columns[_TEXTS], texts)
    if columns[_EXTRA].count(None) != len(found):
        keys = attribute_keys(connection)
        for place, row in enumerate(found):
            if row[_EXTRA] is not None:
                record = _exactly(columns, place, row, keys[row[_TEXTS]])
                aud[place] = aud_text(record.price_aud_per_kwh)
                columns[_TEXTS][place] = -place - 1
                texts[-place - 1] = texts_of(record)
    range_min, range_max, low, predicted, high = (columns[place] for place in _BANDS)
    return PriceRows(
        starts_at=starts_of(columns[_END], columns[_DURATION]),
        ends_at=columns[_END],
        duration_minutes=columns[_DURATION],
        text_ids=columns[_TEXTS],
        texts=texts,
        price_e5=columns[_PRICE],
        price_aud_e7=aud,
        spot_e5=columns[_SPOT],
        renewables_percent=columns[_RENEWABLES],
        range_min_e5=range_min,
        range_max_e5=range_max,
        low_e5=low,
        predicted_e5=predicted,
        high_e5=high,
        is_settled=list(map(bool, columns[_WIDTH])),
        fetched_at=columns[_WIDTH + 1],
    )


def _exactly(
    columns: Sequence[list[Any]], place: int, row: Row, key: AttributeKey
) -> Price:
    """Put the numbers of an odd record into the columns as upstream wrote them."""
    raw = decode_price(row[:_WIDTH], key)
    [record] = parse_prices([raw])[0]
    columns[_PRICE][place] = original(raw, "perKwh")
    if record.spot_cents_per_kwh is not None:
        columns[_SPOT][place] = original(raw, "spotPerKwh")
    if record.renewables_percent is not None:
        columns[_RENEWABLES][place] = original(raw, "renewables")
    is_there = [record.spot_range] * 2 + [record.advanced_price] * 3
    for column, path, band in zip(_BANDS, _PATHS_OF_BANDS, is_there, strict=True):
        columns[column][place] = None if band is None else original(raw, *path)
    return record
