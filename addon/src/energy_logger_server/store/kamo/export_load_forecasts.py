"""Every forecast of an area's hourly load, for exports."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from energy_logger_server.store.db.export_blocks import (
    FETCHED_AFTERWARDS_S,
    FETCHED_BEFORE_S,
    ROWS_OF_A_BLOCK,
    Blocks,
    Number,
    read_blocks,
)
from energy_logger_server.store.db.query import Query, Row
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.db.stream import ReadTransaction

from .export_load import exact_loads

_HOUR_S = 3600

# the lines' labels are the channels of series
_OF_AREA = (
    "JOIN series s ON s.id = f.series_id"
    " WHERE s.kind = 'load_forecast' AND s.owner = :owner"
)
_NEXT_AT = Query(
    f"SELECT min(f.at) FROM load_forecast f {_OF_AREA} AND f.at >= :at",
    ("owner", "at"),
)
_FORECASTS = Query(
    f"SELECT f.at, s.channel, f.load_e1, f.extra, f.known_at FROM load_forecast f"
    f" {_OF_AREA} AND f.at >= :first AND f.at < :end ORDER BY f.at, s.channel",
    ("owner", "first", "end"),
)
_NEXT_FETCH = Query(
    "SELECT min(at) FROM ("
    f" SELECT f.fetched_at AS at FROM load_archive f {_OF_AREA} AND f.fetched_at >= :at"
    f" UNION ALL SELECT f.known_at FROM load_forecast f {_OF_AREA}"
    " AND f.known_at >= :at) found",
    ("owner", "at"),
)
# the newest forecasts are in the archive too, unless they are older than what it
# keeps: UNION gives them once
_ARCHIVED = Query(
    "SELECT f.at, s.channel, f.load_e1, f.extra, f.fetched_at AS fetched_at"
    f" FROM load_archive f {_OF_AREA}"
    " AND f.fetched_at >= :first AND f.fetched_at < :end"
    " AND f.at >= :first_hour AND f.at < :end_hour"
    " UNION SELECT f.at, s.channel, f.load_e1, f.extra, f.known_at"
    f" FROM load_forecast f {_OF_AREA}"
    " AND f.known_at >= :first AND f.known_at < :end"
    " AND f.at >= :first_hour AND f.at < :end_hour "
    " ORDER BY fetched_at, at, channel",
    ("owner", "first", "end", "first_hour", "end_hour"),
)


@dataclass(frozen=True, slots=True)
class LoadForecastRows:
    """Forecasts of hourly loads by column.

    Attributes:
        hours_at: Instants that upstream's labels name, epoch seconds.
        labels: Names of the chart's lines.
        load_e1: kW times 10.
        fetched_at: When this value was first fetched, epoch seconds.
    """

    hours_at: Sequence[int]
    labels: Sequence[str]
    load_e1: Sequence[Number]
    fetched_at: Sequence[int]


def export_load_forecasts(
    read: ReadTransaction, area_id: int, span: tuple[int, int]
) -> Generator[LoadForecastRows]:
    """Yield the newest forecast of each hour of a span, ascending by hour.

    Args:
        read: The stream's.
        area_id: KAMO's number.
        span: First instant and the one past the last, epoch seconds.
    """
    owner = str(area_id)

    def next_at(connection: Reader, at: int) -> int | None:
        found: int | None = _NEXT_AT.value(connection, owner, at)
        return found

    def rows(connection: Reader, first: int, end: int) -> LoadForecastRows | None:
        return _columns(_FORECASTS.all(connection, owner, first, end))

    blocks = Blocks(next_at, rows, ROWS_OF_A_BLOCK * _HOUR_S)
    yield from read_blocks(read, blocks, span)


def export_archived_load_forecasts(
    read: ReadTransaction, area_id: int, span: tuple[int, int]
) -> Generator[LoadForecastRows]:
    """Yield every forecast of the hours of a span, ascending by when it was fetched."""
    owner = str(area_id)

    def next_at(connection: Reader, at: int) -> int | None:
        found: int | None = _NEXT_FETCH.value(connection, owner, at)
        return found

    def rows(connection: Reader, first: int, end: int) -> LoadForecastRows | None:
        return _columns(_ARCHIVED.all(connection, owner, first, end, *span))

    first, end = span
    fetched = (first - FETCHED_BEFORE_S, end + FETCHED_AFTERWARDS_S)
    yield from read_blocks(read, Blocks(next_at, rows, _HOUR_S), fetched)


def _columns(found: list[Row]) -> LoadForecastRows | None:
    if not found:
        return None
    hours_at, labels, loads, extras, fetched_at = zip(*found, strict=True)
    return LoadForecastRows(hours_at, labels, exact_loads(loads, extras), fetched_at)
