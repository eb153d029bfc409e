"""The newest forecasts of one area's hourly load."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from energy_logger_server.api.fields import required_number
from energy_logger_server.store.codec.kamo import decode_load
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader

_E1 = 10

_SERIES = Query(
    "SELECT id, channel FROM series WHERE kind = 'load_forecast' AND owner = :owner"
    " ORDER BY channel",
    ("owner",),
)


class _Forecast(NamedTuple):
    at: int
    load_e1: int
    known_at: int
    extra: str | None


_NEWEST = Query(
    f"SELECT {columns_of(_Forecast)} FROM load_forecast"
    " WHERE at >= :first AND at < :end AND series_id = :series"
    " ORDER BY at DESC LIMIT :limit",
    ("first", "end", "series", "limit"),
    row=_Forecast,
)


@dataclass(frozen=True, slots=True)
class ForecastHour:
    """What one line of KAMO's chart expects for an hour.

    Attributes:
        hour_at: Instant (UTC) that upstream's label names.
        series: The line's label.
        load_kw: Expected power, kW.
        fetched_at: Instant (UTC) of the answer that first said so.
    """

    hour_at: datetime
    series: str
    load_kw: float
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """The last hours of a span.

    Attributes:
        hours: In ascending order, then by series.
        is_truncated: Whether the span holds earlier ones.
    """

    hours: tuple[ForecastHour, ...]
    is_truncated: bool


def forecast_hours(
    connection: Reader, area_id: int, span: tuple[int, int], limit: int
) -> ForecastPage:
    """Return the forecasts whose label lies in a span.

    Args:
        connection: A reader's.
        area_id: KAMO's number.
        span: First instant and the one past the last, epoch seconds.
        limit: Most hours to return; each has one forecast of every series.
    """
    found = [
        (row.at, label, row)
        for series, label in _SERIES.all(connection, str(area_id))
        for row in _NEWEST.all(connection, *span, series, limit + 1)
    ]
    hours = sorted({at for at, _label, _row in found}, reverse=True)
    kept = set(hours[:limit])
    return ForecastPage(
        tuple(
            _hour(label, row)
            for at, label, row in sorted(found, key=lambda one: one[:2])
            if at in kept
        ),
        is_truncated=len(hours) > limit,
    )


def _hour(series: str, row: _Forecast) -> ForecastHour:
    load_kw = row.load_e1 / _E1
    if row.extra is not None:
        load_kw = required_number({"load": decode_load(row.load_e1, row.extra)}, "load")
    return ForecastHour(
        datetime.fromtimestamp(row.at, UTC),
        series,
        load_kw,
        datetime.fromtimestamp(row.known_at, UTC),
    )
