"""Every cooperative and substation in the hours of an area's monthly peaks."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.load.central_days import central_day_bounds
from energy_logger_server.domain.load.coincidence import MemberKind, PeakHour, Share
from energy_logger_server.domain.load.months import LoadMonth, month_after
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.records import KnownArea

from .areas import known_areas
from .load_months import load_at, load_months

_HOUR_S = 3600


class _SubstationMonth(NamedTuple):
    substation_id: int
    area_id: int
    name: str
    load_max_e1: int
    load_sum_e1: int
    readings: int


_ALIKE = Query(
    "SELECT count(*) FROM load WHERE at >= :first AND at < :end AND area_id = :area"
    " AND load_e1 = :load_e1",
    ("first", "end", "area", "load_e1"),
)
_MONTH = Query(
    """
SELECT p.id AS substation_id, p.area_id AS area_id, p.name AS name,
  max(r.load_max_e1) AS load_max_e1, sum(r.load_sum_e1) AS load_sum_e1,
  sum(r.readings) AS readings
FROM substation_day r JOIN substation p ON p.id = r.substation_id
WHERE r.day >= :first AND r.day < :end
GROUP BY p.id, p.area_id, p.name ORDER BY p.area_id, p.name
""",
    ("first", "end"),
    row=_SubstationMonth,
)
_HOUR = Query(
    "SELECT substation_id, load_sum_e1, readings FROM substation_hour"
    " WHERE hour = :hour",
    ("hour",),
)


def coincidence(
    connection: Reader, area: KnownArea, days: tuple[int, int]
) -> list[Share]:
    """Return cooperatives and substations in the hours of an area's monthly peaks.

    Args:
        connection: A reader's.
        area: Whose peaks.
        days: First and last day that counts, as days since 1970-01-01.

    Returns:
        By month, the newest first; cooperatives before substations, by number and name.
    """
    cooperatives = [one for one in known_areas(connection) if not one.is_aggregate]
    months = {
        one.area_id: {
            month.first: month for month in load_months(connection, one.area_id, days)
        }
        for one in cooperatives
    }
    found: list[Share] = []
    for month in reversed(load_months(connection, area.area_id, days)):
        peak = _peak_hour(connection, area, month)
        for one in cooperatives:
            own = months[one.area_id].get(month.first)
            load = load_at(connection, one.area_id, peak.at)
            found.append(
                Share(
                    peak,
                    MemberKind.COOPERATIVE,
                    one.area_id,
                    one.name,
                    None if load is None else load / E1,
                    None if own is None else own.peak.load_e1 / E1,
                    None if own is None else own.mean_e1 / E1,
                )
            )
        found += _substations(connection, peak)
    return found


def _peak_hour(connection: Reader, area: KnownArea, month: LoadMonth) -> PeakHour:
    first, end = _instants(month.first)
    load_e1 = month.peak.load_e1
    alike: int = _ALIKE.value(connection, first, end, area.area_id, load_e1)
    return PeakHour(month.first, month.peak.at, load_e1 / E1, alike)


def _instants(month: date) -> tuple[int, int]:
    first, end = day_number(month), day_number(month_after(month))
    return central_day_bounds(first)[0], central_day_bounds(end)[0]


def _substations(connection: Reader, peak: PeakHour) -> Iterator[Share]:
    days = day_number(peak.month), day_number(month_after(peak.month))
    loads = {
        substation_id: int(load_sum) / int(readings) / E1
        for substation_id, load_sum, readings in _HOUR.all(
            connection, peak.at // _HOUR_S
        )
    }
    for row in _MONTH.all(connection, *days):
        yield Share(
            peak,
            MemberKind.SUBSTATION,
            row.area_id,
            row.name,
            loads.get(row.substation_id),
            row.load_max_e1 / E1,
            # PostgreSQL sums to a decimal
            int(row.load_sum_e1) / int(row.readings) / E1,
        )
