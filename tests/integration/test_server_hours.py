"""Answers of the server's statistics feeds that are none."""

from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from custom_components.energy_logger.api.errors import SourceRefused, SourceUnreadable
from custom_components.energy_logger.api.server import ServerClient
from custom_components.energy_logger.api.server_hours import usage_feed
from tests.integration.conftest import START

HOUR = {
    "start": "2026-01-03T14:00:00+00:00",
    "channel_identifier": "E1",
    "channel_type": "general",
    "energy_kwh": 1.5,
    "cost_aud": None,
    "minutes": 60,
    "unpriced_minutes": 60,
}
PAGE = {"data": [HOUR], "truncated": False, "cursor": "behind"}


async def answered(body: Any, key: str = "key") -> Any:
    """Return what the client makes of an answer."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response(body)

    app = web.Application()
    app.add_routes([web.get("/api/statistics/usage/SITE", answer)])
    async with TestServer(app) as server, ClientSession() as session:
        url = f"http://127.0.0.1:{server.port}"
        client = ServerClient(session, url=url, key=key, now=lambda: START)
        return await client.fetch_hours(usage_feed("SITE"))


@pytest.mark.usefixtures("loopback")
async def test_a_page_is_read_with_its_cursor():
    page = await answered(PAGE)

    assert (page.cursor, page.is_truncated) == ("behind", False)
    assert page.hours[0].energy_kwh == 1.5
    assert page.hours[0].money_aud is None


@pytest.mark.usefixtures("loopback")
@pytest.mark.parametrize(
    "body",
    [
        [],
        {**PAGE, "data": {}},
        {**PAGE, "data": ["no hour"]},
        {**PAGE, "data": [{**HOUR, "start": "yesterday"}]},
        {**PAGE, "data": [{**HOUR, "minutes": "60"}]},
        {"data": []},
    ],
)
async def test_what_is_no_page_is_an_error(body: Any):
    with pytest.raises(SourceUnreadable):
        await answered(body)


@pytest.mark.usefixtures("loopback")
async def test_what_can_be_no_key_is_not_sent():
    with pytest.raises(SourceRefused, match="no key"):
        await answered(PAGE, key="käse")
