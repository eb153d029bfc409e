"""Hourly load: measured hours, forecasts, their archive, day rollups."""

from collections.abc import Sequence
from typing import NamedTuple

from energy_logger_server.api.kamo_models import AreaGrid, LoadPoint
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.domain.collecting.runs import KindCounts
from energy_logger_server.domain.load.central_days import (
    central_day_bounds,
    central_day_of_hour,
)
from energy_logger_server.domain.load.day import sum_up_load_day
from energy_logger_server.store.codec.envelopes import stored_lines
from energy_logger_server.store.codec.instants import epoch_s
from energy_logger_server.store.codec.json_text import dumps
from energy_logger_server.store.codec.kamo import decode_load, encode_point
from energy_logger_server.store.db.query import (
    Query,
    columns_of,
    fields_of,
    insert_into,
    upsert_into,
)
from energy_logger_server.store.ledger.days import record_load_days
from energy_logger_server.store.ledger.revisions import (
    Reason,
    Revised,
    record_revisions,
)
from energy_logger_server.store.ledger.write_transaction import WriteTransaction
from energy_logger_server.store.schema.bookkeeping import LOAD_FORECAST_SERIES
from energy_logger_server.store.schema.kamo import (
    LOAD,
    LOAD_ARCHIVE,
    LOAD_DAY,
    LOAD_FORECAST,
)

_HOUR_S = 3600
_HOUR_MINUTES = 60


class LoadRow(NamedTuple):
    """A row of ``LOAD`` without its last column, ``change_id``."""

    at: int
    area_id: int
    load_e1: int
    is_settled: bool
    run_id: int
    known_at: int
    extra: str | None

    @property
    def value(self) -> tuple[int, str | None]:
        """What upstream stated."""
        return self.load_e1, self.extra

    @property
    def area_day(self) -> tuple[int, int]:
        """Central day, and area."""
        return central_day_of_hour(self.at // _HOUR_S), self.area_id


class ForecastRow(NamedTuple):
    """A row of ``LOAD_FORECAST``."""

    at: int
    series_id: int
    load_e1: int
    run_id: int
    known_at: int
    extra: str | None


class _Forecast(NamedTuple):
    at: int
    series_id: int
    load_e1: int
    extra: str | None


_LOADS = Query(
    f"SELECT {columns_of(LoadRow)} FROM load WHERE at >= :first AND at <= :last",
    ("first", "last"),
    row=LoadRow,
)
_FIRST_HOUR = Query(
    "SELECT at FROM load WHERE area_id = :area ORDER BY at LIMIT 1", ("area",)
)
_FORECASTS = Query(
    f"SELECT {columns_of(_Forecast)} FROM load_forecast"
    " WHERE at >= :first AND at <= :last",
    ("first", "last"),
    row=_Forecast,
)
_WITH_CHANGE = (*fields_of(LoadRow), "change_id")
_INSERT_LOADS = insert_into(LOAD, _WITH_CHANGE)
_UPSERT_LOADS = upsert_into(LOAD, _WITH_CHANGE)
_UPSERT_DAYS = upsert_into(LOAD_DAY)
_UPSERT_FORECASTS = upsert_into(LOAD_FORECAST, fields_of(ForecastRow))
_ARCHIVE = upsert_into(
    LOAD_ARCHIVE, ("fetched_at", "series_id", "at", "load_e1", "extra")
)


def write_grids(
    context: WriteTransaction, grids: Sequence[AreaGrid]
) -> tuple[KindCounts, KindCounts]:
    """Bring the hours of all areas up to date; return measured and forecast counts.

    An hour is settled once it is over. Until then its value is replaced freely and
    archived; afterwards a change goes to the revisions.
    """
    measured: dict[tuple[int, int], LoadRow] = {}
    expected: dict[tuple[int, int], ForecastRow] = {}
    for grid in grids:
        for line in stored_lines(grid):
            if line.is_actual:
                for point in line.points:
                    row = _load_row(context, grid, point)
                    measured[row.at, row.area_id] = row
                continue
            series_id = context.caches.series.number_of(
                (LOAD_FORECAST_SERIES, str(grid.area_id), line.label)
            )
            known_at = epoch_s(grid.fetched_at)
            for point in line.points:
                load_e1, extra = encode_point(point)
                at = epoch_s(point.hour_at)
                expected[at, series_id] = ForecastRow(
                    at,
                    series_id,
                    load_e1,
                    context.run_id,
                    known_at,
                    extra,
                )
    for grid in grids:
        context.caches.series.number_of((Kind.LOAD.value, str(grid.area_id), ""))
    context.caches.write_new(context.connection, context.known_at)
    return _write_measured(context, measured), _write_forecasts(context, expected)


def _load_row(context: WriteTransaction, grid: AreaGrid, point: LoadPoint) -> LoadRow:
    load_e1, extra = encode_point(point)
    at, known_at = epoch_s(point.hour_at), epoch_s(grid.fetched_at)
    is_settled = known_at >= at + _HOUR_S
    return LoadRow(
        at, grid.area_id, load_e1, is_settled, context.run_id, known_at, extra
    )


def _write_measured(
    context: WriteTransaction, measured: dict[tuple[int, int], LoadRow]
) -> KindCounts:
    if not measured:
        return KindCounts()
    (first, _area), (last, _area) = min(measured), max(measured)
    stored = _read_loads(context, first, last)
    new: list[LoadRow] = []
    changed: list[LoadRow] = []
    revised: list[Revised] = []
    touched: set[tuple[int, int]] = set()
    for key, sent in measured.items():
        row, old = sent, stored.get(key)
        if old is not None and old.is_settled and not row.is_settled:
            # a clock set back does not open a finished hour again
            row = row._replace(is_settled=True)
        if (
            old is not None
            and old.load_e1 == row.load_e1
            and old.extra == row.extra
            and old.is_settled == row.is_settled
        ):
            continue
        touched.add(row.area_day)
        if old is None:
            new.append(row)
            continue
        changed.append(row)
        if old.is_settled and old.value != row.value:
            revised.append(_revised(context, old))
    record_revisions(context, Kind.LOAD, revised)
    if touched:
        _write_loads(context, new, changed)
    _ARCHIVE.run_many(
        context.connection,
        [
            (
                row.known_at,
                _load_series(context, row.area_id),
                row.at,
                row.load_e1,
                row.extra,
            )
            for row in (*new, *changed)
            if not row.is_settled
        ],
    )
    _sum_up(context, touched)
    return KindCounts(
        new=len(new),
        changed=len(changed),
        unchanged=len(measured) - len(new) - len(changed),
    )


def _write_loads(
    context: WriteTransaction, new: Sequence[LoadRow], changed: Sequence[LoadRow]
) -> None:
    connection, change_id = context.connection, context.change_id
    _INSERT_LOADS.run_many(connection, [(*row, change_id) for row in new])
    _UPSERT_LOADS.run_many(connection, [(*row, change_id) for row in changed])


def _sum_up(context: WriteTransaction, touched: set[tuple[int, int]]) -> None:
    """Recount the days of the areas that changed, from their rows."""
    if not touched:
        return
    days = sorted({day for day, _area in touched})
    first, _next = central_day_bounds(min(days))
    _first, behind = central_day_bounds(max(days))
    hours: dict[tuple[int, int], list[LoadRow]] = {}
    for row in _read_loads(context, first, behind - 1).values():
        key = central_day_of_hour(row.at // _HOUR_S), row.area_id
        if key in touched:
            hours.setdefault(key, []).append(row)
    rows = []
    for (day, area_id), of_day in hours.items():
        sums = sum_up_load_day([(row.at, row.load_e1) for row in of_day])
        rows.append(
            (
                day,
                area_id,
                sums.hours,
                sums.load_sum_e1,
                sums.load_min_e1,
                sums.min_at,
                sums.load_max_e1,
                sums.max_at,
                context.run_id,
            )
        )
    _UPSERT_DAYS.run_many(context.connection, rows)
    for area_id in sorted({area for _day, area in touched}):
        record_load_days(
            context,
            _load_series(context, area_id),
            area_id,
            [
                (
                    day,
                    _expected_minutes(context, area_id, day),
                    sum(not row.is_settled for row in hours[day, area_id]),
                )
                for day in days
                if (day, area_id) in touched
            ],
        )


def _expected_minutes(context: WriteTransaction, area_id: int, day: int) -> int:
    """Return how much of a Central day can be covered: all, but for the first day."""
    start, end = central_day_bounds(day)
    first: int = _FIRST_HOUR.value(context.connection, area_id)
    return (end - max(start, first)) // 60


def _read_loads(
    context: WriteTransaction, first: int, last: int
) -> dict[tuple[int, int], LoadRow]:
    found = _LOADS.all(context.connection, first, last)
    return {(row.at, row.area_id): row for row in found}


def _write_forecasts(
    context: WriteTransaction, expected: dict[tuple[int, int], ForecastRow]
) -> KindCounts:
    if not expected:
        return KindCounts()
    (first, _series), (last, _series) = min(expected), max(expected)
    stored = {
        (at, series_id): (load_e1, extra)
        for at, series_id, load_e1, extra in _FORECASTS.all(
            context.connection, first, last
        )
    }
    changed = [
        row
        for key, row in expected.items()
        if stored.get(key) != (row.load_e1, row.extra)
    ]
    _UPSERT_FORECASTS.run_many(context.connection, changed)
    _ARCHIVE.run_many(
        context.connection,
        [
            (row.known_at, row.series_id, row.at, row.load_e1, row.extra)
            for row in changed
        ],
    )
    new = sum((row.at, row.series_id) not in stored for row in changed)
    return KindCounts(
        new=new, changed=len(changed) - new, unchanged=len(expected) - len(changed)
    )


def _load_series(context: WriteTransaction, area_id: int) -> int:
    return context.caches.series.number_of((Kind.LOAD.value, str(area_id), ""))


def _revised(context: WriteTransaction, row: LoadRow) -> Revised:
    return Revised(
        series_id=_load_series(context, row.area_id),
        end_at=row.at,
        duration_minutes=_HOUR_MINUTES,
        known_from=row.known_at,
        run_id=row.run_id,
        reason=Reason.REVISED,
        record=dumps(decode_load(*row.value)),
    )
