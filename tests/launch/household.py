"""A household on one machine: simulated utilities, the server, Home Assistant."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from .home_assistant import HomeAssistant
from .home_assistant_folder import ROOT, HomeAssistantFolder
from .present import Present
from .programs import Program, answers, free_port

TOKEN = "psk_" + "0123456789abcdef" * 2
"""What the simulated Amber takes."""

KEY = "key-of-the-household"
"""What the server takes, unless another key is put in force."""

HISTORY_DAYS = 35
"""How far back the server reads, unless more is asked for: Home Assistant imports more
than a month of it in more than one step."""

_UNHURRIED = ("--limit", "100000")
"""What is tested here goes on at once: the server, an entry of Home Assistant's own and
the tests would have to share Amber's few calls in five minutes."""
_KEPT = ("HOME", "LANG", "PATH", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Household:
    """What runs, and who to ask.

    Attributes:
        utilities: Simulated Amber and KAMO, at the present time.
        utilities_url: Their address.
        server: The server, which collects from them.
        server_url: Its address.
        hass: Home Assistant, whose Energy Logger takes them for the real ones.
        home: Who talks to it.
        folder: Of Home Assistant.
        server_folder: Of the server's data.
        first_day: From which on the server has history.
    """

    utilities: Program
    utilities_url: str
    server: Program
    server_url: str
    hass: Program
    home: HomeAssistant
    folder: HomeAssistantFolder
    server_folder: Path
    first_day: date

    async def amber(self, path: str) -> Any:
        """Return what the simulated Amber answers."""
        return await self._get(f"{self.utilities_url}/v1{path}", token=TOKEN)

    async def kamo(self, path: str) -> Any:
        """Return what the simulated KAMO answers."""
        return await self._get(f"{self.utilities_url}/kamo/api{path}")

    async def mirror(self, path: str) -> Any:
        """Return what the server answers in the utilities' place."""
        return await self._get(f"{self.server_url}/mirror{path}", token=KEY)

    async def statistics(self, path: str) -> Any:
        """Return what the server's feed of hours answers."""
        return await self._get(f"{self.server_url}/api/statistics/{path}", token=KEY)

    async def collect(self, source: str, *, within_s: float = 10) -> None:
        """Have the server read a source at once, and wait for the end of the run.

        Args:
            source: ``amber`` or ``kamo``.
            within_s: How long to wait. A run of Amber's may go on for more than a
                minute, until prices are confirmed that it has stored already.
        """
        with suppress(TimeoutError):
            async with self.home.session.post(
                f"{self.server_url}/api/import/trigger?source={source}",
                headers={"Authorization": f"Bearer {KEY}"},
                timeout=aiohttp.ClientTimeout(total=within_s),
            ) as answer:
                # 409: it is being read already
                assert answer.status in {200, 409}, await answer.text()

    async def has_collected(self) -> bool:
        """Return whether the server can tell of the present and of the days before."""
        first = self.first_day
        days = f"startDate={first}&endDate={first + timedelta(days=1)}"
        try:
            await self.mirror("/kamo/api/areagrid/1")
            sites = await self.mirror("/amber/v1/sites")
            for site in sites:
                path = f"/amber/v1/sites/{site['id']}"
                await self.mirror(f"{path}/prices/current")
                if not await self.mirror(f"{path}/prices?{days}"):
                    return False
        except aiohttp.ClientResponseError:
            return False
        return bool(sites)

    def put_key(self, key: str) -> None:
        """Put a key in force, as ``energy-logger key rotate`` does."""
        fresh = self.server_folder / "api_key.new"
        fresh.write_text(f"{key}\n")
        fresh.chmod(0o600)
        fresh.replace(self.server_folder / "api_key")

    async def _get(self, url: str, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.home.session.get(url, headers=headers) as answer:
            answer.raise_for_status()
            return await answer.json()


@asynccontextmanager
async def running_household(
    folder: Path,
    *,
    port: int = 0,
    history_days: int = HISTORY_DAYS,
    starts_at: datetime | None = None,
) -> AsyncIterator[Household]:
    """Start everything; stop it at the end, whatever happens.

    Args:
        folder: For all that they keep.
        port: Of Home Assistant; 0 takes a free one.
        history_days: How far back the server reads.
        starts_at: What time (aware) it is for all of them at the start; None for that
            of the wall clock.
    """
    present = Present() if starts_at is None else Present.from_now_on(starts_at)
    ahead_s = str(present.ahead.total_seconds())
    first_day = (present.now() - timedelta(days=history_days)).date()
    utilities_port, server_port = free_port(), free_port()
    utilities_url = f"http://127.0.0.1:{utilities_port}"
    server_url = f"http://127.0.0.1:{server_port}"
    config = HomeAssistantFolder(folder / "home-assistant", port or free_port())
    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        home = HomeAssistant(config.url, session, present)
        python = server_python()
        household = Household(
            utilities=Program(
                "utilities",
                [
                    python,
                    str(ROOT / "tests/launch/simulated_utilities.py"),
                    *("--ahead", ahead_s, "--port", str(utilities_port)),
                    *_UNHURRIED,
                ],
                _environment(PYTHONPATH=str(ROOT / "addon/src")),
                folder,
                partial(answers, f"{utilities_url}/_sim/clock"),
            ),
            utilities_url=utilities_url,
            server=Program(
                "server",
                [python, str(ROOT / "tests/launch/server_ahead.py"), ahead_s, "serve"],
                _environment(
                    HISTORICAL_START_DATE=first_day.isoformat(),
                    **_server_settings(folder, server_port, utilities_url),
                ),
                folder,
                partial(answers, f"{server_url}/api/ready"),
            ),
            server_url=server_url,
            hass=Program(
                "home-assistant",
                [
                    *(sys.executable, "-P"),
                    *(str(ROOT / "tests/launch/hass_ahead.py"), ahead_s),
                    *("--utilities", utilities_url, "--config", str(config.path)),
                ],
                # all packages are there; a missing one is an error, not a download
                _environment(UV_OFFLINE="1", UV_NO_CACHE="1"),
                folder,
                home.is_up,
            ),
            home=home,
            folder=config,
            server_folder=folder / "server",
            first_day=first_day,
        )
        config.write()
        household.server_folder.mkdir()
        household.put_key(KEY)
        for program in (household.utilities, household.server, household.hass):
            stack.push_async_callback(program.stop)
            await program.start()
        yield household


def server_python() -> str:
    """Return the Python that has what the server needs; not that of Home Assistant."""
    named = os.environ.get("ENERGY_LOGGER_SERVER_PYTHON")  # noqa: TID251 - set by scripts
    if named is not None:
        return named
    made = subprocess.run(
        [ROOT / "scripts/setup", "runtime"],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return f"{made.stdout.strip()}/bin/python"


def _environment(**settings: str) -> dict[str, str]:
    """Return an environment without the settings of whoever runs this."""
    kept = {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - handed on
        if name in _KEPT or name.startswith("COVERAGE_")
    }
    return {**kept, **settings}


def _server_settings(folder: Path, port: int, utilities_url: str) -> dict[str, str]:
    return {
        "PYTHONPATH": str(ROOT / "addon/src"),
        "DATA_DIR": str(folder / "server"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "AMBER_API_KEY": TOKEN,
        "AMBER_BASE_URL": f"{utilities_url}/v1",
        "KAMO_BASE_URL": f"{utilities_url}/kamo/api",
        "LOG_LEVEL": "WARNING",
    }
