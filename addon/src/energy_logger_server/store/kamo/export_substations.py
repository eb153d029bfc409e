"""Every reading of an area's substations, for exports."""

from collections.abc import Generator
from functools import partial

from energy_logger_server.store.db.export_blocks import (
    ROWS_OF_A_BLOCK,
    Blocks,
    read_blocks,
)
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction

from .readings import READING_SQL, ReadingRows, exact_rows

_HOUR_S, _MINUTE_S = 3600, 60
_FETCHES_PER_HOUR = 12

_COUNT = Query(
    "SELECT count(*) FROM substation"
    " WHERE area_id = :area AND (name = :name OR :is_all = 1)",
    ("area", "name", "is_all"),
)
_NEXT_HOUR = Query(
    "SELECT hour FROM substation_fetch WHERE hour >= :hour AND area_id = :area"
    " ORDER BY hour LIMIT 1",
    ("hour", "area"),
)
# hour by hour, then by substation: the rows' own order, in which they are found by key
_READINGS = Query(
    f"""
WITH RECURSIVE calendar(hour) AS (
  SELECT CAST(:first_hour AS BIGINT) UNION ALL
  SELECT hour + 1 FROM calendar WHERE hour < CAST(:last_hour AS BIGINT))
SELECT {READING_SQL}
FROM calendar c CROSS JOIN substation p CROSS JOIN substation_reading r
WHERE p.area_id = :area AND (p.name = :name OR :is_all = 1)
  AND r.hour = c.hour AND r.substation_id = p.id
  AND r.hour * 60 + r.minute >= :first AND r.hour * 60 + r.minute < :end
ORDER BY r.hour * 60 + r.minute, p.name
""",
    ("first_hour", "last_hour", "area", "name", "is_all", "first", "end"),
    row=ReadingRows,
)


def export_readings(
    read: ReadTransaction, area_id: int, span: tuple[int, int], name: str | None = None
) -> Generator[ReadingRows]:
    """Yield the readings of a span, first instant and the one past the last.

    Args:
        read: The stream's.
        area_id: KAMO's number.
        span: Epoch seconds.
        name: The only substation wanted, if not all.
    """
    wanted = (area_id, name or "", int(name is None))
    [substations] = read(lambda connection: _COUNT.one(connection, *wanted))
    if not substations:
        return
    hours = max(1, ROWS_OF_A_BLOCK // (substations * _FETCHES_PER_HOUR))
    blocks = Blocks(
        partial(_next_at, area_id=area_id),
        partial(_rows, wanted=wanted),
        hours * _HOUR_S,
    )
    yield from read_blocks(read, blocks, span)


def _next_at(connection: Reader, at: int, area_id: int) -> int | None:
    hour: int | None = _NEXT_HOUR.value(connection, at // _HOUR_S, area_id)
    return None if hour is None else hour * _HOUR_S


def _rows(
    connection: Reader, first: int, end: int, wanted: tuple[int, str, int]
) -> ReadingRows | None:
    rows = _READINGS.columns(
        connection,
        first // _HOUR_S,
        (end - 1) // _HOUR_S,
        *wanted,
        -(-first // _MINUTE_S),
        -(-end // _MINUTE_S),
    )
    return None if rows is None else exact_rows(rows)
