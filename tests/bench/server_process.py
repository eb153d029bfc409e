"""The server as a process of its own, over a store that is there already."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.launch.programs import free_port

KEY = "the-key-of-the-benchmarks"
DATABASE = "energy-logger.db"
"""Name of the store's file in the server's folder."""

_PATIENCE_S = 30
_PAUSE_S = 0.05


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that answers.

    Attributes:
        url: Its address.
        pid: Its process.
    """

    url: str
    pid: int

    def resident_mib(self) -> float | None:
        """Return the memory in use; None where the system does not tell."""
        status = Path(f"/proc/{self.pid}/status")
        if not status.exists():
            return None
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmRSS"].split()[0]) / 1024


@asynccontextmanager
async def server_process(folder: Path) -> AsyncIterator[ServerProcess]:
    """Run ``energy-logger serve`` over a folder; nothing can be collected from."""
    port, nobody = free_port(), free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "energy_logger_server",
        "serve",
        cwd=folder,
        env={
            "PYTHONPATH": ":".join(path for path in sys.path if path),
            "DATA_DIR": str(folder),
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "API_KEY": KEY,
            "KAMO_BASE_URL": f"http://127.0.0.1:{nobody}",
            "LOG_LEVEL": "CRITICAL",
        },
    )
    try:
        url = f"http://127.0.0.1:{port}"
        async with asyncio.timeout(_PATIENCE_S):
            await _until_it_answers(url)
        yield ServerProcess(url, process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _until_it_answers(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"{url}/api/ready") as answer:
                    await answer.read()
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(_PAUSE_S)
