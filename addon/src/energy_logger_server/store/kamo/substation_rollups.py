"""Rollups of substations: an hour is counted once it is over.

The open hour, the newest in which anything was read, has its rows and no rollup yet:
it is read from its at most sixty rows per substation. The first reading of a later
hour closes it, in the same transaction. So a cycle writes its rows and nothing twelve
times over, and rollups always equal the rows of closed hours.
"""

from energy_logger_server.domain.load.central_days import (
    central_day_bounds,
    central_day_of_hour,
)
from energy_logger_server.store.codec.reading_flags import (
    UNKNOWN_REACTIVE_COUNT_SQL,
    UNKNOWN_REACTIVE_LOAD_SQL,
)
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.ledger.write_transaction import WriteTransaction

# 64 times the load minus the minute is greatest for the first of equal peaks: no
# second look at the rows is needed to find its minute
_HOUR = Query(
    f"""
INSERT INTO substation_hour (hour, substation_id, readings, load_sum_e1,
  reactive_sum_e1, load_min_e1, load_max_e1, max_minute, reactive_unknown,
  reactive_unknown_load_sum_e1)
SELECT hour, substation_id, count(*), sum(load_e1), sum(reactive_e1), min(load_e1),
  max(load_e1), max(load_e1) * 64 - max(load_e1 * 64 - minute),
  {UNKNOWN_REACTIVE_COUNT_SQL},
  {UNKNOWN_REACTIVE_LOAD_SQL}
FROM substation_reading WHERE hour = :hour
GROUP BY hour, substation_id
ON CONFLICT (hour, substation_id) DO UPDATE SET readings = excluded.readings,
  load_sum_e1 = excluded.load_sum_e1, reactive_sum_e1 = excluded.reactive_sum_e1,
  load_min_e1 = excluded.load_min_e1, load_max_e1 = excluded.load_max_e1,
  max_minute = excluded.max_minute, reactive_unknown = excluded.reactive_unknown,
  reactive_unknown_load_sum_e1 = excluded.reactive_unknown_load_sum_e1
""",
    ("hour",),
)

_CHANGE = Query(
    """
INSERT INTO substation_hour_change (change_id, hour, area_id)
SELECT DISTINCT CAST(:change AS BIGINT), hour, area_id FROM substation_fetch
WHERE hour = :hour
ON CONFLICT (change_id, hour, area_id) DO NOTHING
""",
    ("change", "hour"),
)

_ADD_TO_DAY = Query(
    """
INSERT INTO substation_day (day, substation_id, readings, load_sum_e1, reactive_sum_e1,
  load_min_e1, load_max_e1, max_at, reactive_unknown, reactive_unknown_load_sum_e1)
SELECT :day, substation_id, readings, load_sum_e1, reactive_sum_e1, load_min_e1,
  load_max_e1, hour * 3600 + max_minute * 60, reactive_unknown,
  reactive_unknown_load_sum_e1
FROM substation_hour WHERE hour = :hour
ON CONFLICT (day, substation_id) DO UPDATE SET
  readings = substation_day.readings + excluded.readings,
  load_sum_e1 = substation_day.load_sum_e1 + excluded.load_sum_e1,
  reactive_sum_e1 = substation_day.reactive_sum_e1 + excluded.reactive_sum_e1,
  load_min_e1 = CASE WHEN excluded.load_min_e1 < substation_day.load_min_e1
    THEN excluded.load_min_e1 ELSE substation_day.load_min_e1 END,
  load_max_e1 = CASE WHEN excluded.load_max_e1 > substation_day.load_max_e1
    THEN excluded.load_max_e1 ELSE substation_day.load_max_e1 END,
  max_at = CASE WHEN excluded.load_max_e1 > substation_day.load_max_e1
      OR excluded.load_max_e1 = substation_day.load_max_e1
      AND excluded.max_at < substation_day.max_at
    THEN excluded.max_at ELSE substation_day.max_at END,
  reactive_unknown = substation_day.reactive_unknown + excluded.reactive_unknown,
  reactive_unknown_load_sum_e1 = substation_day.reactive_unknown_load_sum_e1
    + excluded.reactive_unknown_load_sum_e1
""",
    ("day", "hour"),
)

_RECOUNT_DAY = Query(
    """
INSERT INTO substation_day (day, substation_id, readings, load_sum_e1, reactive_sum_e1,
  load_min_e1, load_max_e1, max_at, reactive_unknown, reactive_unknown_load_sum_e1)
SELECT :day, substation_id, sum(readings), sum(load_sum_e1), sum(reactive_sum_e1),
  min(load_min_e1), max(load_max_e1),
  max(CASE WHEN place = 1 THEN hour * 3600 + max_minute * 60 END),
  sum(reactive_unknown), sum(reactive_unknown_load_sum_e1)
FROM (SELECT h.*, row_number() OVER (
    PARTITION BY substation_id ORDER BY load_max_e1 DESC, hour) AS place
  FROM substation_hour h WHERE hour >= :first AND hour < :last) ranked
GROUP BY substation_id
ON CONFLICT (day, substation_id) DO UPDATE SET readings = excluded.readings,
  load_sum_e1 = excluded.load_sum_e1, reactive_sum_e1 = excluded.reactive_sum_e1,
  load_min_e1 = excluded.load_min_e1, load_max_e1 = excluded.load_max_e1,
  max_at = excluded.max_at, reactive_unknown = excluded.reactive_unknown,
  reactive_unknown_load_sum_e1 = excluded.reactive_unknown_load_sum_e1
""",
    ("day", "first", "last"),
)

_COUNTED = Query("SELECT 1 FROM substation_hour WHERE hour = :hour LIMIT 1", ("hour",))


def close_hour(context: WriteTransaction, hour: int) -> None:
    """Count an hour from its rows, and into its Central day; doing it twice is fine.

    Of equal peaks the first counts.

    Args:
        context: The transaction.
        hour: Epoch seconds // 3600.
    """
    day = central_day_of_hour(hour)
    connection = context.connection
    was_counted = bool(_COUNTED.all(connection, hour))
    _HOUR.run(connection, hour)
    _CHANGE.run(connection, context.change_id, hour)
    if was_counted:
        start, end = central_day_bounds(day)
        _RECOUNT_DAY.run(connection, day, start // 3600, end // 3600)
    else:
        _ADD_TO_DAY.run(connection, day, hour)
