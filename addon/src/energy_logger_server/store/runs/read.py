"""The run log, newest runs first."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from energy_logger_server.domain.collecting.runs import (
    Failure,
    KindCounts,
    Outcome,
    RunEnd,
    RunRecord,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.domain.notifications.alerts import FailedRuns
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader

_BATCH = 500


class _Run(NamedTuple):
    id: int
    source: str
    trigger: str
    interval_minutes: int
    started_at_ms: int
    finished_at_ms: int | None
    outcome: str
    series_total: int
    requests: int
    ticks_skipped: int
    rejected: int
    price_new: int
    price_changed: int
    price_unchanged: int
    usage_new: int
    usage_changed: int
    usage_unchanged: int
    load_new: int
    load_changed: int
    load_unchanged: int
    substation_new: int
    substation_changed: int
    substation_unchanged: int
    forecast_new: int
    forecast_changed: int
    forecast_unchanged: int


class _OutcomeOfRun(NamedTuple):
    id: int
    started_at_ms: int
    outcome: str


class _Failure(NamedTuple):
    run_id: int
    subject: str
    code: str
    message: str


_NEWEST = Query(
    f"SELECT {columns_of(_Run)} FROM run WHERE id < :before"
    " ORDER BY id DESC LIMIT :limit",
    ("before", "limit"),
    row=_Run,
)
_ONE = Query(f"SELECT {columns_of(_Run)} FROM run WHERE id = :run", ("run",), row=_Run)
# every filter is left out by an empty text: four statements would say the same
_IN_PAGE = (
    "FROM run WHERE id < :before AND (:any_source = '' OR source = :source)"
    " AND (:any_outcome = '' OR outcome = :outcome) ORDER BY id DESC LIMIT :limit"
)
_PAGE_ORDER = ("before", "any_source", "source", "any_outcome", "outcome", "limit")
_PAGE = Query(f"SELECT {columns_of(_Run)} {_IN_PAGE}", _PAGE_ORDER, row=_Run)
_FAILURES_OF_PAGE = Query(
    f"SELECT {columns_of(_Failure)} FROM run_failure"
    f" WHERE run_id IN (SELECT id {_IN_PAGE}) ORDER BY run_id, ordinal",
    _PAGE_ORDER,
    row=_Failure,
)
_OUTCOMES = Query(
    f"SELECT {columns_of(_OutcomeOfRun)} FROM run WHERE id < :before"
    " ORDER BY id DESC LIMIT :limit",
    ("before", "limit"),
    row=_OutcomeOfRun,
)
_FAILURES = Query(
    f"SELECT {columns_of(_Failure)} FROM run_failure WHERE run_id = :run"
    " ORDER BY ordinal",
    ("run",),
    row=_Failure,
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
_FAILED_IN_A_ROW = Query(
    "SELECT count(*), min(started_at_ms) FROM run WHERE source = :source"
    " AND outcome = 'failed' AND \"trigger\" <> 'backfill' AND id > coalesce(("
    "SELECT id FROM run WHERE source = :again AND outcome IN ('success', 'partial')"
    " AND \"trigger\" <> 'backfill' AND id > :behind ORDER BY id DESC LIMIT 1), :from)",
    ("source", "again", "behind", "from"),
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
    connection: Reader,
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
    asked = (
        _LARGEST_ID if before is None else before,
        of_source,
        of_source,
        of_outcome,
        of_outcome,
    )
    rows = _PAGE.all(connection, *asked, limit + 1)
    failures: dict[int, list[Failure]] = {}
    for row in _FAILURES_OF_PAGE.all(connection, *asked, limit):
        failures.setdefault(row.run_id, []).append(_failure(row))
    return RunPage(
        tuple(_record(row, failures.get(row.id, ())) for row in rows[:limit]),
        is_truncated=len(rows) > limit,
    )


def run_numbered(connection: Reader, run_id: int) -> RunRecord | None:
    """Return a run with its failures; None if the log has none of that number."""
    row = _ONE.first(connection, run_id)
    return None if row is None else _record(row, _failures(connection, run_id))


def newest_run(connection: Reader) -> RunRecord | None:
    """Return the run that began last, with its failures; None when none ever ran."""
    row = _NEWEST.first(connection, _LARGEST_ID, 1)
    return None if row is None else _record(row, _failures(connection, row.id))


def runs_since(connection: Reader, began_after: datetime) -> tuple[RunRecord, ...]:
    """Return the runs that began after an instant, newest first, without failures."""
    rows = _since(connection, _NEWEST, began_after)
    return tuple(_record(row, ()) for row in rows)


def outcomes_since(connection: Reader, began_after: datetime) -> tuple[Outcome, ...]:
    """Return how the runs that began after an instant ended, newest first."""
    return tuple(
        Outcome(row.outcome) for row in _since(connection, _OUTCOMES, began_after)
    )


def outcome_counts_since(
    connection: Reader, began_after: datetime
) -> Mapping[Outcome, int]:
    """Return how many of the runs that began after an instant ended in which way.

    Counts among the last 20,000 runs only: five weeks of two sources every five
    minutes.
    """
    edge = began_after.timestamp() * 1000
    counted = _COUNTS_SINCE.all(connection, _RUNS_LOOKED_BACK, edge)
    return Counter({Outcome(outcome): number for outcome, number in counted})


def _since[Found: (_Run, _OutcomeOfRun)](
    connection: Reader, query: Query[Found], began_after: datetime
) -> Iterator[Found]:
    """Yield rows of the log from the newest back to an instant.

    The log is filed by number only, so it is read backwards until it is old enough.

    Args:
        connection: A reader's.
        query: Gives the rows before a number.
        began_after: The instant.
    """
    edge = began_after.timestamp() * 1000
    before = _LARGEST_ID
    while True:
        rows = query.all(connection, before, _BATCH)
        young = [row for row in rows if row.started_at_ms > edge]
        yield from young
        if len(young) < _BATCH:
            return
        before = rows[-1].id


def last_success_at(connection: Reader) -> datetime | None:
    """Return when a run last ended with success; None if none lately did.

    Looks 20,000 runs back: five weeks of two sources every five minutes.
    """
    newest = _NEWEST.first(connection, _LARGEST_ID, 1)
    if newest is None:
        return None
    finished_at_ms: int | None = _LAST_ENDED.value(
        connection, Outcome.SUCCESS.value, newest.id - _RUNS_LOOKED_BACK
    )
    return None if finished_at_ms is None else _instant(finished_at_ms)


def failed_in_a_row(connection: Reader, source: Source) -> FailedRuns:
    """Return the newest runs of a source, as far back as all of them got nothing.

    Interrupted runs and those of backfill say nothing of a source. Looks 20,000 runs
    back, as ``last_success_at`` does.
    """
    newest = _NEWEST.first(connection, _LARGEST_ID, 1)
    if newest is None:
        return FailedRuns()
    behind = newest.id - _RUNS_LOOKED_BACK
    name = source.value
    count, since_ms = _FAILED_IN_A_ROW.one(connection, name, name, behind, behind)
    return FailedRuns(count, None if since_ms is None else _instant(since_ms))


def _failures(connection: Reader, run_id: int) -> tuple[Failure, ...]:
    return tuple(map(_failure, _FAILURES.all(connection, run_id)))


def _failure(row: _Failure) -> Failure:
    return Failure(row.subject, row.code, row.message)


def _record(row: _Run, failures: Sequence[Failure]) -> RunRecord:
    end = None
    if row.finished_at_ms is not None:
        end = RunEnd(
            finished_at=_instant(row.finished_at_ms),
            outcome=Outcome(row.outcome),
            series_total=row.series_total,
            failures=tuple(failures),
            counts=_counts(row),
            requests=row.requests,
            ticks_skipped=row.ticks_skipped,
        )
    return RunRecord(
        id=row.id,
        source=Source(row.source),
        trigger=Trigger(row.trigger),
        interval_minutes=row.interval_minutes,
        started_at=_instant(row.started_at_ms),
        end=end,
    )


def _counts(row: _Run) -> WriteCounts:
    return WriteCounts(
        price=KindCounts(row.price_new, row.price_changed, row.price_unchanged),
        usage=KindCounts(row.usage_new, row.usage_changed, row.usage_unchanged),
        load=KindCounts(row.load_new, row.load_changed, row.load_unchanged),
        substation=KindCounts(
            row.substation_new, row.substation_changed, row.substation_unchanged
        ),
        forecast=KindCounts(
            row.forecast_new, row.forecast_changed, row.forecast_unchanged
        ),
        rejected=row.rejected,
    )


def _instant(epoch_ms: int) -> datetime:
    return datetime.fromtimestamp(epoch_ms / 1000, UTC)
