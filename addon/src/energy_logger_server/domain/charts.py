"""Series of values for a chart: how wide its points are, and where nothing is known.

A chart has one row of times for all its lines. What one line lacks at a time is None,
nothing is interpolated.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import median_low
from typing import NamedTuple

_WIDTHS_S = (600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200)
_DAY_S = 86_400
_LONGEST_REACH = 2.5

type Span = tuple[int, int]
"""First instant and the one past the last, epoch seconds."""


class Bucket(StrEnum):
    """What a point of a chart stands for."""

    ROWS = "rows"
    TIME = "time"
    DAYS = "days"


class Aggregate(StrEnum):
    """What the value of a point is of the rows that it stands for."""

    MEAN = "mean"
    SUM = "sum"


class Point(NamedTuple):
    """What is known at a time; extremes where a point stands for several rows."""

    value: float | None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class DayCalendar:
    """Days of a feed's own clock, numbered as days since 1970-01-01.

    Attributes:
        day_of: Gives the day of an instant, epoch seconds.
        start_of: Gives the instant at which a day begins.
    """

    day_of: Callable[[int], int]
    start_of: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Resolution:
    """How wide points are.

    Attributes:
        bucket: What they stand for.
        seconds: Of a bucket, or the usual distance of rows; of days, each as 86,400.
    """

    bucket: Bucket
    seconds: int

    @property
    def days(self) -> int:
        """How many days a point stands for."""
        return self.seconds // _DAY_S

    def widened(self, span: Span, calendar: DayCalendar) -> Span:
        """Return the span of all buckets that a span touches.

        Their edges do not depend on it: a point stays the same when a chart is moved.
        """
        first, end = span
        if self.bucket is Bucket.ROWS:
            return span
        if self.bucket is Bucket.TIME:
            return first - first % self.seconds, end + -end % self.seconds
        days = calendar.day_of(first), calendar.day_of(end - 1) + self.days
        begin, behind = (day - day % self.days for day in days)
        return calendar.start_of(begin), calendar.start_of(behind)


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart.

    Attributes:
        key: Tells it from the other lines of its chart.
        channel: Of the site; None where there is no such.
        unit: Of its values.
        aggregate: How values of several rows are put together.
        points: By their times: epoch seconds at which they begin.
    """

    key: str
    channel: str | None
    unit: str
    aggregate: Aggregate
    points: Mapping[int, Point]


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines over one row of times.

    Attributes:
        resolution: How wide its points are.
        times: When they begin, epoch seconds, ascending.
        lines: Those with at least one point.
    """

    resolution: Resolution
    times: Sequence[int]
    lines: Sequence[Line]


def resolutions(span_s: int, most: int, row_s: int) -> Iterator[Resolution]:
    """Yield how wide points may be so that they are few enough, the narrowest first.

    Args:
        span_s: Length of the span, seconds.
        most: Most points; at least 10.
        row_s: Usual distance of rows, seconds.
    """
    if span_s <= most * row_s:
        yield Resolution(Bucket.ROWS, row_s)
    for width_s in _WIDTHS_S:
        # a span touches two buckets more than its length says
        if width_s > row_s and span_s <= (most - 2) * width_s:
            yield Resolution(Bucket.TIME, width_s)
    days = -(-span_s // (_DAY_S * (most - 3)))
    yield Resolution(Bucket.DAYS, max(days, 1) * _DAY_S)


def chart_of_rows(
    resolution: Resolution, lines: Iterable[Line], covered: Iterable[Span]
) -> Chart:
    """Return a chart of single rows, with a time of its own in each hole.

    Args:
        resolution: Of rows.
        lines: With a point for each row.
        covered: What the rows stand for, in any order.
    """
    kept = _with_points(lines)
    times = {at for line in kept for at in line.points}
    times.update(holes(covered))
    return Chart(resolution, sorted(times), kept)


def chart_of_buckets(
    resolution: Resolution, lines: Iterable[Line], calendar: DayCalendar
) -> Chart:
    """Return a chart whose times are every bucket from the first point to the last."""
    kept = _with_points(lines)
    edges = [at for line in kept for at in (min(line.points), max(line.points))]
    if not edges:
        return Chart(resolution, (), ())
    first, last = min(edges), max(edges)
    if resolution.bucket is Bucket.TIME:
        times = range(first, last + 1, resolution.seconds)
        return Chart(resolution, times, kept)
    days = range(calendar.day_of(first), calendar.day_of(last) + 1, resolution.days)
    return Chart(resolution, [calendar.start_of(day) for day in days], kept)


def holes(covered: Iterable[Span]) -> Iterator[int]:
    """Yield where a span ends and the next one does not begin yet."""
    behind: int | None = None
    for start, end in sorted(covered):
        if behind is not None and start > behind:
            yield behind
        behind = end if behind is None else max(behind, end)


def reached(instants: Sequence[int]) -> list[Span]:
    """Return what readings stand for that have an instant and no length.

    Each reaches to two and a half times the usual distance: one that failed in between
    makes no hole, two do.

    Args:
        instants: Ascending, epoch seconds.
    """
    if len(instants) < 2:  # noqa: PLR2004 - there is no distance
        return []
    distances = [later - earlier for earlier, later in pairwise(instants)]
    reach = int(median_low(distances) * _LONGEST_REACH)
    return [(at, at + reach) for at in instants]


def _with_points(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.points]
