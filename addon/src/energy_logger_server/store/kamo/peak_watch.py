"""What the peak watch of an area has said, and how far it has looked."""

from typing import NamedTuple

from sqlalchemy.engine import Connection

from energy_logger_server.domain.peak_watch.live import NEVER_LOOKED, SavedWatch
from energy_logger_server.domain.peak_watch.watch import AnnouncedHour, WatchState
from energy_logger_server.store.codec.scale import E4, scaled_if_known
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
