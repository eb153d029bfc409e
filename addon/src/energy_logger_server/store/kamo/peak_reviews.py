"""What the owner said of substations' days: whether they can be a month's peak."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.engine import Connection

from energy_logger_server.api.nem import date_of_day_number, day_number
from energy_logger_server.domain.determinants.substation_peaks import PeakReview
from energy_logger_server.store.db.query import Query, upsert_into
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.schema.substation_health import PEAK_REVIEW


class _Row(NamedTuple):
    name: str
    day: int
    counts: int
    note: str


_OF_AREA = Query(
    "SELECT p.name AS name, t.day AS day, t.counts AS counts, t.note AS note"
    " FROM substation p CROSS JOIN peak_review t"
    " WHERE p.area_id = :area AND t.substation_id = p.id",
    ("area",),
    row=_Row,
)
_SUBSTATION_ID = Query(
    "SELECT id FROM substation WHERE area_id = :area AND name = :name",
    ("area", "name"),
)
_SAVE = upsert_into(PEAK_REVIEW)
_REMOVE = Query(
    "DELETE FROM peak_review WHERE substation_id = :substation AND day = :day",
    ("substation", "day"),
)


def peak_reviews(connection: Reader, area_id: int) -> list[PeakReview]:
    """Return what was said of an area's substations."""
    return [
        PeakReview(row.name, date_of_day_number(row.day), bool(row.counts), row.note)
        for row in _OF_AREA.all(connection, area_id)
    ]


def save_review(
    connection: Connection, area_id: int, review: PeakReview, now: datetime
) -> bool:
    """Keep what is said of a day; return whether there is such a substation."""
    number: int | None = _SUBSTATION_ID.value(connection, area_id, review.name)
    if number is None:
        return False
    _SAVE.run(
        connection,
        number,
        day_number(review.day),
        review.counts,
        review.note,
        int(now.timestamp()),
    )
    return True


def remove_review(connection: Connection, area_id: int, name: str, day: date) -> bool:
    """Forget what was said of a day; return whether anything was."""
    number: int | None = _SUBSTATION_ID.value(connection, area_id, name)
    if number is None:
        return False
    return _REMOVE.run(connection, number, day_number(day)) > 0
