"""The day ledger as a calendar: what is known of each day of each series."""

from dataclasses import dataclass
from typing import NamedTuple

from energy_logger_server.domain.collecting.ledger import DayState, Kind, SeriesKey
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader


class _Line(NamedTuple):
    series_id: int
    kind: str
    owner: str
    channel: str
    day: int
    state: str
    expected_minutes: int
    present_minutes: int


_LINES = Query(
    f"""
SELECT {columns_of(_Line)} FROM day_ledger l CROSS JOIN series s
WHERE l.day >= :first AND l.day <= :last AND s.id = l.series_id
  AND (:kind = '' OR s.kind = :kind) AND (:owner = '' OR s.owner = :owner)
ORDER BY l.series_id, l.day
""",
    ("first", "last", "kind", "owner"),
    row=_Line,
)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """What is known of a day.

    Attributes:
        day: NEM or Central date, as days since 1970-01-01.
        state: Of the ledger.
        expected_minutes: Length of the day that can be covered.
        present_minutes: Minutes covered by rows.
    """

    day: int
    state: DayState
    expected_minutes: int
    present_minutes: int


def ledger_days(
    connection: Reader, days: tuple[int, int], kind: Kind | None, owner: str | None
) -> dict[SeriesKey, list[CalendarDay]]:
    """Return the days of each series that the ledger has, ascending.

    Args:
        connection: A reader's.
        days: First and last day, as days since 1970-01-01.
        kind: None for all.
        owner: Site id, or area number as text; None for all.
    """
    found: dict[SeriesKey, list[CalendarDay]] = {}
    for row in _LINES.all(connection, *days, kind or "", owner or ""):
        series = SeriesKey(Kind(row.kind), row.owner, row.channel)
        found.setdefault(series, []).append(
            CalendarDay(
                row.day,
                DayState(row.state),
                row.expected_minutes,
                row.present_minutes,
            )
        )
    return found
