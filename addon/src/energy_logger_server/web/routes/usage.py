"""``/api/usage``: what a site's registers metered."""

from http import HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.collecting.ledger import Kind
from energy_logger_server.store.amber.as_of import usage_as_of
from energy_logger_server.store.amber.prices import newest_usage
from energy_logger_server.store.amber.stats import usage_summaries
from energy_logger_server.web.datasets.amber_schema import USAGE as USAGE_SHAPE
from energy_logger_server.web.datasets.amber_schema import page_of
from energy_logger_server.web.datasets.amber_stats_schema import USAGE_STATS
from energy_logger_server.web.datasets.lookups import check_channel, find_site
from energy_logger_server.web.datasets.usage import USAGE, usage, usage_summary
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import HOURS, SomeText
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import hours_back, query_of
from energy_logger_server.web.http.reply import json_reply
from energy_logger_server.web.http.rows import ROWS

from .amber_history import HISTORY, Intervals, history_reply

_HISTORY = Intervals(Kind.USAGE, newest_usage, usage_as_of, usage, USAGE)
_STATS = vol.Schema(
    {
        vol.Optional(
            "hours",
            default="168",
            description="How many hours to go back; usage comes a day late.",
        ): HOURS,
        vol.Optional("channel"): SomeText(),
    }
)


def usage_operations() -> tuple[Operation, ...]:
    """Return what is below ``/api/usage``."""
    return (
        Operation(
            path="/api/usage/history/{site}",
            handler=_history,
            summary="List a site's usage, the newest page first.",
            group=Group.AMBER,
            query=HISTORY,
            answer=Answer(
                description="Usage in ascending order.",
                schema=page_of(USAGE_SHAPE),
                media_types=ROWS,
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
        Operation(
            path="/api/usage/stats/{site}",
            handler=_stats,
            summary="Get the usage of the last hours by register.",
            group=Group.AMBER,
            query=_STATS,
            answer=Answer(description="Figures of each register.", schema=USAGE_STATS),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
    )


async def _history(request: web.Request) -> web.Response:
    return await history_reply(request, _HISTORY)


async def _stats(request: web.Request) -> web.Response:
    deps = deps_of(request)
    hours, span = hours_back(request, deps.clock.now())
    channel: str | None = query_of(request).get("channel")
    site_id = await find_site(request)
    await check_channel(request, Kind.USAGE, site_id, channel)
    found = await deps.store.read(usage_summaries, site_id, span, channel)
    return json_reply(
        {
            "site_id": site_id,
            "period_hours": hours,
            "registers": [usage_summary(one) for one in found],
        }
    )
