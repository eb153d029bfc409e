"""Why a KAMO day has gaps, as far as the run log shows."""

from typing import NamedTuple

from sqlalchemy.engine import Connection

from energy_logger_server.domain.collecting.runs import Source, Trigger
from energy_logger_server.store.db.query import Query

_TICKS_THAT_TELL = 2
"""One tick of Amber's may lie between the start and KAMO's first."""

_SPAN_ORDER = ("start_ms", "end_ms")


class _Ends(NamedTuple):
    """When the first and the last run of a span began, epoch milliseconds."""

    first: int | None
    last: int | None


_RUNS_OF_KAMO = (
    f"r.source = '{Source.KAMO.value}'"
    " AND r.started_at_ms >= :start_ms AND r.started_at_ms < :end_ms"
)
_FAILURE = Query(
    "SELECT f.message FROM run_failure f JOIN run r ON r.id = f.run_id"
    f" WHERE {_RUNS_OF_KAMO} AND f.subject = :subject ORDER BY r.id DESC LIMIT 1",
    (*_SPAN_ORDER, "subject"),
)
_FIRST_AND_LAST = Query(
    "SELECT (SELECT r.started_at_ms FROM run r"
    f" WHERE {_RUNS_OF_KAMO} ORDER BY r.id LIMIT 1) AS first,"
    " (SELECT r.started_at_ms FROM run r"
    f" WHERE {_RUNS_OF_KAMO} ORDER BY r.id DESC LIMIT 1) AS last",
    _SPAN_ORDER,
    row=_Ends,
)
_TICKS_OF_AMBER = Query(
    f"SELECT id FROM run WHERE source = '{Source.AMBER.value}'"
    f" AND trigger = '{Trigger.TICK.value}'"
    " AND started_at_ms > :start_ms AND started_at_ms < :end_ms"
    f" LIMIT {_TICKS_THAT_TELL}",
    _SPAN_ORDER,
)


def cause_of_gaps(connection: Connection, subject: str, start: int, end: int) -> str:
    """Say why a KAMO day has gaps.

    Args:
        connection: The writer's.
        subject: What could not be read, as failures of runs name it.
        start: Of the day, epoch seconds.
        end: Of the day.
    """
    failure = _FAILURE.value(connection, *_ms(start, end), subject)
    if failure is not None:
        return str(failure)
    ends = _FIRST_AND_LAST.one(connection, *_ms(start, end))
    if ends.first is None or ends.last is None:
        is_off = _was_switched_off(connection, start, end)
        return "KAMO was switched off" if is_off else "the server was not running"
    first_run, last_run = ends.first // 1000, ends.last // 1000
    idle = [(start, first_run), *([(last_run, end)] if last_run < end - 3600 else [])]
    if first_run <= start and len(idle) == 1:
        return "KAMO had no value"
    if any(_was_switched_off(connection, *span) for span in idle):
        return "KAMO was switched off for a part of the day"
    return "the server was not running all day"


def _was_switched_off(connection: Connection, start: int, end: int) -> bool:
    """Whether only Amber was read at ticks in a span without runs of KAMO.

    A server reads KAMO at every tick unless it is switched off (``KAMO_ENABLED``), and
    then there is Amber to read, or it would not start.
    """
    ticks = _TICKS_OF_AMBER.all(connection, *_ms(start, end))
    return len(ticks) == _TICKS_THAT_TELL


def _ms(start: int, end: int) -> tuple[int, int]:
    return start * 1000, end * 1000
