"""What a store of ten times as many readings makes slower: first answers of pages."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

import aiohttp

from .export_rows import AREA, READINGS_PER_HOUR, fill
from .figure import Figure, at_most
from .server_process import DATABASE, KEY, ServerProcess, server_process
from .start_rows import insert_runs_and_loads

_TIMES = 10
_UNTIL_NOTHING_IS_KEPT_S = 1.05
"""Answers are kept for a second."""

_PATHS = (
    f"/api/load/peaks/{AREA}",
    f"/api/load/peaks/{AREA}?period=year",
    "/api/status",
    "/api/cooperatives",
    f"/api/load/current/{AREA}",
    f"/api/load/history/{AREA}",
    f"/api/substations/current/{AREA}",
    f"/api/substations/history/{AREA}",
    "/api/tables",
    "/api/runs",
)
"""Peaks, status, and what pages ask for when they are opened."""


async def measure(folder: Path, readings: int, rounds: int) -> Sequence[Figure]:
    """Ask a server on so many readings, and one on a tenth, in turns."""
    small, large = folder / "small", folder / "large"
    hours = []
    for place, count in ((small, readings // _TIMES), (large, readings)):
        place.mkdir()
        hours.append(await fill(place / DATABASE, count))
        insert_runs_and_loads(place / DATABASE)
    waits: dict[str, list[tuple[float, float]]] = {path: [] for path in _PATHS}
    async with (
        server_process(small) as before,
        server_process(large) as after,
        aiohttp.ClientSession(headers={"X-API-Key": KEY}) as session,
    ):
        for number in range(rounds + 1):
            for path, seconds in waits.items():
                pair = (
                    await _ask(session, before, path),
                    await _ask(session, after, path),
                )
                # the first ones open files, and count what is over
                if number:
                    seconds.append(pair)
            await asyncio.sleep(_UNTIL_NOTHING_IS_KEPT_S)
    grown = {path: _growth(pairs) for path, pairs in waits.items()}
    worst = max(grown, key=lambda path: grown[path])
    counts = [f"{one * READINGS_PER_HOUR:,}" for one in hours]
    return (
        at_most(
            "time of peaks, status and pages' first requests on ten times the readings",
            grown[worst],
            (1.5, "x"),
            f"{counts[0]} and {counts[1]} readings, {rounds} rounds; the worst is"
            f" {worst}: " + "; ".join(map(_told, waits, waits.values())),
        ),
    )


async def _ask(
    session: aiohttp.ClientSession, server: ServerProcess, path: str
) -> float:
    start = perf_counter()
    async with session.get(f"{server.url}{path}") as answer:
        await answer.read()
        answer.raise_for_status()
    return perf_counter() - start


def _growth(pairs: Sequence[tuple[float, float]]) -> float:
    return median(after for _before, after in pairs) / median(
        before for before, _after in pairs
    )


def _told(path: str, pairs: Sequence[tuple[float, float]]) -> str:
    before, after = (median(seconds) * 1e3 for seconds in zip(*pairs, strict=True))
    return f"{path} {before:.1f} and {after:.1f} ms"
