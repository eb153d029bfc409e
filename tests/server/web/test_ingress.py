"""Ingress: the Supervisor alone comes in there, without a key."""

import pytest

from energy_logger_server.web.http.ingress import SUPERVISOR
from tests.server.web.conftest import KEY, Api, StartApp


async def test_ingress_asks_the_supervisor_for_no_key(api: Api, start_app: StartApp):
    ingress = await start_app(ingress_from={"127.0.0.1"})

    async with ingress.get("/api/sites") as answer:
        assert answer.status == 200
    assert (await api.ask("/api/sites", key=None)).status == 401


async def test_ingress_answers_nobody_but_the_supervisor(start_app: StartApp):
    ingress = await start_app(ingress_from={SUPERVISOR})

    async with ingress.get(
        "/api/health",
        headers={"X-API-Key": KEY, "X-Forwarded-For": SUPERVISOR},
    ) as answer:
        body = await answer.json()

    assert answer.status == 403
    assert body["error"]["code"] == "ingress_only"


async def test_ingress_knows_the_supervisor_as_an_ipv6_address(
    start_app: StartApp, monkeypatch: pytest.MonkeyPatch
):
    ingress = await start_app(ingress_from={"127.0.0.1"})
    monkeypatch.setattr("aiohttp.web.BaseRequest.remote", "::ffff:127.0.0.1")

    async with ingress.get("/api/health") as answer:
        assert answer.status == 200


@pytest.mark.parametrize("remote", ["", "a socket", "::1"])
async def test_ingress_refuses_what_is_no_address_of_the_supervisor(
    start_app: StartApp, monkeypatch: pytest.MonkeyPatch, remote: str
):
    ingress = await start_app(ingress_from={"127.0.0.1"})
    monkeypatch.setattr("aiohttp.web.BaseRequest.remote", remote)

    async with ingress.get("/api/health") as answer:
        assert answer.status == 403
