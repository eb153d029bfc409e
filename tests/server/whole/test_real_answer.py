"""A real answer of Amber goes in through a client and comes out as equal JSON."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from energy_logger_server.api.amber import AmberClient
from energy_logger_server.domain.collecting.batch import PricesRead
from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store
from energy_logger_server.store.codec.json_text import dumps
from tests.server.store.material import SITE_ID, FixedClock, fixture, mirrored_prices

RECORDED_AT = datetime(2024, 9, 4, 4, 10, tzinfo=UTC)
DAYS = (date(2024, 9, 4), date(2024, 9, 5))


def in_order(text: str) -> list[str]:
    """Exact JSON objects in an order of their own."""
    return sorted(map(repr, json.loads(text, parse_float=Decimal)))


async def test_the_real_answer_comes_out_as_it_went_in_over_http(tmp_path):
    answer = fixture("amber/prices-2024-09-04-30min.json")
    clock = FixedClock()
    clock.at = RECORDED_AT

    async def prices(_request: web.Request) -> web.Response:
        return web.Response(text=answer, content_type="application/json")

    app = web.Application()
    app.router.add_get("/v1/sites/{site}/prices", prices)
    store = await Store.open(f"sqlite:///{tmp_path}/energy.db", clock)
    async with TestServer(app) as server, ClientSession() as session:
        client = AmberClient(
            session,
            token="psk_any",  # noqa: S106 - this Amber asks for none
            budget=None,
            now=clock.now,
            base_url=str(server.make_url("/v1")),
        )
        read = PricesRead(SITE_ID, await client.fetch_prices(SITE_ID, *DAYS), DAYS)
        run_id = await store.begin_run(Source.AMBER, Trigger.TICK, 5)
        end = RunEnd(RECORDED_AT, Outcome.SUCCESS, 1)
        counts = await store.write(run_id, [read], end=end)

    back = await mirrored_prices(store)
    await store.close()
    assert (counts.price.new, counts.forecast.new, counts.rejected) == (56, 136, 0)
    assert in_order(dumps([*back])) == in_order(answer)
