"""The server as a process of its own, over a store that is there already."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.launch.programs import free_port

from .process_memory import Memory, memory_of

KEY = "the-key-of-the-benchmarks"
DATABASE = "energy-logger.db"
"""Name of the store's file in the server's folder."""

SERVE = ("energy_logger_server", "serve")
"""The program itself: a module, and its arguments."""

_MIB = 2**20
_PATIENCE_S = 60
_PAUSE_S = 0.005


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that has been started.

    Attributes:
        url: Its address.
        process: What it runs in; its standard input and output are pipes.
    """

    url: str
    process: Process

    def memory(self) -> Memory | None:
        """Return what it takes; None where the system does not tell."""
        return memory_of(self.process.pid)

    def resident_mib(self) -> float | None:
        """Return the memory in use; None where the system does not tell."""
        memory = self.memory()
        return None if memory is None else memory.resident / _MIB

    async def until_it_answers(self, session: aiohttp.ClientSession, path: str) -> None:
        """Ask for a page until it is there.

        Raises:
            TimeoutError: If that takes longer than any start may.
        """
        async with asyncio.timeout(_PATIENCE_S):
            while True:
                if await self._answers(session, path):
                    return
                if self.process.returncode is not None:
                    raise AssertionError(f"ended with {self.process.returncode}")
                await asyncio.sleep(_PAUSE_S)

    async def _answers(self, session: aiohttp.ClientSession, path: str) -> bool:
        try:
            async with session.get(f"{self.url}{path}") as answer:
                await answer.read()
                return answer.ok
        except aiohttp.ClientConnectionError:
            return False


@asynccontextmanager
async def starting_server(
    folder: Path,
    program: Sequence[str] = SERVE,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[ServerProcess]:
    """Start a server over a folder, which need not answer yet; stop it at the end.

    Args:
        folder: Of its store.
        program: A module, and its arguments.
        settings: What else it is told; else there is nothing to collect from.
    """
    port, nobody = free_port(), free_port()
    module, *arguments = program
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=folder,
        env={
            "PYTHONPATH": ":".join(path for path in sys.path if path),
            "DATA_DIR": str(folder),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "API_KEY": KEY,
            "KAMO_BASE_URL": f"http://127.0.0.1:{nobody}",
            "LOG_LEVEL": "CRITICAL",
            **(settings or {}),
        },
        stdin=PIPE,
        stdout=PIPE,
    )
    try:
        yield ServerProcess(f"http://127.0.0.1:{port}", process)
    finally:
        if process.returncode is None:
            process.terminate()
        # reads to the end, so that no pipe is left open
        await process.communicate()


@asynccontextmanager
async def server_process(folder: Path) -> AsyncIterator[ServerProcess]:
    """Run ``energy-logger serve`` over a folder until it is ready, and on."""
    async with (
        starting_server(folder) as server,
        aiohttp.ClientSession() as session,
    ):
        await server.until_it_answers(session, "/api/ready")
        yield server
