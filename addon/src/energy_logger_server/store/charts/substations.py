"""One substation for a chart: load, reactive power, and the power factor of both."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from energy_logger_server.domain.charts import (
    Aggregate,
    Bucket,
    Chart,
    Line,
    Point,
    Resolution,
    Span,
    reached,
)
from energy_logger_server.domain.load.power_factor import power_factor_of_sums
from energy_logger_server.store.codec.reading_flags import (
    UNKNOWN_REACTIVE_COUNT_SQL,
    UNKNOWN_REACTIVE_LOAD_SQL,
)
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.kamo.readings import (
    READING_SQL,
    StoredReading,
    reading_of,
)
from energy_logger_server.store.kamo.substations import newest_hour

from .drawing import CENTRAL_DAYS, HOUR_S, ChartWanted, Drawing, RowLines, draw

_SHORTEST_INTERVAL_S = 300
_UNITS = {"load": "kW", "reactive": "kvar", "power_factor": "1"}


class _Sums(NamedTuple):
    bucket: int
    readings: int
    load_sum_e1: int
    reactive_sum_e1: int
    load_min_e1: int
    load_max_e1: int
    reactive_unknown: int
    reactive_unknown_load_sum_e1: int


_SUBSTATION_ID = Query(
    "SELECT id FROM substation WHERE area_id = :area AND name = :name",
    ("area", "name"),
)
_HOURS = Query(
    "SELECT (SELECT min(hour) FROM substation_fetch),"
    " (SELECT max(hour) FROM substation_fetch)"
)
# hour by hour, day by day: rows are filed by time for all substations together
_CALENDAR = """
WITH RECURSIVE calendar(span) AS (
  SELECT CAST(:first AS BIGINT) UNION ALL
  SELECT span + 1 FROM calendar WHERE span + 1 < CAST(:end AS BIGINT))
"""
_ROWS = Query(
    f"""{_CALENDAR} SELECT {READING_SQL}
FROM calendar c CROSS JOIN substation_reading r CROSS JOIN substation p
WHERE r.hour = c.span AND r.substation_id = :substation_id AND p.id = r.substation_id
  AND r.hour * 3600 + r.minute * 60 >= :begin
  AND r.hour * 3600 + r.minute * 60 < :behind
ORDER BY r.hour, r.minute LIMIT :limit""",
    ("first", "end", "substation_id", "begin", "behind", "limit"),
    row=StoredReading,
)
_OF_READINGS = f"""
  count(*) AS readings, sum(load_e1) AS load_sum_e1,
  sum(reactive_e1) AS reactive_sum_e1, min(load_e1) AS load_min_e1,
  max(load_e1) AS load_max_e1, {UNKNOWN_REACTIVE_COUNT_SQL} AS reactive_unknown,
  {UNKNOWN_REACTIVE_LOAD_SQL} AS reactive_unknown_load_sum_e1
"""
_OF_ROLLUPS = """
  sum(readings) AS readings, sum(load_sum_e1) AS load_sum_e1,
  sum(reactive_sum_e1) AS reactive_sum_e1, min(load_min_e1) AS load_min_e1,
  max(load_max_e1) AS load_max_e1, sum(reactive_unknown) AS reactive_unknown,
  sum(reactive_unknown_load_sum_e1) AS reactive_unknown_load_sum_e1
"""
_BY_MINUTES = Query(
    f"""{_CALENDAR}
SELECT (r.hour * 3600 + r.minute * 60) / CAST(:width AS BIGINT) AS bucket,
  {_OF_READINGS}
FROM calendar c CROSS JOIN substation_reading r
WHERE r.hour = c.span AND r.substation_id = :substation_id GROUP BY 1""",
    ("first", "end", "width", "substation_id"),
    row=_Sums,
)
_BY_HOURS = Query(
    f"""{_CALENDAR}
SELECT r.hour / CAST(:hours AS BIGINT) AS bucket, {_OF_ROLLUPS}
FROM calendar c CROSS JOIN substation_hour r
WHERE r.hour = c.span AND r.substation_id = :substation_id
  AND r.hour <> :open GROUP BY 1""",
    ("first", "end", "hours", "substation_id", "open"),
    row=_Sums,
)
_BY_DAYS = Query(
    f"""{_CALENDAR}
SELECT r.day / CAST(:days AS BIGINT) AS bucket, {_OF_ROLLUPS}
FROM calendar c CROSS JOIN substation_day r
WHERE r.day = c.span AND r.substation_id = :substation_id GROUP BY 1""",
    ("first", "end", "days", "substation_id"),
    row=_Sums,
)


def substation_chart(
    connection: Reader, area_id: int, name: str, wanted: ChartWanted
) -> Chart:
    """Return a substation's load (kW), reactive power (kvar) and power factor (0..1).

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        name: Of the substation; one that is not known has no points.
        wanted: Which part, and how many points.
    """
    substation_id: int | None = _SUBSTATION_ID.value(connection, area_id, name)
    first, last = _HOURS.one(connection)
    is_known = substation_id is not None and first is not None
    drawing = Drawing(
        calendar=CENTRAL_DAYS,
        row_s=_SHORTEST_INTERVAL_S,
        extent=(first * HOUR_S, (last + 1) * HOUR_S) if is_known else None,
        rows=lambda span, most: _rows(connection, substation_id, span, most),
        buckets=lambda resolution, span: _buckets(
            connection, substation_id, resolution, span
        ),
    )
    return draw(wanted, drawing)


def _rows(
    connection: Reader, substation_id: int | None, span: Span, most: int
) -> RowLines | None:
    first, end = span
    hours = first // HOUR_S, -(-end // HOUR_S)
    found = _ROWS.all(connection, *hours, substation_id, *span, most + 1)
    if len(found) > most:
        return None
    load, reactive, factor = {}, {}, {}
    for row in found:
        at, reading = row.minute * 60, reading_of(row)
        kvar = reading.reactive_kvar
        load[at] = Point(reading.load_kw)
        reactive[at] = Point(kvar)
        factor[at] = Point(
            None if kvar is None else power_factor_of_sums(reading.load_kw, kvar)
        )
    return RowLines(_lines(load, reactive, factor), reached([*load]))


def _buckets(
    connection: Reader, substation_id: int | None, resolution: Resolution, span: Span
) -> list[Line]:
    """Return the lines of sums.

    The open hour has no rollup yet, nor is it counted in its day: it is read from its
    rows.
    """
    seconds = resolution.seconds
    hours = tuple(at // HOUR_S for at in span)
    if resolution.bucket is Bucket.TIME and seconds < HOUR_S:
        rows = _BY_MINUTES.all(connection, *hours, seconds, substation_id)
        return _lines_of({row.bucket * seconds: [row] for row in rows})
    open_hour = newest_hour(connection) or 0
    if resolution.bucket is Bucket.TIME:
        rows = _BY_HOURS.all(
            connection, *hours, seconds // HOUR_S, substation_id, open_hour
        )
        sums = {row.bucket * seconds: [row] for row in rows}
        open_at = open_hour * HOUR_S // seconds * seconds
    else:
        days, day_of = resolution.days, CENTRAL_DAYS.day_of
        rows = _BY_DAYS.all(connection, *map(day_of, span), days, substation_id)
        sums = {CENTRAL_DAYS.start_of(row.bucket * days): [row] for row in rows}
        open_day = day_of(open_hour * HOUR_S)
        open_at = CENTRAL_DAYS.start_of(open_day // days * days)
    if open_hour in range(*hours):
        still = _BY_MINUTES.all(
            connection, open_hour, open_hour + 1, HOUR_S, substation_id
        )
        if still:
            sums.setdefault(open_at, []).extend(still)
    return _lines_of(sums)


def _lines_of(sums: Mapping[int, Iterable[_Sums]]) -> list[Line]:
    load, reactive, factor = {}, {}, {}
    for at, parts in sums.items():
        # PostgreSQL sums to a decimal
        rows = [_Sums(*map(int, part)) for part in parts]
        readings = sum(row.readings for row in rows)
        total = sum(row.load_sum_e1 for row in rows)
        reactive_e1 = sum(row.reactive_sum_e1 for row in rows)
        known = readings - sum(row.reactive_unknown for row in rows)
        unknown_load = sum(row.reactive_unknown_load_sum_e1 for row in rows)
        load[at] = Point(
            total / readings / E1,
            min(row.load_min_e1 for row in rows) / E1,
            max(row.load_max_e1 for row in rows) / E1,
        )
        reactive[at] = Point(reactive_e1 / known / E1 if known else None)
        factor[at] = Point(
            power_factor_of_sums(total - unknown_load, reactive_e1) if known else None
        )
    return _lines(load, reactive, factor)


def _lines(*points: Mapping[int, Point]) -> list[Line]:
    return [
        Line(key, None, unit, Aggregate.MEAN, found)
        for (key, unit), found in zip(_UNITS.items(), points, strict=True)
    ]
