"""``energy-logger backfill`` beside a running server: asks it, and watches."""

import signal
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from energy_logger_server.clock import SystemClock
from tests.server.cli.conftest import answer_of

KEY = "configured-by-hand"


@pytest.fixture
def base(environment: dict[str, str]) -> str:
    """Address of the server, whose key is known and whose history is long."""
    start = SystemClock().now() - timedelta(days=9)
    environment |= {
        "API_KEY": KEY,
        "HISTORICAL_START_DATE": start.date().isoformat(),
    }
    return f"http://127.0.0.1:{environment['PORT']}"


async def ask(method: str, url: str) -> tuple[int, Any]:
    """Return status and JSON of an answer of the server."""
    async with (
        aiohttp.ClientSession(headers={"X-API-Key": KEY}) as session,
        session.request(method, url) as response,
    ):
        return response.status, await response.json()


async def test_the_servers_pass_is_watched_to_its_end(start, run, environment, base):
    process = await start("serve", environment=environment)
    await answer_of(f"{base}/api/info", process)

    first = await run("backfill", environment=environment)
    second = await run("backfill", environment=environment)

    assert first.code == second.code == 0, first.errors + second.errors
    assert "a server is running on this store" in first.out
    assert "\ndone: " in first.out
    assert "backfill running: " in first.errors
    assert "windows, 0 rows" in second.out
    _status, answer = await ask("GET", f"{base}/api/backfill")
    assert (answer["state"], answer["percent"]) in (("done", 100.0), ("done", None))


async def test_an_interrupt_only_stops_watching(start, environment, base):
    server = await start("serve", environment=environment)
    await answer_of(f"{base}/api/info", server)
    await ask("POST", f"{base}/api/backfill/pause")
    await ask("POST", f"{base}/api/backfill/start")
    watcher = await start("backfill", environment=environment)
    assert watcher.stderr is not None
    while b"backfill " not in (line := await watcher.stderr.readline()):
        assert line, "it ended without a word"

    watcher.send_signal(signal.SIGINT)
    out, errors = await watcher.communicate()

    assert watcher.returncode == 0, errors
    assert "stopped watching: the server goes on" in out.decode()
    _status, answer = await ask("GET", f"{base}/api/backfill")
    assert (answer["is_running"], answer["is_paused"]) == (True, True)
    server.send_signal(signal.SIGTERM)
    _out, errors = await server.communicate()
    assert server.returncode == 0
    assert b"Traceback" not in errors


async def test_a_pass_can_be_started_by_hand_when_the_daily_one_has_ended(
    start, environment, base
):
    environment["KAMO_ENABLED"] = "false"
    server = await start("serve", environment=environment)
    await answer_of(f"{base}/api/info", server)
    status, answer = await ask("POST", f"{base}/api/backfill/start")
    while status == HTTPStatus.CONFLICT:
        status, answer = await ask("POST", f"{base}/api/backfill/start")

    server.send_signal(signal.SIGTERM)
    _out, errors = await server.communicate()

    assert (answer["state"], answer["is_running"]) == ("running", True)
    assert server.returncode == 0
    assert b"Traceback" not in errors


async def test_a_server_without_a_token_has_nothing_to_backfill(
    start, run, environment, base
):
    environment["AMBER_API_KEY"] = ""
    server = await start("serve", environment=environment)
    await answer_of(f"{base}/api/info", server)

    ended = await run("backfill", environment=environment)

    assert ended.code == 2
    assert "the running server has no AMBER_API_KEY" in ended.errors


async def test_a_pass_that_fails_on_the_server_fails_here_too(
    start, run, environment, base
):
    environment["AMBER_API_KEY"] = "psk_" + "0" * 32
    server = await start("serve", environment=environment)
    await answer_of(f"{base}/api/info", server)

    ended = await run("backfill", environment=environment)

    assert ended.code == 1
    assert "failed: " in ended.out
    assert "energy-logger: amber /sites" in ended.errors
    assert environment["AMBER_API_KEY"] not in ended.out + ended.errors


@pytest.mark.usefixtures("locked_by_another")
async def test_another_program_on_the_port_is_no_server_of_ours(run, environment):
    async def greet(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", greet)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(environment["PORT"])).start()

    ended = await run("backfill", environment=environment)
    await runner.cleanup()

    assert ended.code == 1
    assert "something else answers on port" in ended.errors
