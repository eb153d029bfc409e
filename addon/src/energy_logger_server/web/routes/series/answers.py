"""Questions and answers below ``/api/series``."""

from typing import TypedDict

import voluptuous as vol

from energy_logger_server.domain.charts import (
    Aggregate,
    Bucket,
    Chart,
    Line,
    Point,
)
from energy_logger_server.web.datasets.fields import maybe_rounded
from energy_logger_server.web.http.checks import SomeText, WholeNumber
from energy_logger_server.web.http.history_query import AMBER, KAMO, span_schema

_POINTS, _FEWEST, _MOST = 1000, 10, 10_000
# of sums and means; prices and costs have their own
_DIGITS = {"kW": 2, "kvar": 2, "1": 4, "kWh": 3}
_MOST_POINTS = {
    vol.Optional("max_points", default=str(_POINTS)): WholeNumber(_FEWEST, _MOST)
}

OF_KAMO = span_schema(KAMO).extend(_MOST_POINTS)
OF_AMBER = (
    span_schema(AMBER)
    .extend(_MOST_POINTS)
    .extend({vol.Optional("channel"): SomeText()})
)


class LineAnswer(TypedDict):
    """One line of a chart; its lists are as long as times, null where there is none."""

    key: str
    """Distinguishes it from the other lines of the answer."""
    channel: str | None
    """Type of channel, register, or label of KAMO's forecast; null without."""
    unit: str
    """kW, kvar, 1, AUD/kWh, kWh or AUD."""
    aggregate: Aggregate
    """How values of several rows are put together."""
    values: list[float | None]
    min: list[float | None] | None
    """Least value of the rows in each bucket; null where that is not known."""
    max: list[float | None] | None
    """Greatest one."""


class SeriesAnswer(TypedDict):
    """Lines over one row of times."""

    bucket: Bucket
    """What a point stands for: a stored row, even buckets of time that are aligned to
    UTC, or whole days of the utility's own clock."""
    bucket_seconds: int
    """Width of a point; of rows their usual distance, of days 86,400 each."""
    times: list[int]
    """When each point begins, epoch seconds, ascending."""
    series: list[LineAnswer]
    """Lines with at least one value."""


def series_answer(chart: Chart) -> SeriesAnswer:
    """Return a chart as columns."""
    times = [*chart.times]
    is_exact = chart.resolution.bucket is Bucket.ROWS
    return {
        "bucket": chart.resolution.bucket,
        "bucket_seconds": chart.resolution.seconds,
        "times": times,
        "series": [_line(line, times, is_exact=is_exact) for line in chart.lines],
    }


def _line(line: Line, times: list[int], *, is_exact: bool) -> LineAnswer:
    nothing = Point(None)
    points = [line.points.get(at, nothing) for at in times]
    digits = None if is_exact else _DIGITS.get(line.unit)
    values, minimum, maximum = (
        list(column)
        if digits is None
        else [maybe_rounded(one, digits) for one in column]
        for column in zip(*points, strict=True)
    )
    has_extremes = any(one is not None for one in minimum)
    return {
        "key": line.key,
        "channel": line.channel,
        "unit": line.unit,
        "aggregate": line.aggregate,
        "values": values,
        "min": minimum if has_extremes else None,
        "max": maximum if has_extremes else None,
    }
