"""``/api/costs/tariff``: what each period of a tariff came to."""

from collections.abc import Sequence
from http import HTTPStatus

import voluptuous as vol
from aiohttp import web

from energy_logger_server.domain.costs.tariff import TariffCost
from energy_logger_server.store.amber.tariff_costs import tariff_costs
from energy_logger_server.web.datasets.columns import fields_of, names_of, shapes_of
from energy_logger_server.web.datasets.costs import REGISTER
from energy_logger_server.web.datasets.fields import Fields
from energy_logger_server.web.datasets.lookups import find_site
from energy_logger_server.web.datasets.nem_dates import SPAN, dates_asked
from energy_logger_server.web.deps import deps_of
from energy_logger_server.web.http.operation import Answer, Group, Operation
from energy_logger_server.web.http.parameters import query_of
from energy_logger_server.web.http.rows import (
    FORMAT,
    ROWS,
    Layout,
    rows_body,
    rows_reply,
)

_DEFAULT_DAYS = 30
_QUERY = vol.Schema(
    {
        **SPAN,
        **FORMAT,
    }
)
_TARIFF = {
    vol.Required(
        "tariff_period",
        description="Upstream's name, such as peak; null where it names none, as of "
        "feed-in and of flat tariffs.",
    ): vol.Any(str, None),
    vol.Required("tariff_season", description="Such as summer, likewise."): vol.Any(
        str, None
    ),
    vol.Required("tariff_block", description="Of a block tariff."): vol.Any(int, None),
    vol.Required(
        "is_demand_window",
        description="Whether the highest demand of the time sets a charge.",
    ): vol.Any(bool, None),
}
_COLUMNS = (*map(str, _TARIFF), *names_of(REGISTER))
_ANSWER = vol.Schema(
    {
        vol.Required("site_id"): str,
        vol.Required("data", description="By register, most energy first."): [
            vol.Schema({**_TARIFF, **shapes_of(REGISTER)})
        ],
        vol.Required("count"): int,
    }
)


def tariff_operations() -> tuple[Operation, ...]:
    """Return the operations on a tariff's periods."""
    return (
        Operation(
            path="/api/costs/tariff/{site}",
            handler=_tariff,
            summary="List what each period of the tariff cost, by register.",
            group=Group.COSTS,
            query=_QUERY,
            answer=Answer(
                description="Sums over all NEM dates asked for; without a span, over "
                f"the last {_DEFAULT_DAYS} days.",
                schema=_ANSWER,
                media_types=ROWS,
            ),
            errors=(HTTPStatus.UNPROCESSABLE_ENTITY,),
        ),
    )


async def _tariff(request: web.Request) -> web.Response:
    query = query_of(request)
    deps = deps_of(request)
    asked = dates_asked(query, deps.clock.now(), _DEFAULT_DAYS)
    site_id = await find_site(request)
    layout = Layout.of(query)
    found = await deps.store.read(tariff_costs, site_id, asked)
    return rows_reply(layout, _body(layout, site_id, found))


def _body(layout: Layout, site_id: str, found: Sequence[TariffCost]) -> bytes:
    rows = [_row(one) for one in found]
    whole = {"site_id": site_id, "data": rows, "count": len(rows)}
    return rows_body(layout, whole=whole, rows=rows, columns=_COLUMNS)


def _row(one: TariffCost) -> Fields:
    return {
        "tariff_period": one.period,
        "tariff_season": one.season,
        "tariff_block": one.block,
        "is_demand_window": one.is_demand_window,
        **fields_of(REGISTER, one.cost),
    }
