"""The run log."""

from datetime import datetime

from sqlalchemy.engine import Connection

from energy_logger_server.domain.collecting.runs import (
    KindCounts,
    Outcome,
    RunEnd,
    Source,
    Trigger,
    WriteCounts,
)
from energy_logger_server.store.db.query import Query, insert_into
from energy_logger_server.store.schema.bookkeeping import RUN_FAILURE

from .removal import NEWEST_REMOVED

COUNTED_KINDS = ("price", "usage", "load", "substation", "forecast")


def epoch_ms(instant: datetime) -> int:
    """Return an aware instant in epoch milliseconds."""
    return round(instant.timestamp() * 1000)


_COUNT_COLUMNS = tuple(
    f"{kind}_{count}"
    for kind in COUNTED_KINDS
    for count in ("new", "changed", "unchanged")
)
_END_COLUMNS = (
    "finished_at_ms",
    "outcome",
    "series_total",
    "series_failed",
    "requests",
    "ticks_skipped",
    "rejected",
    *_COUNT_COLUMNS,
)
_BEGIN_COLUMNS = (
    "source",
    "trigger",
    "interval_minutes",
    "started_at_ms",
    *_END_COLUMNS,
)
_NOTHING_YET = (0,) * (len(_END_COLUMNS) - 2)
"""Behind ``finished_at_ms`` and ``outcome``."""

_BEGIN_VALUES = ", ".join(f":{name}" for name in _BEGIN_COLUMNS)
_BEGIN = Query(
    f"INSERT INTO run ({', '.join(_BEGIN_COLUMNS)})"
    f" VALUES ({_BEGIN_VALUES}) RETURNING id",
    _BEGIN_COLUMNS,
)
# SQLite would give the number of a newest run that was removed once more
_BEGIN_IN_SQLITE = Query(
    f"INSERT INTO run (id, {', '.join(_BEGIN_COLUMNS)}) VALUES (1 + max("
    "coalesce((SELECT max(id) FROM run), 0), coalesce((SELECT CAST(value AS INTEGER)"
    f" FROM store_meta WHERE name = '{NEWEST_REMOVED}'), 0)),"
    f" {_BEGIN_VALUES}) RETURNING id",
    _BEGIN_COLUMNS,
)
_END = Query(
    f"UPDATE run SET {', '.join(f'{name} = :{name}' for name in _END_COLUMNS)}"
    " WHERE id = :run_id",
    (*_END_COLUMNS, "run_id"),
)
_INTERRUPT = Query(
    f"UPDATE run SET finished_at_ms = :now, outcome = '{Outcome.INTERRUPTED}'"
    " WHERE finished_at_ms IS NULL",
    ("now",),
)
_FAILURE = insert_into(RUN_FAILURE, ("run_id", "ordinal", "subject", "code", "message"))


def begin_run(
    connection: Connection,
    source: Source,
    trigger: Trigger,
    started: tuple[datetime, int],
) -> int:
    """Open a run; return its number.

    Args:
        connection: The writer's.
        source: Whose run.
        trigger: What started it.
        started: Its instant, and the polling interval in force.
    """
    at, interval_minutes = started
    begin = _BEGIN_IN_SQLITE if connection.dialect.name == "sqlite" else _BEGIN
    run_id: int = begin.value(
        connection,
        source.value,
        trigger.value,
        interval_minutes,
        epoch_ms(at),
        None,
        Outcome.RUNNING.value,
        *_NOTHING_YET,
    )
    return run_id


def end_run(connection: Connection, run_id: int, end: RunEnd) -> None:
    """Close a run with what it brought and what failed."""
    values = {
        "finished_at_ms": epoch_ms(end.finished_at),
        "outcome": end.outcome.value,
        "series_total": end.series_total,
        "series_failed": len(end.failures),
        "requests": end.requests,
        "ticks_skipped": end.ticks_skipped,
        "rejected": end.counts.rejected,
        **_count_columns(end.counts),
    }
    _END.run(connection, *(values[name] for name in _END_COLUMNS), run_id)
    _FAILURE.run_many(
        connection,
        [
            (run_id, ordinal, failure.subject, failure.code, failure.message)
            for ordinal, failure in enumerate(end.failures)
        ],
    )


def close_interrupted(connection: Connection, now: datetime) -> int:
    """Mark runs that never ended as interrupted; return how many there were.

    Only the one writer calls this, at start-up, so no open run can be alive.
    """
    return _INTERRUPT.run(connection, epoch_ms(now))


def _count_columns(counts: WriteCounts) -> dict[str, int]:
    columns: dict[str, int] = {}
    for kind in COUNTED_KINDS:
        of_kind: KindCounts = getattr(counts, kind)
        columns[f"{kind}_new"] = of_kind.new
        columns[f"{kind}_changed"] = of_kind.changed
        columns[f"{kind}_unchanged"] = of_kind.unchanged
    return columns
