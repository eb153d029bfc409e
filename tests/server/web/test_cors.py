"""Pages of other sites: which may read answers."""

from tests.server.web.conftest import Api, StartApp

ORIGIN = "https://grafana.example.org"


async def test_no_other_site_may_read_answers(api: Api):
    answer = await api.ask("/api/health", headers={"Origin": ORIGIN})

    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    preflight = await api.ask(
        "/api/health",
        method="OPTIONS",
        headers={"Origin": ORIGIN, "Access-Control-Request-Method": "GET"},
    )
    assert preflight.status == 405


async def test_a_site_that_the_settings_name_may_read_answers(start_app: StartApp):
    client = await start_app(cors_origins=[ORIGIN])

    async with client.get("/api/health", headers={"Origin": ORIGIN}) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert answer.headers["Vary"] == "Origin"
    async with client.get("/api/sites", headers={"Origin": ORIGIN}) as answer:
        assert answer.status == 401
        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    async with client.get(
        "/api/health", headers={"Origin": f"{ORIGIN}.evil"}
    ) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Vary"] == "Origin"


async def test_such_a_site_may_ask_what_it_may_send(start_app: StartApp):
    client = await start_app(cors_origins=[ORIGIN])

    async with client.options(
        "/api/import/trigger",
        headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"},
    ) as answer:
        assert answer.status == 204
        assert "X-API-Key" in answer.headers["Access-Control-Allow-Headers"]
        assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    async with client.options("/api/health", headers={"Origin": ORIGIN}) as answer:
        assert answer.status == 405
