"""The tables of one kind of Amber's intervals, summed up into buckets.

An interval counts where it begins; all tables are filed by series, then by time.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from energy_logger_server.domain.charts import Bucket, Resolution, Span
from energy_logger_server.store.db.query import Query
from energy_logger_server.store.db.reader import Reader

from .drawing import HOUR_S, NEM_DAYS, hull

_LONGEST_INTERVAL_S = 86_400
_USUAL_INTERVAL_S = 1800


class BucketRow(Protocol):
    """Sums of one bucket."""

    @property
    def bucket(self) -> int:
        """Its number: the instant divided by its width."""
        ...


class _Edge(NamedTuple):
    start_at: int
    end_at: int
    duration_minutes: int


def _edge(table: str, direction: str) -> Query[_Edge]:
    return Query(
        "SELECT end_at - duration_minutes * 60 AS start_at, end_at, duration_minutes"
        f" FROM {table} WHERE series_id = :series ORDER BY end_at {direction} LIMIT 1",
        ("series",),
        row=_Edge,
    )


class IntervalTables[Found: BucketRow]:
    """Queries over a table of intervals ``t`` and its rollups by hour and NEM day."""

    def __init__(
        self,
        table: str,
        *,
        of_rows: str,
        of_rollups: str,
        row: type[Found],
        join: str = "",
    ) -> None:
        """Make them.

        Args:
            table: Of the intervals; those of hours and days are called after it.
            of_rows: What to SELECT of intervals, in the order of the row's fields.
            of_rollups: The same of a rollup.
            row: Its first field is ``bucket``.
            join: SQL that adds what ``of_rows`` needs beside the table.
        """
        self._first, self._last = (_edge(table, way) for way in ("ASC", "DESC"))
        self._by_time = bucketed_rows(table, of_rows, row, join=join)
        rollup = (
            "SELECT t.{unit} / CAST(:width AS BIGINT) AS bucket, {sums}"
            " FROM {table}_{unit} t WHERE t.series_id = :series"
            " AND t.{unit} >= :first AND t.{unit} < :end GROUP BY 1"
        )
        self._by_hours, self._by_days = (
            Query(
                rollup.format(unit=unit, table=table, sums=of_rollups),
                ("width", "series", "first", "end"),
                row=row,
            )
            for unit in ("hour", "day")
        )

    def extent(self, connection: Reader, series: Iterable[int]) -> Span | None:
        """Return the span from the first interval of some series to their last."""
        edges: list[tuple[int | None, int | None]] = []
        for one in series:
            first = self._first.first(connection, one)
            last = self._last.first(connection, one)
            if first is not None and last is not None:
                edges.append((first.start_at, last.end_at))
        return hull(edges)

    def usual_interval_s(self, connection: Reader, series: Iterable[int]) -> int:
        """Return the length of the newest interval, the shortest of some series."""
        newest = (self._last.first(connection, one) for one in series)
        lengths = [one.duration_minutes * 60 for one in newest if one is not None]
        return min(lengths, default=_USUAL_INTERVAL_S)

    def sums(
        self, connection: Reader, series: int, resolution: Resolution, span: Span
    ) -> dict[int, Found]:
        """Return the sums of a series by the instants at which buckets begin.

        Args:
            connection: A reader's.
            series: Its number.
            resolution: Of time or of days.
            span: Of whole buckets.
        """
        width = resolution.seconds
        if resolution.bucket is Bucket.DAYS:
            days = map(NEM_DAYS.day_of, span)
            rows = self._by_days.all(connection, resolution.days, series, *days)
            start_of = NEM_DAYS.start_of
            return {start_of(row.bucket * resolution.days): row for row in rows}
        if width >= HOUR_S:
            hours = (at // HOUR_S for at in span)
            rows = self._by_hours.all(connection, width // HOUR_S, series, *hours)
        else:
            rows = rows_in_buckets(self._by_time, connection, series, width, span)
        return {row.bucket * width: row for row in rows}


def bucketed_rows[Found](
    table: str, sums: str, row: type[Found], *, join: str = "", where: str = ""
) -> Query[Found]:
    """Return the query of intervals summed up by the instant at which they begin.

    Args:
        table: Of the intervals, as ``t``.
        sums: What to SELECT of them behind ``bucket``.
        row: What comes back.
        join: SQL behind the table.
        where: Further condition.
    """
    start = "(t.end_at - t.duration_minutes * 60)"
    # the bounds of end_at keep the read on the key: no interval is longer than a day
    return Query(
        f"SELECT {start} / CAST(:width AS BIGINT) AS bucket, {sums}"
        f" FROM {table} t {join} WHERE t.series_id = :series AND t.end_at > :first"
        f" AND t.end_at < :behind_end AND {start} >= :first AND {start} < :end {where}"
        " GROUP BY 1",
        ("width", "series", "first", "behind_end", "end"),
        row=row,
    )


def rows_in_buckets[Found](
    query: Query[Found], connection: Reader, series: int, width: int, span: Span
) -> list[Found]:
    """Return what a query of ``bucketed_rows`` finds in a span."""
    first, end = span
    return query.all(connection, width, series, first, end + _LONGEST_INTERVAL_S, end)
