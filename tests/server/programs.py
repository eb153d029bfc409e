"""Programs of a test's own process, started in a fraction of the usual time.

See ``tests/server/fork_server.py`` for what stands behind them.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.server.fork_server import Request


class Program:
    """A process under way; what ``asyncio.subprocess.Process`` offers of it.

    Attributes:
        pid: Its number.
        stdout: What it writes.
        stderr: What it complains of.
    """

    def __init__(
        self, pid: int, told: asyncio.StreamReader, *outputs: asyncio.StreamReader
    ) -> None:
        self.pid = pid
        self.stdout, self.stderr = outputs
        self._ended = asyncio.ensure_future(told.readline())

    @property
    def returncode(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return int(self._ended.result()) if self._ended.done() else None

    async def wait(self) -> int:
        """Wait for its end; return its exit code."""
        return int(await asyncio.shield(self._ended))

    async def communicate(self) -> tuple[bytes, bytes]:
        """Wait for its end; return all that it wrote and that nobody has read."""
        out, errors = await asyncio.gather(self.stdout.read(), self.stderr.read())
        await self.wait()
        return out, errors

    def send_signal(self, number: int) -> None:
        """Send it a signal while it runs."""
        if not self._ended.done():
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Let it end at once."""
        self.send_signal(signal.SIGKILL)


class ForkServer:
    """Starts programs.

    Args:
        control: Takes requests.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    @asynccontextmanager
    async def start(
        self,
        program: str,
        *words: str,
        environment: Mapping[str, str],
        folder: Path,
    ) -> AsyncIterator[Program]:
        """Start a program; kill it at the end if it still runs.

        Args:
            program: Python, as for ``python -c``.
            words: Its arguments.
            environment: All that it sees; without effect on what it imports.
            folder: Where it starts.
        """
        request = Request(
            program=program,
            words=list(words),
            environment=dict(environment),
            folder=str(folder),
        )
        ours, theirs = zip(*(socket.socketpair() for _ in range(3)), strict=True)
        message = json.dumps(request).encode()
        socket.send_fds(self._control, [message], [one.fileno() for one in theirs])
        for one in theirs:
            one.close()
        opened = [await asyncio.open_unix_connection(sock=one) for one in ours]
        (*outputs, told) = (reader for reader, _writer in opened)
        started = Program(int(await told.readline()), told, *outputs)
        try:
            yield started
        finally:
            started.kill()
            await started.communicate()
            for _reader, writer in opened:
                writer.close()
                await writer.wait_closed()


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    """What starts programs, once for a test run."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).with_name("fork_server.py")),
                str(theirs.fileno()),
            ],
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
    with process, ours:
        yield ForkServer(ours)
