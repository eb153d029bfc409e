"""Wanting days read again; which, somebody decided who saw the gaps."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.engine import Connection

from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.ledger import DayState, SeriesKey
from energy_logger_server.store.schema.bookkeeping import LEDGER, SERIES


def want_days_again(
    connection: Connection, days: Mapping[SeriesKey, Sequence[date]]
) -> None:
    """Mark ledger lines for re-reading; what is complete by now stays as it is.

    Days without a line need no mark: the next pass reads them anyway.
    """
    mark = (
        update(LEDGER)
        .where(
            LEDGER.c.series_id == bindparam("of_series"),
            LEDGER.c.day == bindparam("of_day"),
            LEDGER.c.state != DayState.COMPLETE.value,
        )
        .values(recheck=True)
    )
    for series, of_series in days.items():
        series_id = _number_of(connection, series)
        connection.execute(
            mark,
            [{"of_series": series_id, "of_day": day_number(day)} for day in of_series],
        )


def _number_of(connection: Connection, series: SeriesKey) -> int:
    return int(
        connection.execute(
            select(SERIES.c.id).where(
                and_(
                    SERIES.c.kind == series.kind.value,
                    SERIES.c.owner == series.owner,
                    SERIES.c.channel == series.channel,
                )
            )
        ).scalar_one()
    )
