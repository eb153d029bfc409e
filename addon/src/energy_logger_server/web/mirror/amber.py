"""``/mirror/amber/v1``: Amber's sites, prices and usage; needs the API key."""

from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.store.amber.original import (
    OriginalPage,
    PageToken,
    PricesAround,
    prices_around,
    prices_page,
    usage_page,
)
from energy_logger_server.store.db.reader import Reader, bounded_if
from energy_logger_server.store.kamo.original import original_sites
from energy_logger_server.web.datasets.lookups import find_site
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import body_reply, original_json_body

from . import query, schema
from .freshness import last_fetch, last_modified, require_fetched, require_fresh
from .lives import as_current, at_time
from .pages import list_reply

_BASE = "/mirror/amber/v1/sites"
# of three channels these are fewer than 1,000 rows
_FEW_INTERVALS = 300


def amber_mirror_operations() -> tuple[Operation, ...]:
    """Return what mirrors Amber."""
    return (
        Operation(
            path=_BASE,
            handler=_sites,
            summary="Get Amber's /sites.",
            group=Group.MIRROR,
            wrong_key_status=HTTPStatus.FORBIDDEN,
            answer=Answer(description="As Amber sent it.", schema=schema.SITES),
        ),
        Operation(
            path=f"{_BASE}/{{site}}/prices",
            handler=_prices,
            summary="Get Amber's /sites/{id}/prices, for any number of NEM days.",
            group=Group.MIRROR,
            wrong_key_status=HTTPStatus.FORBIDDEN,
            query=query.PRICES,
            answer=Answer(description="As Amber sent them.", schema=schema.PRICES),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
            is_stream=True,
        ),
        Operation(
            path=f"{_BASE}/{{site}}/prices/current",
            handler=_current,
            summary="Get Amber's /sites/{id}/prices/current, chosen by time.",
            group=Group.MIRROR,
            wrong_key_status=HTTPStatus.FORBIDDEN,
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
            summary="Get Amber's /sites/{id}/usage, for any number of NEM days.",
            group=Group.MIRROR,
            wrong_key_status=HTTPStatus.FORBIDDEN,
            query=query.USAGE,
            answer=Answer(description="As Amber sent it.", schema=schema.USAGE),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
            is_stream=True,
        ),
    )


async def _sites(request: web.Request) -> web.Response:
    fetched_at = await require_fetched(request, Source.AMBER, "site")
    found = await deps_of(request).store.read(original_sites)
    return body_reply(original_json_body(found), headers=last_modified(fetched_at))


async def _prices(request: web.Request) -> web.StreamResponse:
    site_id = await _find_site(request)
    now = deps_of(request).clock.now()
    span = query.asked_span(query_of(request), site_id, now)

    def page(connection: Reader, place: PageToken | None, limit: int) -> OriginalPage:
        found = prices_page(connection, span, place, limit)
        return replace(found, records=[at_time(one, now) for one in found.records])

    return await list_reply(
        request, page, last_modified(await last_fetch(request, "price", site_id))
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
    body = await deps.store.read(_current_body, site_id, deps.clock.now(), counts)
    return body_reply(body, headers=last_modified(fetched_at))


def _are_few(_site_id: str, _now: datetime, counts: tuple[int, int], /) -> bool:
    return sum(counts) <= _FEW_INTERVALS


@bounded_if(_are_few)
def _current_body(
    connection: Reader, site_id: str, now: datetime, counts: tuple[int, int]
) -> bytes:
    """Return the body; long ones are made in a thread."""
    return original_json_body(
        [
            record
            for channel in prices_around(
                connection, site_id, int(now.timestamp()), counts
            )
            for record in _records(channel, now)
        ]
    )


def _records(channel: PricesAround, now: datetime) -> list[JsonObject]:
    """Return a channel's records, each as what it is by now."""
    present = [] if channel.present is None else [as_current(channel.present)]
    return [
        *(at_time(record, now) for record in channel.past),
        *present,
        *(at_time(record, now) for record in channel.coming),
    ]


async def _find_site(request: web.Request) -> str:
    # an account whose sites nobody has read yet is not one without sites
    await require_fetched(request, Source.AMBER, "site")
    return await find_site(request)
