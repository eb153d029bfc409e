"""``/api/sites``, ``/api/prices``, ``/api/usage``: the household; needs the key."""

from collections.abc import Callable

from aiohttp import web

from energy_logger_server.api.models import Price, Usage
from energy_logger_server.store.reads.amber import (
    IntervalCursor,
    IntervalPage,
    IntervalSpan,
    current_prices,
    newest_prices,
    newest_usage,
    sites,
)

from . import wire
from .auth import needs_key
from .deps import deps_of
from .errors import nothing_stored
from .history_query import AMBER, OPEN_END, History, history_schema, read_history
from .lookups import find_site
from .parameters import NOTHING, read_query, some_text
from .reply import body_reply, json_body, json_reply

_HISTORY = history_schema(AMBER, limit=1000, most=10_000, others={"channel": some_text})


def amber_routes() -> list[web.RouteDef]:
    """Return the routes about sites, prices and usage."""
    return [
        web.get("/api/sites", _sites),
        web.get("/api/prices/current/{site}", _current_prices),
        web.get("/api/prices/history/{site}", _price_history),
        web.get("/api/usage/history/{site}", _usage_history),
    ]


@needs_key
async def _sites(request: web.Request) -> web.Response:
    read_query(request, NOTHING)
    found = await deps_of(request).store.read_bounded(sites)
    return json_reply(
        {"sites": [wire.site(stored) for stored in found], "count": len(found)}
    )


@needs_key
async def _current_prices(request: web.Request) -> web.Response:
    read_query(request, NOTHING)
    site_id = await find_site(request)
    deps = deps_of(request)
    now = deps.clock.now()
    found = await deps.store.read_bounded(
        lambda connection: current_prices(connection, site_id, now)
    )
    if not found:
        raise nothing_stored("no price that covers this moment has been collected")
    return json_reply(
        {
            "site_id": site_id,
            "timestamp": wire.nem_text(now.replace(microsecond=0)),
            "prices": [wire.price(record) for record in found],
        }
    )


@needs_key
async def _price_history(request: web.Request) -> web.Response:
    wanted, span = await _span(request)
    body, cursor = await deps_of(request).store.read(
        lambda connection: _page(span, newest_prices(connection, span), wire.price)
    )
    return body_reply(body, headers=wanted.next_link(cursor))


@needs_key
async def _usage_history(request: web.Request) -> web.Response:
    wanted, span = await _span(request)
    body, cursor = await deps_of(request).store.read(
        lambda connection: _page(span, newest_usage(connection, span), wire.usage)
    )
    return body_reply(body, headers=wanted.next_link(cursor))


async def _span(request: web.Request) -> tuple[History, IntervalSpan]:
    """Return what is wanted; without an end, intervals that have begun."""
    now = deps_of(request).clock.now()
    wanted = read_history(request, _HISTORY, AMBER, now)
    site_id = await find_site(request)
    return wanted, IntervalSpan(
        site_id=site_id,
        first=wanted.first,
        end=int(now.timestamp()) + 1 if wanted.end == OPEN_END else wanted.end,
        limit=wanted.limit,
        channel=wanted.others.get("channel"),
        cursor=None if wanted.cursor is None else IntervalCursor(*wanted.cursor),
    )


def _page[Record: (Price, Usage)](
    span: IntervalSpan,
    page: IntervalPage[Record],
    fields_of: Callable[[Record], wire.Fields],
) -> tuple[bytes, tuple[int, int] | None]:
    """Return the body and the cursor; made in the reader's thread, it may be long."""
    body = {
        "site_id": span.site_id,
        "data": [fields_of(record) for record in page.intervals],
        "count": len(page.intervals),
        "truncated": page.cursor is not None,
    }
    cursor = page.cursor
    place = None if cursor is None else (cursor.end_at, cursor.series_id)
    return json_body(body), place
