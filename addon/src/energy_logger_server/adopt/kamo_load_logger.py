"""Adopting what the KAMO logger kept: loads and substation readings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from energy_logger_server.api.kamo_models import SubstationReading
from energy_logger_server.domain.collecting.batch import Adopted
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.store import Store
from energy_logger_server.store.codec.instants import epoch_s
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.original import original_areas
from energy_logger_server.store.predecessors.kamo_load_logger import (
    LoadRow,
    SnapshotRow,
    cooperatives,
    first_and_last,
    loads,
    rows_without_time,
    snapshots,
)
from energy_logger_server.store.predecessors.stored import stored_hours, stored_minutes

from .central_times import RepeatedHour, instant_of, written_at
from .kamo_records import (
    area_number,
    areas_of,
    grid_of,
    point_of,
    reading_of,
    table_of,
)
from .report import Fate, Report, Rows
from .values import Unreadable, time_or_none
from .writing import Writing

INTERVAL_MINUTES = 5
"""To which the KAMO logger rounds the times of its snapshots, down."""

_WINDOW = timedelta(hours=6)
_HOUR = timedelta(hours=1)

type OnWindow = Callable[[datetime, datetime, datetime], None]
"""Gets where a window begins, and the first and the last time of all rows."""


@dataclass(frozen=True, slots=True)
class _Window:
    first: str
    end: str


@dataclass(frozen=True, slots=True)
class _Tables:
    """Where rows come from and go to.

    Attributes:
        source: The KAMO logger's.
        store: Ours.
        areas: Numbers of those that are listed.
        repeated: As reported.
    """

    source: Reader
    store: Store
    areas: frozenset[int]
    repeated: RepeatedHour | None


async def adopt_kamo_load_logger(
    source: Reader,
    store: Store,
    writing: Writing,
    repeated: RepeatedHour | None,
    on_window: OnWindow,
) -> Report:
    """Adopt loads and readings that the store does not have; return what became of all.

    Args:
        source: Reads the KAMO logger's tables.
        store: Takes the rows.
        writing: How they get there; nothing is written in a dry run.
        repeated: What to take times in the repeated hour for; None leaves them out.
        on_window: Called after every six hours.

    Raises:
        StoreUnavailable: If a window could not be written; those before it are.
    """
    report = Report()
    areas = cooperatives(source)
    for rows, count in zip(
        (Rows.LOAD, Rows.SUBSTATION), rows_without_time(source), strict=True
    ):
        report.add(rows, Fate.UNREADABLE, count=count)
    span = first_and_last(source)
    if span is None:
        return report
    first, last = _days(*span)
    listed = await store.read(original_areas)
    kept = [one for area in areas if (one := area_number(area.id)) is not None]
    known = {number for area in listed if isinstance(number := area["id"], int)}
    tables = _Tables(source, store, frozenset({*kept, *known}), repeated)
    async with writing.run(Source.KAMO, INTERVAL_MINUTES):
        await writing.write([areas_of(listed, areas, writing.now)])
        for begin, window in _windows(first, last):
            on_window(begin, first, last)
            parts = await _loads(tables, window, report)
            for area_id in kept:
                parts += await _snapshots(tables, area_id, window, report)
            await writing.write(parts)
    return report


def _days(first: str, last: str) -> tuple[datetime, datetime]:
    """Return times between which all lie whose texts do; the years do if need be."""
    begin, end = (time_or_none(text) for text in (first, last))
    return (
        begin or datetime(int(first[:4]), 1, 1),  # noqa: DTZ001 - a wall clock
        end or datetime(int(last[:4]) + 1, 1, 1),  # noqa: DTZ001
    )


def _windows(first: datetime, last: datetime) -> Iterator[tuple[datetime, _Window]]:
    at = first.replace(hour=0, minute=0, second=0, microsecond=0)
    while at <= last:
        end = at + _WINDOW
        yield at, _Window(str(at), str(end))
        at = end


async def _loads(tables: _Tables, window: _Window, report: Report) -> list[Adopted]:
    placed: list[tuple[LoadRow, int, datetime]] = []
    for row in loads(tables.source, window.first, window.end):
        at = _instant(row.timestamp, tables.repeated)
        example = f"load of area {row.area_id} at {row.timestamp}"
        if isinstance(at, Fate):
            report.add(Rows.LOAD, at, example)
        elif (area_id := area_number(row.area_id)) not in tables.areas:
            report.add(Rows.LOAD, Fate.UNREADABLE, f"{example}: no such area")
        elif area_id is not None:
            placed.append((row, area_id, at))
    if not placed:
        return []
    instants = [epoch_s(at) for _row, _area_id, at in placed]
    there = await tables.store.read(stored_hours, min(instants), max(instants) + 1)
    parts: list[Adopted] = []
    for row, area_id, at in placed:
        try:
            point = point_of(row, area_id, at)
        except Unreadable as err:
            report.add(Rows.LOAD, Fate.UNREADABLE, f"load at {row.timestamp}: {err}")
            continue
        key = area_id, epoch_s(at)
        if key in there:
            report.add(Rows.LOAD, Fate.STORED)
            continue
        there.add(key)
        written = written_at(time_or_none(row.created_at), at)
        report.provisional += written < at + _HOUR
        report.add(Rows.LOAD, Fate.ADOPTED)
        parts.append(grid_of(point, written))
    return parts


async def _snapshots(
    tables: _Tables, area_id: int, window: _Window, report: Report
) -> list[Adopted]:
    rows = snapshots(tables.source, area_id, window.first, window.end)
    by_instant = _readings(rows, tables.repeated, report)
    if not by_instant:
        return []
    instants = [epoch_s(at) for at in by_instant]
    there = await tables.store.read(stored_minutes, min(instants), max(instants) + 1)
    parts: list[Adopted] = []
    for at, readings in by_instant.items():
        is_there = (area_id, epoch_s(at) // 60) in there
        fate = Fate.STORED if is_there else Fate.ADOPTED
        report.add(Rows.SUBSTATION, fate, count=len(readings))
        if not is_there:
            parts.append(table_of(area_id, [*readings.values()], at, INTERVAL_MINUTES))
    return parts


def _readings(
    rows: Sequence[SnapshotRow], repeated: RepeatedHour | None, report: Report
) -> dict[datetime, dict[str, SubstationReading]]:
    """Return the readings of an area by instant and name; report the others."""
    found: dict[datetime, dict[str, SubstationReading]] = {}
    for row in rows:
        at = _instant(row.snapshot_time, repeated)
        example = f"{row.substation_name} at {row.snapshot_time}"
        if isinstance(at, Fate):
            report.add(Rows.SUBSTATION, at, example)
            continue
        try:
            reading = reading_of(row)
        except Unreadable as err:
            report.add(Rows.SUBSTATION, Fate.UNREADABLE, f"{example}: {err}")
            continue
        of_minute = found.setdefault(at, {})
        if reading.name in of_minute:
            report.add(Rows.SUBSTATION, Fate.STORED)
        of_minute.setdefault(reading.name, reading)
    return found


def _instant(text: str, repeated: RepeatedHour | None) -> datetime | Fate:
    wall = time_or_none(text)
    if wall is None or wall.tzinfo is not None:
        return Fate.UNREADABLE
    return instant_of(wall, repeated)
