"""A base address that ends with a slash: its double slashes lead to the same place."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, web
from yarl import URL

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web import make_web_app
from energy_logger_server.web.app import operations
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.http.ingress import SUPERVISOR
from energy_logger_server.web.http.operation import Access, Operation
from tests.server.store.material import SITE_ID, site, sites_read
from tests.server.web.answers import recording
from tests.server.web.conftest import KEY, Api


class Raw:
    """Asks for paths exactly as they are written."""

    def __init__(self, base: URL, session: ClientSession) -> None:
        self._base = base
        self._session = session

    async def ask(self, path: str, method: str = "GET", **headers: str) -> Any:
        """Return status, headers and JSON, if it is any."""
        url = URL(f"{self._base.origin()}{path}", encoded=True)
        async with self._session.request(
            method, url, headers=headers, allow_redirects=False
        ) as answer:
            is_json = answer.content_type == "application/json"
            return answer.status, await answer.json() if is_json else None


@pytest.fixture
async def raw(api: Api) -> Raw:
    await api.collector.run(*recording())
    await api.collector.run(sites_read(site()), source=Source.AMBER)
    return Raw(api.client.make_url("/"), api.client.session)


@pytest.mark.parametrize(
    ("path", "plain"),
    [
        ("//api/info", "/api/info"),
        ("///////api/info", "/api/info"),
        ("//api//load///current//OZEC", "/api/load/current/OZEC"),
        ("//api/load/history/1?hours=2", "/api/load/history/1?hours=2"),
        ("/mirror/kamo/api//area", "/mirror/kamo/api/area"),
    ],
)
async def test_more_slashes_lead_to_the_same_answer(raw: Raw, path: str, plain: str):
    status, answer = await raw.ask(path)

    assert status == 200
    assert answer == (await raw.ask(plain))[1]


async def test_a_key_opens_what_it_opens_without_the_slashes(raw: Raw):
    status, answer = await raw.ask(
        "//mirror/amber/v1//sites", Authorization=f"Bearer {KEY}"
    )

    assert status == 200
    assert [one["id"] for one in answer] == [SITE_ID]


KEYED = [one for one in operations() if one.access is Access.KEY]


@pytest.mark.parametrize(
    "operation", KEYED, ids=[f"{one.method} {one.path}" for one in KEYED]
)
async def test_slashes_are_no_way_around_the_key(raw: Raw, operation: Operation):
    path = operation.path.replace("{", "").replace("}", "")

    for slashes in ("//", "////"):
        for way in (path.replace("/", slashes), path.replace("/", slashes, 1)):
            status, answer = await raw.ask(way, operation.method)

            assert (status, answer["error"]["code"]) == (401, "missing_api_key")


@pytest.fixture
async def ingress(api: Api) -> AsyncIterator[Raw]:
    runner = web.AppRunner(
        make_web_app(api.client.app[DEPS], ingress_from={SUPERVISOR})
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Raw(URL(f"http://127.0.0.1:{runner.addresses[0][1]}"), api.client.session)
    await runner.cleanup()


@pytest.mark.parametrize("path", ["//api/info", "/api//sites", "//nowhere"])
async def test_slashes_are_no_way_around_ingress(ingress: Raw, path: str):
    status, answer = await ingress.ask(path)

    assert (status, answer["error"]["code"]) == (403, "ingress_only")


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("//nowhere", "GET", 404),
        ("//api/infos", "GET", 404),
        ("/api/info/", "GET", 404),
        ("//api/info", "POST", 405),
        ("//api/load/current/", "GET", 404),
        ("//example.org/api/info", "GET", 404),
    ],
)
async def test_more_slashes_make_no_new_places(
    raw: Raw, path: str, method: str, status: int
):
    assert (await raw.ask(path, method))[0] == status
