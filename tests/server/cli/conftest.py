"""The command line as a process of its own, against simulated utilities."""

import asyncio
import fcntl
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from energy_logger_server.clock import SystemClock
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from tests.launch.programs import free_port
from tests.server.programs import ForkServer, Program


async def answer_of(url: str, process: Program | asyncio.subprocess.Process) -> Any:
    """Ask until the server answers with its store open, or has ended."""
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(url, raise_for_status=True) as response:
                    return await response.json()
            except (aiohttp.ClientConnectionError, aiohttp.ClientResponseError):
                try:
                    await asyncio.wait_for(process.wait(), 0.05)
                except TimeoutError:
                    continue
                _out, errors = await process.communicate()
                pytest.fail(f"it ended: {errors.decode()}")


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    errors: str


PROGRAM = """
import sys
from datetime import timedelta
from energy_logger_server import clock
shift = timedelta(seconds=float(sys.argv.pop(1)))
present = clock.SystemClock.now
clock.SystemClock.now = lambda self: present(self) + shift
from energy_logger_server.cli import main
main()
"""
"""The program itself, but for its clock, which is shifted by its first argument."""

MIDDLE_OF_INTERVAL_S = 240
"""Prices are confirmed by then, so that no command waits for them."""


def shift_s() -> float:
    """Seconds that take the present to the middle of a price interval."""
    return MIDDLE_OF_INTERVAL_S - SystemClock().now().timestamp() % 300


type Start = Callable[..., Awaitable[Program | asyncio.subprocess.Process]]
type Run = Callable[..., Awaitable[Ended]]


def coverage_environment() -> dict[str, str]:
    """What makes a process of its own count for the coverage of this run."""
    return {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - the test run's own
        if name.startswith("COVERAGE_")
    }


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def shift() -> timedelta:
    """How far the clocks of utilities and commands are ahead."""
    return timedelta(seconds=shift_s())


@pytest.fixture
async def utilities(shift: timedelta) -> AsyncIterator[tuple[Simulator, str]]:
    """Both utilities, on the shifted clock, and their address."""
    clock = SystemClock()
    simulator = Simulator(
        amber=AmberConfig(start=clock.now() - timedelta(days=30), limit=100_000),
        kamo=KamoConfig(),
        now=lambda: clock.now() + shift,
    )
    async with serve(simulator) as url:
        yield simulator, url


@pytest.fixture
def environment(
    tmp_path: Path, port: int, utilities: tuple[Simulator, str]
) -> dict[str, str]:
    """Settings of a household with both sources."""
    simulator, url = utilities
    return {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(sys.path),
        "DATA_DIR": str(tmp_path / "data"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "AMBER_API_KEY": simulator.amber.token_valid,
        "AMBER_BASE_URL": f"{url}/v1",
        "KAMO_BASE_URL": f"{url}/kamo/api",
    }


@pytest.fixture
async def start(
    fork_server: ForkServer, tmp_path: Path, shift: timedelta
) -> AsyncIterator[Start]:
    """Start a command; whatever still runs at the end is killed."""
    async with AsyncExitStack() as stack:

        async def start_command(*words: str, environment: dict[str, str]) -> Program:
            return await stack.enter_async_context(
                fork_server.start(
                    PROGRAM,
                    str(shift.total_seconds()),
                    *words,
                    environment={**coverage_environment(), **environment},
                    folder=tmp_path,
                )
            )

        yield start_command


@pytest.fixture
async def start_fresh(tmp_path: Path, shift: timedelta) -> AsyncIterator[Start]:
    """Start a command in a new interpreter, which takes a second longer."""
    started: list[asyncio.subprocess.Process] = []

    async def start_command(
        *words: str, environment: dict[str, str]
    ) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", PROGRAM, str(shift.total_seconds()), *words),
            env={**coverage_environment(), **environment},
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start_command
    for process in started:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
def run(start: Start) -> Run:
    """Run a command to its end."""

    async def run_command(*words: str, environment: dict[str, str]) -> Ended:
        process = await start(*words, environment=environment)
        out, errors = await process.communicate()
        return Ended(await process.wait(), out.decode(), errors.decode())

    return run_command


@pytest.fixture
def locked_by_another(environment: dict[str, str]) -> Iterator[None]:
    """The store's lock is held, and no server answers."""
    folder = Path(environment["DATA_DIR"])
    folder.mkdir()
    with (folder / "energy-logger.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
