"""What the peak watch of an area has said, and how far it has looked."""

from typing import NamedTuple

from sqlalchemy.engine import Connection

from energy_logger_server.domain.peak_watch.live import NEVER_LOOKED, SavedWatch
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour, WatchState
from energy_logger_server.store.codec.scale import E1, E4, scaled_if_known
from energy_logger_server.store.db.query import Query, columns_of, upsert_into
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.schema.peaks import PEAK_ANNOUNCEMENT, PEAK_WATCH


class _Watch(NamedTuple):
    looked_to: int
    is_open: int
    is_trained: int
    is_probability_shown: int


class _Announcement(NamedTuple):
    hour: int
    period_day: int
    announced_in: int
    probability_e4: int | None
    withdrawn_in: int | None


class AnnouncementAndLoad(NamedTuple):
    """An announced hour, and what came.

    Attributes:
        announced: The hour.
        load_kw: Its load; None while it is not settled or not known.
    """

    announced: AnnouncedHour
    load_kw: float | None


_WATCH = Query(
    f"SELECT {columns_of(_Watch)} FROM peak_watch WHERE area_id = :area",
    ("area",),
    row=_Watch,
)
# a billing period has at most a year, and the budget bounds what is said in it
_ANNOUNCED = Query(
    f"SELECT {columns_of(_Announcement)} FROM peak_announcement"
    " WHERE hour >= :first AND area_id = :area ORDER BY hour",
    ("first", "area"),
    row=_Announcement,
)
_SAID_OF = Query(
    f"""
SELECT {columns_of(_Announcement, "t.")}, l.load_e1
FROM peak_announcement t
LEFT JOIN load l ON l.at = t.hour * 3600 AND l.area_id = t.area_id AND l.is_settled
WHERE t.hour >= :first AND t.hour < :end AND t.area_id = :area ORDER BY t.hour
""",
    ("first", "end", "area"),
)
_FIRST_SAID = Query(
    "SELECT min(hour) FROM peak_announcement WHERE area_id = :area", ("area",)
)
_LONGEST_PERIOD_HOURS = 367 * 24
_SAVE_WATCH = upsert_into(PEAK_WATCH)
_SAVE_ANNOUNCEMENT = upsert_into(PEAK_ANNOUNCEMENT)


def saved_watch(connection: Reader, area_id: int) -> SavedWatch:
    """Return an area's watch with what it announced in the last year.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
    """
    rows = _WATCH.all(connection, area_id)
    if not rows:
        return NEVER_LOOKED
    [row] = rows
    announced = _ANNOUNCED.all(
        connection, row.looked_to - _LONGEST_PERIOD_HOURS, area_id
    )
    return SavedWatch(
        WatchState(row.looked_to, tuple(map(_announced, announced)), bool(row.is_open)),
        bool(row.is_trained),
        bool(row.is_probability_shown),
    )


def announced_since(
    connection: Reader, area_id: int, hours: tuple[int, int]
) -> list[AnnouncementAndLoad]:
    """Return what was announced of hours, with the loads that came, ascending.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        hours: The first, and the one past the last (epoch seconds // 3600).
    """
    return [
        AnnouncementAndLoad(
            _announced(_Announcement(*said)), None if load_e1 is None else load_e1 / E1
        )
        for *said, load_e1 in _SAID_OF.all(connection, *hours, area_id)
    ]


def first_announced_hour(connection: Reader, area_id: int) -> int | None:
    """Return the first announced hour, epoch seconds // 3600; None without any."""
    hour: int | None = _FIRST_SAID.value(connection, area_id)
    return hour


def save_watch(connection: Connection, area_id: int, saved: SavedWatch) -> None:
    """Keep a watch; announcements stay for ever.

    Args:
        connection: The writer's.
        area_id: KAMO's number.
        saved: The watch.
    """
    state = saved.state
    _SAVE_WATCH.run(
        connection,
        area_id,
        state.looked_to,
        state.is_open,
        saved.is_trained,
        saved.is_probability_shown,
    )
    _SAVE_ANNOUNCEMENT.run_many(
        connection,
        [
            (
                one.hour,
                area_id,
                one.period_day,
                one.said_at,
                scaled_if_known(one.probability, E4),
                one.withdrawn_at,
            )
            for one in state.announced
        ],
    )


def _announced(row: _Announcement) -> AnnouncedHour:
    return AnnouncedHour(
        row.hour,
        row.period_day,
        row.announced_in,
        None if row.probability_e4 is None else row.probability_e4 / E4,
        row.withdrawn_in,
    )
