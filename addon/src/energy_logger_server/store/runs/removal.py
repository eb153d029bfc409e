"""Taking a run out of the log; what it brought stays.

Rows go on naming the run by its number, so a number is never given twice. PostgreSQL's
sequence sees to that by itself. SQLite counts up from the largest number there is: the
largest one that was taken out is kept in ``store_meta``, where ``begin_run`` looks.
"""

from sqlalchemy.engine import Connection

from energy_logger_server.store.db.query import Query

NEWEST_REMOVED = "newest_removed_run"
"""Name in ``store_meta`` of the largest number that was taken out of the log."""

_REMOVE = Query(
    "DELETE FROM run WHERE id = :run AND finished_at_ms IS NOT NULL RETURNING id",
    ("run",),
)
_REMEMBER = Query(
    "INSERT INTO store_meta (name, value)"
    f" VALUES ('{NEWEST_REMOVED}', CAST(:run AS TEXT)) ON CONFLICT (name)"
    " DO UPDATE SET value = excluded.value"
    " WHERE CAST(store_meta.value AS BIGINT) < CAST(excluded.value AS BIGINT)",
    ("run",),
)


def remove_run(connection: Connection, run_id: int) -> bool:
    """Take a run that has ended, with its failures, out of the log.

    Args:
        connection: The writer's.
        run_id: Its number.

    Returns:
        Whether there was such a run; one that is under way stays.
    """
    removed = _REMOVE.all(connection, run_id)
    if removed:
        _REMEMBER.run(connection, run_id)
    return bool(removed)
