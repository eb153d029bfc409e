"""Rows of the KAMO logger: naive Central times, as texts."""

from typing import NamedTuple

from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader


class Cooperative(NamedTuple):
    """A row of ``cooperatives``."""

    id: int | str
    name: str
    abbreviation: str | None


class LoadRow(NamedTuple):
    """A row of ``load_data``; values of a scratch database are texts."""

    timestamp: str
    area_id: int | str
    load_kw: float | str
    created_at: str | None


class SnapshotRow(NamedTuple):
    """A row of ``substation_snapshots``; likewise."""

    snapshot_time: str
    area_id: int | str
    substation_name: str
    kw: float | str
    kvar: float | str | None
    pf: float | str | None
    quality: int | str | None
    quality_now: int | str | None


_COOPERATIVES = Query(
    f"SELECT {columns_of(Cooperative)} FROM cooperatives ORDER BY id", row=Cooperative
)
_LOADS = Query(
    f"SELECT {columns_of(LoadRow)} FROM load_data"
    " WHERE timestamp >= :first AND timestamp < :end ORDER BY timestamp, area_id",
    ("first", "end"),
    row=LoadRow,
)
_SNAPSHOTS = Query(
    f"SELECT {columns_of(SnapshotRow)} FROM substation_snapshots"
    # a scratch database has texts
    " WHERE area_id IN (:area, :text)"
    " AND snapshot_time >= :first AND snapshot_time < :end"
    " ORDER BY snapshot_time, id",
    ("area", "text", "first", "end"),
    row=SnapshotRow,
)
_TIMES = (("load_data", "timestamp"), ("substation_snapshots", "snapshot_time"))
# a year alone would be compared as a number: SQLite takes DATETIME for one
_FIRST_YEAR, _BEHIND_LAST_YEAR = "1998-", "3000-"
_ENDS = tuple(
    Query(
        f"SELECT {name}({column}) FROM {table} WHERE {column} >= '{_FIRST_YEAR}'"
        f" AND {column} < '{_BEHIND_LAST_YEAR}'"
    )
    for name in ("min", "max")
    for table, column in _TIMES
)
_WITHOUT_TIME = tuple(
    Query(
        f"SELECT count(*) FROM {table} WHERE {column} < '{_FIRST_YEAR}'"
        f" OR {column} >= '{_BEHIND_LAST_YEAR}'"
    )
    for table, column in _TIMES
)


def cooperatives(reader: Reader) -> list[Cooperative]:
    """Return the areas, by number."""
    return _COOPERATIVES.all(reader)


def first_and_last(reader: Reader) -> tuple[str, str] | None:
    """Return the first and the last time of any row; None when there is none."""
    found = [text for text in (end.value(reader) for end in _ENDS) if text]
    return (min(found), max(found)) if found else None


def rows_without_time(reader: Reader) -> tuple[int, int]:
    """Return how many loads and how many readings have no year in their time."""
    loads_without, readings_without = (
        int(count.value(reader)) for count in _WITHOUT_TIME
    )
    return loads_without, readings_without


def loads(reader: Reader, first: str, end: str) -> list[LoadRow]:
    """Return the loads of all areas from a time until before another."""
    return _LOADS.all(reader, first, end)


def snapshots(reader: Reader, area_id: int, first: str, end: str) -> list[SnapshotRow]:
    """Return the readings of an area likewise, in order of time."""
    return _SNAPSHOTS.all(reader, area_id, str(area_id), first, end)
