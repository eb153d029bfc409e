"""The paths of amber-home: today's prices, forecast, usage and costs at a glance.

Rows of several sites have their site beside them, and each site goes by its own
newest data. Days are NEM dates, all year; numbers keep upstream's signs.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from types import MappingProxyType

import voluptuous as vol
from aiohttp import web
from aiohttp.typedefs import Handler

from energy_logger_server.store.amber.costs import cost_days
from energy_logger_server.store.amber.prices import is_known_site, sites
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.web.datasets.nem_dates import DAYS, LAST_DAYS, last_days
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.checks import SomeText, WholeNumber
from energy_logger_server.web.http.errors import unknown
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.reply import body_reply, json_body

from .answers import CombinedAnswer, CostStatsAnswer, PriceRow, UsageRow
from .lists import expected, historical, usage_of_newest_days
from .rows import cost_stats

_SITE = {
    vol.Optional(
        "site", description="Only this site, see /api/sites; otherwise all."
    ): SomeText()
}
_AHEAD = vol.Optional("hours", default="10", description="How many hours of forecast.")
_USAGE_DAYS = vol.Optional(
    "days",
    default="1",
    description="How many NEM dates, the last of them the newest that has usage.",
)


def home_operations() -> tuple[Operation, ...]:
    """Return what the predecessor for Amber answered, at its paths."""
    return (
        _operation(
            "/api/price-data",
            _price_data,
            "List today's prices, of intervals that are over.",
            Answer(description="Prices in ascending order.", schema=list[PriceRow]),
        ),
        _operation(
            "/api/combined-price-data",
            _combined,
            "List today's prices, and the forecast of the hours to come.",
            Answer(
                description="Prices of intervals that are over; and what is expected "
                "of the present one and those to come, unless it is more than two "
                "hours old.",
                schema=CombinedAnswer,
            ),
            {_AHEAD: WholeNumber(1, 168)},
        ),
        _operation(
            "/api/usage-data",
            _usage_data,
            "List the usage of the newest day that has any.",
            Answer(description="Usage in ascending order.", schema=list[UsageRow]),
            {_USAGE_DAYS: WholeNumber(1, 31)},
        ),
        _operation(
            "/api/cost-stats",
            _cost_stats,
            "Get what the last days cost.",
            Answer(
                description="Sums of all sites in the answer, and each day.",
                schema=CostStatsAnswer,
            ),
            {vol.Optional("days", default="7", description=LAST_DAYS): DAYS},
        ),
    )


def _operation(
    path: str,
    handler: Handler,
    summary: str,
    answer: Answer,
    others: Mapping[vol.Optional, object] = MappingProxyType({}),
) -> Operation:
    return Operation(
        path=path,
        handler=handler,
        summary=summary,
        group=Group.AMBER,
        query=vol.Schema({**_SITE, **others}),
        answer=answer,
        errors=(HTTPStatus.NOT_FOUND,),
    )


async def _price_data(request: web.Request) -> web.Response:
    site_ids, now = await _sites_and_now(request)
    body = await deps_of(request).store.read(
        lambda connection: json_body(historical(connection, site_ids, now))
    )
    return body_reply(body)


async def _combined(request: web.Request) -> web.Response:
    site_ids, now = await _sites_and_now(request)
    ahead = timedelta(hours=query_of(request)["hours"])

    def body(connection: Reader) -> bytes:
        answer: CombinedAnswer = {
            "historical": historical(connection, site_ids, now),
            "forecast": expected(connection, site_ids, now, ahead),
        }
        return json_body(answer)

    return body_reply(await deps_of(request).store.read(body))


async def _usage_data(request: web.Request) -> web.Response:
    site_ids, _now = await _sites_and_now(request)
    days: int = query_of(request)["days"]
    body = await deps_of(request).store.read(
        lambda connection: json_body(usage_of_newest_days(connection, site_ids, days))
    )
    return body_reply(body)


async def _cost_stats(request: web.Request) -> web.Response:
    site_ids, now = await _sites_and_now(request)
    asked = last_days(query_of(request)["days"], now)
    body = await deps_of(request).store.read(
        lambda connection: json_body(
            cost_stats({site: cost_days(connection, site, asked) for site in site_ids})
        )
    )
    return body_reply(body)


async def _sites_and_now(request: web.Request) -> tuple[tuple[str, ...], datetime]:
    """Return the sites asked for, and the present.

    Raises:
        ApiError: If the account neither has nor had the site that is named.
    """
    deps = deps_of(request)
    site_id: str | None = query_of(request).get("site")
    if site_id is None:
        found = await deps.store.read(sites)
        return tuple(stored.site.id for stored in found), deps.clock.now()
    if not await deps.store.read(is_known_site, site_id):
        raise unknown("site", f"there is no site {site_id!r}: see /api/sites")
    return (site_id,), deps.clock.now()
