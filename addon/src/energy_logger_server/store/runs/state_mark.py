"""Whether a store holds all that somebody has seen of it, or came back from before.

A store that is restored from a backup goes on as if nothing had been, and gives numbers
that are newer than all it gave before. Only its run log tells: whatever is written
belongs to a run, and a run that was begun after the backup is not in it.
"""

from typing import NamedTuple

from energy_logger_server.domain.collecting.runs import Outcome
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

_MS_PER_S = 1000
_RUNS_AT_ONCE = 1000
"""No run goes on while so many others begin."""


class StateMark(NamedTuple):
    """A state of the store, as it was seen.

    Attributes:
        seen_at_s: When, epoch seconds by the server's clock.
        run_id: Newest run that had begun; 0 without any.
        started_at_ms: When it had, epoch milliseconds.
    """

    seen_at_s: int
    run_id: int
    started_at_ms: int


class _Begun(NamedTuple):
    id: int
    started_at_ms: int


_NEWEST = Query(
    "SELECT id, started_at_ms FROM run ORDER BY id DESC LIMIT 1", row=_Begun
)
_STARTED = Query("SELECT started_at_ms FROM run WHERE id = :run", ("run",))
# a clock that was behind at the start closes runs before their beginning
_CUT_OFF = Query(
    "SELECT count(*) FROM run WHERE id > :behind AND id <= :newest"
    f" AND outcome = '{Outcome.INTERRUPTED}'"
    " AND (finished_at_ms > :seen_at_ms OR finished_at_ms < started_at_ms)",
    ("behind", "newest", "seen_at_ms"),
)


def mark_state(connection: Reader, seen_at_s: int) -> StateMark:
    """Return a mark of the present state.

    Args:
        connection: A reader's.
        seen_at_s: Present instant, epoch seconds.
    """
    newest = _NEWEST.first(connection) or _Begun(0, 0)
    return StateMark(seen_at_s, *newest)


def has_grown_from(connection: Reader, mark: StateMark) -> bool:
    """Return whether the store still holds all that it held then, or revised it.

    A run that was under way then and never ended in order may be one whose end is
    lost: that counts as no. So does a newest run that somebody took out of the log.
    """
    started = _STARTED.value(connection, mark.run_id) if mark.run_id else 0
    if started != mark.started_at_ms:
        return False
    behind = mark.run_id - _RUNS_AT_ONCE
    seen_at_ms = mark.seen_at_s * _MS_PER_S
    return not _CUT_OFF.value(connection, behind, mark.run_id, seen_at_ms)
