"""What a site used and paid by register and NEM day, for exports."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from energy_logger_server.api.channels import directed_money
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.db.export_blocks import (
    ROWS_OF_A_BLOCK,
    Blocks,
    Number,
    read_blocks,
)
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction

from .export_intervals import DAY_S, OF_SITE, SiteSeries, of_site

_NEM_OFFSET_S = 36_000
_DAYS_OF_A_BLOCK = ROWS_OF_A_BLOCK // 4

_OF_SITE = of_site("usage_day", Kind.USAGE)
_NEXT_DAY = Query(f"SELECT min(t.day) {_OF_SITE} AND t.day >= :day", (*OF_SITE, "day"))
_DAYS = Query(
    "SELECT t.day, s.channel, t.energy_e3,"
    " CASE WHEN t.unpriced_minutes < t.minutes THEN t.cost_e4 END,"
    " t.minutes, t.estimated_minutes, t.unpriced_minutes,"
    # a register's type can only be seen in its intervals: sites come and go
    " (SELECT a.channel_type FROM usage u JOIN interval_attributes a"
    " ON a.id = u.attributes_id WHERE u.series_id = t.series_id"
    " ORDER BY u.end_at DESC LIMIT 1)"
    f" {_OF_SITE} AND t.day >= :first AND t.day < :end ORDER BY t.day, s.channel",
    (*OF_SITE, "first", "end"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRows:
    """Days by column, ascending; cents have upstream's sign.

    Attributes:
        days: NEM dates, days since 1970-01-01.
        registers: Channel identifiers.
        channel_types: What the registers are for.
        energy_e3: kWh times 10^3, positive in the channel's normal direction.
        cost_e4: Cents times 10^4, of what has a known cost; None where nothing has.
        cost_aud_e6: AUD times 10^6, positive in the channel's normal direction.
        minutes: How much of the day is known.
        estimated_minutes: How much of that may still change.
        unpriced_minutes: How much of that has an unknown cost.
    """

    days: Sequence[int]
    registers: Sequence[str]
    channel_types: Sequence[str | None]
    energy_e3: Sequence[Number]
    cost_e4: Sequence[Number | None]
    cost_aud_e6: Sequence[Number | None]
    minutes: Sequence[int]
    estimated_minutes: Sequence[int]
    unpriced_minutes: Sequence[int]


def export_costs(
    read: ReadTransaction, series: SiteSeries, span: tuple[int, int]
) -> Generator[CostRows]:
    """Yield the NEM days that begin in a span, ascending, then by register.

    Args:
        read: The stream's.
        series: Which.
        span: First instant and the one past the last, epoch seconds.
    """

    def next_at(connection: Reader, at: int) -> int | None:
        [day] = _NEXT_DAY.one(connection, *series.values, _day_from(at))
        return None if day is None else day * DAY_S - _NEM_OFFSET_S

    def rows(connection: Reader, first: int, end: int) -> CostRows | None:
        found = _DAYS.all(connection, *series.values, _day_from(first), _day_from(end))
        if not found:
            return None
        days, registers, energy, cost, minutes, estimated, unpriced, types = zip(
            *found, strict=True
        )
        return CostRows(
            days=days,
            registers=registers,
            channel_types=types,
            energy_e3=energy,
            cost_e4=cost,
            cost_aud_e6=[
                None if cents is None else directed_money(cents, kind)
                for cents, kind in zip(cost, types, strict=True)
            ],
            minutes=minutes,
            estimated_minutes=estimated,
            unpriced_minutes=unpriced,
        )

    yield from read_blocks(read, Blocks(next_at, rows, _DAYS_OF_A_BLOCK * DAY_S), span)


def _day_from(at: int) -> int:
    """Return the first NEM day that begins at an instant or later."""
    return -(-(at + _NEM_OFFSET_S) // DAY_S)
