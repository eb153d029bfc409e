"""From what is wanted of a chart to points that are few enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from energy_logger_server.api.nem import nem_day_number, nem_midnight
from energy_logger_server.domain.charts import (
    Bucket,
    Chart,
    DayCalendar,
    Line,
    Resolution,
    Span,
    chart_of_buckets,
    chart_of_rows,
    resolutions,
)
from energy_logger_server.domain.load.central_days import (
    central_day_bounds,
    central_day_of_hour,
)

HOUR_S = 3600

CENTRAL_DAYS = DayCalendar(
    lambda at: central_day_of_hour(at // HOUR_S), lambda day: central_day_bounds(day)[0]
)
"""KAMO's."""

NEM_DAYS = DayCalendar(lambda at: nem_day_number(at, 0), nem_midnight)
"""Amber's."""


@dataclass(frozen=True, slots=True)
class ChartWanted:
    """Which part of the data, and how many points at most.

    Attributes:
        first: Epoch seconds.
        end: The first instant not wanted, epoch seconds.
        most_points: At least 10.
    """

    first: int
    end: int
    most_points: int


class RowLines(NamedTuple):
    """Lines with a point for each row, and the spans that the rows stand for."""

    lines: Sequence[Line]
    covered: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a kind of data is drawn.

    Attributes:
        calendar: Of its days.
        row_s: Usual distance of its rows, seconds.
        extent: First instant with data and the one past the last; None without any.
        rows: Reads the rows of a span, at most so many; None if there are more.
        buckets: Reads the buckets of a span.
    """

    calendar: DayCalendar
    row_s: int
    extent: Span | None
    rows: Callable[[Span, int], RowLines | None]
    buckets: Callable[[Resolution, Span], Sequence[Line]]


def draw(wanted: ChartWanted, drawing: Drawing) -> Chart:
    """Return the chart with the narrowest points that are few enough."""
    nothing = Chart(Resolution(Bucket.ROWS, drawing.row_s), (), ())
    if drawing.extent is None:
        return nothing
    first, end = drawing.extent
    span = max(first, wanted.first), min(end, wanted.end)
    if span[0] >= span[1]:
        return nothing
    most = wanted.most_points
    for resolution in resolutions(span[1] - span[0], most, drawing.row_s):
        chart = _chart(drawing, resolution, span, most)
        if chart is not None and len(chart.times) <= most:
            return chart
    raise AssertionError("days are few enough")  # pragma: no cover - see resolutions


def _chart(
    drawing: Drawing, resolution: Resolution, span: Span, most: int
) -> Chart | None:
    """Return a chart of a resolution; None if there are too many rows for it."""
    if resolution.bucket is Bucket.ROWS:
        found = drawing.rows(span, most)
        if found is None:
            return None
        return chart_of_rows(resolution, found.lines, found.covered)
    buckets = drawing.buckets(resolution, resolution.widened(span, drawing.calendar))
    return chart_of_buckets(resolution, buckets, drawing.calendar)


def hull(edges: Sequence[tuple[int | None, int | None]]) -> Span | None:
    """Return the span around others; None if there are none.

    Args:
        edges: First and last instant of each, both None where there is nothing.
    """
    known = [
        (first, last) for first, last in edges if first is not None and last is not None
    ]
    if not known:
        return None
    return min(first for first, _ in known), max(last for _, last in known)
