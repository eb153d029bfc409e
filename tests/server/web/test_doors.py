"""Two doors: the API's with its key, and ingress for the Supervisor alone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from energy_logger_server.web.app import make_web_app
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.http.ingress import SUPERVISOR
from tests.server.web.conftest import KEY, Api

ORIGIN = "https://grafana.example.org"


@pytest.fixture
async def other(api: Api) -> AsyncIterator[Any]:
    """Return a function that opens a further door to the same server."""
    clients: list[TestClient[Any, Any]] = []

    async def open_door(**how: Any) -> TestClient[Any, Any]:
        app: Any = api.client.app
        client = TestClient(TestServer(make_web_app(app[DEPS], **how)))
        clients.append(client)
        await client.start_server()
        return client

    yield open_door
    for client in clients:
        await client.close()


async def test_ingress_asks_the_supervisor_for_no_key(api: Api, other: Any):
    ingress = await other(ingress_from={"127.0.0.1"})

    async with ingress.get("/api/sites") as answer:
        assert answer.status == 200
    assert (await api.ask("/api/sites", key=None)).status == 401


async def test_ingress_answers_nobody_but_the_supervisor(other: Any):
    ingress = await other(ingress_from={SUPERVISOR})

    async with ingress.get(
        "/api/health",
        headers={"X-API-Key": KEY, "X-Forwarded-For": SUPERVISOR},
    ) as answer:
        body = await answer.json()

    assert answer.status == 403
    assert body["error"]["code"] == "ingress_only"


async def test_ingress_knows_the_supervisor_in_ipv6s_clothes(
    other: Any, monkeypatch: pytest.MonkeyPatch
):
    ingress = await other(ingress_from={"127.0.0.1"})
    monkeypatch.setattr("aiohttp.web.BaseRequest.remote", "::ffff:127.0.0.1")

    async with ingress.get("/api/health") as answer:
        assert answer.status == 200


@pytest.mark.parametrize("remote", ["", "a socket", "::1"])
async def test_ingress_refuses_what_is_no_address_of_the_supervisor(
    other: Any, monkeypatch: pytest.MonkeyPatch, remote: str
):
    ingress = await other(ingress_from={"127.0.0.1"})
    monkeypatch.setattr("aiohttp.web.BaseRequest.remote", remote)

    async with ingress.get("/api/health") as answer:
        assert answer.status == 403


@pytest.mark.parametrize("path", ["/api/health", "/api/sites", "/nothing", "/docs"])
async def test_every_answer_tells_browsers_how_little_it_may_do(api: Api, path: str):
    answer = await api.ask(path, key=None)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Server"] == "Energy Logger"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_no_other_site_may_read_answers(api: Api):
    answer = await api.ask("/api/health", headers={"Origin": ORIGIN})

    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    preflight = await api.ask(
        "/api/health",
        method="OPTIONS",
        headers={"Origin": ORIGIN, "Access-Control-Request-Method": "GET"},
    )
    assert preflight.status == 405


async def test_a_site_that_the_settings_name_may_read_answers(other: Any):
    door = await other(cors_origins=[ORIGIN])

    async with door.get("/api/health", headers={"Origin": ORIGIN}) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Vary"] == "Origin"
    async with door.get("/api/sites", headers={"Origin": ORIGIN}) as answer:
        assert answer.status == 401
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    async with door.get("/api/health", headers={"Origin": f"{ORIGIN}.evil"}) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Vary"] == "Origin"


async def test_such_a_site_may_ask_what_it_may_send(other: Any):
    door = await other(cors_origins=[ORIGIN])

    async with door.options(
        "/api/import/trigger",
        headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"},
    ) as answer:
        assert answer.status == 204
        assert "X-API-Key" in answer.headers["Access-Control-Allow-Headers"]
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    async with door.options("/api/health", headers={"Origin": ORIGIN}) as answer:
        assert answer.status == 405
