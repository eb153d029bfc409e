"""Hourly load: measured hours, forecasts, their archive, day rollups."""

from collections.abc import Sequence

from energy_logger_server.api.kamo_models import AreaGrid, LoadPoint
from energy_logger_server.domain.central_days import (
    central_day_bounds,
    central_day_of_hour,
)
from energy_logger_server.domain.ledger import Kind
from energy_logger_server.domain.load_day import sum_up_load_day
from energy_logger_server.domain.runs import KindCounts
from energy_logger_server.store.codec.envelopes import stored_lines
from energy_logger_server.store.codec.instants import epoch_s
from energy_logger_server.store.codec.json_text import dumps
from energy_logger_server.store.codec.kamo import decode_load, encode_point
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

type LoadRow = tuple[int, int, int, bool, int, int, str | None]
"""at, area_id, load_e1, is_settled, run_id, known_at, extra; change_id is added."""

type ForecastRow = tuple[int, int, int, int, int, str | None]
"""at, series_id, load_e1, run_id, known_at, extra."""


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
                    measured[row[:2]] = row
                continue
            series_id = context.caches.series.number_of(
                (LOAD_FORECAST_SERIES, str(grid.area_id), line.label)
            )
            known_at = epoch_s(grid.fetched_at)
            for point in line.points:
                load_e1, extra = encode_point(point)
                at = epoch_s(point.hour_at)
                expected[at, series_id] = (
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
    return (at, grid.area_id, load_e1, is_settled, context.run_id, known_at, extra)


def _write_measured(
    context: WriteTransaction, measured: dict[tuple[int, int], LoadRow]
) -> KindCounts:
    if not measured:
        return KindCounts()
    stored = _read_loads(context, min(measured)[0], max(measured)[0])
    new: list[LoadRow] = []
    changed: list[LoadRow] = []
    revised: list[Revised] = []
    touched: set[tuple[int, int]] = set()
    for key, sent in measured.items():
        row, old = sent, stored.get(key)
        if old is not None and old[3]:
            # a clock set back does not open a finished hour again
            row = (*row[:3], True, *row[4:])
        if old is not None and (old[2:4], old[6]) == (row[2:4], row[6]):
            continue
        touched.add((central_day_of_hour(row[0] // _HOUR_S), row[1]))
        if old is None:
            new.append(row)
            continue
        changed.append(row)
        if old[3] and (old[2], old[6]) != (row[2], row[6]):
            revised.append(_revised(context, old))
    record_revisions(context, Kind.LOAD, revised)
    if touched:
        _write_loads(context, new, changed)
    context.statements.upsert(LOAD_ARCHIVE).run_many(
        context.connection,
        [
            (row[5], _load_series(context, row[1]), row[0], row[2], row[6])
            for row in (*new, *changed)
            if not row[3]
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
    statements, connection = context.statements, context.connection
    change_id = context.change_id
    statements.insert(LOAD).run_many(connection, [(*row, change_id) for row in new])
    statements.upsert(LOAD).run_many(connection, [(*row, change_id) for row in changed])


def _sum_up(context: WriteTransaction, touched: set[tuple[int, int]]) -> None:
    """Recount the days of the areas that changed, from their rows."""
    if not touched:
        return
    days = sorted({day for day, _area in touched})
    first = central_day_bounds(days[0])[0]
    last = central_day_bounds(days[-1])[1] - 1
    hours: dict[tuple[int, int], list[LoadRow]] = {}
    for row in _read_loads(context, first, last).values():
        key = (central_day_of_hour(row[0] // _HOUR_S), row[1])
        if key in touched:
            hours.setdefault(key, []).append(row)
    rows = []
    for (day, area_id), of_day in hours.items():
        sums = sum_up_load_day([(row[0], row[2]) for row in of_day])
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
    context.statements.upsert(LOAD_DAY).run_many(context.connection, rows)
    for area_id in sorted({area for _day, area in touched}):
        record_load_days(
            context,
            _load_series(context, area_id),
            area_id,
            [
                (
                    day,
                    _expected_minutes(context, area_id, day),
                    sum(not row[3] for row in hours[day, area_id]),
                )
                for day in days
                if (day, area_id) in touched
            ],
        )


def _expected_minutes(context: WriteTransaction, area_id: int, day: int) -> int:
    """Return how much of a Central day can be covered: all, but for the first day."""
    start, end = central_day_bounds(day)
    first = context.statements.sql(
        "SELECT at FROM load WHERE area_id = :area ORDER BY at LIMIT 1", ("area",)
    ).rows(context.connection, (area_id,))
    begins_at = max(start, int(first[0][0]))
    return (end - begins_at) // 60


def _read_loads(
    context: WriteTransaction, first: int, last: int
) -> dict[tuple[int, int], LoadRow]:
    found = context.statements.sql(
        "SELECT at, area_id, load_e1, is_settled, run_id, known_at, extra FROM load"
        " WHERE at >= :first AND at <= :last",
        ("first", "last"),
    ).rows(context.connection, (first, last))
    return {
        (row[0], row[1]): (row[0], row[1], row[2], bool(row[3]), row[4], row[5], row[6])
        for row in found
    }


def _write_forecasts(
    context: WriteTransaction, expected: dict[tuple[int, int], ForecastRow]
) -> KindCounts:
    if not expected:
        return KindCounts()
    found = context.statements.sql(
        "SELECT at, series_id, load_e1, extra FROM load_forecast"
        " WHERE at >= :first AND at <= :last",
        ("first", "last"),
    ).rows(context.connection, (min(expected)[0], max(expected)[0]))
    stored = {(row[0], row[1]): (row[2], row[3]) for row in found}
    changed = [
        row for key, row in expected.items() if stored.get(key) != (row[2], row[5])
    ]
    context.statements.upsert(LOAD_FORECAST).run_many(context.connection, changed)
    context.statements.upsert(LOAD_ARCHIVE).run_many(
        context.connection,
        [(row[4], row[1], row[0], row[2], row[5]) for row in changed],
    )
    new = sum(row[:2] not in stored for row in changed)
    return KindCounts(
        new=new, changed=len(changed) - new, unchanged=len(expected) - len(changed)
    )


def _load_series(context: WriteTransaction, area_id: int) -> int:
    return context.caches.series.number_of((Kind.LOAD.value, str(area_id), ""))


def _revised(context: WriteTransaction, row: LoadRow) -> Revised:
    return Revised(
        series_id=_load_series(context, row[1]),
        end_at=row[0],
        duration_minutes=_HOUR_MINUTES,
        known_from=row[5],
        run_id=row[4],
        reason=Reason.REVISED,
        record=dumps(decode_load(row[2], row[6])),
    )
