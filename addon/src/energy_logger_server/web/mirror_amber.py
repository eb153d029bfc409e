"""``/mirror/amber/v1``: Amber's sites, prices and usage; needs the API key."""

from http import HTTPStatus

from aiohttp import web

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.runs import Source
from energy_logger_server.store.reads.sent_intervals import (
    Around,
    prices_around,
    prices_page,
    usage_page,
)
from energy_logger_server.store.reads.verbatim import sites_as_sent

from . import mirror_query as query
from . import mirror_schema as schema
from .deps import deps_of
from .lookups import find_site
from .mirror_fetches import last_fetch, last_modified, require_fetched, require_fresh
from .mirror_list import list_reply
from .operation import Answer, Group, Operation
from .parameters import query_of
from .reply import body_reply, original_json_body

_BASE = "/mirror/amber/v1/sites"
# of three channels these are fewer than 1,000 rows
_FEW_INTERVALS = 300


def amber_mirror_operations() -> tuple[Operation, ...]:
    """Return what mirrors Amber."""
    return (
        Operation(
            path=_BASE,
            handler=_sites,
            summary="Amber's /sites.",
            group=Group.MIRROR,
            answer=Answer(description="As Amber sent it.", schema=schema.SITES),
        ),
        Operation(
            path=f"{_BASE}/{{site}}/prices",
            handler=_prices,
            summary="Amber's /sites/{id}/prices, for any number of NEM days.",
            group=Group.MIRROR,
            query=query.PRICES,
            answer=Answer(description="As Amber sent them.", schema=schema.PRICES),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
            is_stream=True,
        ),
        Operation(
            path=f"{_BASE}/{{site}}/prices/current",
            handler=_current,
            summary="Amber's /sites/{id}/prices/current, chosen by time.",
            group=Group.MIRROR,
            query=query.CURRENT,
            answer=Answer(
                description="As Amber sent them; a forecast of this moment is sent as "
                "a CurrentInterval with estimate true.",
                schema=schema.PRICES,
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            path=f"{_BASE}/{{site}}/usage",
            handler=_usage,
            summary="Amber's /sites/{id}/usage, for any number of NEM days.",
            group=Group.MIRROR,
            query=query.USAGE,
            answer=Answer(description="As Amber sent it.", schema=schema.USAGE),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
            is_stream=True,
        ),
    )


async def _sites(request: web.Request) -> web.Response:
    fetched_at = await require_fetched(request, Source.AMBER, "site")
    found = await deps_of(request).store.read_bounded(sites_as_sent)
    return body_reply(original_json_body(found), headers=last_modified(fetched_at))


async def _prices(request: web.Request) -> web.StreamResponse:
    site_id = await _find_site(request)
    span = query.asked_span(query_of(request), site_id, deps_of(request).clock.now())
    return await list_reply(
        request,
        lambda connection, place, limit: prices_page(connection, span, place, limit),
        last_modified(await last_fetch(request, "price", site_id)),
    )


async def _usage(request: web.Request) -> web.StreamResponse:
    site_id = await _find_site(request)
    span = query.asked_span(query_of(request), site_id, deps_of(request).clock.now())
    return await list_reply(
        request,
        lambda connection, place, limit: usage_page(connection, span, place, limit),
        last_modified(await last_fetch(request, "usage", site_id)),
    )


async def _current(request: web.Request) -> web.Response:
    site_id = await _find_site(request)
    counts = query.asked_counts(query_of(request))
    fetched_at = await require_fresh(request, Source.AMBER, "current_price", site_id)
    deps = deps_of(request)
    at = int(deps.clock.now().timestamp())
    is_short = sum(counts) <= _FEW_INTERVALS
    read = deps.store.read_bounded if is_short else deps.store.read
    body = await read(
        lambda connection: original_json_body(
            [
                record
                for channel in prices_around(connection, site_id, at, counts)
                for record in _told(channel)
            ]
        )
    )
    return body_reply(body, headers=last_modified(fetched_at))


def _told(channel: Around) -> list[JsonObject]:
    """Return a channel's records, with the present one as what it is by now."""
    if channel.present is None:
        return [*channel.past, *channel.coming]
    return [*channel.past, as_current(channel.present), *channel.coming]


def as_current(record: JsonObject) -> JsonObject:
    """Return the price of the present interval: a forecast as an estimated one.

    Upstream has not been asked since the interval began; what it said before holds,
    and anybody who looks for the current price must find it.
    """
    if record.get("type") != "ForecastInterval":
        return record
    return {**record, "type": "CurrentInterval", "estimate": True}


async def _find_site(request: web.Request) -> str:
    # an account whose sites nobody has read yet is not one without sites
    await require_fetched(request, Source.AMBER, "site")
    return await find_site(request)
