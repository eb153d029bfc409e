"""Changes that no answer brings: ledger verdicts, re-reading, retention."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.engine import Connection

from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.collecting.gaps import LOAD_LOOK_BACK
from energy_logger_server.domain.collecting.ledger import DayState, Kind, SeriesKey
from energy_logger_server.domain.load.central_days import (
    central_day_bounds,
    central_day_of_hour,
)
from energy_logger_server.store.codec.instants import epoch_s
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.schema.bookkeeping import LOAD_FORECAST_SERIES

from .gap_causes import cause_of_gaps
from .write_transaction import WriteTransaction

_RUNNING_HOUR_S = 3600
"""An answer's first hour may have begun so long before its look-back."""

_OPEN_STATES = (DayState.MISSING.value, DayState.PARTIAL.value)


class _Series(NamedTuple):
    id: int
    kind: str
    owner: str


class _LastAnswer(NamedTuple):
    series_id: int
    fetched_at_ms: int | None


_REREAD_MARK = Query("SELECT value FROM store_meta WHERE name = 'reread_mark'")
_SAVE_REREAD_MARK = Query(
    "INSERT INTO store_meta (name, value) VALUES ('reread_mark', :mark)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    ("mark",),
)
_WANT_AMBER_AGAIN = Query(
    "UPDATE day_ledger SET recheck = true WHERE series_id IN"
    f" (SELECT id FROM series WHERE kind IN ('{Kind.PRICE}', '{Kind.USAGE}'))"
)
_KAMO_SERIES = Query(
    f"SELECT {columns_of(_Series)} FROM series"
    f" WHERE kind IN ('{Kind.LOAD}', '{Kind.SUBSTATIONS}')",
    row=_Series,
)
_DAYS = Query(
    "SELECT day, state FROM day_ledger WHERE series_id = :series AND day <= :last",
    ("series", "last"),
)
_BEGINS_AT = {
    "price_archive": "end_at - duration_minutes * 60",
    "load_archive": "at",
}
_PRUNE_ARCHIVES = tuple(
    Query(
        f"DELETE FROM {table} WHERE fetched_at < :before AND {begins_at} <= :kept_to",
        ("before", "kept_to"),
    )
    for table, begins_at in _BEGINS_AT.items()
)
_KEPT_TO = Query("SELECT value FROM store_meta WHERE name = 'forecasts_kept_to'")
_SAVE_KEPT_TO = Query(
    "INSERT INTO store_meta (name, value) VALUES ('forecasts_kept_to', :mark)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    ("mark",),
)
_NEXT_BEGIN = Query(
    "SELECT min(at) FROM ("
    + " UNION ALL ".join(
        f"SELECT min({begins_at}) AS at FROM {table} WHERE {begins_at} > :after"
        for table, begins_at in _BEGINS_AT.items()
    )
    + ") found",
    ("after",),
)
_LAST_ANSWERS = Query(
    "SELECT s.id AS series_id, f.fetched_at_ms FROM series s"
    " LEFT JOIN last_fetch f ON f.endpoint = 'load' AND f.owner = s.owner"
    f" WHERE s.kind = '{LOAD_FORECAST_SERIES}'",
    row=_LastAnswer,
)
_PRUNE_FORECASTS = Query(
    "DELETE FROM load_forecast WHERE series_id = :series AND at < :before",
    ("series", "before"),
)
_CLOSE = Query(
    "INSERT INTO day_ledger (day, series_id, state, expected_minutes,"
    " present_minutes, estimated_minutes, attempts, checked_at, cause, recheck,"
    " slot_minutes, last_slot) VALUES (:day, :series, 'unavailable', :expected, 0,"
    " 0, 0, :now, :cause, :recheck, 0, 0)"
    " ON CONFLICT (day, series_id) DO UPDATE SET state = excluded.state,"
    " cause = excluded.cause, recheck = excluded.recheck"
    " WHERE day_ledger.state IN ('missing', 'partial')",
    ("day", "series", "expected", "now", "cause", "recheck"),
)


def mark_unavailable(
    context: WriteTransaction, series: SeriesKey, days: Sequence[date], cause: str
) -> None:
    """Set the days to unavailable; complete and estimated ones stay as they are."""
    series_id = context.caches.series.number_of(
        (series.kind.value, series.owner, series.channel)
    )
    context.caches.write_new(context.connection, context.known_at)
    _close_days(context, series_id, [day_number(day) for day in days], cause, 1440)


def mark_for_rereading(connection: Connection, mark: str) -> bool:
    """Flag every Amber day, unless this mark was the last one."""
    if _REREAD_MARK.value(connection) == mark:
        return False
    _SAVE_REREAD_MARK.run(connection, mark)
    _WANT_AMBER_AGAIN.run(connection)
    return True


def close_past_kamo_days(context: WriteTransaction, look_back: timedelta) -> int:
    """Close the days that KAMO cannot complete any more; return how many.

    A day without any line, between lines or before today, is opened and closed: on it
    nothing ran, or nothing could be read.
    """
    connection = context.connection
    oldest_answer = epoch_s(context.fetched_at - look_back)
    last_closed = central_day_of_hour(oldest_answer // 3600) - 1
    closed = 0
    for series in _KAMO_SERIES.all(connection):
        lines: dict[int, str] = dict(_DAYS.all(connection, series.id, last_closed))
        if not lines:
            continue
        days = [
            day
            for day in range(min(lines), last_closed + 1)
            if lines.get(day, DayState.MISSING.value) in _OPEN_STATES
        ]
        for day in days:
            start, end = central_day_bounds(day)
            cause = cause_of_gaps(
                connection, f"{series.kind}/{series.owner}", start, end
            )
            _close_days(context, series.id, [day], cause, (end - start) // 60)
        closed += len(days)
    return closed


def forecasts_kept_to(connection: Connection) -> int | None:
    """Return up to when intervals have begun whose forecasts are kept, epoch seconds.

    None before anything was kept.
    """
    mark: str | None = _KEPT_TO.value(connection)
    return None if mark is None else int(mark)


def next_forecast_begin(connection: Connection, after: int) -> int | None:
    """Return when the next interval of the archives begins; None without one."""
    found: int | None = _NEXT_BEGIN.value(connection, after)
    return found


def save_forecasts_kept_to(connection: Connection, at: int) -> None:
    """Note it, in the transaction that kept them."""
    _SAVE_KEPT_TO.run(connection, str(at))


def prune_forecasts(connection: Connection, before: datetime) -> int:
    """Drop what was fetched before an instant, and forecasts of hours before it.

    An archived forecast stays until its interval has begun and what is kept of it for
    ever is written. What belongs to an area's last answer stays, too: that is given
    back whole.
    """
    edge = epoch_s(before)
    kept_to = forecasts_kept_to(connection)
    dropped = sum(
        prune.run(connection, edge, kept_to)
        for prune in _PRUNE_ARCHIVES
        if kept_to is not None
    )
    reach_s = int(LOAD_LOOK_BACK.total_seconds()) + _RUNNING_HOUR_S
    for series_id, fetched_at_ms in _LAST_ANSWERS.all(connection):
        answer_from = edge if fetched_at_ms is None else fetched_at_ms // 1000 - reach_s
        dropped += _PRUNE_FORECASTS.run(connection, series_id, min(edge, answer_from))
    return dropped


def _close_days(
    context: WriteTransaction,
    series_id: int,
    days: Sequence[int],
    cause: str,
    day_minutes: int,
) -> None:
    _CLOSE.run_many(
        context.connection,
        [(day, series_id, day_minutes, context.known_at, cause, False) for day in days],
    )
