"""The run log, newest runs first."""

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy.engine import Connection

from energy_logger_server.domain.runs import (
    Failure,
    KindCounts,
    Outcome,
    RunEnd,
    RunRecord,
    Source,
    Trigger,
    WriteCounts,
)

from .query import Query, Row

_BATCH = 500
_KINDS = ("price", "usage", "load", "substation", "forecast")
_COUNTS = tuple(
    f"{kind}_{count}" for kind in _KINDS for count in ("new", "changed", "unchanged")
)
_FIELDS = (
    "id, source, trigger, interval_minutes, started_at_ms, finished_at_ms, outcome,"
    f" series_total, requests, ticks_skipped, rejected, {', '.join(_COUNTS)}"
)
_STARTED_AT, _FIRST_COUNT = 4, 11

_NEWEST = Query(
    f"SELECT {_FIELDS} FROM run WHERE id < :before ORDER BY id DESC LIMIT :limit",
    ("before", "limit"),
)
_OUTCOMES = Query(
    "SELECT id, started_at_ms, outcome FROM run WHERE id < :before"
    " ORDER BY id DESC LIMIT :limit",
    ("before", "limit"),
)
_FAILURES = Query(
    "SELECT subject, code, message FROM run_failure WHERE run_id = :run"
    " ORDER BY ordinal",
    ("run",),
)
_LAST_ENDED = Query(
    "SELECT finished_at_ms FROM run WHERE outcome = :outcome AND id > :behind"
    " ORDER BY id DESC LIMIT 1",
    ("outcome", "behind"),
)
_LARGEST_ID = 2**62
_RUNS_LOOKED_BACK = 20_000


def newest_run(connection: Connection) -> RunRecord | None:
    """Return the run that began last, with its failures; None when none ever ran."""
    row = _NEWEST.first(connection, _LARGEST_ID, 1)
    return None if row is None else _record(row, _failures(connection, row[0]))


def runs_since(connection: Connection, began_after: datetime) -> tuple[RunRecord, ...]:
    """Return the runs that began after an instant, newest first, without failures."""
    rows = _since(connection, _NEWEST, _STARTED_AT, began_after)
    return tuple(_record(row, ()) for row in rows)


def outcomes_since(
    connection: Connection, began_after: datetime
) -> tuple[Outcome, ...]:
    """Return how the runs that began after an instant ended, newest first."""
    return tuple(
        Outcome(row[2]) for row in _since(connection, _OUTCOMES, 1, began_after)
    )


def _since(
    connection: Connection, query: Query, started_at: int, began_after: datetime
) -> Iterator[Row]:
    """Yield rows of the log from the newest back to an instant.

    The log is filed by number only, so it is read backwards until it is old enough.

    Args:
        connection: A reader's.
        query: Gives the rows before a number, that number first in each.
        started_at: Position of the start, epoch milliseconds.
        began_after: The instant.
    """
    edge = began_after.timestamp() * 1000
    before = _LARGEST_ID
    while True:
        rows = query.all(connection, before, _BATCH)
        young = [row for row in rows if row[started_at] > edge]
        yield from young
        if len(young) < _BATCH:
            return
        before = rows[-1][0]


def last_success_at(connection: Connection) -> datetime | None:
    """Return when a run last ended with success; None if none lately did.

    Looks 20,000 runs back: five weeks of two sources every five minutes.
    """
    newest = _NEWEST.first(connection, _LARGEST_ID, 1)
    if newest is None:
        return None
    found = _LAST_ENDED.first(
        connection, Outcome.SUCCESS.value, newest[0] - _RUNS_LOOKED_BACK
    )
    return None if found is None else _instant(found[0])


def _failures(connection: Connection, run_id: int) -> tuple[Failure, ...]:
    return tuple(Failure(*row) for row in _FAILURES.all(connection, run_id))


def _record(row: Row, failures: tuple[Failure, ...]) -> RunRecord:
    finished_at_ms = row[5]
    end = None
    if finished_at_ms is not None:
        end = RunEnd(
            finished_at=_instant(finished_at_ms),
            outcome=Outcome(row[6]),
            series_total=row[7],
            failures=failures,
            counts=_counts(row),
            requests=row[8],
            ticks_skipped=row[9],
        )
    return RunRecord(
        id=row[0],
        source=Source(row[1]),
        trigger=Trigger(row[2]),
        interval_minutes=row[3],
        started_at=_instant(row[4]),
        end=end,
    )


def _counts(row: Row) -> WriteCounts:
    numbers = row[_FIRST_COUNT:]
    by_kind = {
        kind: KindCounts(*numbers[3 * index : 3 * index + 3])
        for index, kind in enumerate(_KINDS)
    }
    return WriteCounts(
        price=by_kind["price"],
        usage=by_kind["usage"],
        load=by_kind["load"],
        substation=by_kind["substation"],
        forecast=by_kind["forecast"],
        rejected=row[10],
    )


def _instant(epoch_ms: int) -> datetime:
    return datetime.fromtimestamp(epoch_ms / 1000, UTC)
