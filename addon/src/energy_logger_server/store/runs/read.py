"""The run log, newest runs first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
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
from energy_logger_server.store.db.query import Query, Row
from energy_logger_server.store.schema.bookkeeping import RUN_FAILURE

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
_ONE = Query(f"SELECT {_FIELDS} FROM run WHERE id = :run", ("run",))
# every filter is left out by an empty text: four statements would say the same
_PAGE = Query(
    f"SELECT {_FIELDS} FROM run WHERE id < :before"
    " AND (:any_source = '' OR source = :source)"
    " AND (:any_outcome = '' OR outcome = :outcome) ORDER BY id DESC LIMIT :limit",
    ("before", "any_source", "source", "any_outcome", "outcome", "limit"),
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
_COUNTS_SINCE = Query(
    "SELECT outcome, count(*) FROM (SELECT outcome, started_at_ms FROM run"
    " ORDER BY id DESC LIMIT :runs) lately WHERE started_at_ms > :edge"
    " GROUP BY outcome",
    ("runs", "edge"),
)
_LARGEST_ID = 2**62
_RUNS_LOOKED_BACK = 20_000


@dataclass(frozen=True, slots=True)
class RunPage:
    """Some runs of the log.

    Attributes:
        runs: With their failures, newest first.
        is_truncated: Whether the log goes on behind them.
    """

    runs: tuple[RunRecord, ...]
    is_truncated: bool


def run_page(
    connection: Connection,
    limit: int,
    before: int | None = None,
    *,
    source: Source | None = None,
    outcome: Outcome | None = None,
) -> RunPage:
    """Return the newest runs of the log.

    Args:
        connection: A reader's.
        limit: Most runs to return.
        before: Only runs with smaller numbers.
        source: Only runs of this source.
        outcome: Only runs that ended like this, or ``running``.
    """
    of_source = "" if source is None else source.value
    of_outcome = "" if outcome is None else outcome.value
    rows = _PAGE.all(
        connection,
        _LARGEST_ID if before is None else before,
        of_source,
        of_source,
        of_outcome,
        of_outcome,
        limit + 1,
    )
    failures = _failures_of(connection, [row[0] for row in rows[:limit]])
    return RunPage(
        tuple(_record(row, failures.get(row[0], ())) for row in rows[:limit]),
        is_truncated=len(rows) > limit,
    )


def run_numbered(connection: Connection, run_id: int) -> RunRecord | None:
    """Return a run with its failures; None if the log has none of that number."""
    row = _ONE.first(connection, run_id)
    return None if row is None else _record(row, _failures(connection, run_id))


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


def outcome_counts_since(
    connection: Connection, began_after: datetime
) -> Mapping[Outcome, int]:
    """Return how many of the runs that began after an instant ended in which way.

    Counts among the last 20,000 runs only: five weeks of two sources every five
    minutes.
    """
    edge = began_after.timestamp() * 1000
    counted = _COUNTS_SINCE.all(connection, _RUNS_LOOKED_BACK, edge)
    return Counter({Outcome(row[0]): row[1] for row in counted})


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


def _failures_of(
    connection: Connection, run_ids: Sequence[int]
) -> Mapping[int, tuple[Failure, ...]]:
    columns = RUN_FAILURE.c
    rows = connection.execute(
        select(columns.run_id, columns.subject, columns.code, columns.message)
        .where(columns.run_id.in_(run_ids))
        .order_by(columns.run_id, columns.ordinal)
    )
    found: dict[int, tuple[Failure, ...]] = {}
    for run_id, *failure in rows:
        found[run_id] = (*found.get(run_id, ()), Failure(*failure))
    return found


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
