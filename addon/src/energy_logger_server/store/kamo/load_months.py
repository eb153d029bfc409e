"""Months of an area's load, from the day rollups."""

from typing import NamedTuple

from energy_logger_server.api.nem import date_of_day_number
from energy_logger_server.domain.load.months import LoadMonth, LoadOfDay, months_of
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader, bounded


class _Day(NamedTuple):
    day: int
    hours: int
    load_sum_e1: int
    load_max_e1: int
    max_at: int


_ENDS = Query("SELECT (SELECT min(day) FROM load_day), (SELECT max(day) FROM load_day)")
# day by day: the rollups are filed by day, and a scan would read every area's
_DAYS = Query(
    f"""
WITH RECURSIVE calendar(day) AS (
  SELECT CAST(:first AS BIGINT) UNION ALL
  SELECT day + 1 FROM calendar WHERE day < CAST(:last AS BIGINT))
SELECT {columns_of(_Day, "r.")} FROM calendar c CROSS JOIN load_day r
WHERE r.day = c.day AND r.area_id = :area ORDER BY r.day
""",
    ("first", "last", "area"),
    row=_Day,
)
_LOAD = Query(
    "SELECT load_e1 FROM load WHERE at = :at AND area_id = :area", ("at", "area")
)


def load_months(
    connection: Reader, area_id: int, days: tuple[int, int]
) -> list[LoadMonth]:
    """Return an area's months, ascending.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        days: First and last day that counts, as days since 1970-01-01.
    """
    return months_of(load_days(connection, area_id, days))


def load_days(
    connection: Reader, area_id: int, days: tuple[int, int]
) -> list[LoadOfDay]:
    """Return an area's days, ascending; arguments as those of ``load_months``."""
    first, last = _ENDS.one(connection)
    if first is None:
        return []
    span = max(first, days[0]), min(last, days[1])
    rows = _DAYS.all(connection, *span, area_id) if span[0] <= span[1] else []
    return [LoadOfDay(date_of_day_number(row.day), *row[1:]) for row in rows]


@bounded
def load_at(connection: Reader, area_id: int, at: int) -> int | None:
    """Return an area's load of an hour, tenths of kW; None if it is not known.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        at: Instant of the hour's label, epoch seconds.
    """
    load_e1: int | None = _LOAD.value(connection, at, area_id)
    return load_e1
