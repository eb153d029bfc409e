"""Everything about the household at Amber; needs the key."""

import voluptuous as vol
from aiohttp import web

from energy_logger_server.store.reads.amber import sites

from . import wire
from .amber_costs import cost_operations
from .amber_home import home_operations
from .amber_prices import price_operations
from .amber_schema import SITE
from .amber_usage import usage_operations
from .deps import deps_of
from .operation import Answer, Group, Operation
from .reply import json_reply

_SITES = vol.Schema({vol.Required("sites"): [SITE], vol.Required("count"): int})


def amber_operations() -> tuple[Operation, ...]:
    """Return what concerns sites, prices, usage and costs."""
    return (
        Operation(
            path="/api/sites",
            handler=_sites,
            summary="List the account's sites, those that are gone included.",
            group=Group.AMBER,
            answer=Answer(description="Sites.", schema=_SITES),
        ),
        *price_operations(),
        *usage_operations(),
        *cost_operations(),
        *home_operations(),
    )


async def _sites(request: web.Request) -> web.Response:
    found = await deps_of(request).store.read_bounded(sites)
    return json_reply(
        {"sites": [wire.site(stored) for stored in found], "count": len(found)}
    )
