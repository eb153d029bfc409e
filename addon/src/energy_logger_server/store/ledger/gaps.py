"""Gaps according to the day ledger and the run log, newest days first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from energy_logger_server.api.nem import (
    MINUTES_PER_DAY,
    date_of_day_number,
    day_number,
)
from energy_logger_server.domain.collecting.gaps import Gap, GapState, presumed_cause
from energy_logger_server.domain.collecting.ledger import Kind, SeriesKey
from energy_logger_server.store.db.query import Query, columns_of
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.records import KnownSite

from .planning import known_sites

_KAMO_KINDS = (Kind.LOAD, Kind.SUBSTATIONS)
_FIRST_OF_ALL, _LAST_OF_ALL = -(2**31), 2**31
_NO_LIMIT = 2**31
_RUNS_LOOKED_BACK = 2000
"""About three days of both sources: a failure that is older explains nothing."""

type Failures = Mapping[str, tuple[datetime, str]]
"""Start of the run in which a series last failed, and the message, by subject."""


class _Line(NamedTuple):
    day: int
    series_id: int
    state: str
    expected_minutes: int
    present_minutes: int
    estimated_minutes: int
    attempts: int
    checked_at: int
    cause: str | None
    recheck: int
    kind: str
    owner: str
    channel: str


class _UnlistedDays(NamedTuple):
    """Days without a line between two of a series; both have one, or are today."""

    series_id: int
    kind: str
    owner: str
    channel: str
    day: int
    next_day: int


_LINES = Query(
    f"""
SELECT {columns_of(_Line)}
FROM day_ledger l CROSS JOIN series s
WHERE s.id = l.series_id AND l.state <> 'complete'
  AND l.day >= :first AND l.day <= :last
  AND (l.day < :before OR (l.day = :before AND l.series_id > :behind))
  AND l.day < CASE WHEN s.kind IN ('price', 'usage') THEN CAST(:nem_today AS BIGINT)
    ELSE CAST(:central_today AS BIGINT) END
  AND (:kind = '' OR s.kind = :kind) AND (:owner = '' OR s.owner = :owner)
  AND (:state = '' OR l.state = :state)
ORDER BY l.day DESC, l.series_id LIMIT :limit
""",
    (
        "first",
        "last",
        "before",
        "behind",
        "nem_today",
        "central_today",
        "kind",
        "owner",
        "state",
        "limit",
    ),
    row=_Line,
)
# days between two lines of a series, and between its last line and today
_UNLISTED_DAYS = Query(
    f"""
SELECT {columns_of(_UnlistedDays)} FROM (
  SELECT l.series_id AS series_id, s.kind AS kind, s.owner AS owner,
    s.channel AS channel, l.day AS day,
    lead(l.day, 1, CAST(:today AS BIGINT))
      OVER (PARTITION BY l.series_id ORDER BY l.day) AS next_day
  FROM day_ledger l CROSS JOIN series s
  WHERE s.id = l.series_id AND s.kind IN ('price', 'usage')) spans
WHERE next_day > day + 1
""",
    ("today",),
    row=_UnlistedDays,
)
_FAILURES = Query(
    """
SELECT f.subject, r.started_at_ms, f.message FROM run_failure f
JOIN run r ON r.id = f.run_id
JOIN (SELECT subject, max(run_id) AS run_id FROM run_failure
  WHERE run_id > (SELECT max(id) FROM run) - :runs GROUP BY subject) newest
  ON newest.run_id = f.run_id AND newest.subject = f.subject
""",
    ("runs",),
)


@dataclass(frozen=True, slots=True)
class GapCursor:
    """Place between two gaps: pages go on behind it.

    Attributes:
        day: Day number of the last gap sent.
        series_id: Its series.
    """

    day: int
    series_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GapSpan:
    """Which gaps are wanted; None stands for all.

    Attributes:
        nem_today: Amber's running day, which is no gap.
        central_today: KAMO's.
        kind: What the series holds.
        owner: Site id, or area number as text.
        state: What is known of the day.
        first: First day.
        last: Last day, inclusive.
        cursor: From the page before.
        limit: Most gaps to return.
    """

    nem_today: date
    central_today: date
    kind: Kind | None = None
    owner: str | None = None
    state: GapState | None = None
    first: date | None = None
    last: date | None = None
    cursor: GapCursor | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class GapPage:
    """Gaps by day, newest first, then by series.

    Attributes:
        gaps: At most as many as were wanted.
        cursor: Where the others begin; None when there are none.
    """

    gaps: tuple[Gap, ...]
    cursor: GapCursor | None


def gaps(connection: Reader, wanted: GapSpan) -> GapPage:
    """Return days that are over and not complete.

    Days of an active site's series that lie behind its first line, and have no line,
    were never asked for: they are missing too.
    """
    failures = _failures(connection)
    found = [
        *_from_lines(connection, wanted, failures),
        *_from_unlisted_days(connection, wanted, failures),
    ]
    found.sort(key=_order)
    limit = _NO_LIMIT if wanted.limit is None else wanted.limit
    kept = found[:limit]
    cursor = None
    if len(found) > len(kept):
        cursor, _last = kept[-1]
    return GapPage(tuple(gap for _place, gap in kept), cursor)


def _order(found: tuple[GapCursor, Gap]) -> tuple[int, int]:
    place, _gap = found
    return -place.day, place.series_id


def askable_series(connection: Reader) -> frozenset[SeriesKey]:
    """Return the series of the sites that the account still has."""
    return frozenset(
        series for site in known_sites(connection) for series in _series_of(site)
    )


def _series_of(site: KnownSite) -> Iterator[SeriesKey]:
    for channel in site.price_channels:
        yield SeriesKey(Kind.PRICE, site.site_id, channel)
    for channel in site.usage_channels:
        yield SeriesKey(Kind.USAGE, site.site_id, channel)


def _from_lines(
    connection: Reader, wanted: GapSpan, failures: Failures
) -> Iterator[tuple[GapCursor, Gap]]:
    first, last = _bounds(wanted)
    cursor = wanted.cursor or GapCursor(_LAST_OF_ALL, 0)
    for row in _LINES.all(
        connection,
        first,
        last,
        cursor.day,
        cursor.series_id,
        day_number(wanted.nem_today),
        day_number(wanted.central_today),
        wanted.kind or "",
        wanted.owner or "",
        wanted.state or "",
        _NO_LIMIT if wanted.limit is None else wanted.limit + 1,
    ):
        yield GapCursor(row.day, row.series_id), _gap_of_line(row, failures)


def _gap_of_line(row: _Line, failures: Failures) -> Gap:
    checked_at = datetime.fromtimestamp(row.checked_at, UTC)
    return Gap(
        series=SeriesKey(Kind(row.kind), row.owner, row.channel),
        day=date_of_day_number(row.day),
        state=GapState(row.state),
        expected_minutes=row.expected_minutes,
        present_minutes=row.present_minutes,
        estimated_minutes=row.estimated_minutes,
        attempts=row.attempts,
        checked_at=checked_at,
        cause=row.cause
        or presumed_cause(
            GapState(row.state),
            attempts=row.attempts,
            checked_at=checked_at,
            failure=failures.get(f"{row.kind}/{row.owner}"),
        ),
        is_marked=bool(row.recheck),
    )


def _from_unlisted_days(
    connection: Reader, wanted: GapSpan, failures: Failures
) -> Iterator[tuple[GapCursor, Gap]]:
    if wanted.state not in (None, GapState.MISSING) or wanted.kind in _KAMO_KINDS:
        return
    expected = {
        series: site
        for site in known_sites(connection)
        if site.is_active
        for series in _series_of(site)
    }
    for row in _UNLISTED_DAYS.all(connection, day_number(wanted.nem_today)):
        series = SeriesKey(Kind(row.kind), row.owner, row.channel)
        site = expected.get(series)
        if site is not None and _is_wanted(series, wanted):
            for place in _places(row, wanted):
                if site.was_active_on(date_of_day_number(place.day)):
                    yield place, _gap_of_unlisted_day(series, place.day, failures)


def _is_wanted(series: SeriesKey, wanted: GapSpan) -> bool:
    return wanted.kind in (None, series.kind) and wanted.owner in (None, series.owner)


def _places(days: _UnlistedDays, wanted: GapSpan) -> Iterable[GapCursor]:
    first, last = _bounds(wanted)
    for number in range(max(days.day + 1, first), min(days.next_day - 1, last) + 1):
        place = GapCursor(number, days.series_id)
        if _is_behind(place, wanted.cursor):
            yield place


def _is_behind(place: GapCursor, cursor: GapCursor | None) -> bool:
    if cursor is None or place.day < cursor.day:
        return True
    return place.day == cursor.day and place.series_id > cursor.series_id


def _gap_of_unlisted_day(series: SeriesKey, day: int, failures: Failures) -> Gap:
    return Gap(
        series=series,
        day=date_of_day_number(day),
        state=GapState.MISSING,
        expected_minutes=MINUTES_PER_DAY,
        present_minutes=0,
        estimated_minutes=0,
        attempts=0,
        checked_at=None,
        cause=presumed_cause(
            GapState.MISSING,
            attempts=0,
            checked_at=None,
            failure=failures.get(f"{series.kind}/{series.owner}"),
        ),
        is_marked=False,
    )


def _bounds(wanted: GapSpan) -> tuple[int, int]:
    return (
        _FIRST_OF_ALL if wanted.first is None else day_number(wanted.first),
        _LAST_OF_ALL if wanted.last is None else day_number(wanted.last),
    )


def _failures(connection: Reader) -> Failures:
    return {
        subject: (datetime.fromtimestamp(started_at_ms / 1000, UTC), message)
        for subject, started_at_ms, message in _FAILURES.all(
            connection, _RUNS_LOOKED_BACK
        )
    }
