"""Wanting days read again; which, somebody decided who saw the gaps."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.engine import Connection

from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.collecting.ledger import DayState, SeriesKey
from energy_logger_server.store.db.query import Query

_NUMBER = Query(
    "SELECT id FROM series WHERE kind = :kind AND owner = :owner"
    " AND channel = :channel",
    ("kind", "owner", "channel"),
)
_WANT_AGAIN = Query(
    "UPDATE day_ledger SET recheck = true WHERE series_id = :series AND day = :day"
    f" AND state <> '{DayState.COMPLETE}'",
    ("series", "day"),
)


def want_days_again(
    connection: Connection, days: Mapping[SeriesKey, Sequence[date]]
) -> None:
    """Mark ledger lines for re-reading; what is complete by now stays as it is.

    Days without a line need no mark: the next pass reads them anyway.
    """
    for series, of_series in days.items():
        [series_id] = _NUMBER.one(
            connection, series.kind.value, series.owner, series.channel
        )
        _WANT_AGAIN.run_many(
            connection, [(series_id, day_number(day)) for day in of_series]
        )
