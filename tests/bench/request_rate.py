"""Requests a second beside an empty server of aiohttp's, and what readers wait for.

The load generator is a process of its own. Both servers are there all the time and
take turns. What is compared is the rate for a second of the server's CPU time: with a
core of its own that is the rate itself, and beside other work it stays much the same.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import aiohttp

from tests.launch.programs import free_port

from .collecting_server import CollectingServer, collecting_server
from .figure import Figure, at_least, at_most
from .process_memory import cpu_s

_ROOT = Path(__file__).parents[2]
_CONNECTIONS = 16
_READERS = 4
_SPIKE_CONNECTIONS = 200
_INTERVAL_S = 300
_AREAS = range(1, 18)
"""Those that have substations."""

_PATHS: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "/api/load/current": (40, tuple(f"/api/load/current/{one}" for one in _AREAS)),
    "24 hours of /api/load/history": (
        25,
        tuple(f"/api/load/history/{one}?hours=24" for one in _AREAS),
    ),
    "/api/substations/current": (
        30,
        tuple(f"/api/substations/current/{one}" for one in _AREAS),
    ),
    "/api/status": (20, ("/api/status",)),
}
"""The least percentage of the empty server's rate, and what is asked in turn."""


@dataclass(frozen=True, slots=True)
class _Target:
    """A server that is asked."""

    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class _Load:
    """What a load generator saw, and what the server took for it.

    Attributes:
        answers: How many came.
        bad: How many of them were no good.
        seconds: In all.
        cpu_s: Of the server's CPU time; None where nobody tells.
        p50_ms: Half of the answers came within this.
        p99_ms: Likewise all but a hundredth.
        greatest_ms: Likewise all.
    """

    answers: int
    bad: int
    seconds: float
    cpu_s: float | None
    p50_ms: float
    p99_ms: float
    greatest_ms: float

    @property
    def rate(self) -> float:
        """Answers for a second of the server's, or where nobody tells of the wall's."""
        return self.answers / (self.cpu_s or self.seconds)


async def measure(
    folder: Path, cycles: int, rounds: int, round_s: float, spike_s: float
) -> Sequence[Figure]:
    """Collect, then ask.

    Args:
        folder: For the store.
        cycles: How many to collect first.
        rounds: How often the servers take turns.
        round_s: How long each is asked then, seconds.
        spike_s: How long the spike lasts.
    """
    async with collecting_server(folder) as server, _hello_server() as hello:
        for _number in range(cycles):
            await server.collect()
        process = server.process.process
        ours = _Target(int(server.process.url.rsplit(":", 1)[1]), process.pid)
        rates = await _take_turns(hello, ours, rounds, round_s)
        waits = {
            name: await _while_collecting(
                server, _ask(ours, paths, _READERS, rounds * round_s)
            )
            for name, (_least, paths) in _PATHS.items()
        }
        everything = [path for _least, paths in _PATHS.values() for path in paths]
        spike = await _while_collecting(
            server, _ask(ours, everything, _SPIKE_CONNECTIONS, spike_s)
        )
    return (
        *_rate_figures(rates),
        _wait_figure({name: load for name, (load, _cycles) in waits.items()}),
        *_spike_figures(*spike),
    )


@asynccontextmanager
async def _hello_server() -> AsyncIterator[_Target]:
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.hello_server", str(port), cwd=_ROOT
    )
    try:
        async with aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.get(f"http://127.0.0.1:{port}/"):
                        break
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.01)
        yield _Target(port, process.pid)
    finally:
        process.terminate()
        await process.wait()


async def _take_turns(
    hello: _Target, ours: _Target, rounds: int, round_s: float
) -> dict[str, list[tuple[_Load, _Load]]]:
    """Return what both servers did in each round: the empty one's first."""
    found: dict[str, list[tuple[_Load, _Load]]] = {name: [] for name in _PATHS}
    for _round in range(rounds):
        for name, (_least, paths) in _PATHS.items():
            empty = await _ask(hello, ["/"], _CONNECTIONS, round_s)
            load = await _ask(ours, paths, _CONNECTIONS, round_s)
            if load.bad or empty.bad:
                raise AssertionError(f"{name} was answered badly: {load}, {empty}")
            found[name].append((empty, load))
    return found


async def _ask(
    target: _Target, paths: Sequence[str], connections: int, seconds: float
) -> _Load:
    before = cpu_s(target.pid)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.request_load"),
        *(str(target.port), str(seconds), str(connections), *paths),
        cwd=_ROOT,
        stdout=PIPE,
    )
    output, _nothing = await process.communicate()
    after = cpu_s(target.pid)
    spent = None if before is None or after is None else after - before
    return _Load(**json.loads(output), cpu_s=spent)


async def _while_collecting(
    server: CollectingServer, load: Awaitable[_Load]
) -> tuple[_Load, list[float]]:
    """Collect one cycle after the other; return the load, and seconds of each cycle."""
    asking = asyncio.ensure_future(load)
    cycles: list[float] = []
    while not asking.done():
        start = perf_counter()
        await server.collect()
        cycles.append(perf_counter() - start)
    return await asking, cycles


def _rate_figures(
    rates: Mapping[str, Sequence[tuple[_Load, _Load]]],
) -> Sequence[Figure]:
    return [
        at_least(
            f"requests a second of {name}, to an empty server's",
            100 * median(load.rate / empty.rate for empty, load in rates[name]),
            (least, "%"),
            f"{median(load.rate for _empty, load in rates[name]):,.0f} to"
            f" {median(empty.rate for empty, _load in rates[name]):,.0f} for a second"
            f" of CPU time, {_CONNECTIONS} connections,"
            f" {len(rates[name])} alternating rounds; as time passes"
            f" {median(_by_the_wall(*turn) for turn in rates[name]):.0%}",
        )
        for name, (least, _paths) in _PATHS.items()
    ]


def _by_the_wall(empty: _Load, load: _Load) -> float:
    return (load.answers / load.seconds) / (empty.answers / empty.seconds)


def _wait_figure(waits: Mapping[str, _Load]) -> Figure:
    worst = max(waits, key=lambda name: waits[name].p99_ms / waits[name].p50_ms)
    return at_most(
        "99th percentile of these while cycles are collected, to the median",
        waits[worst].p99_ms / waits[worst].p50_ms,
        (4, "x"),
        f"the worst is {worst}; one cycle after the other, {_READERS} connections: "
        + "; ".join(
            f"{name} {load.p50_ms:.1f} and {load.p99_ms:.1f} ms"
            for name, load in waits.items()
        ),
    )


def _spike_figures(spike: _Load, cycles: Sequence[float]) -> Sequence[Figure]:
    return (
        at_most(
            f"bad answers while {_SPIKE_CONNECTIONS} clients ask at once",
            spike.bad,
            (0, "answers"),
            f"of {spike.answers:,} in {spike.seconds:.1f} s; 99th percentile"
            f" {spike.p99_ms:.0f} ms, greatest {spike.greatest_ms:.0f} ms",
        ),
        at_most(
            "longest cycle of KAMO and Amber meanwhile",
            max(cycles),
            (_INTERVAL_S, "s"),
            f"of {len(cycles)}; the next one is due after {_INTERVAL_S} s",
        ),
    )
