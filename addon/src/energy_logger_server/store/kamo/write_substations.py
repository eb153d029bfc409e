"""Substation readings, and the fetch that brought them."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from energy_logger_server.api.kamo_models import SubstationTable
from energy_logger_server.domain.collecting.batch import SubstationsRead
from energy_logger_server.domain.collecting.runs import KindCounts
from energy_logger_server.store.codec.instants import epoch_s
from energy_logger_server.store.db.query import Query, insert_into, upsert_into
from energy_logger_server.store.db.wide_insert import WideInsert
from energy_logger_server.store.ledger.slots import record_fetches
from energy_logger_server.store.ledger.write_transaction import WriteTransaction
from energy_logger_server.store.schema.kamo import FETCH, READING

from .readings import COLUMN_NAMES, encode_readings
from .substation_rollups import close_hour

type _Minute = tuple[int, int]
"""Hour since 1970, minute."""

_AREAS_FETCHED = Query(
    "SELECT area_id FROM substation_fetch WHERE hour = :hour AND minute = :minute",
    ("hour", "minute"),
)
_NEWEST_HOUR = Query("SELECT max(hour) FROM substation_fetch")
_READING = Query(
    f"SELECT {', '.join(COLUMN_NAMES)} FROM substation_reading"
    " WHERE hour = :hour AND substation_id = :substation_id AND minute = :minute",
    ("hour", "substation_id", "minute"),
)
_MINUTE = ("hour", "minute")
_ROW = (*_MINUTE, "substation_id", *COLUMN_NAMES)
_INSERT = insert_into(READING, _ROW)
_UPSERT = upsert_into(READING, _ROW)
_INSERT_MINUTE = WideInsert(READING, _MINUTE)
_UPSERT_FETCHES = WideInsert(FETCH, (*_MINUTE, "run_id"), overwrites=True)


def write_substations(
    context: WriteTransaction, reads: Sequence[SubstationsRead]
) -> KindCounts:
    """Store the readings of the areas that were read; close the hours that are over.

    A minute that an area has already (two runs within it) is read anew: its rows are
    replaced; any other minute is only added.
    """
    minutes = [epoch_s(read.table.fetched_at) // 60 for read in reads]
    by_minute: dict[_Minute, list[SubstationTable]] = {}
    for minute, read in zip(minutes, reads, strict=True):
        by_minute.setdefault(divmod(minute, 60), []).append(read.table)
    newest: int | None = _NEWEST_HOUR.value(context.connection)
    counts = KindCounts()
    for at, tables in by_minute.items():
        counts += _write_minute(context, at, tables)
    hours_read = {hour for hour, _minute in by_minute}
    for hour in _hours_that_are_over(hours_read, newest):
        close_hour(context, hour)
    record_fetches(context, reads, minutes)
    return counts


def _write_minute(
    context: WriteTransaction, at: _Minute, tables: Sequence[SubstationTable]
) -> KindCounts:
    """Store the readings of one minute."""
    there = {area_id for (area_id,) in _AREAS_FETCHED.all(context.connection, *at)}
    again = [table for table in tables if table.area_id in there]
    fresh = [table for table in tables if table.area_id not in there]
    count = sum(len(table.readings) for table in fresh)
    if count:
        columns = _columns(context, fresh)
        context.caches.write_new(context.connection, context.known_at)
        _INSERT_MINUTE.run(context.connection, at, columns)
    counts = _replace(context, at, _columns(context, again)) if again else KindCounts()
    # rows that are as they were still come from the run that brought them
    brought = tables if counts.new or counts.changed else fresh
    if brought:
        _UPSERT_FETCHES.run(
            context.connection,
            (*at, context.run_id),
            (
                [table.area_id for table in brought],
                [len(table.readings) for table in brought],
            ),
        )
    return counts + KindCounts(new=count)


def _columns(
    context: WriteTransaction, tables: Sequence[SubstationTable]
) -> tuple[Sequence[Any], ...]:
    """Return substation_id, and ``COLUMN_NAMES``."""
    names = [
        (table.area_id, [reading.name for reading in table.readings])
        for table in tables
    ]
    readings = list(chain.from_iterable(table.readings for table in tables))
    numbers = context.caches.substations.numbers_of(names)
    return (numbers, *encode_readings(readings))


def _hours_that_are_over(read: set[int], newest_before: int | None) -> set[int]:
    """Return the hours to count: the newest one gives way.

    The newest hour is open. A clock that was set back writes into an hour that is
    closed: that one is counted again.
    """
    hours = read if newest_before is None else {*read, newest_before}
    newest = max(hours, default=0)
    return {hour for hour in hours if hour < newest}


def _replace(
    context: WriteTransaction, at: _Minute, columns: Sequence[Sequence[Any]]
) -> KindCounts:
    hour, minute = at
    new: list[tuple[Any, ...]] = []
    changed: list[tuple[Any, ...]] = []
    unchanged = 0
    for substation_id, *values in zip(*columns, strict=True):
        stored = _READING.first(context.connection, hour, substation_id, minute)
        if stored is None:
            new.append((hour, minute, substation_id, *values))
        elif stored != tuple(values):
            changed.append((hour, minute, substation_id, *values))
        else:
            unchanged += 1
    context.caches.write_new(context.connection, context.known_at)
    _INSERT.run_many(context.connection, new)
    _UPSERT.run_many(context.connection, changed)
    return KindCounts(new=len(new), changed=len(changed), unchanged=unchanged)
