"""Price forecasts that are kept for ever, one for each horizon."""

from typing import NamedTuple

from sqlalchemy.engine import Connection

from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.forecasts.horizons import at_horizons
from energy_logger_server.store.db.query import Query, columns_of, keep_first_in
from energy_logger_server.store.schema.forecasts import PRICE_AT_HORIZON

_REACH_S = 3 * 86_400
"""Amber forecasts less than two days."""

_DIVIDED_S = 30 * 60
"""The longest interval that Amber divides, or makes of shorter ones."""


class _Archived(NamedTuple):
    end_at: int
    duration_minutes: int
    fetched_at: int
    price_e5: int
    low_e5: int | None
    predicted_e5: int | None
    high_e5: int | None

    @property
    def start_at(self) -> int:
        return self.end_at - self.duration_minutes * 60


_SERIES = Query(f"SELECT id FROM series WHERE kind = '{Kind.PRICE}' ORDER BY id")
_FETCHED = (
    "FROM price_archive WHERE series_id = :series"
    " AND fetched_at > :oldest AND fetched_at <= :newest"
)
_ARCHIVED = Query(
    f"SELECT {columns_of(_Archived)} {_FETCHED}"
    " AND end_at - duration_minutes * 60 > :first"
    " AND end_at - duration_minutes * 60 <= :last ORDER BY fetched_at",
    ("series", "oldest", "newest", "first", "last"),
    row=_Archived,
)
_ANSWERS = Query(
    f"SELECT DISTINCT fetched_at {_FETCHED} ORDER BY fetched_at",
    ("series", "oldest", "newest"),
)
_KEEP = keep_first_in(PRICE_AT_HORIZON)


def keep_prices_at_horizons(connection: Connection, begun: tuple[int, int]) -> None:
    """Keep what was forecast of the intervals that began in a span.

    Args:
        connection: The writer's.
        begun: Behind the first instant and up to the second, epoch seconds.
    """
    after, until = begun
    fetched = after - _REACH_S, until
    for (series_id,) in _SERIES.all(connection):
        archived = _ARCHIVED.all(
            connection, series_id, *fetched, after - _DIVIDED_S, until + _DIVIDED_S
        )
        if not archived:
            continue
        answers = [at for (at,) in _ANSWERS.all(connection, series_id, *fetched)]
        _KEEP.run_many(
            connection,
            [
                (
                    series_id,
                    kept.forecast.end_at,
                    kept.forecast.duration_minutes,
                    kept.horizon_minutes,
                    *kept.forecast[2:],
                )
                for kept in at_horizons(archived, answers, begun)
            ],
        )
