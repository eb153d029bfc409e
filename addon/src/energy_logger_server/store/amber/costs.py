"""Energy and cost of a site's registers, from the rollups of its usage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from energy_logger_server.api.nem import date_of_day_number, day_number
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.costs.costs import CostDay, Dates, RegisterCost
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader

_REGISTERS = Query(
    "SELECT id, channel FROM series WHERE kind = :kind AND owner = :owner ORDER BY id",
    ("kind", "owner"),
)
# of the newest interval: the site's own list forgets a register that is gone
_CHANNEL_TYPE = Query(
    "SELECT a.channel_type FROM usage u"
    " JOIN interval_attributes a ON a.id = u.attributes_id"
    " WHERE u.series_id = :series ORDER BY u.end_at DESC LIMIT 1",
    ("series",),
)


class CostSums(NamedTuple):
    """What a register's intervals sum up to; None without any."""

    intervals: int
    minutes: int
    estimated_minutes: int
    energy_e3: int
    cost_e4: int
    unpriced_minutes: int
    unpriced_energy_e3: int


_DAYS = Query(
    f"SELECT day, {columns_of(CostSums)} FROM usage_day"
    " WHERE series_id = :series AND day >= :first AND day <= :last ORDER BY day",
    ("series", "first", "last"),
)
_NEWEST_DAY = Query(
    "SELECT day FROM usage_day WHERE series_id = :series ORDER BY day DESC LIMIT 1",
    ("series",),
)
_HOURS = Query(
    f"SELECT {', '.join(f'sum({name}) AS {name}' for name in CostSums._fields)}"
    " FROM usage_hour"
    " WHERE series_id = :series AND hour >= :first AND hour < :end",
    ("series", "first", "end"),
    row=CostSums,
)
# day by day: the ledger is filed by day, and a scan would read every other series
_GAPS = Query(
    """
WITH RECURSIVE calendar(day) AS (
  SELECT CAST(:first AS BIGINT) UNION ALL
  SELECT day + 1 FROM calendar WHERE day < CAST(:last AS BIGINT))
SELECT l.day FROM calendar c CROSS JOIN day_ledger l
WHERE l.day = c.day AND l.series_id = :series
  AND l.present_minutes < l.expected_minutes
""",
    ("first", "last", "series"),
)


@dataclass(frozen=True, slots=True)
class Register:
    """A register that has usage.

    Attributes:
        series_id: Number of its usage.
        identifier: Its name, such as ``E1``.
        channel_type: A ``ChannelType``, or a text that is not known yet.
    """

    series_id: int
    identifier: str
    channel_type: str

    def cost(self, sums: CostSums) -> RegisterCost:
        """Return sums as this register's."""
        # PostgreSQL sums to a decimal
        return RegisterCost(self.identifier, self.channel_type, *map(int, sums))


def cost_days(connection: Reader, site_id: str, dates: Dates) -> list[CostDay]:
    """Return the NEM dates with usage of a site, ascending.

    Args:
        connection: A reader's.
        site_id: Whose.
        dates: First and last date wanted.
    """
    first, last = map(day_number, dates)
    by_day: dict[int, list[RegisterCost]] = {}
    for register in registers(connection, site_id):
        for day, *sums in _DAYS.all(connection, register.series_id, first, last):
            by_day.setdefault(day, []).append(register.cost(CostSums(*sums)))
    if not by_day:
        return []
    with_gaps = set(_gaps(connection, site_id, min(by_day), max(by_day)))
    return [
        CostDay(
            date_of_day_number(day),
            tuple(by_day[day]),
            is_complete=day not in with_gaps,
        )
        for day in sorted(by_day)
    ]


def cost_of_hours(
    connection: Reader, site_id: str, hours: tuple[int, int]
) -> tuple[RegisterCost, ...]:
    """Return what each register with usage has over some hours.

    Args:
        connection: A reader's.
        site_id: Whose.
        hours: First hour and the one past the last, as epoch seconds // 3600.
    """
    found = []
    for register in registers(connection, site_id):
        sums = _HOURS.one(connection, register.series_id, *hours)
        if sums.intervals:
            found.append(register.cost(sums))
    return tuple(found)


def newest_usage_date(connection: Reader, site_id: str) -> date | None:
    """Return the last NEM date on which a register of a site has usage."""
    days = [
        day
        for series_id, _identifier in _series(connection, site_id)
        for (day,) in _NEWEST_DAY.all(connection, series_id)
    ]
    return date_of_day_number(max(days)) if days else None


def _gaps(connection: Reader, site_id: str, first: int, last: int) -> Iterator[int]:
    """Yield days of which the ledger misses a minute, of any register of the site.

    The ledger also has the registers that upstream sent nothing of.
    """
    for series_id, _identifier in _series(connection, site_id):
        for (day,) in _GAPS.all(connection, first, last, series_id):
            yield day


def registers(connection: Reader, site_id: str) -> Iterator[Register]:
    """Yield the registers of a site that have usage."""
    for series_id, identifier in _series(connection, site_id):
        for (channel_type,) in _CHANNEL_TYPE.all(connection, series_id):
            yield Register(series_id, identifier, channel_type or "")


def _series(connection: Reader, site_id: str) -> Sequence[tuple[int, str]]:
    return [
        (series_id, identifier)
        for series_id, identifier in _REGISTERS.all(
            connection, Kind.USAGE.value, site_id
        )
    ]
