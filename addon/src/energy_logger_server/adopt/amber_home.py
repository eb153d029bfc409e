"""Adopting what amber-home kept: settled prices and usage.

Its forecasts are not adopted: it forgets them after two days.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain

from energy_logger_server.api.amber_models import Interval, Price, Usage
from energy_logger_server.api.amber_parse import (
    parse_prices,
    parse_sites,
    parse_usage,
)
from energy_logger_server.api.models import Answer
from energy_logger_server.domain.collecting.batch import (
    Adopted,
    PricesRead,
    SitesRead,
    UsageRead,
)
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.store import Store
from energy_logger_server.store.codec.instants import epoch_s
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.original import original_sites
from energy_logger_server.store.predecessors.amber_home import (
    PriceRow,
    UsageRow,
    prices,
    registers,
    sites,
    usage,
)
from energy_logger_server.store.predecessors.stored import Span, stored_intervals

from .amber_records import (
    NoClock,
    end_of,
    is_estimate,
    price_json,
    site_json,
    usage_json,
)
from .amber_times import LabelClock, clock_of
from .report import Fate, Report, Rows
from .values import Unreadable, date_or_none, number_or_none, time_or_none
from .writing import Writing

INTERVAL_MINUTES = 5
"""How often amber-home asks."""

type OnRows = Callable[[int], None]
"""Gets how many rows were read so far."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row that can be read.

    Attributes:
        site_id: Whose.
        record: Of Amber's client.
        written_at: Instant (UTC) at which it was stored, never before its end.
    """

    site_id: str
    record: Price | Usage
    written_at: datetime


async def adopt_amber_home(
    source: Reader,
    store: Store,
    writing: Writing,
    clock: LabelClock | None,
    on_rows: OnRows,
) -> Report:
    """Adopt prices and usage that the store does not have; return what became of all.

    Args:
        source: Reads amber-home's tables.
        store: Takes the rows.
        writing: How they get there; nothing is written in a dry run.
        clock: Of times without an offset; None has the rows' NEM dates say.
        on_rows: Called after some thousand rows.

    Raises:
        StoreUnavailable: If a part could not be written; those before it are.
    """
    report = Report()
    clock = clock or _clock(source)
    done = 0
    async with writing.run(Source.AMBER, INTERVAL_MINUTES):
        await writing.write(await _new_sites(source, store, writing.now))
        for page in chain[Sequence[PriceRow | UsageRow]](prices(source), usage(source)):
            placed = [one for row in page for one in _placed(row, clock, report)]
            await writing.write(await _parts(store, placed, report))
            done += len(page)
            on_rows(done)
    return report


def _clock(source: Reader) -> LabelClock | None:
    return clock_of(
        (wall, round(minutes), day)
        for row in _all_rows(source)
        if (wall := time_or_none(row.nem_time)) is not None
        and wall.tzinfo is None
        and (day := date_or_none(row.var_date)) is not None
        and (minutes := number_or_none(row.duration)) is not None
    )


def _all_rows(source: Reader) -> Iterator[PriceRow | UsageRow]:
    for page in prices(source):
        yield from page
    for more in usage(source):
        yield from more


async def _new_sites(source: Reader, store: Store, now: datetime) -> list[Adopted]:
    listed = await store.read(original_sites)
    known = {site["id"] for site in listed}
    new = [row for row in sites(source) if row.id not in known]
    if not new:
        return []
    records, rejected = parse_sites(
        [*listed, *(site_json(row, registers(source, row.id)) for row in new)]
    )
    return [Adopted(SitesRead(Answer(records, rejected, now)))]


def _placed(
    row: PriceRow | UsageRow, clock: LabelClock | None, report: Report
) -> Iterator[_Placed]:
    """Yield the record of a row, if it has one; else report why not."""
    rows = Rows.PRICE if isinstance(row, PriceRow) else Rows.USAGE
    try:
        if isinstance(row, PriceRow) and is_estimate(row):
            report.add(rows, Fate.ESTIMATE)
            return
        end, was_shifted = end_of(row, clock)
        record = _record(row, end)
    except NoClock as err:
        report.add(rows, Fate.NO_CLOCK, f"row {row.id}: {err}")
        return
    except Unreadable as err:
        report.add(rows, Fate.UNREADABLE, f"row {row.id}: {err}")
        return
    report.shifted += was_shifted
    yield _Placed(row.site_id, record, max(_utc(row.created_at) or end, end))


def _record(row: PriceRow | UsageRow, end: datetime) -> Price | Usage:
    found: Sequence[Price | Usage]
    if isinstance(row, PriceRow):
        found, rejected = parse_prices([price_json(row, end)])
    else:
        found, rejected = parse_usage([usage_json(row, end)])
    for lost in rejected:
        raise Unreadable(lost.reason)
    return found[0]


def _utc(value: object) -> datetime | None:
    """Return when a row was stored: PostgreSQL's clock, in a container that is UTC."""
    found = time_or_none(value)
    if found is None or found.tzinfo is not None:
        return found
    return found.replace(tzinfo=UTC)


async def _parts(
    store: Store, placed: Sequence[_Placed], report: Report
) -> list[Adopted]:
    """Return an answer for each site, kind and NEM date, of what is not stored yet."""
    fresh: dict[tuple[str, bool, date], list[_Placed]] = {}
    by_series: dict[tuple[str, Kind, str], list[_Placed]] = {}
    for one in placed:
        by_series.setdefault(_series(one), []).append(one)
    for (site_id, kind, channel), rows in by_series.items():
        begin = min(_span(one.record).start_at for one in rows)
        end = max(_span(one.record).end_at for one in rows)
        stored = await store.read(
            stored_intervals, kind, site_id, channel, Span(begin, end)
        )
        what = Rows.PRICE if kind is Kind.PRICE else Rows.USAGE
        for one in sorted(rows, key=lambda one: one.record.ends_at):
            if _overlaps(_span(one.record), stored):
                report.add(what, Fate.STORED)
                continue
            stored.insert(_place(_span(one.record), stored), _span(one.record))
            report.add(what, Fate.ADOPTED)
            key = site_id, kind is Kind.PRICE, one.record.nem_date
            fresh.setdefault(key, []).append(one)
    return [_answer(*key, rows) for key, rows in fresh.items()]


def _answer(
    site_id: str,
    are_prices: bool,  # noqa: FBT001 - of the two kinds
    day: date,
    rows: Sequence[_Placed],
) -> Adopted:
    at = max(one.written_at for one in rows)
    records = [one.record for one in rows]
    if are_prices:
        found = tuple(one for one in records if isinstance(one, Price))
        return Adopted(PricesRead(site_id, Answer(found, (), at)))
    used = tuple(one for one in records if isinstance(one, Usage))
    return Adopted(UsageRead(site_id, Answer(used, (), at), (day, day)))


def _series(one: _Placed) -> tuple[str, Kind, str]:
    record = one.record
    if isinstance(record, Usage):
        return one.site_id, Kind.USAGE, record.channel_identifier
    return one.site_id, Kind.PRICE, record.channel_type


def _span(record: Interval) -> Span:
    end = epoch_s(record.ends_at)
    return Span(end - record.duration_minutes * 60, end)


def _place(span: Span, among: Sequence[Span]) -> int:
    return bisect_right(among, span.start_at, key=lambda one: one.end_at)


def _overlaps(span: Span, stored: Sequence[Span]) -> bool:
    """Return whether a span shares time with one of others, which are in order."""
    place = _place(span, stored)
    return place < len(stored) and stored[place].start_at < span.end_at
