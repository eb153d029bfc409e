"""The image in a container of its own, on this machine's network."""

import asyncio
import socket
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

STARTS_WITHIN_S = 180
STOPS_WITHIN_S = 60
_PAUSE_S = 0.1

# works in a container, too: it has no bridge, and may not raise limits
_RUN = (
    *("--runtime=runc", "run", "--rm", "--network=host", "--pull=never"),
    "--no-healthcheck",
    *("--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"),
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Attributes:
        code: Its exit code.
        output: All that it wrote and complained of.
    """

    code: int
    output: str


@dataclass(frozen=True, slots=True)
class Container:
    """A container under way.

    Attributes:
        name: By which podman knows it.
        url: Where its server answers.
        process: Ends with the container, by its exit code.
    """

    name: str
    url: str
    process: asyncio.subprocess.Process

    async def run(self, *words: str) -> Ended:
        """Run a command in it, as a Supervisor does: as root, beside s6."""
        return await podman("exec", self.name, *words)

    async def users(self) -> Mapping[str, str]:
        """Return who runs what, by the command."""
        told = await podman("top", self.name, "user", "args")
        lines = told.output.splitlines()[1:]
        return {what: who for who, what in (line.split(None, 1) for line in lines)}

    async def stop(self) -> int:
        """Stop it as a Supervisor does; return its exit code."""
        await podman("stop", "--time", str(STOPS_WITHIN_S), self.name)
        return await self.process.wait()

    async def get(self, path: str, key: str = "") -> aiohttp.ClientResponse:
        """Ask its server; the body has been read."""
        async with (
            aiohttp.ClientSession(headers={"X-API-Key": key}) as session,
            session.get(f"{self.url}{path}") as answer,
        ):
            await answer.read()
            return answer

    async def is_ready(self) -> bool:
        """Return whether its server can work."""
        try:
            return (await self.get("/api/ready")).ok
        except aiohttp.ClientConnectionError:
            return False


async def podman(*words: str) -> Ended:
    """Run podman to its end."""
    process = await asyncio.create_subprocess_exec(
        "podman", *words, stdout=PIPE, stderr=STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, output.decode())


async def run_once(image: str, *options: str, command: tuple[str, ...] = ()) -> Ended:
    """Run a container until it ends by itself."""
    return await podman(*_RUN, *options, image, *command)


@asynccontextmanager
async def running(
    image: str, folders: Mapping[str, Path], environment: Mapping[str, str]
) -> AsyncIterator[Container]:
    """Start a container and wait until its server is ready.

    Args:
        image: Its name.
        folders: Of this machine, by where the container has them.
        environment: What it is told beside its port.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    name = f"energy-logger-test-{port}"
    told = {**environment, "PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        "podman",
        *_RUN,
        f"--name={name}",
        *(f"--volume={folder}:{place}" for place, folder in folders.items()),
        *(f"--env={setting}={value}" for setting, value in told.items()),
        image,
    )
    container = Container(name, f"http://127.0.0.1:{port}", process)
    try:
        await until(container.is_ready)
        yield container
    finally:
        if process.returncode is None:
            await podman("kill", name)
            await process.wait()


async def until(is_true: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again until something is true.

    Raises:
        TimeoutError: If that takes longer than a container may take to start.
    """
    async with asyncio.timeout(STARTS_WITHIN_S):
        while True:
            if await is_true():
                return
            await asyncio.sleep(_PAUSE_S)
