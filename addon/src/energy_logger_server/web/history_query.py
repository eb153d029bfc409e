"""Which part of a history a request asks for.

A date means the whole local day of the feed, a time without offset the feed's own
clock: Central for KAMO, NEM time for Amber.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from math import ceil, floor
from typing import Any
from urllib.parse import urlencode

import voluptuous as vol
from aiohttp import hdrs, web

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME

from .errors import invalid_parameter
from .parameters import HOURS, last_hours, read_query, whole_number

OPEN_END = 2**40
"""An instant behind everything, epoch seconds."""

OPEN_START = 0
"""The instant before which no history goes, epoch seconds."""

_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_DATE_LENGTH = 10
_DAY = timedelta(days=1)
# a plus sign that was not escaped arrives as a space
_UNESCAPED_PLUS = re.compile(r"(:\S+) (\d\d:?\d\d)$")


@dataclass(frozen=True, slots=True)
class Feed:
    """How the times of a feed are read.

    Attributes:
        zone: Its clock.
        counts_end: Whether a value at ``end`` itself is wanted: yes for KAMO, whose
            values have one time; no for Amber, whose intervals begin there.
        cursor_parts: Numbers that say where a page ended: KAMO's time; Amber's end of
            an interval and series.
    """

    zone: tzinfo
    counts_end: bool
    cursor_parts: int


KAMO = Feed(CENTRAL, counts_end=True, cursor_parts=1)
AMBER = Feed(NEM_TIME, counts_end=False, cursor_parts=2)


@dataclass(frozen=True, slots=True)
class History:
    """Which part of a history is wanted.

    Attributes:
        first: Epoch seconds; ``OPEN_START`` without a bound.
        end: The first instant not wanted; ``OPEN_END`` without a bound.
        limit: Most items.
        cursor: Where the page before ended, as in its link.
        others: Further parameters, as sent.
    """

    first: int
    end: int
    limit: int
    cursor: tuple[int, ...] | None
    others: Mapping[str, str]

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
        query = {
            **self.others,
            "limit": str(self.limit),
            "cursor": "-".join(map(str, cursor)),
        }
        if self.first != OPEN_START:
            start = datetime.fromtimestamp(self.first, UTC)
            query["start"] = f"{start:%Y-%m-%dT%H:%M:%SZ}"
        return {hdrs.LINK: f'<?{urlencode(query)}>; rel="next"'}


def history_schema(
    feed: Feed, *, limit: int, most: int, others: Mapping[str, Any] | None = None
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
            vol.Optional("start"): _moment(feed.zone, is_end=False),
            vol.Optional("end"): _moment(feed.zone, is_end=True),
            vol.Optional("hours"): HOURS,
            vol.Optional("limit", default=str(limit)): whole_number(1, most),
            vol.Optional("cursor"): _cursor(feed.cursor_parts),
            **{vol.Optional(name): check for name, check in (others or {}).items()},
        }
    )


def read_history(
    request: web.Request, schema: vol.Schema, feed: Feed, now: datetime
) -> History:
    """Return which part of a history a request asks for.

    ``hours`` counts back from now and wins over ``start`` and ``end``, as it did in the
    predecessor.

    Raises:
        ApiError: Names the parameter that is wrong.
    """
    query = read_query(request, schema)
    start: _Moment | None = query.get("start")
    end: _Moment | None = query.get("end")
    first_at, end_at = OPEN_START, OPEN_END
    if "hours" in query:
        first_at, end_at = last_hours(query["hours"], now)
    else:
        if start is not None:
            first_at = ceil(start.instant.timestamp())
        if end is not None:
            end_at = _end_of(end, feed)
        if end_at <= first_at and not (start is None or end is None):
            raise invalid_parameter("end", "must not lie before start")
    return History(
        first=first_at,
        end=end_at,
        limit=query["limit"],
        cursor=query.get("cursor"),
        others={
            name: value
            for name, value in query.items()
            if name not in ("start", "end", "hours", "limit", "cursor")
        },
    )


def _cursor(parts: int) -> Callable[[str], tuple[int, ...]]:
    """Return a validator of what ``History.next_link`` put into a link."""
    form = re.compile("-".join([r"[0-9]{1,12}"] * parts))

    def check(text: str) -> tuple[int, ...]:
        if not form.fullmatch(text):
            raise vol.Invalid("must be that of a Link header")
        return tuple(map(int, text.split("-")))

    return check


@dataclass(frozen=True, slots=True)
class _Moment:
    """An instant that a user named, or the edge of a day.

    Attributes:
        instant: Aware.
        is_day: Whether a date was named: its edge is not part of it.
    """

    instant: datetime
    is_day: bool


def _end_of(end: _Moment, feed: Feed) -> int:
    seconds = end.instant.timestamp()
    if end.is_day or not feed.counts_end:
        return ceil(seconds)
    return floor(seconds) + 1


def _moment(zone: tzinfo, *, is_end: bool) -> Callable[[str], _Moment]:
    def check(text: str) -> _Moment:
        try:
            moment = _read_moment(text, zone, is_end=is_end)
        except ValueError:
            raise vol.Invalid(
                "must be a date such as 2026-01-04, or an ISO time such as "
                "2026-01-04T03:00:00-06:00"
            ) from None
        return moment

    return check


def _read_moment(text: str, zone: tzinfo, *, is_end: bool) -> _Moment:
    if len(text) <= _DATE_LENGTH:
        day = date.fromisoformat(text)
        _check_year(day.year)
        edge = day + _DAY if is_end else day
        start = datetime(edge.year, edge.month, edge.day, tzinfo=zone)
        return _Moment(start, is_day=True)
    instant = datetime.fromisoformat(_UNESCAPED_PLUS.sub(r"\1+\2", text))
    _check_year(instant.year)
    if instant.tzinfo is None:
        # of the two instants of the repeated autumn hour the wider span wants the
        # first as its start and the second as its end
        instant = instant.replace(tzinfo=zone, fold=int(is_end))
    return _Moment(instant.astimezone(UTC), is_day=False)


def _check_year(year: int) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(year)
