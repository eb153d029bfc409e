"""Changes that no answer brings: ledger verdicts, re-reading, retention."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.central_days import (
    central_day_bounds,
    central_day_of_hour,
)
from energy_logger_server.domain.gaps import LOAD_LOOK_BACK
from energy_logger_server.domain.ledger import DayState, Kind, SeriesKey
from energy_logger_server.domain.runs import Source, Trigger
from energy_logger_server.store.codec.instants import epoch_s
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.schema.amber import PRICE_ARCHIVE
from energy_logger_server.store.schema.bookkeeping import (
    LAST_FETCH,
    LEDGER,
    LOAD_FORECAST_SERIES,
    META,
    RUN,
    RUN_FAILURE,
    SERIES,
)
from energy_logger_server.store.schema.kamo import LOAD_ARCHIVE, LOAD_FORECAST

from .write_transaction import WriteTransaction

_REREAD_MARK = "reread_mark"
_RUNNING_HOUR_S = 3600
"""An answer's first hour may have begun so long before its look-back."""

_TICKS_THAT_TELL = 2
"""One tick of Amber's may lie between the start and KAMO's first."""

_OPEN_STATES = (DayState.MISSING.value, DayState.PARTIAL.value)
_AMBER_KINDS = (Kind.PRICE.value, Kind.USAGE.value)
_KAMO_KINDS = (Kind.LOAD.value, Kind.SUBSTATIONS.value)


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
    known = connection.execute(
        select(META.c.value).where(META.c.name == _REREAD_MARK)
    ).scalar_one_or_none()
    if known == mark:
        return False
    connection.execute(delete(META).where(META.c.name == _REREAD_MARK))
    connection.execute(META.insert().values(name=_REREAD_MARK, value=mark))
    amber = select(SERIES.c.id).where(SERIES.c.kind.in_(_AMBER_KINDS))
    connection.execute(
        update(LEDGER).where(LEDGER.c.series_id.in_(amber)).values(recheck=True)
    )
    return True


def close_past_kamo_days(context: WriteTransaction, look_back: timedelta) -> int:
    """Close the days that KAMO cannot complete any more; return how many.

    A day without any line, between lines or before today, is opened and closed: on it
    nothing ran, or nothing could be read.
    """
    connection = context.connection
    oldest_answer = epoch_s(context.fetched_at - look_back)
    last_closed = central_day_of_hour(oldest_answer // 3600) - 1
    spans = connection.execute(
        select(SERIES.c.id, SERIES.c.kind, SERIES.c.owner).where(
            SERIES.c.kind.in_(_KAMO_KINDS)
        )
    ).all()
    closed = 0
    for series in spans:
        lines = {
            row.day: row.state
            for row in connection.execute(
                select(LEDGER.c.day, LEDGER.c.state).where(
                    LEDGER.c.series_id == series.id, LEDGER.c.day <= last_closed
                )
            )
        }
        if not lines:
            continue
        days = [
            day
            for day in range(min(lines), last_closed + 1)
            if lines.get(day, DayState.MISSING.value) in _OPEN_STATES
        ]
        for day in days:
            start, end = central_day_bounds(day)
            cause = _cause(context, f"{series.kind}/{series.owner}", start, end)
            _close_days(context, series.id, [day], cause, (end - start) // 60)
        closed += len(days)
    return closed


def prune_forecasts(connection: Connection, before: datetime) -> int:
    """Drop what was fetched before an instant, and forecasts of hours before it.

    What belongs to an area's last answer stays: that is given back whole.
    """
    edge = epoch_s(before)
    dropped = 0
    for table in (PRICE_ARCHIVE, LOAD_ARCHIVE):
        dropped += connection.execute(
            delete(table).where(table.c.fetched_at < edge)
        ).rowcount
    reach_s = int(LOAD_LOOK_BACK.total_seconds()) + _RUNNING_HOUR_S
    for series_id, fetched_at_ms in connection.execute(
        select(SERIES.c.id, LAST_FETCH.c.fetched_at_ms)
        .outerjoin(
            LAST_FETCH,
            (LAST_FETCH.c.endpoint == "load") & (LAST_FETCH.c.owner == SERIES.c.owner),
        )
        .where(SERIES.c.kind == LOAD_FORECAST_SERIES)
    ).all():
        told_from = edge if fetched_at_ms is None else fetched_at_ms // 1000 - reach_s
        dropped += connection.execute(
            delete(LOAD_FORECAST).where(
                LOAD_FORECAST.c.series_id == series_id,
                LOAD_FORECAST.c.at < min(edge, told_from),
            )
        ).rowcount
    return dropped


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


def _cause(context: WriteTransaction, subject: str, start: int, end: int) -> str:
    """Say from the run log why a KAMO day has gaps."""
    connection = context.connection
    in_day = (
        RUN.c.source == "kamo",
        RUN.c.started_at_ms >= start * 1000,
        RUN.c.started_at_ms < end * 1000,
    )
    failure = connection.execute(
        select(RUN_FAILURE.c.message)
        .join(RUN, RUN.c.id == RUN_FAILURE.c.run_id)
        .where(*in_day, RUN_FAILURE.c.subject == subject)
        .order_by(RUN.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if failure is not None:
        return str(failure)
    first_run, last_run = _first_and_last_run(context, start, end)
    if first_run is None or last_run is None:
        is_off = _was_switched_off(context, start, end)
        return "KAMO was switched off" if is_off else "the server was not running"
    idle = [(start, first_run), *([(last_run, end)] if last_run < end - 3600 else [])]
    if first_run <= start and len(idle) == 1:
        return "KAMO had no value"
    if any(_was_switched_off(context, *span) for span in idle):
        return "KAMO was switched off for a part of the day"
    return "the server was not running all day"


def _was_switched_off(context: WriteTransaction, start: int, end: int) -> bool:
    """Whether only Amber was read at ticks in a span without runs of KAMO.

    A server reads KAMO at every tick unless it is told not to (``KAMO_ENABLED``), and
    then there is Amber to read, or it would not start.
    """
    runs = context.connection.execute(
        select(RUN.c.id)
        .where(
            RUN.c.source == Source.AMBER.value,
            RUN.c.trigger == Trigger.TICK.value,
            RUN.c.started_at_ms > start * 1000,
            RUN.c.started_at_ms < end * 1000,
        )
        .limit(_TICKS_THAT_TELL)
    )
    return len(runs.all()) == _TICKS_THAT_TELL


def _first_and_last_run(
    context: WriteTransaction, start: int, end: int
) -> tuple[int | None, int | None]:
    rows = [
        context.connection.execute(
            select(RUN.c.started_at_ms)
            .where(
                RUN.c.source == "kamo",
                RUN.c.started_at_ms >= start * 1000,
                RUN.c.started_at_ms < end * 1000,
            )
            .order_by(order)
            .limit(1)
        ).scalar_one_or_none()
        for order in (RUN.c.id, RUN.c.id.desc())
    ]
    first, last = (None if at is None else at // 1000 for at in rows)
    return first, last
