"""A site's usage for a chart: energy and cost of each register."""

from typing import NamedTuple

from energy_logger_server.api.channels import directed_aud
from energy_logger_server.domain.charts import (
    Aggregate,
    Chart,
    Line,
    Point,
    Resolution,
    Span,
)
from energy_logger_server.store.amber.costs import Register, registers
from energy_logger_server.store.amber.prices import IntervalSpan, newest_usage
from energy_logger_server.store.codec.direction import directed_energy_sql
from energy_logger_server.store.codec.scale import E3, E4
from energy_logger_server.store.db.reader import Reader

from .drawing import NEM_DAYS, ChartWanted, Drawing, RowLines, draw
from .interval_tables import IntervalTables

_UNITS = {"energy": "kWh", "cost": "AUD"}


class _Sums(NamedTuple):
    bucket: int
    minutes: int
    energy_e3: int
    cost_e4: int
    unpriced_minutes: int


_ENERGY = directed_energy_sql("t.energy_e3", "a.channel_type")
_USAGE = IntervalTables(
    "usage",
    of_rows=(
        f"sum(t.duration_minutes) AS minutes, sum({_ENERGY}) AS energy_e3,"
        " coalesce(sum(t.cost_e4), 0) AS cost_e4,"
        " sum(CASE WHEN t.cost_e4 IS NULL THEN t.duration_minutes ELSE 0 END)"
        " AS unpriced_minutes"
    ),
    of_rollups=(
        "sum(t.minutes) AS minutes, sum(t.energy_e3) AS energy_e3,"
        " sum(t.cost_e4) AS cost_e4, sum(t.unpriced_minutes) AS unpriced_minutes"
    ),
    row=_Sums,
    join="JOIN interval_attributes a ON a.id = t.attributes_id",
)


def usage_chart(
    connection: Reader, site_id: str, channel: str | None, wanted: ChartWanted
) -> Chart:
    """Return a site's energy (kWh) and cost (AUD), summed up, by register.

    Both are positive in the channel's normal direction: drawn and paid on import, fed
    in and earned on feed-in. A cost is that of what has a known one.

    Args:
        connection: A reader's.
        site_id: Whose.
        channel: Register; None for all.
        wanted: Which part, and how many points.
    """
    found = [
        register
        for register in registers(connection, site_id)
        if channel is None or register.identifier == channel
    ]
    series = [register.series_id for register in found]
    drawing = Drawing(
        calendar=NEM_DAYS,
        row_s=_USAGE.usual_interval_s(connection, series),
        extent=_USAGE.extent(connection, series),
        rows=lambda span, most: _rows(connection, site_id, channel, span, most),
        buckets=lambda resolution, span: _buckets(connection, found, resolution, span),
    )
    return draw(wanted, drawing)


def _rows(
    connection: Reader, site_id: str, channel: str | None, span: Span, most: int
) -> RowLines | None:
    registers_there = {one.identifier for one in registers(connection, site_id)}
    limit = most * len(registers_there)
    page = newest_usage(connection, IntervalSpan(site_id, *span, limit, channel))
    if page.cursor is not None:
        return None
    points: dict[str, tuple[dict[int, Point], dict[int, Point]]] = {}
    covered: list[Span] = []
    for usage in page.intervals:
        at = int(usage.starts_at.timestamp())
        covered.append((at, at + usage.duration_minutes * 60))
        energy, cost = points.setdefault(usage.channel_identifier, ({}, {}))
        energy[at] = Point(usage.directed_energy_kwh)
        cost[at] = Point(usage.cost_aud)
    lines = [line for key, found in points.items() for line in _lines(key, *found)]
    return RowLines(lines, covered)


def _buckets(
    connection: Reader, found: list[Register], resolution: Resolution, span: Span
) -> list[Line]:
    lines = []
    for register in found:
        sums = _USAGE.sums(connection, register.series_id, resolution, span)
        energy = {at: Point(int(row.energy_e3) / E3) for at, row in sums.items()}
        cost = {
            at: Point(_cost_aud(row, register.channel_type)) for at, row in sums.items()
        }
        lines += _lines(register.identifier, energy, cost)
    return lines


def _cost_aud(row: _Sums, channel_type: str) -> float | None:
    if row.unpriced_minutes >= row.minutes:
        return None
    # PostgreSQL sums to a decimal
    return directed_aud(int(row.cost_e4) / E4, channel_type)


def _lines(register: str, *points: dict[int, Point]) -> list[Line]:
    return [
        Line(f"{register}/{name}", register, unit, Aggregate.SUM, found)
        for (name, unit), found in zip(_UNITS.items(), points, strict=True)
    ]
