"""``channel=``: one that a site cannot have is refused with those that it can."""

import pytest

from energy_logger_server.domain.collecting.runs import Source
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    price,
    prices_read,
    site,
    sites_read,
)
from tests.server.web.amber_answers import day_of_usage, store
from tests.server.web.conftest import Api

OF_PRICES = [
    f"/api/prices/history/{SITE_ID}",
    f"/api/prices/forecast/{SITE_ID}",
    f"/api/prices/stats/{SITE_ID}",
    f"/api/export/prices/{SITE_ID}",
    f"/api/export/forecasts/{SITE_ID}",
]
OF_USAGE = [
    f"/api/usage/history/{SITE_ID}",
    f"/api/usage/stats/{SITE_ID}",
    f"/api/export/usage/{SITE_ID}",
    f"/api/export/costs/{SITE_ID}",
]


@pytest.fixture
async def amber(api: Api) -> Api:
    end = ends_of_day(TODAY, 30)[0]
    await store(
        api,
        prices_read([price(end), price(end, channelType="tidal")]),
        day_of_usage(YESTERDAY),
    )
    return api


@pytest.mark.parametrize("path", OF_PRICES)
async def test_prices_have_no_registers(amber: Api, path: str):
    status, error = await amber.error(f"{path}?channel=E1")

    assert (status, error["code"], error["parameter"]) == (
        422,
        "unknown_channel",
        "channel",
    )
    # also the type that only this site's prices have
    for allowed in ("general", "controlledLoad", "feedIn", "tidal"):
        assert allowed in error["message"]


@pytest.mark.parametrize("path", OF_USAGE)
async def test_usage_is_reported_by_register_and_not_by_type(amber: Api, path: str):
    status, error = await amber.error(f"{path}?channel=general")

    assert (status, error["code"], error["parameter"]) == (
        422,
        "unknown_channel",
        "channel",
    )
    assert "E1" in error["message"]


@pytest.mark.parametrize(
    "path",
    [
        f"/api/prices/history/{SITE_ID}?channel=general",
        f"/api/prices/history/{SITE_ID}?channel=tidal",
        f"/api/prices/stats/{SITE_ID}?channel=controlledLoad",
        f"/api/usage/history/{SITE_ID}?channel=E1",
    ],
)
async def test_a_channel_that_a_site_can_have_is_answered(amber: Api, path: str):
    assert (await amber.ask(path)).status == 200


async def test_where_nothing_is_known_of_registers_none_is_refused(api: Api):
    await api.collector.run(sites_read(site(channels=[])), source=Source.AMBER)

    assert (await api.ask(f"/api/usage/history/{SITE_ID}?channel=E1")).status == 200
