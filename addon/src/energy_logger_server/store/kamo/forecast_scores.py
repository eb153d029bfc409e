"""What was forecast of an area's load, beside the load that came."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import day_number
from energy_logger_server.domain.forecasts.past import Kept, pasts
from energy_logger_server.domain.forecasts.report import (
    ScoreOrder,
    ScoreReport,
    SeriesPast,
    score_report,
)
from energy_logger_server.domain.forecasts.settled import SettledValue, SettledValues
from energy_logger_server.store.codec.scale import E1
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.schema.bookkeeping import LOAD_FORECAST_SERIES

_DAY_S = 86_400
_HOUR_S = 3600
_HOURS_REMEMBERED = 10_000


class _Kept(NamedTuple):
    channel: str
    at: int
    horizon_minutes: int
    load_e1: int


class _Settled(NamedTuple):
    at: int
    load_e1: int


_KEPT = Query(
    f"SELECT {columns_of(_Kept)} FROM load_at_horizon t"
    " JOIN series s ON s.id = t.series_id"
    f" WHERE s.kind = '{LOAD_FORECAST_SERIES}' AND s.owner = :owner"
    " AND t.at >= :first AND t.at < :end"
    " ORDER BY s.channel, t.at, t.horizon_minutes",
    ("owner", "first", "end"),
    row=_Kept,
)
_SETTLED = Query(
    f"SELECT {columns_of(_Settled)} FROM load"
    " WHERE at >= :first AND at < :end AND area_id = :area AND is_settled",
    ("first", "end", "area"),
    row=_Settled,
)


def load_scores(connection: Reader, area_id: int, order: ScoreOrder) -> ScoreReport:
    """Return how good the forecasts of an area's load were, in kW.

    Hours of the day in Central time.
    """
    return score_report([load_past(connection, area_id, order.span)], order)


def load_past(connection: Reader, area_id: int, span: tuple[int, int]) -> SeriesPast:
    """Return what was forecast of an area's load, and what came.

    In kW, with hours of the day in Central time. An hour counts as over an hour after
    the instant that its label names: if the label names the end, that is an hour later
    than need be.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        span: First instant of a label and the one past the last hour, epoch seconds.
    """
    first, until = span
    end = until - _HOUR_S + 1
    settled = SettledValues.of(
        SettledValue(row.at, row.at + _HOUR_S, row.load_e1)
        # persistence at the longest horizon lies a day before
        for row in _SETTLED.all(connection, first - 2 * _DAY_S, end, area_id)
    )
    rows = _KEPT.all(connection, str(area_id), first, end)
    names = list(dict.fromkeys(row.channel for row in rows))
    found = {
        key: past
        for name in names
        for key, past in pasts(
            (name,),
            (
                Kept(row.at, row.at + _HOUR_S, row.horizon_minutes, (row.load_e1,))
                for row in rows
                if row.channel == name
            ),
            settled,
            central_day_and_hour,
            E1,
        ).items()
    }
    return SeriesPast("", found, settled, central_day_and_hour)


@lru_cache(_HOURS_REMEMBERED)
def central_day_and_hour(instant: int) -> tuple[int, int]:
    """Return the Central date, in days since 1970-01-01, and the hour of an instant."""
    local = datetime.fromtimestamp(instant, UTC).astimezone(CENTRAL)
    return day_number(local.date()), local.hour
