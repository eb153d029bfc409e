"""Every usage interval of a site, and its cost by day, for exports."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from energy_logger_server.api.amber_models import Usage
from energy_logger_server.api.amber_parse import parse_usage
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import decode_usage
from energy_logger_server.store.db.export_blocks import Blocks, Number, read_blocks
from energy_logger_server.store.db.query import Query, Row
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction
from energy_logger_server.store.ledger.attribute_texts import attribute_keys
from energy_logger_server.store.schema.amber import USAGE

from .export_intervals import (
    DAY_S,
    IN_SPAN,
    NEM_MIDNIGHT_S,
    OF_SITE,
    AttributeTexts,
    IntervalTexts,
    SiteSeries,
    aud_of,
    aud_text,
    energy_of,
    of_site,
    original,
    starts_of,
    texts_of,
)

_COLUMNS = ", ".join(f"t.{name}" for name in USAGE.columns.keys())  # noqa: SIM118 - the names, not the columns
_WIDTH = len(USAGE.columns)
_END, _DURATION, _ENERGY, _COST, _PRICE, _SPOT, _RENEWABLES, _TEXTS = range(1, 9)
_EXTRA = _WIDTH - 1
_REGISTER = _WIDTH

_OF_SITE = of_site("usage", Kind.USAGE)
_NEXT_AT = Query(
    f"SELECT min(t.end_at) {_OF_SITE} AND t.end_at > :at", (*OF_SITE, "at")
)
_USAGE = Query(
    f"SELECT {_COLUMNS}, s.channel {_OF_SITE} AND {IN_SPAN} ORDER BY 2, 1, 3",
    (*OF_SITE, "first", "end", "behind_end"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRows:
    """Usage by column; cents have upstream's sign.

    Attributes:
        starts_at: Epoch seconds.
        ends_at: Epoch seconds.
        duration_minutes: Lengths.
        registers: Channel identifiers.
        text_ids: Which of ``texts`` each row has.
        texts: By their number.
        energy_e3: kWh times 10^3, positive in the channel's normal direction.
        cost_e4: Cents times 10^4; None where upstream does not know it.
        cost_aud_e6: AUD times 10^6, positive in the channel's normal direction.
        price_e5: c/kWh times 10^5; None likewise.
        spot_e5: c/kWh times 10^5.
        renewables_percent: Share in the grid, or its text.
    """

    starts_at: Sequence[int]
    ends_at: Sequence[int]
    duration_minutes: Sequence[int]
    registers: Sequence[str]
    text_ids: Sequence[int]
    texts: Mapping[int, IntervalTexts]
    energy_e3: Sequence[Number]
    cost_e4: Sequence[Number | None]
    cost_aud_e6: Sequence[Number | None]
    price_e5: Sequence[Number | None]
    spot_e5: Sequence[Number | None]
    renewables_percent: Sequence[float | str | None]


def export_usage(
    read: ReadTransaction, series: SiteSeries, span: tuple[int, int]
) -> Generator[UsageRows]:
    """Yield the usage intervals that begin in a span, ascending in time.

    Args:
        read: The stream's.
        series: Which.
        span: First instant and the one past the last, epoch seconds.
    """
    attribute_texts = AttributeTexts()

    def next_at(connection: Reader, at: int) -> int | None:
        [end_at] = _NEXT_AT.one(connection, *series.values, at)
        # no interval is longer than a day
        return None if end_at is None else end_at - DAY_S

    def rows(connection: Reader, first: int, end: int) -> UsageRows | None:
        found = _USAGE.all(connection, *series.values, first, end, end + DAY_S)
        return _rows(connection, attribute_texts, found) if found else None

    block_s = series.block_s(read, Kind.USAGE)
    if block_s is not None:
        yield from read_blocks(
            read, Blocks(next_at, rows, block_s, NEM_MIDNIGHT_S), span
        )


def _rows(
    connection: Reader, attribute_texts: AttributeTexts, found: Sequence[Row]
) -> UsageRows:
    columns = [list(column) for column in zip(*found, strict=True)]
    texts = attribute_texts.texts(connection, columns[_TEXTS])
    aud = aud_of(columns[_COST], columns[_TEXTS], texts)
    columns[_ENERGY] = energy_of(columns[_ENERGY], columns[_TEXTS], texts)
    if columns[_EXTRA].count(None) != len(found):
        keys = attribute_keys(connection)
        for place, row in enumerate(found):
            if row[_EXTRA] is not None:
                record = _exactly(columns, place, row, keys[row[_TEXTS]])
                aud[place] = aud_text(record.cost_aud)
                columns[_TEXTS][place] = -place - 1
                texts[-place - 1] = texts_of(record)
    return UsageRows(
        starts_at=starts_of(columns[_END], columns[_DURATION]),
        ends_at=columns[_END],
        duration_minutes=columns[_DURATION],
        registers=columns[_REGISTER],
        text_ids=columns[_TEXTS],
        texts=texts,
        energy_e3=columns[_ENERGY],
        cost_e4=columns[_COST],
        cost_aud_e6=aud,
        price_e5=columns[_PRICE],
        spot_e5=columns[_SPOT],
        renewables_percent=columns[_RENEWABLES],
    )


def _exactly(
    columns: Sequence[list[Any]], place: int, row: Row, key: AttributeKey
) -> Usage:
    """Put the numbers of an odd record into the columns as upstream wrote them.

    Energy of feed-in goes without its sign.
    """
    raw = decode_usage(row[:_WIDTH], key, row[_REGISTER])
    [record] = parse_usage([raw])[0]
    for column, name in ((_ENERGY, "kwh"), (_COST, "cost"), (_PRICE, "perKwh")):
        columns[column][place] = original(raw, name)
    if record.is_feed_in:
        columns[_ENERGY][place] = columns[_ENERGY][place].removeprefix("-")
    if record.spot_cents_per_kwh is not None:
        columns[_SPOT][place] = original(raw, "spotPerKwh")
    if record.renewables_percent is not None:
        columns[_RENEWABLES][place] = original(raw, "renewables")
    return record
