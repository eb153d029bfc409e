"""Pages of prices and of usage: as they are now, or as they were believed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import voluptuous as vol
from aiohttp import web

from energy_logger_server.api.amber_models import Price, Usage
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.amber.prices import (
    IntervalCursor,
    IntervalPage,
    IntervalSpan,
)
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.columns import Columns, cells_of, names_of
from energy_logger_server.web.datasets.lookups import check_channel, find_site
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import SomeText
from energy_logger_server.web.http.history_query import (
    AMBER,
    OPEN_END,
    Moment,
    history_schema,
    read_history,
)
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.rows import (
    FORMAT,
    Format,
    Layout,
    csv_body,
    rows_body,
    rows_reply,
)

AS_OF = {
    vol.Optional(
        "as_of",
        description="What was known at this instant, at the end of this date; "
        "hours count back from it.",
    ): Moment(NEM_TIME, is_end=True)
}
"""The query parameter, to be spread into a schema."""

HISTORY = history_schema(
    AMBER, limit=1000, most=10_000, others={"channel": SomeText()}
).extend({**AS_OF, **FORMAT})


@dataclass(frozen=True, slots=True)
class Intervals[Record: (Price, Usage)]:
    """How one kind of interval is read and shown.

    Attributes:
        kind: Prices or usage.
        newest: Reads a page; gets a connection and a span.
        as_of: Reads what was believed; gets the instant too.
        fields_of: One record in JSON.
        columns: Those of the CSV.
    """

    kind: Kind
    newest: Callable[[Reader, IntervalSpan], IntervalPage[Record]]
    as_of: Callable[[Reader, IntervalSpan, datetime], IntervalPage[Record]]
    fields_of: Callable[[Record], wire.Fields]
    columns: Columns[Record, Any]

    def read(
        self, connection: Reader, span: IntervalSpan, as_of: datetime | None
    ) -> IntervalPage[Record]:
        """Return a page as it is, or as it was believed at an instant."""
        if as_of is None:
            return self.newest(connection, span)
        return self.as_of(connection, span, as_of)

    def body(
        self, layout: Layout, span: IntervalSpan, page: IntervalPage[Record]
    ) -> bytes:
        """Return the body of a page."""
        names = names_of(self.columns)
        if layout.form is Format.CSV:
            cells = cells_of(self.columns, page.intervals)
            return csv_body(layout, names, cells)
        rows = [self.fields_of(record) for record in page.intervals]
        whole = {
            "site_id": span.site_id,
            "data": rows,
            "count": len(rows),
            "truncated": page.cursor is not None,
        }
        return rows_body(layout, whole=whole, rows=rows, columns=names)


async def history_reply[Record: (Price, Usage)](
    request: web.Request, intervals: Intervals[Record]
) -> web.Response:
    """Return a page of a site's history.

    Without an end it holds intervals that have begun. The page is made in the reader's
    thread: it may be long.
    """
    now = deps_of(request).clock.now()
    as_of = as_of_asked(request, now)
    wanted = read_history(request, AMBER, as_of or now, of=intervals.kind.value)
    layout = Layout.of(wanted.others)
    begun = int((as_of or now).timestamp()) + 1
    site_id = await find_site(request)
    channel: str | None = wanted.others.get("channel")
    await check_channel(request, intervals.kind, site_id, channel)
    span = IntervalSpan(
        site_id=site_id,
        first=wanted.first,
        end=begun if wanted.end == OPEN_END else wanted.end,
        limit=wanted.limit,
        channel=channel,
        cursor=None if wanted.cursor is None else IntervalCursor(*wanted.cursor),
    )

    def read(connection: Reader) -> tuple[bytes, IntervalCursor | None]:
        page = intervals.read(connection, span, as_of)
        return intervals.body(layout, span, page), page.cursor

    body, cursor = await deps_of(request).store.read(read)
    place = None if cursor is None else (cursor.end_at, cursor.series_id)
    return rows_reply(layout, body, headers=wanted.next_link(place))


def as_of_asked(request: web.Request, now: datetime) -> datetime | None:
    """Return the instant whose beliefs are asked for; nothing is known after now."""
    moment = query_of(request).get("as_of")
    if moment is None:
        return None
    return datetime.fromtimestamp(min(moment.seconds, now.timestamp()), UTC)
