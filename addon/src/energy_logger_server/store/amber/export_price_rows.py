"""Prices by column, as exports write them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from energy_logger_server.api.amber_models import Price
from energy_logger_server.api.amber_parse import parse_prices
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import (
    PriceRow,
    decode_price,
)
from energy_logger_server.store.db.export_blocks import Number
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.ledger.attribute_texts import attribute_keys

from .export_intervals import (
    AttributeTexts,
    IntervalTexts,
    aud_of,
    aud_text,
    original,
    starts_of,
    texts_of,
)

_WIDTH = len(PriceRow._fields)
_PATHS_OF_BANDS = (
    ("range", "min"),
    ("range", "max"),
    ("advancedPrice", "low"),
    ("advancedPrice", "predicted"),
    ("advancedPrice", "high"),
)

type MaybeNumbers = Sequence[Number | None]


class PriceColumns(NamedTuple):
    """What a query for ``price_rows`` selects, by column: a ``PriceRow`` and one more.

    Numbers are as stored until those of odd records are replaced by upstream's texts.
    """

    series_id: list[int]
    end_at: list[int]
    duration_minutes: list[int]
    price_e5: list[Any]
    spot_e5: list[Any]
    renewables_percent: list[Any]
    attributes_id: list[int]
    range_min_e5: list[Any]
    range_max_e5: list[Any]
    low_e5: list[Any]
    predicted_e5: list[Any]
    high_e5: list[Any]
    run_id: list[int]
    known_at: list[int]
    extra: list[str | None]
    is_settled: list[int]

    @property
    def bands_e5(self) -> Sequence[list[Any]]:
        """Range min and max, advanced low, predicted and high."""
        return (
            self.range_min_e5,
            self.range_max_e5,
            self.low_e5,
            self.predicted_e5,
            self.high_e5,
        )


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
    connection: Reader, attribute_texts: AttributeTexts, columns: PriceColumns | None
) -> PriceRows | None:
    """Return columns as they are exported; None when there are no rows.

    Args:
        connection: That of the rows.
        attribute_texts: Of the export.
        columns: As selected; ``known_at`` is when a price was fetched.
    """
    if columns is None:
        return None
    text_ids = columns.attributes_id
    texts = attribute_texts.texts(connection, text_ids)
    aud = aud_of(columns.price_e5, text_ids, texts)
    extras = columns.extra
    if extras.count(None) != len(extras):
        keys = attribute_keys(connection)
        for place, extra in enumerate(extras):
            if extra is not None:
                record = _exactly(columns, place, keys[text_ids[place]])
                aud[place] = aud_text(record.price_aud_per_kwh)
                text_ids[place] = -place - 1
                texts[-place - 1] = texts_of(record)
    return PriceRows(
        starts_at=starts_of(columns.end_at, columns.duration_minutes),
        ends_at=columns.end_at,
        duration_minutes=columns.duration_minutes,
        text_ids=text_ids,
        texts=texts,
        price_e5=columns.price_e5,
        price_aud_e7=aud,
        spot_e5=columns.spot_e5,
        renewables_percent=columns.renewables_percent,
        range_min_e5=columns.range_min_e5,
        range_max_e5=columns.range_max_e5,
        low_e5=columns.low_e5,
        predicted_e5=columns.predicted_e5,
        high_e5=columns.high_e5,
        is_settled=list(map(bool, columns.is_settled)),
        fetched_at=columns.known_at,
    )


def _exactly(columns: PriceColumns, place: int, key: AttributeKey) -> Price:
    """Put the numbers of an odd record into the columns as upstream wrote them."""
    row = PriceRow._make(column[place] for column in columns[:_WIDTH])
    raw = decode_price(row, key)
    [record] = parse_prices([raw])[0]
    columns.price_e5[place] = original(raw, "perKwh")
    if record.spot_cents_per_kwh is not None:
        columns.spot_e5[place] = original(raw, "spotPerKwh")
    if record.renewables_percent is not None:
        columns.renewables_percent[place] = original(raw, "renewables")
    is_there = [record.spot_range] * 2 + [record.advanced_price] * 3
    for column, path, band in zip(
        columns.bands_e5, _PATHS_OF_BANDS, is_there, strict=True
    ):
        column[place] = None if band is None else original(raw, *path)
    return record
