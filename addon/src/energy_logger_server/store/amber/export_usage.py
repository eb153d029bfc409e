"""Every usage interval of a site, and its cost by day, for exports."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from energy_logger_server.api.amber_models import Usage
from energy_logger_server.api.amber_parse import parse_usage
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.attributes import AttributeKey
from energy_logger_server.store.codec.intervals import (
    UsageRow,
    decode_usage,
)
from energy_logger_server.store.db.export_blocks import Blocks, Number, read_blocks
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction
from energy_logger_server.store.ledger.attribute_texts import attribute_keys

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

_WIDTH = len(UsageRow._fields)


class _Columns(NamedTuple):
    """A ``UsageRow`` and the register, by column.

    Numbers are as stored until those of odd records are replaced by upstream's texts.
    """

    series_id: list[int]
    end_at: list[int]
    duration_minutes: list[int]
    energy_e3: list[Any]
    cost_e4: list[Any]
    price_e5: list[Any]
    spot_e5: list[Any]
    renewables_percent: list[Any]
    attributes_id: list[int]
    run_id: list[int]
    known_at: list[int]
    extra: list[str | None]
    channel: list[str]


_OF_SITE = of_site("usage", Kind.USAGE)
_NEXT_AT = Query(
    f"SELECT min(t.end_at) {_OF_SITE} AND t.end_at > :at", (*OF_SITE, "at")
)
_USAGE = Query(
    f"SELECT {columns_of(UsageRow, 't.')}, s.channel {_OF_SITE} AND {IN_SPAN}"
    " ORDER BY t.end_at, t.series_id, t.duration_minutes",
    (*OF_SITE, "first", "end", "behind_end"),
    row=_Columns,
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
        columns = _USAGE.columns(connection, *series.values, first, end, end + DAY_S)
        return None if columns is None else _rows(connection, attribute_texts, columns)

    block_s = series.block_s(read, Kind.USAGE)
    if block_s is not None:
        yield from read_blocks(
            read, Blocks(next_at, rows, block_s, NEM_MIDNIGHT_S), span
        )


def _rows(
    connection: Reader, attribute_texts: AttributeTexts, columns: _Columns
) -> UsageRows:
    text_ids = columns.attributes_id
    texts = attribute_texts.texts(connection, text_ids)
    aud = aud_of(columns.cost_e4, text_ids, texts)
    energies = energy_of(columns.energy_e3, text_ids, texts)
    extras = columns.extra
    if extras.count(None) != len(extras):
        keys = attribute_keys(connection)
        for place, extra in enumerate(extras):
            if extra is not None:
                record, energies[place] = _exactly(
                    columns, place, keys[text_ids[place]]
                )
                aud[place] = aud_text(record.cost_aud)
                text_ids[place] = -place - 1
                texts[-place - 1] = texts_of(record)
    return UsageRows(
        starts_at=starts_of(columns.end_at, columns.duration_minutes),
        ends_at=columns.end_at,
        duration_minutes=columns.duration_minutes,
        registers=columns.channel,
        text_ids=text_ids,
        texts=texts,
        energy_e3=energies,
        cost_e4=columns.cost_e4,
        cost_aud_e6=aud,
        price_e5=columns.price_e5,
        spot_e5=columns.spot_e5,
        renewables_percent=columns.renewables_percent,
    )


def _exactly(columns: _Columns, place: int, key: AttributeKey) -> tuple[Usage, Number]:
    """Put the numbers of an odd record into the columns as upstream wrote them.

    Returns:
        The record, and its energy, which goes without its sign on feed-in.
    """
    row = UsageRow._make(column[place] for column in columns[:_WIDTH])
    raw = decode_usage(row, key, columns.channel[place])
    [record] = parse_usage([raw])[0]
    energy = str(original(raw, "kwh"))
    if record.is_feed_in:
        energy = energy.removeprefix("-")
    columns.cost_e4[place] = original(raw, "cost")
    columns.price_e5[place] = original(raw, "perKwh")
    if record.spot_cents_per_kwh is not None:
        columns.spot_e5[place] = original(raw, "spotPerKwh")
    if record.renewables_percent is not None:
        columns.renewables_percent[place] = original(raw, "renewables")
    return record, energy
