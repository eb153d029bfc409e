"""Load forecasts that are kept for ever, one for each horizon."""

from itertools import groupby
from typing import NamedTuple

from sqlalchemy.engine import Connection

from energy_logger_server.domain.forecasts.horizons import at_horizons
from energy_logger_server.store.db.query import Query, columns_of, keep_first_in
from energy_logger_server.store.schema.bookkeeping import LOAD_FORECAST_SERIES
from energy_logger_server.store.schema.forecasts import LOAD_AT_HORIZON

_REACH_S = 8 * 86_400
"""No forecast of KAMO is known that reaches further than a week."""

_HOUR_S = 3600


class _Archived(NamedTuple):
    series_id: int
    at: int
    fetched_at: int
    load_e1: int

    @property
    def start_at(self) -> int:
        return self.at

    @property
    def end_at(self) -> int:
        return self.at + _HOUR_S


_ARCHIVED = Query(
    f"SELECT {columns_of(_Archived, 'a.')} FROM load_archive a"
    " JOIN series s ON s.id = a.series_id"
    f" WHERE s.kind = '{LOAD_FORECAST_SERIES}'"
    " AND a.fetched_at > :oldest AND a.fetched_at <= :newest"
    " AND a.at > :after AND a.at <= :until ORDER BY a.series_id, a.fetched_at",
    ("oldest", "newest", "after", "until"),
    row=_Archived,
)
# an answer holds every area; the running hour changes with each
_ANSWERS = Query(
    "SELECT DISTINCT a.fetched_at FROM load_archive a"
    " JOIN series s ON s.id = a.series_id"
    " WHERE s.owner = (SELECT owner FROM series WHERE id = :series)"
    " AND a.fetched_at > :oldest AND a.fetched_at <= :newest ORDER BY a.fetched_at",
    ("series", "oldest", "newest"),
)
_KEEP = keep_first_in(LOAD_AT_HORIZON)


def keep_loads_at_horizons(connection: Connection, begun: tuple[int, int]) -> None:
    """Keep what was forecast of the hours that began in a span.

    Args:
        connection: The writer's.
        begun: Behind the first instant and up to the second, epoch seconds.
    """
    after, until = begun
    fetched = after - _REACH_S, until
    archived = _ARCHIVED.all(connection, *fetched, *begun)
    for series_id, of_series in groupby(archived, key=lambda row: row.series_id):
        answers = [at for (at,) in _ANSWERS.all(connection, series_id, *fetched)]
        _KEEP.run_many(
            connection,
            [
                (
                    series_id,
                    kept.forecast.at,
                    kept.horizon_minutes,
                    kept.forecast.fetched_at,
                    kept.forecast.load_e1,
                )
                for kept in at_horizons(of_series, answers, begun)
            ],
        )
