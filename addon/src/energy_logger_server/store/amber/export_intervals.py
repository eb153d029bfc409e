"""What exports of prices and of usage have in common: spans, texts, odd records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from energy_logger_server.api.amber_models import Price, Usage
from energy_logger_server.api.channels import (
    directed_energy,
    directed_money,
    is_feed_in,
)
from energy_logger_server.api.exact_json import JsonObject, JsonValue
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.codec.json_text import dumps
from energy_logger_server.store.db.export_blocks import ROWS_OF_A_BLOCK, Number
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction

DAY_S = 86_400
NEM_MIDNIGHT_S = 14 * 3600
"""Second of the UTC day at which a NEM day begins."""

START = "t.end_at - t.duration_minutes * 60"
IN_SPAN = (
    f"{START} >= :first AND {START} < :end"
    # keeps a read on the key: no interval is longer than a day
    " AND t.end_at > :first AND t.end_at < :behind_end"
)
"""SQL: the interval begins in a span."""

_INTERVALS_PER_DAY = 288
_MINUTE_S = 60
_COUNT = Query(
    "SELECT count(*) FROM series s WHERE s.kind = :kind AND s.owner = :site"
    " AND (s.channel = :channel OR :is_all = 1)",
    ("kind", "site", "channel", "is_all"),
)


def of_site(table: str, kind: Kind) -> str:
    """Return the SQL that selects rows ``t`` of a site's series ``s``.

    Further conditions can follow; its parameters are ``SiteSeries.values``.
    """
    return (
        f"FROM series s JOIN {table} t ON t.series_id = s.id"
        f" WHERE s.kind = '{kind.value}' AND s.owner = :site"
        " AND (s.channel = :channel OR :is_all = 1)"
    )


OF_SITE = ("site", "channel", "is_all")
"""The parameters of ``of_site``."""


@dataclass(frozen=True, slots=True)
class SiteSeries:
    """Which series of a site are wanted.

    Attributes:
        site_id: Whose.
        channel: Channel type (prices) or register (usage); None for all.
    """

    site_id: str
    channel: str | None = None

    @property
    def values(self) -> tuple[str, str, int]:
        """Values of the parameters of ``of_site``."""
        return self.site_id, self.channel or "", int(self.channel is None)

    def block_s(self, read: ReadTransaction, kind: Kind) -> int | None:
        """Return the length of a block, whole NEM days; None without any series."""
        values = (kind.value, *self.values)
        count: int
        count = read(lambda connection: _COUNT.value(connection, *values))
        if not count:
            return None
        return max(1, ROWS_OF_A_BLOCK // (_INTERVALS_PER_DAY * count)) * DAY_S


@dataclass(frozen=True, slots=True)
class IntervalTexts:
    """What an interval says besides its numbers, as in ``api.models``."""

    type: str
    channel_type: str
    spike_status: str | None
    descriptor: str | None
    estimate: bool | None
    quality: str | None
    tariff_period: str | None
    tariff_season: str | None
    tariff_block: int | None
    demand_window: bool | None


class _Texts(NamedTuple):
    id: int
    type: str
    channel_type: str
    spike_status: str | None
    descriptor: str | None
    estimate: int | None
    quality: str | None
    tariff_period: str | None
    tariff_season: str | None
    tariff_block: int | None
    demand_window: int | None


_TEXTS = Query(f"SELECT {columns_of(_Texts)} FROM interval_attributes", row=_Texts)


class AttributeTexts:
    """Texts by their number, read again when a new one is met."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[int, IntervalTexts] = {}

    def texts(
        self, connection: Reader, numbers: Iterable[int]
    ) -> dict[int, IntervalTexts]:
        """Return the texts of some numbers."""
        needed = {*numbers}
        if not needed <= self._known.keys():
            self._known = {
                row.id: IntervalTexts(
                    type=row.type,
                    channel_type=row.channel_type,
                    spike_status=row.spike_status,
                    descriptor=row.descriptor,
                    estimate=_truth(row.estimate),
                    quality=row.quality,
                    tariff_period=row.tariff_period,
                    tariff_season=row.tariff_season,
                    tariff_block=row.tariff_block,
                    demand_window=_truth(row.demand_window),
                )
                for row in _TEXTS.all(connection)
            }
        return {number: self._known[number] for number in needed}


def texts_of(record: Price | Usage) -> IntervalTexts:
    """Return the texts of a record."""
    tariff = record.tariff
    return IntervalTexts(
        type=record.type,
        channel_type=record.channel_type,
        spike_status=record.spike_status,
        descriptor=record.descriptor,
        estimate=record.estimate if isinstance(record, Price) else None,
        quality=record.quality if isinstance(record, Usage) else None,
        tariff_period=None if tariff is None else tariff.period,
        tariff_season=None if tariff is None else tariff.season,
        tariff_block=None if tariff is None else tariff.block,
        demand_window=None if tariff is None else tariff.demand_window,
    )


def starts_of(ends_at: Sequence[int], minutes: Sequence[int]) -> list[int]:
    """Return true starts of intervals, epoch seconds."""
    return [
        end_at - length * _MINUTE_S
        for end_at, length in zip(ends_at, minutes, strict=True)
    ]


def aud_of(
    cents: Sequence[int | None],
    text_ids: Sequence[int],
    texts: Mapping[int, IntervalTexts],
) -> list[Number | None]:
    """Return scaled cents with the sign of the channel's normal direction.

    They are AUD, scaled by a hundred times as much; None stays None.
    """
    feed_in = {
        number for number, text in texts.items() if is_feed_in(text.channel_type)
    }
    if not feed_in:
        return [*cents]
    return [
        amount
        if amount is None or number not in feed_in
        else directed_money(amount, texts[number].channel_type)
        for amount, number in zip(cents, text_ids, strict=True)
    ]


def energy_of(
    energies: Sequence[int], text_ids: Sequence[int], texts: Mapping[int, IntervalTexts]
) -> list[Number]:
    """Return scaled energy, positive in the channel's normal direction."""
    if min(energies) >= 0:
        return [*energies]
    return [
        directed_energy(energy, texts[number].channel_type)
        for energy, number in zip(energies, text_ids, strict=True)
    ]


def original(raw: JsonObject, *path: str) -> Number | None:
    """Return a number of upstream's object with all its digits; None if it has none."""
    value: JsonValue = raw
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return None if value is None else dumps(value)


def aud_text(aud: float | None) -> Number | None:
    """Return an amount as a record states it; None stays None."""
    return None if aud is None else repr(aud).removesuffix(".0")


def _truth(stored: int | None) -> bool | None:
    return None if stored is None else bool(stored)
