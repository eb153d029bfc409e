"""Values that were believed once: appended, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from energy_logger_server.store.db.query import Query, insert_into
from energy_logger_server.store.schema.bookkeeping import REVISION

from .write_transaction import WriteTransaction


class Reason(StrEnum):
    """Why a value is among the revisions.

    ``revised``: upstream changed it. ``superseded``: the day came complete in another
    duration. ``not_adopted``: it overlapped stored rows and never counted.
    """

    REVISED = "revised"
    SUPERSEDED = "superseded"
    NOT_ADOPTED = "not_adopted"


@dataclass(frozen=True, slots=True)
class Revised:
    """A value that does not hold (any more).

    Attributes:
        series_id: Whose.
        end_at: End of the interval, or the hour's instant, epoch seconds.
        duration_minutes: Length of the interval.
        known_from: When it became known, epoch seconds.
        run_id: Which run had brought it.
        reason: Why it is here.
        record: The record as JSON, as upstream sent it.
    """

    series_id: int
    end_at: int
    duration_minutes: int
    known_from: int
    run_id: int
    reason: Reason
    record: str


_INSERT = insert_into(
    REVISION,
    (
        "kind",
        "series_id",
        "end_at",
        "duration_minutes",
        "known_from",
        "known_until",
        "run_id",
        "replaced_by_run_id",
        "reason",
        "record",
    ),
)
_SAME = Query(
    "SELECT 1 FROM revision WHERE kind = :kind AND series_id = :series"
    " AND end_at = :end_at AND duration_minutes = :duration"
    " AND reason = :reason AND record = :record",
    ("kind", "series", "end_at", "duration", "reason", "record"),
)


def record_revisions(
    context: WriteTransaction, kind: str, revised: Sequence[Revised]
) -> None:
    """Append the values; one that never counted only once, however often sent.

    Args:
        context: The transaction.
        kind: A ``Kind``, or another name of what they are about.
        revised: The values.
    """
    fresh = [
        value
        for value in revised
        if value.reason is not Reason.NOT_ADOPTED
        or not _is_recorded(context, kind, value)
    ]
    _INSERT.run_many(
        context.connection,
        [
            (
                str(kind),
                value.series_id,
                value.end_at,
                value.duration_minutes,
                value.known_from,
                context.known_at,
                value.run_id,
                context.run_id,
                value.reason.value,
                value.record,
            )
            for value in fresh
        ],
    )


def _is_recorded(context: WriteTransaction, kind: str, value: Revised) -> bool:
    found = _SAME.all(
        context.connection,
        str(kind),
        value.series_id,
        value.end_at,
        value.duration_minutes,
        value.reason.value,
        value.record,
    )
    return bool(found)
