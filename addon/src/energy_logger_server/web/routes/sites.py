"""Everything about the household at Amber; needs the key."""

import voluptuous as vol
from aiohttp import web

from energy_logger_server.store.amber.prices import sites
from energy_logger_server.web.datasets import fields as wire
from energy_logger_server.web.datasets.amber_schema import SITE
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.reply import json_reply

from .costs.operations import cost_operations
from .costs.tariff import tariff_operations
from .prices import price_operations
from .usage import usage_operations

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
        *tariff_operations(),
    )


async def _sites(request: web.Request) -> web.Response:
    found = await deps_of(request).store.read(sites)
    return json_reply(
        {"sites": [wire.site(stored) for stored in found], "count": len(found)}
    )
