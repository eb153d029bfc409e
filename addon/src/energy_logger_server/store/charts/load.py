"""An area's load for a chart: measured, and as KAMO expects it."""

from collections.abc import Mapping
from typing import NamedTuple

from energy_logger_server.domain.charts import (
    Aggregate,
    Bucket,
    Chart,
    Line,
    Point,
    Resolution,
    Span,
)
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.load import newest_hours
from energy_logger_server.store.kamo.load_forecast import forecast_hours

from .drawing import CENTRAL_DAYS, HOUR_S, ChartWanted, Drawing, RowLines, draw, hull

KW = "kW"
ACTUAL = "actual"


class _Sums(NamedTuple):
    bucket: int
    hours: int
    load_sum_e1: int
    load_min_e1: int
    load_max_e1: int


# both tables are filed by hour: their ends are found by key
_MEASURED = Query("SELECT (SELECT min(at) FROM load), (SELECT max(at) FROM load)")
_EXPECTED = Query(
    "SELECT (SELECT min(at) FROM load_forecast), (SELECT max(at) FROM load_forecast)"
)
_SERIES = Query(
    "SELECT id, channel FROM series WHERE kind = 'load_forecast' AND owner = :owner"
    " ORDER BY channel",
    ("owner",),
)
_SUMS = (
    "count(*) AS hours, sum(load_e1) AS load_sum_e1, min(load_e1) AS load_min_e1,"
    " max(load_e1) AS load_max_e1"
)
_BY_TIME = """
SELECT at / CAST(:width AS BIGINT) AS bucket, {sums} FROM {table}
WHERE at >= :first AND at < :end AND {owner} = :owner GROUP BY 1
"""
_BY_TIME_ORDER = ("width", "first", "end", "owner")
_MEASURED_BY_TIME = Query(
    _BY_TIME.format(sums=_SUMS, table="load", owner="area_id"),
    _BY_TIME_ORDER,
    row=_Sums,
)
_EXPECTED_BY_TIME = Query(
    _BY_TIME.format(sums=_SUMS, table="load_forecast", owner="series_id"),
    _BY_TIME_ORDER,
    row=_Sums,
)
# day by day: the rollups are filed by day, and a scan would read every area's
_BY_DAYS = Query(
    """
WITH RECURSIVE calendar(day) AS (
  SELECT CAST(:first AS BIGINT) UNION ALL
  SELECT day + 1 FROM calendar WHERE day + 1 < CAST(:end AS BIGINT))
SELECT r.day / CAST(:days AS BIGINT) AS bucket, sum(r.hours) AS hours,
  sum(r.load_sum_e1) AS load_sum_e1, min(r.load_min_e1) AS load_min_e1,
  max(r.load_max_e1) AS load_max_e1
FROM calendar c CROSS JOIN load_day r WHERE r.day = c.day AND r.area_id = :area
GROUP BY 1
""",
    ("first", "end", "days", "area"),
    row=_Sums,
)


def load_chart(connection: Reader, area_id: int, wanted: ChartWanted) -> Chart:
    """Return an area's load, kW.

    Forecasts have no rollups: a chart of days has none.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        wanted: Which part, and how many points.
    """
    edges = [query.one(connection) for query in (_MEASURED, _EXPECTED)]
    found = hull([(first, last) for first, last in edges])
    drawing = Drawing(
        calendar=CENTRAL_DAYS,
        row_s=HOUR_S,
        extent=None if found is None else (found[0], found[1] + HOUR_S),
        rows=lambda span, most: _rows(connection, area_id, span, most),
        buckets=lambda resolution, span: _buckets(
            connection, area_id, resolution, span
        ),
    )
    return draw(wanted, drawing)


def _rows(connection: Reader, area_id: int, span: Span, most: int) -> RowLines | None:
    measured = newest_hours(connection, area_id, span, most)
    expected = forecast_hours(connection, area_id, span, most)
    if measured.is_truncated or expected.is_truncated:
        return None
    actual = {
        int(hour.hour_at.timestamp()): Point(hour.load_kw) for hour in measured.hours
    }
    forecasts: dict[str, dict[int, Point]] = {}
    for hour in expected.hours:
        at = int(hour.hour_at.timestamp())
        forecasts.setdefault(hour.series, {})[at] = Point(hour.load_kw)
    starts = actual.keys() | {at for points in forecasts.values() for at in points}
    lines = [
        _actual(actual),
        *(_forecast(label, points) for label, points in forecasts.items()),
    ]
    return RowLines(lines, [(at, at + HOUR_S) for at in starts])


def _buckets(
    connection: Reader, area_id: int, resolution: Resolution, span: Span
) -> list[Line]:
    if resolution.bucket is Bucket.DAYS:
        first, end = map(CENTRAL_DAYS.day_of, span)
        rows = _BY_DAYS.all(connection, first, end, resolution.days, area_id)
        return [
            _actual(
                {
                    CENTRAL_DAYS.start_of(row.bucket * resolution.days): _point(row)
                    for row in rows
                }
            )
        ]
    width = resolution.seconds
    rows = _MEASURED_BY_TIME.all(connection, width, *span, area_id)
    lines = [_actual({row.bucket * width: _point(row) for row in rows})]
    for series, label in _SERIES.all(connection, str(area_id)):
        rows = _EXPECTED_BY_TIME.all(connection, width, *span, series)
        points = {row.bucket * width: _point(row) for row in rows}
        lines.append(_forecast(label, points))
    return lines


def _actual(points: Mapping[int, Point]) -> Line:
    return Line(ACTUAL, None, KW, Aggregate.MEAN, points)


def _forecast(label: str, points: Mapping[int, Point]) -> Line:
    return Line(f"forecast/{label}", label, KW, Aggregate.MEAN, points)


def _point(row: _Sums) -> Point:
    # PostgreSQL sums to a decimal
    return Point(
        int(row.load_sum_e1) / int(row.hours) / E1,
        row.load_min_e1 / E1,
        row.load_max_e1 / E1,
    )
