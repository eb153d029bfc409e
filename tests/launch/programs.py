"""Programs that run beside a test, or beside ``scripts/develop``."""

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom

import aiohttp

PAUSE_S = 0.05
"""Between two looks at something that is not there yet."""

_STOP_WITHIN_S = 20

_PORTS = (20_000, 32_000)
"""Below those that Linux gives to who asks for any port (from 32,768)."""


class NotRunningError(Exception):
    """A program does not do its work; tells what it wrote last."""


def free_port() -> int:
    """Return a port of loopback that nobody uses now.

    The system takes none of these for who asks for any port, so that no test that runs
    beside takes it before the program does that it is meant for.
    """
    while not is_free(port := SystemRandom().randrange(*_PORTS)):
        pass
    return port


def is_free(port: int) -> bool:
    """Return whether nobody uses a port of loopback now."""
    with socket.socket() as probe:
        # as a server does it: what an ended one has left does not count
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


@dataclass(slots=True)
class Program:
    """A program that can be stopped and started again.

    Attributes:
        name: For its output file and for errors.
        command: What to run.
        environment: All of it.
        folder: Where it runs; its output goes to a file in there.
        is_up: Answers whether it does its work already.
        start_within_s: Seconds that it may take until then.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    is_up: Callable[[], Awaitable[bool]]
    start_within_s: float = 60
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def output(self) -> Path:
        """Holds whatever it wrote, over all starts."""
        return self.folder / f"{self.name}.log"

    async def start(self) -> None:
        """Start it and wait until it does its work.

        Raises:
            NotRunningError: If it ends instead, or takes too long.
        """
        with self.output.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *self.command,
                cwd=self.folder,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Ctrl-C is for whoever started it, who stops all in order
                start_new_session=True,
            )
        await self.wait_until_up()

    async def wait_until_up(self) -> None:
        """Wait until it does its work; also after a restart of its own.

        Raises:
            NotRunningError: If it ends instead, or takes too long.
        """
        try:
            async with asyncio.timeout(self.start_within_s):
                while not await self.is_up():
                    self._check()
                    await asyncio.sleep(PAUSE_S)
        except TimeoutError as err:
            raise self._not_running("does not get up") from err

    async def kill(self) -> None:
        """End it without a word, as a power cut does."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, and end it when that takes too long."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _STOP_WITHIN_S)
        except TimeoutError:
            # with whatever it has started
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def wait(self) -> None:
        """Wait until it ends by itself.

        Raises:
            NotRunningError: When it has ended.
        """
        if self._process is not None:
            await self._process.wait()
        self._check()

    def _check(self) -> None:
        process = self._process
        if process is not None and process.returncode is not None:
            raise self._not_running(f"ended with {process.returncode}")

    def _not_running(self, what: str) -> NotRunningError:
        written = self.output.read_text(errors="replace").splitlines()
        last = "\n".join(written[-20:])
        return NotRunningError(f"{self.name} {what}:\n{last}")


async def answers(url: str) -> bool:
    """Return whether a page is there."""
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.ok
    except aiohttp.ClientConnectionError:
        return False
