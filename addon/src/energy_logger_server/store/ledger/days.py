"""Lines of the day ledger, counted from the rows, never guessed."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from energy_logger_server.api.nem import MINUTES_PER_DAY, day_number
from energy_logger_server.domain.collecting.ledger import DayState, state_of_day
from energy_logger_server.store.db.query import Query

from .write_transaction import WriteTransaction

LEDGER_COLUMNS = (
    "day",
    "series_id",
    "state",
    "expected_minutes",
    "present_minutes",
    "estimated_minutes",
    "attempts",
    "checked_at",
    "cause",
    "recheck",
    "slot_minutes",
    "last_slot",
)

_UPSERT = Query(
    f"""
INSERT INTO day_ledger ({", ".join(LEDGER_COLUMNS)})
VALUES (:day, :series, :state, :expected, :present, :estimated, :attempts, :checked,
  :cause, :recheck, 0, 0)
ON CONFLICT (day, series_id) DO UPDATE SET state = excluded.state,
  expected_minutes = excluded.expected_minutes,
  present_minutes = excluded.present_minutes,
  estimated_minutes = excluded.estimated_minutes, attempts = excluded.attempts,
  checked_at = excluded.checked_at, cause = excluded.cause, recheck = excluded.recheck
""",
    (
        "day",
        "series",
        "state",
        "expected",
        "present",
        "estimated",
        "attempts",
        "checked",
        "cause",
        "recheck",
    ),
)
_LINES = Query(
    "SELECT day, state, attempts, cause, recheck, checked_at FROM day_ledger"
    " WHERE series_id = :series AND day >= :first AND day <= :last",
    ("series", "first", "last"),
)
_LOAD_HOURS = Query(
    "SELECT day, hours FROM load_day WHERE area_id = :area"
    " AND day >= :first AND day <= :last",
    ("area", "first", "last"),
)


class DayMinutes(NamedTuple):
    """How much of a NEM day is covered, and how much of that may still be revised."""

    day: int
    present: int
    estimated: int


_NO_LINE = (None, 0, None, False, 0)
"""State, attempts, cause, recheck and checked_at of a day that has no line yet."""


def record_interval_days(
    context: WriteTransaction,
    minutes_of_days: Query[DayMinutes],
    series_id: int,
    *,
    asked: tuple[int, int] | None,
    touched: Iterable[int],
) -> None:
    """Recount the Amber days that an answer spoke of.

    Args:
        context: The transaction.
        minutes_of_days: Reads what there is of a series between two days.
        series_id: Whose days.
        asked: First and last day that were asked for in whole; None if none was.
        touched: Days (since 1970) of the settled rows in the answer.
    """
    days = set(touched)
    if asked is not None:
        days.update(range(asked[0], asked[1] + 1))
    if not days:
        return
    first, last = min(days), max(days)
    connection = context.connection
    minutes = {
        day: (int(present), int(estimated))
        for day, present, estimated in minutes_of_days.all(
            connection, series_id, first, last
        )
    }
    before = {
        day: tuple(line)
        for day, *line in _LINES.all(connection, series_id, first, last)
    }
    rows = []
    for day in sorted(days):
        present, estimated = minutes.get(day, (0, 0))
        state = state_of_day(
            expected_minutes=MINUTES_PER_DAY,
            present_minutes=present,
            estimated_minutes=estimated,
        )
        old_state, attempts, cause, recheck, checked_at = before.get(day, _NO_LINE)
        was_asked = asked is not None and asked[0] <= day <= asked[1]
        if state in (DayState.MISSING, DayState.PARTIAL):
            # a day that is not over yet cannot be complete, and what was asked
            # before is no new attempt
            is_over = day < day_number(context.today)
            attempts += was_asked and is_over and context.known_at > checked_at
            if old_state == DayState.UNAVAILABLE:
                # nothing new came: what cannot be had stays so
                state = DayState.UNAVAILABLE
        else:
            cause = None
        rows.append(
            (
                day,
                series_id,
                state.value,
                MINUTES_PER_DAY,
                present,
                estimated,
                attempts,
                max(context.known_at, checked_at),
                cause,
                bool(recheck) and not was_asked,
            )
        )
    _write(context, rows)


def record_load_days(
    context: WriteTransaction,
    series_id: int,
    area_id: int,
    days: Sequence[tuple[int, int, int]],
) -> None:
    """Recount Central days of an area's measured load.

    Args:
        context: The transaction.
        series_id: The area's load series.
        area_id: KAMO's number.
        days: Day number, expected minutes and unsettled hours of each, ascending.
    """
    if not days:
        return
    first, last = days[0][0], days[-1][0]
    hours: dict[int, int] = dict(
        _LOAD_HOURS.all(context.connection, area_id, first, last)
    )
    rows = []
    for day, expected, unsettled in days:
        present = min(60 * hours.get(day, 0), expected)
        state = state_of_day(
            expected_minutes=expected,
            present_minutes=present,
            estimated_minutes=60 * unsettled,
        )
        rows.append(
            (
                day,
                series_id,
                state.value,
                expected,
                present,
                60 * unsettled,
                0,
                context.known_at,
                None,
                False,
            )
        )
    _write(context, rows)


def _write(context: WriteTransaction, rows: Sequence[tuple[object, ...]]) -> None:
    context.caches.write_new(context.connection, context.known_at)
    _UPSERT.run_many(context.connection, rows)
