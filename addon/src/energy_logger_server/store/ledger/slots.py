"""The ledger of substations: which slots of the polling grid have a fetch."""

from collections.abc import Collection, Sequence

from energy_logger_server.domain.collecting.batch import SubstationsRead
from energy_logger_server.domain.collecting.ledger import Kind, state_of_day
from energy_logger_server.domain.collecting.slots import (
    SlotCount,
    add_fetch,
    open_day,
    regrid,
)
from energy_logger_server.domain.load.central_days import (
    central_day_bounds,
    central_day_of_hour,
)
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.wide_insert import WideInsert
from energy_logger_server.store.schema.bookkeeping import LEDGER

from .write_transaction import WriteTransaction

_KIND = Kind.SUBSTATIONS.value
_UPSERT = WideInsert(
    LEDGER,
    ("estimated_minutes", "attempts", "checked_at", "cause", "recheck"),
    overwrites=True,
)


def record_fetches(
    context: WriteTransaction, reads: Sequence[SubstationsRead], minutes: Sequence[int]
) -> None:
    """Count the fetches, and the minute since 1970 of each, into the areas' days."""
    days = [central_day_of_hour(minute // 60) for minute in minutes]
    stored = _stored(context, set(days))
    rows = []
    for read, minute, day in zip(reads, minutes, days, strict=True):
        series_id = context.caches.series.number_of(
            (_KIND, str(read.table.area_id), "")
        )
        count = _count(context, read, (day, minute), stored.get((day, series_id)))
        state = state_of_day(
            expected_minutes=count.expected_minutes,
            present_minutes=count.present_minutes,
            estimated_minutes=0,
        )
        rows.append(
            (
                day,
                series_id,
                state.value,
                count.expected_minutes,
                count.present_minutes,
                count.slot_minutes,
                count.last_slot,
            )
        )
    context.caches.write_new(context.connection, context.known_at)
    if rows:
        _UPSERT.run(
            context.connection,
            (0, 0, context.known_at, None, False),
            list(zip(*rows, strict=True)),
        )


def _count(
    context: WriteTransaction,
    read: SubstationsRead,
    at: tuple[int, int],
    stored: SlotCount | None,
) -> SlotCount:
    day, minute_since_1970 = at
    start, end = central_day_bounds(day)
    minute = minute_since_1970 - start // 60
    if stored is None:
        return open_day(
            minute,
            (end - start) // 60,
            read.interval_minutes,
            is_first=not _was_read_before(context, read, start),
        )
    if read.interval_minutes == stored.slot_minutes:
        return add_fetch(stored, minute)
    return regrid(
        _minutes_of_day(context, read.table.area_id, start, end),
        stored.expected_minutes,
        max(read.interval_minutes, stored.slot_minutes),
    )


_LINES = Query(
    "SELECT day, series_id, expected_minutes, present_minutes, slot_minutes,"
    " last_slot FROM day_ledger"
    " WHERE day >= :first AND day <= :last AND slot_minutes > 0",
    ("first", "last"),
)
_BEFORE = Query(
    "SELECT 1 FROM substation_fetch WHERE area_id = :area AND hour < :hour LIMIT 1",
    ("area", "hour"),
)
_FETCHES = Query(
    "SELECT hour, minute FROM substation_fetch"
    " WHERE hour >= :first AND hour < :last AND area_id = :area",
    ("first", "last", "area"),
)


def _stored(
    context: WriteTransaction, days: Collection[int]
) -> dict[tuple[int, int], SlotCount]:
    if not days:
        return {}
    found = _LINES.all(context.connection, min(days), max(days))
    return {(day, series_id): SlotCount(*counts) for day, series_id, *counts in found}


def _was_read_before(
    context: WriteTransaction, read: SubstationsRead, start: int
) -> bool:
    return bool(_BEFORE.all(context.connection, read.table.area_id, start // 3600))


def _minutes_of_day(
    context: WriteTransaction, area_id: int, start: int, end: int
) -> list[int]:
    found = _FETCHES.all(context.connection, start // 3600, end // 3600, area_id)
    return [hour * 60 + minute - start // 60 for hour, minute in found]
