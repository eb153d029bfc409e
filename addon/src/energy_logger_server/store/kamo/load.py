"""Measured hourly load of one area: newest hour, history, peaks, summary."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from energy_logger_server.api.fields import required_number
from energy_logger_server.api.nem import date_of_day_number
from energy_logger_server.domain.load.central_days import central_day_bounds
from energy_logger_server.domain.load.peaks import DayPeak, Period, highest_peaks
from energy_logger_server.domain.load.rollup_cover import cover_by_days
from energy_logger_server.store.codec.kamo import decode_load
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader, bounded

_DAY_S = 86_400
_E1 = 10


class _Hour(NamedTuple):
    at: int
    load_e1: int
    is_settled: int
    extra: str | None


class _DayPeak(NamedTuple):
    day: int
    load_max_e1: int
    max_at: int


_HOURS = Query(
    f"SELECT {columns_of(_Hour)} FROM load"
    " WHERE at >= :first AND at < :end AND area_id = :area"
    " ORDER BY at DESC LIMIT :limit",
    ("first", "end", "area", "limit"),
    row=_Hour,
)
_FETCHED = Query(
    "SELECT fetched_at_ms FROM last_fetch WHERE endpoint = 'load' AND owner = :owner",
    ("owner",),
)
_NEWEST_DAY = Query(
    "SELECT day FROM load_day WHERE area_id = :area ORDER BY day DESC LIMIT 1",
    ("area",),
)
_FIRST_AND_LAST_DAY = Query(
    "SELECT (SELECT min(day) FROM load_day), (SELECT max(day) FROM load_day)"
)
# day by day: the rollups are filed by day, and a scan would read every area's
_DAYS = f"""
WITH RECURSIVE calendar(day) AS (
  SELECT CAST(:first AS BIGINT) UNION ALL
  SELECT day + 1 FROM calendar WHERE day < CAST(:last AS BIGINT))
SELECT {columns_of(_DayPeak, "r.")} FROM calendar c CROSS JOIN load_day r
WHERE r.day = c.day AND r.area_id = :area
"""
_DAY_PEAKS = Query(_DAYS, ("first", "last", "area"), row=_DayPeak)
_HIGHEST_DAYS = Query(
    f"{_DAYS} ORDER BY r.load_max_e1 DESC, r.max_at LIMIT :limit",
    ("first", "last", "area", "limit"),
    row=_DayPeak,
)
_SUMMARY = Query(
    """
WITH RECURSIVE calendar(day) AS (
  SELECT CAST(:first_day AS BIGINT) UNION ALL
  SELECT day + 1 FROM calendar WHERE day + 1 < CAST(:end_day AS BIGINT))
SELECT sum(hours), sum(total), min(low), max(high) FROM (
  SELECT r.hours AS hours, r.load_sum_e1 AS total, r.load_min_e1 AS low,
    r.load_max_e1 AS high FROM calendar c CROSS JOIN load_day r
  WHERE r.day = c.day AND r.day < :end_day AND r.area_id = :area
  UNION ALL
  SELECT 1, load_e1, load_e1, load_e1 FROM load
  WHERE at >= :head AND at < :head_end AND area_id = :area
  UNION ALL
  SELECT 1, load_e1, load_e1, load_e1 FROM load
  WHERE at >= :tail AND at < :tail_end AND area_id = :area) parts
""",
    ("first_day", "end_day", "area", "head", "head_end", "tail", "tail_end"),
)


@dataclass(frozen=True, slots=True)
class LoadHour:
    """Load of an area in one hour.

    Attributes:
        hour_at: Instant (UTC) that upstream's label names.
        load_kw: Power drawn, kW.
        is_settled: False while the hour is running.
    """

    hour_at: datetime
    load_kw: float
    is_settled: bool


@dataclass(frozen=True, slots=True)
class LoadPage:
    """The newest hours of a span.

    Attributes:
        hours: In ascending order.
        is_truncated: Whether the span holds older ones.
    """

    hours: tuple[LoadHour, ...]
    is_truncated: bool


@dataclass(frozen=True, slots=True)
class LoadSummary:
    """Load of an area over a span.

    Attributes:
        hours: Hours with a value.
        min_kw: Smallest, kW; None without hours, like the others.
        max_kw: Greatest, kW.
        mean_kw: Mean, kW.
    """

    hours: int
    min_kw: float | None
    max_kw: float | None
    mean_kw: float | None


@bounded
def newest_hour(connection: Reader, area_id: int) -> LoadHour | None:
    """Return an area's newest hour, a running one included; None without any."""
    fetched_at_ms: int | None = _FETCHED.value(connection, str(area_id))
    if fetched_at_ms is None:
        return None
    # rows are filed by hour for all areas together: look near the last answer first
    near = fetched_at_ms // 1000
    found = _HOURS.first(connection, near - 2 * _DAY_S, near + _DAY_S, area_id, 1)
    if found is None:
        day: int | None = _NEWEST_DAY.value(connection, area_id)
        if day is None:
            return None
        found = _HOURS.first(connection, *central_day_bounds(day), area_id, 1)
    return None if found is None else _hour(found)


def newest_hours(
    connection: Reader, area_id: int, span: tuple[int, int], limit: int
) -> LoadPage:
    """Return the newest hours whose label lies in a span.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        span: First instant and the one past the last, epoch seconds.
        limit: Most hours to return.
    """
    rows = _HOURS.all(connection, *span, area_id, limit + 1)
    hours = tuple(_hour(row) for row in reversed(rows[:limit]))
    return LoadPage(hours, is_truncated=len(rows) > limit)


def peaks(
    connection: Reader, area_id: int, period: Period, limit: int
) -> list[DayPeak]:
    """Return the highest load of each period, highest first, from the day rollups."""
    first, last = _FIRST_AND_LAST_DAY.one(connection)
    if first is None:
        return []
    if period is Period.DAY:
        rows = _HIGHEST_DAYS.all(connection, first, last, area_id, limit)
    else:
        rows = _DAY_PEAKS.all(connection, first, last, area_id)
    days = (
        DayPeak(date_of_day_number(row.day), row.load_max_e1, row.max_at)
        for row in rows
    )
    return highest_peaks(days, period, limit)


def summary(connection: Reader, area_id: int, span: tuple[int, int]) -> LoadSummary:
    """Return the figures of the hours whose label lies in a span.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        span: First instant and the one past the last, epoch seconds.
    """
    cover = cover_by_days(*span)
    hours, total, minimum, maximum = _SUMMARY.one(
        connection, *cover.days, area_id, *cover.head, *cover.tail
    )
    if not hours:
        return LoadSummary(0, None, None, None)
    # PostgreSQL sums to a decimal
    mean = int(total) / int(hours)
    return LoadSummary(int(hours), minimum / _E1, maximum / _E1, mean / _E1)


def _hour(row: _Hour) -> LoadHour:
    load_kw = row.load_e1 / _E1
    if row.extra is not None:
        load_kw = required_number({"load": decode_load(row.load_e1, row.extra)}, "load")
    return LoadHour(datetime.fromtimestamp(row.at, UTC), load_kw, bool(row.is_settled))
