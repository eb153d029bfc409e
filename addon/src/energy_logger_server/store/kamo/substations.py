"""Substations of one area: newest snapshot, history, names, summary.

A snapshot is what one fetch brought; its head in ``substation_fetch`` says at which
minute. Readings are filed by hour, then by substation, so each hour of an area is
read by key.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from energy_logger_server.domain.load.central_days import (
    central_day_bounds,
    central_day_of_hour,
)
from energy_logger_server.domain.load.power_factor import power_factor_of_sums
from energy_logger_server.domain.load.rollup_cover import (
    Span,
    cover_by_days,
    cover_by_hours,
)
from energy_logger_server.store.codec.reading_flags import UNKNOWN_REACTIVE_LOAD_SQL
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader, bounded

from .readings import READING_SQL, Reading, StoredReading, reading_of

_HOUR_S = 3600
_MINUTE_MS = 60_000


class _Sums(NamedTuple):
    """Over some readings; all but the count are None without any."""

    readings: int | None
    load_sum_e1: int
    reactive_sum_e1: int
    load_min_e1: int
    load_max_e1: int
    reactive_unknown_load_sum_e1: int


_NEWEST_FETCH = Query(
    "SELECT fetched_at_ms FROM last_fetch"
    " WHERE endpoint = 'substations' AND owner = :owner",
    ("owner",),
)
_NEWEST_HOUR = Query("SELECT max(hour) FROM substation_fetch")
_HEADS = Query(
    "SELECT hour, minute FROM substation_fetch WHERE area_id = :area"
    " AND hour >= :first_hour AND hour <= :last_hour"
    " AND hour * 60 + minute >= :first AND hour * 60 + minute < :end"
    " ORDER BY hour DESC, minute DESC LIMIT :limit",
    ("area", "first_hour", "last_hour", "first", "end", "limit"),
)
_NAMES = Query(
    "SELECT name FROM substation WHERE area_id = :area ORDER BY name", ("area",)
)
_SUBSTATION_ID = Query(
    "SELECT id FROM substation WHERE area_id = :area AND name = :name",
    ("area", "name"),
)
_READING = f"""
SELECT {READING_SQL}
FROM substation p CROSS JOIN substation_reading r
WHERE p.area_id = :area AND r.hour = :hour AND r.substation_id = p.id
"""
_READINGS = Query(
    f"{_READING} ORDER BY p.name, r.minute", ("area", "hour"), row=StoredReading
)
_READINGS_OF_ONE = Query(
    f"{_READING} AND p.name = :name ORDER BY r.minute",
    ("area", "hour", "name"),
    row=StoredReading,
)
_READINGS_AT = Query(
    f"{_READING} AND r.minute = :minute ORDER BY p.name",
    ("area", "hour", "minute"),
    row=StoredReading,
)
_CALENDAR = """
WITH RECURSIVE calendar(span) AS (
  SELECT CAST(:first AS BIGINT) UNION ALL
  SELECT span + 1 FROM calendar WHERE span + 1 < CAST(:end AS BIGINT))
SELECT sum(r.readings) AS readings, sum(r.load_sum_e1) AS load_sum_e1,
  sum(r.reactive_sum_e1) AS reactive_sum_e1, min(r.load_min_e1) AS load_min_e1,
  max(r.load_max_e1) AS load_max_e1,
  sum(r.reactive_unknown_load_sum_e1) AS reactive_unknown_load_sum_e1
FROM calendar c CROSS JOIN {table} r
WHERE r.{column} = c.span AND r.{column} < :end AND r.{column} <> :open
  AND r.substation_id = :substation_id
"""
_CALENDAR_ORDER = ("first", "end", "open", "substation_id")
_OF_DAYS = Query(
    _CALENDAR.format(table="substation_day", column="day"), _CALENDAR_ORDER, row=_Sums
)
_OF_HOURS = Query(
    _CALENDAR.format(table="substation_hour", column="hour"), _CALENDAR_ORDER, row=_Sums
)
_OF_MINUTES = Query(
    "SELECT count(*) AS readings, sum(load_e1) AS load_sum_e1,"
    " sum(reactive_e1) AS reactive_sum_e1, min(load_e1) AS load_min_e1,"
    " max(load_e1) AS load_max_e1,"
    f" {UNKNOWN_REACTIVE_LOAD_SQL} AS reactive_unknown_load_sum_e1"
    " FROM substation_reading WHERE hour = :hour AND substation_id = :substation_id"
    " AND minute >= :first AND minute < :end",
    ("hour", "substation_id", "first", "end"),
    row=_Sums,
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one fetch brought of an area.

    Attributes:
        read_at: The minute (UTC) of the fetch.
        readings: By name.
    """

    read_at: datetime
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    """The newest snapshots of a span.

    Attributes:
        snapshots: In descending order.
        is_truncated: Whether the span holds older ones.
    """

    snapshots: tuple[Snapshot, ...]
    is_truncated: bool


@dataclass(frozen=True, slots=True)
class SubstationSummary:
    """One substation over a span, in which it was read at least once.

    Attributes:
        readings: How often it was read.
        min_kw: Smallest load, kW.
        max_kw: Greatest load, kW.
        mean_kw: Mean load, kW.
        power_factor: Of all readings with reactive power together, 0 to 1; None
            without any power.
    """

    readings: int
    min_kw: float
    max_kw: float
    mean_kw: float
    power_factor: float | None


@bounded
def newest_hour(connection: Reader) -> int | None:
    """Return the open hour, epoch seconds // 3600; None before the first fetch.

    It is the newest one in which any substation was read, and has no rollup yet.
    """
    newest: int | None = _NEWEST_HOUR.value(connection)
    return newest


@bounded
def newest_snapshot(connection: Reader, area_id: int) -> Snapshot | None:
    """Return what the latest fetch of an area brought; None without any fetch."""
    fetched_at_ms: int | None = _NEWEST_FETCH.value(connection, str(area_id))
    if fetched_at_ms is None:
        return None
    hour, minute = divmod(fetched_at_ms // _MINUTE_MS, 60)
    rows = _READINGS_AT.all(connection, area_id, hour, minute)
    return Snapshot(instant_of(hour, minute), tuple(map(reading_of, rows)))


def newest_snapshots(
    connection: Reader,
    area_id: int,
    span: tuple[int, int],
    limit: int,
    name: str | None = None,
) -> SnapshotPage:
    """Return the newest snapshots whose minute lies in a span.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        span: First instant and the one past the last, epoch seconds.
        limit: Most snapshots to return.
        name: The only substation wanted, if not all.
    """
    heads = newest_minutes(connection, area_id, span, limit + 1)
    wanted = heads[:limit]
    hours = dict.fromkeys(hour for hour, _minute in wanted)
    readings = _readings_of_hours(connection, area_id, hours, name)
    return SnapshotPage(
        tuple(
            Snapshot(instant_of(hour, minute), readings.get(hour * 60 + minute, ()))
            for hour, minute in wanted
        ),
        is_truncated=len(heads) > limit,
    )


def newest_minutes(
    connection: Reader, area_id: int, span: tuple[int, int], limit: int
) -> list[tuple[int, int]]:
    """Return hour (since 1970) and minute of an area's newest fetches, descending.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        span: As for ``newest_snapshots``.
        limit: Most to return.
    """
    fetched_at_ms: int | None = _NEWEST_FETCH.value(connection, str(area_id))
    if fetched_at_ms is None:
        return []
    # nothing of this area is behind its last fetch, so the scan need not begin there
    first, end = (-(-edge // 60) for edge in span)
    end = min(end, fetched_at_ms // _MINUTE_MS + 1)
    found = _HEADS.all(connection, area_id, first // 60, end // 60, first, end, limit)
    return [(hour, minute) for hour, minute in found]


@bounded
def names(connection: Reader, area_id: int) -> list[str]:
    """Return the names of all substations that an area ever had."""
    return [name for (name,) in _NAMES.all(connection, area_id)]


@bounded
def is_known(connection: Reader, area_id: int, name: str) -> bool:
    """Return whether an area ever had a substation of that name."""
    return _SUBSTATION_ID.value(connection, area_id, name) is not None


def summary(
    connection: Reader, area_id: int, name: str, span: tuple[int, int]
) -> SubstationSummary | None:
    """Return the figures of a substation; None if it was not read in the span.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        name: Of the substation.
        span: First instant and the one past the last, epoch seconds.
    """
    substation_id: int | None = _SUBSTATION_ID.value(connection, area_id, name)
    if substation_id is None:
        return None
    parts = [part for part in _parts(connection, substation_id, span) if part.readings]
    count = sum(int(part.readings or 0) for part in parts)
    if not count:
        return None
    load = sum(int(part.load_sum_e1) for part in parts)
    reactive = sum(int(part.reactive_sum_e1) for part in parts)
    unknown_load = sum(int(part.reactive_unknown_load_sum_e1) for part in parts)
    return SubstationSummary(
        readings=count,
        min_kw=min(part.load_min_e1 for part in parts) / E1,
        max_kw=max(part.load_max_e1 for part in parts) / E1,
        mean_kw=load / count / E1,
        power_factor=power_factor_of_sums(load - unknown_load, reactive),
    )


def _parts(connection: Reader, substation_id: int, span: Span) -> Iterator[_Sums]:
    """Yield the sums of whole days, whole hours and single readings.

    The open hour, and so its day, has no finished rollup: it is read from its rows.
    """
    open_hour = newest_hour(connection) or 0
    open_day = central_day_of_hour(open_hour)
    cover = cover_by_days(*span)
    yield _OF_DAYS.one(connection, *cover.days, open_day, substation_id)
    parts = [cover.head, cover.tail]
    if open_day in range(*cover.days):
        parts.append(central_day_bounds(open_day))
    for part in parts:
        hours = cover_by_hours(part)
        yield _OF_HOURS.one(connection, *hours.hours, open_hour, substation_id)
        yield _of_minutes(connection, substation_id, hours.head)
        yield _of_minutes(connection, substation_id, hours.tail)
    begin, end = open_hour * _HOUR_S, (open_hour + 1) * _HOUR_S
    first, behind = span
    if first <= begin and end <= behind:
        yield _of_minutes(connection, substation_id, (begin, end))


def _of_minutes(connection: Reader, substation_id: int, span: Span) -> _Sums:
    """Return the sums of single readings within one hour."""
    start, _behind = span
    hour = start // _HOUR_S
    first, end = (-(-(edge - hour * _HOUR_S) // 60) for edge in span)
    return _OF_MINUTES.one(connection, hour, substation_id, first, end)


def _readings_of_hours(
    connection: Reader, area_id: int, hours: Iterable[int], name: str | None
) -> dict[int, tuple[Reading, ...]]:
    """Return the readings of each minute, epoch seconds // 60."""
    found: dict[int, list[Reading]] = {}
    for hour in hours:
        rows = (
            _READINGS.all(connection, area_id, hour)
            if name is None
            else _READINGS_OF_ONE.all(connection, area_id, hour, name)
        )
        for row in rows:
            found.setdefault(row.minute, []).append(reading_of(row))
    return {minute: tuple(readings) for minute, readings in found.items()}


def instant_of(hour: int, minute: int) -> datetime:
    """Return the instant (UTC) of a minute of an hour since 1970."""
    return datetime.fromtimestamp(hour * _HOUR_S + minute * 60, UTC)
