"""The server, driven to collect from simulated utilities over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path

import aiohttp

from energy_logger_simulator.amber.config import AmberConfig

from .kamo_cycles import START, STEP
from .server_process import KEY, ServerProcess, starting_server
from .simulated_kamo import simulated_kamo

STORE_IS_OPEN = "/api/cooperatives"
"""Answers as soon as the store is open, collected or not."""

_PROGRAM = ("tests.bench.driven_server",)
_AFTER_PUBLICATION = timedelta(minutes=2)
"""A price may be this late, and nobody would move the clock while it is waited for."""


@dataclass(frozen=True, slots=True)
class CollectingServer:
    """A server that collects when it is asked to, five minutes later each time.

    Attributes:
        process: Where it runs.
        session: Asks it with its key.
    """

    process: ServerProcess
    session: aiohttp.ClientSession
    _utilities: str
    _numbers: count[int]

    async def collect(self) -> None:
        """Collect a cycle of KAMO and Amber.

        Raises:
            AssertionError: If one of them did not bring everything.
        """
        number = next(self._numbers)
        now = (START + number * STEP + _AFTER_PUBLICATION).isoformat()
        clock = f"{self._utilities}/_sim/clock"
        async with self.session.post(clock, json={"now": now}) as answer:
            answer.raise_for_status()
        told, heard = self.process.process.stdin, self.process.process.stdout
        if told is None or heard is None:
            raise TypeError(self.process.process)
        told.write(f"{now}\n".encode())
        outcomes = (await heard.readline()).decode().split()
        if outcomes != ["success", "success"]:
            raise AssertionError(f"cycle {number} of KAMO and Amber ended: {outcomes}")


@asynccontextmanager
async def collecting_server(folder: Path) -> AsyncIterator[CollectingServer]:
    """Run a server over a folder; its store is open."""
    with simulated_kamo(START) as utilities:
        settings = {
            "KAMO_BASE_URL": f"{utilities}/kamo/api",
            "AMBER_BASE_URL": f"{utilities}/v1",
            "AMBER_API_KEY": AmberConfig(start=START).token_valid,
        }
        async with (
            aiohttp.ClientSession(headers={"X-API-Key": KEY}) as session,
            starting_server(folder, _PROGRAM, settings) as server,
        ):
            await server.until_it_answers(session, STORE_IS_OPEN)
            yield CollectingServer(server, session, utilities, count())
