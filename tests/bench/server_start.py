"""Starting on a store of years: seconds until the server answers, and its memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import aiohttp

from .export_rows import AREA, READINGS_PER_HOUR, fill
from .figure import Figure, at_most
from .process_memory import Memory
from .server_process import DATABASE, starting_server
from .start_rows import insert_runs_and_loads

_MB = 1e6


@dataclass(frozen=True, slots=True)
class _Start:
    """One start of the server.

    Attributes:
        health_s: From the start of its process to the first answer that it is alive.
        load_s: Likewise to the first answer from its store.
        memory: Then; None where the system does not tell.
    """

    health_s: float
    load_s: float
    memory: Memory | None


async def measure(folder: Path, readings: int, count: int) -> Sequence[Figure]:
    """Start ``energy-logger serve`` on so many readings, ``count`` times."""
    hours = await fill(folder / DATABASE, readings)
    runs = insert_runs_and_loads(folder / DATABASE)
    starts = [await _start(folder) for _number in range(count)]
    size = (folder / DATABASE).stat().st_size
    kept = f"{hours * READINGS_PER_HOUR:,} readings and {runs:,} runs"
    return _figures(starts, f"{kept}, {size / _MB:,.0f} MB")


async def _start(folder: Path) -> _Start:
    start = perf_counter()
    async with starting_server(folder) as server, aiohttp.ClientSession() as session:
        await server.until_it_answers(session, "/api/health")
        health_s = perf_counter() - start
        await server.until_it_answers(session, f"/api/load/current/{AREA}")
        return _Start(health_s, perf_counter() - start, server.memory())


def _figures(starts: Sequence[_Start], store: str) -> Sequence[Figure]:
    known = [one.memory.resident for one in starts if one.memory is not None]
    health = [one.health_s for one in starts]
    load = [one.load_s for one in starts]
    return (
        at_most(
            "from the start of the process to its first /api/health, median",
            median(health),
            (1, "s"),
            f"{_range_of(health)}; on {store}",
        ),
        at_most(
            "from the start of the process to its first /api/load/current, median",
            median(load),
            (2, "s"),
            f"{_range_of(load)}; on the same store",
        ),
        at_most(
            "memory of a server that has just started on it",
            median(known) / _MB if known else None,
            (85, "MB"),
            "resident, after these answers" if known else "the system does not tell",
        ),
    )


def _range_of(seconds: Sequence[float]) -> str:
    return f"{len(seconds)} starts, {min(seconds):.2f} to {max(seconds):.2f} s"
