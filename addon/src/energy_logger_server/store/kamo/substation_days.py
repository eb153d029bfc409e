"""Days of an area's substations, from their rollups."""

from typing import NamedTuple

from energy_logger_server.api.nem import date_of_day_number
from energy_logger_server.domain.determinants.substation_peaks import SubstationDay
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader


class _Day(NamedTuple):
    name: str
    day: int
    readings: int
    load_max_e1: int
    max_at: int


_DAYS = Query(
    """
SELECT p.name AS name, r.day AS day, r.readings AS readings,
  r.load_max_e1 AS load_max_e1, r.max_at AS max_at
FROM substation p CROSS JOIN substation_day r
WHERE p.area_id = :area AND r.day >= :first AND r.day < :end
  AND r.substation_id = p.id
ORDER BY p.name, r.day
""",
    ("area", "first", "end"),
    row=_Day,
)


def substation_days(
    connection: Reader, area_id: int, days: tuple[int, int]
) -> list[SubstationDay]:
    """Return the days of an area's substations, by name and day.

    The hour that is open is not counted yet.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        days: First day, and the one past the last, as days since 1970-01-01.
    """
    return [
        SubstationDay(
            row.name,
            date_of_day_number(row.day),
            row.readings,
            row.load_max_e1,
            row.max_at,
        )
        for row in _DAYS.all(connection, area_id, *days)
    ]
