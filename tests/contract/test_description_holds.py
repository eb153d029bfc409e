"""The server does what its OpenAPI description says, whatever it is asked."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.web.app import make_web_app
from energy_logger_server.web.deps import DEPS
from energy_logger_server.web.http.auth import GUARD, Guard
from energy_logger_server.web.http.sessions import SESSIONS
from energy_logger_simulator.amber.config import AmberConfig
from tests.server.whole.conftest import KEY, START, StartWorld, World

LEAST_CASES = 4500
LEAST_CASES_BY_CHANCE = 400
CASES_PER_OPERATION = 8
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("short_enums.py")


class ForgetfulClock:
    """Lets wrong keys grow old at once, so that trying them holds nothing up."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 4, tzinfo=UTC)

    def now(self) -> datetime:
        """Return an instant one hour after the last one."""
        self._now += timedelta(hours=1)
        return self._now


@dataclass(frozen=True, slots=True)
class Described:
    """A server with data, and the parts of paths that it knows.

    Attributes:
        url: Its address.
        parts: Values by the name of a path's part.
    """

    url: str
    parts: dict[str, str]


@asynccontextmanager
async def collecting(world: World) -> AsyncIterator[None]:
    """Let the ticks of a clock that stands still be waited for."""
    task = asyncio.ensure_future(world.server.collecting.run())
    yield
    task.cancel()
    await asyncio.wait({task})


@pytest.fixture
async def described(start_world: StartWorld) -> AsyncIterator[Described]:
    """Serve the whole application over what a first run has collected."""
    # the clock stands, so a window of calls would never end
    amber = AmberConfig(start=START, limit=1_000_000)
    async with start_world(amber=amber) as world:
        for source in Source:
            await world.server.collecting.collect_now(source)
        sites: Any = await world.get("/api/sites")
        app = make_web_app(world.server.deps)
        guard = Guard(app[DEPS].api_key, ForgetfulClock().now)
        app[GUARD], app[SESSIONS] = guard, guard.sessions
        async with TestServer(app) as server, collecting(world):
            yield Described(
                str(server.make_url("")),
                {
                    "area": "1",
                    "site": sites["sites"][0]["id"],
                    "substation": "Battlefield",
                    "key": "POLL_INTERVAL_MINUTES",
                    "name": "loads",
                    "id": "1",
                    "owner": "1",
                    "date": "2026-01-04",
                },
            )


async def try_out(
    url: str, report: Path, phases: str, *more: str, configuration: Path = CONFIGURATION
) -> dict[str, Any]:
    """Return the report of a run over every operation but the endless one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "schemathesis.cli", "--config-file", str(configuration)),
        *("run", f"{url}/api/openapi.json", "--url", url),
        *("--header", f"X-API-Key: {KEY}", "--exclude-path", "/api/events"),
        *("--checks", "all", "--max-examples", str(CASES_PER_OPERATION)),
        *("--phases", phases, "--continue-on-failure", *more),
        *("--seed", "1", "--generation-database", "none", "--no-color"),
        *("--suppress-health-check", "all", "--warnings", "off"),
        *("--report", "json", "--report-json-path", str(report)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=report.parent,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return _read(report)


def _read(report: Path) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return answer


@pytest.mark.timeout(240)
async def test_the_server_does_what_its_description_says(
    described: Described, tmp_path: Path
):
    by_chance = await try_out(described.url, tmp_path / "chance.json", "fuzzing")

    assert by_chance["test_cases"]["generated"] >= LEAST_CASES_BY_CHANCE


@pytest.mark.timeout(240)
async def test_it_does_so_for_areas_and_sites_that_exist_too(
    described: Described, tmp_path: Path
):
    configuration = tmp_path / "known.toml"
    lines = [f"hooks = {json.dumps(str(HOOKS))}"]
    lines += [CONFIGURATION.read_text(encoding="utf-8"), "[parameters]"]
    lines += [f'"path.{name}" = {json.dumps(v)}' for name, v in described.parts.items()]
    configuration.write_text("\n".join(lines), encoding="utf-8")

    known = await try_out(
        described.url,
        tmp_path / "known.json",
        "coverage",
        # asks once more without the key, which the other run does often enough
        *("--exclude-checks", "ignored_auth"),
        configuration=configuration,
    )

    assert known["test_cases"]["generated"] >= LEAST_CASES
