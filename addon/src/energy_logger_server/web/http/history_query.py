"""Which part of a history a request asks for.

A date means the whole local day of the feed, a time without offset the feed's own
clock: Central for KAMO, NEM time for Amber.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil, floor
from typing import Any

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME

from .checks import HOURS, JsonSchema, WholeNumber
from .errors import contradiction
from .page_cursor import CURSOR, ListOrder, ValueCheck, is_count, next_link
from .parameters import last_hours, query_of

OPEN_END = 2**40
"""An instant behind everything, epoch seconds."""

OPEN_START = 0
"""The instant before which no history goes, epoch seconds."""

_OWN = frozenset({"start", "end", "hours", "limit", "cursor"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE_LENGTH = 10
_HOUR_S = 3600
_DAY = timedelta(days=1)
# a plus sign that was not escaped arrives as a space
_UNESCAPED_PLUS = re.compile(r"(:\S+) (\d\d:?\d\d)$")


@dataclass(frozen=True, slots=True)
class SourceCalendar:
    """How the times of a feed are read.

    Attributes:
        zone: Its clock.
        counts_end: Whether a value at ``end`` itself is wanted: yes for KAMO, whose
            values have one time; no for Amber, whose intervals begin there.
        place: Checks of what says where a page ended: KAMO's time; Amber's end of an
            interval and series.
    """

    zone: tzinfo
    counts_end: bool
    place: tuple[ValueCheck, ...]


KAMO = SourceCalendar(CENTRAL, counts_end=True, place=(is_count,))
AMBER = SourceCalendar(NEM_TIME, counts_end=False, place=(is_count, is_count))


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which part of a history is wanted.

    Attributes:
        first: Epoch seconds; ``OPEN_START`` without a bound.
        end: The first instant not wanted; ``OPEN_END`` without a bound.
        limit: Most items.
        order: Of its items.
        cursor: Where the page before ended, in that order.
        others: Further parameters, checked.
        sent: The same as they were sent.
    """

    first: int
    end: int
    limit: int
    order: ListOrder
    cursor: tuple[int, ...] | None
    others: Mapping[str, Any]
    sent: Mapping[str, str]

    @property
    def span(self) -> tuple[int, int]:
        """First instant and the one past the last, before the cursor."""
        return self.first, min((self.end, *(self.cursor or ())))

    def next_link(self, cursor: tuple[int, ...] | None) -> dict[str, str]:
        """Return the header that leads to the older items behind a cursor.

        Args:
            cursor: None when there are none: then there is no header.
        """
        if cursor is None:
            return {}
        sent = {**self.sent, "limit": str(self.limit)}
        if self.first != OPEN_START:
            start = datetime.fromtimestamp(self.first, UTC)
            sent["start"] = f"{start:%Y-%m-%dT%H:%M:%SZ}"
        return next_link(sent.items(), cursor=self.order.cursor(cursor))


def history_schema(
    feed: SourceCalendar,
    *,
    limit: int,
    most: int,
    others: Mapping[str, Any] | None = None,
) -> vol.Schema:
    """Return the schema of a history's query.

    Args:
        feed: Whose times.
        limit: Items when nothing is said.
        most: Most items that can be asked for.
        others: Further parameters with their validators.
    """
    return vol.Schema(
        {
            vol.Optional("start"): Moment(feed.zone, is_end=False),
            vol.Optional("end"): Moment(feed.zone, is_end=True),
            vol.Optional("hours"): HOURS,
            vol.Optional("limit", default=str(limit)): WholeNumber(1, most),
            vol.Optional("cursor"): CURSOR,
            **{vol.Optional(name): check for name, check in (others or {}).items()},
        }
    )


def read_history(
    request: web.Request, feed: SourceCalendar, now: datetime, *, of: str
) -> HistoryQuery:
    """Return which part of a history a request asks for.

    ``hours`` counts back from now and wins over ``start`` and ``end``, as it did in the
    predecessor.

    Args:
        request: The request.
        feed: Whose times.
        now: The instant from which ``hours`` count.
        of: Name of the history; a cursor of another one is refused.

    Raises:
        ApiError: If end lies before start, or the cursor is that of another list.
    """
    query = query_of(request)
    if "hours" in query:
        first_at, end_at = last_hours(query["hours"], now)
    else:
        first_at, end_at = _edges(request, feed)
    order = ListOrder(f"history/{of}", feed.place)
    return HistoryQuery(
        first=first_at,
        end=end_at,
        limit=query["limit"],
        order=order,
        cursor=order.values(query["cursor"]) if "cursor" in query else None,
        others={name: query[name] for name in query.keys() - _OWN},
        sent={name: text for name, text in request.query.items() if name not in _OWN},
    )


def span_schema(feed: SourceCalendar) -> vol.Schema:
    """Return the schema of a query that names a span of time and nothing else.

    Args:
        feed: Whose times.
    """
    return vol.Schema(
        {
            vol.Optional("start"): Moment(feed.zone, is_end=False),
            vol.Optional("end"): Moment(feed.zone, is_end=True),
            vol.Optional("hours"): HOURS,
        }
    )


def read_span(
    request: web.Request, feed: SourceCalendar, now: datetime, *, hours: int
) -> tuple[int, int]:
    """Return the first instant that a request asks for, and the first one it does not.

    What lies ahead belongs to it unless an end says otherwise.

    Args:
        request: The request.
        feed: Whose times.
        now: The instant from which hours count.
        hours: How far to go back from now, or from an end before that, when nothing
            says where to start.

    Raises:
        ApiError: If end lies before start.
    """
    query = query_of(request)
    first_at, end_at = _edges(request, feed)
    if "hours" in query:
        first_at, _present = last_hours(query["hours"], now)
    elif "start" not in query:
        first_at = min(ceil(now.timestamp()), end_at) - hours * _HOUR_S
    return first_at, end_at


def _edges(request: web.Request, feed: SourceCalendar) -> tuple[int, int]:
    """Return the bounds that ``start`` and ``end`` name."""
    query = query_of(request)
    start: _Moment | None = query.get("start")
    end: _Moment | None = query.get("end")
    first_at = OPEN_START if start is None else ceil(start.seconds)
    end_at = OPEN_END if end is None else _end_of(end, feed)
    if end_at <= first_at and not (start is None or end is None):
        raise contradiction("end", "must not lie before start")
    return first_at, end_at


@dataclass(frozen=True, slots=True)
class _Moment:
    """An instant that a user named, or the edge of a day.

    Attributes:
        seconds: Epoch seconds.
        is_day: Whether a date was named: its edge is not part of it.
    """

    seconds: float
    is_day: bool


def _end_of(end: _Moment, feed: SourceCalendar) -> int:
    seconds = end.seconds
    if end.is_day or not feed.counts_end:
        return ceil(seconds)
    return floor(seconds) + 1


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or an ISO time with or without offset.

    Attributes:
        zone: Of dates, and of times without offset.
        is_end: Whether a date means its end instead of its start.
    """

    zone: tzinfo
    is_end: bool

    def __call__(self, text: str) -> _Moment:
        """Return the instant."""
        try:
            return _read_moment(text, self.zone, is_end=self.is_end)
        except ValueError:
            raise vol.Invalid(
                "must be a date such as 2026-01-04, or an ISO time such as "
                "2026-01-04T03:00:00-06:00"
            ) from None

    @property
    def json_schema(self) -> JsonSchema:
        """A date or a time."""
        return {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "format": "date-time"},
            ]
        }


def _read_moment(text: str, zone: tzinfo, *, is_end: bool) -> _Moment:
    if len(text) <= _DATE_LENGTH:
        day = date.fromisoformat(text)
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        if not is_end:
            return _Moment(_seconds(midnight), is_day=True)
        if day == date.max:
            return _Moment(OPEN_END, is_day=True)
        return _Moment(_seconds(midnight + _DAY), is_day=True)
    instant = datetime.fromisoformat(_UNESCAPED_PLUS.sub(r"\1+\2", text))
    if instant.tzinfo is None:
        # of the two instants of the repeated autumn hour the wider span wants the
        # first as its start and the second as its end
        instant = instant.replace(tzinfo=zone, fold=int(is_end))
    return _Moment(_seconds(instant), is_day=False)


def _seconds(instant: datetime) -> float:
    """Return epoch seconds; all that was before 1970 counts as its beginning."""
    return max((instant - _EPOCH).total_seconds(), OPEN_START)
