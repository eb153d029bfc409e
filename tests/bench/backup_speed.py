"""A backup of a server that is asked and written to: how long, and who waits for it."""

import asyncio
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import aiohttp

from .export_rows import AREA, READINGS_PER_HOUR, fill
from .figure import Figure, at_most, reported
from .server_process import DATABASE, KEY, server_process

_MB = 1e6
_COPIES = 3
_READERS = (
    f"/api/load/current/{AREA}",
    f"/api/substations/current/{AREA}",
    "/api/status",
)
_SETTING = "/api/settings/LOG_LEVEL"
_PAUSE_S = 0.02
_LOOK_S = 0.05


@dataclass(slots=True)
class _Waits:
    """How long requests of one kind took, in milliseconds."""

    alone_ms: list[float] = field(default_factory=list)
    beside_ms: list[float] = field(default_factory=list)
    is_backup: bool = False

    def add(self, milliseconds: float) -> None:
        (self.beside_ms if self.is_backup else self.alone_ms).append(milliseconds)

    def longest(self, kind: str) -> Figure:
        return at_most(
            f"longest {kind} while a backup is made",
            max(self.beside_ms),
            (50, "ms"),
            f"of {len(self.beside_ms):,}; "
            f"{max(self.alone_ms):.0f} ms of {len(self.alone_ms):,} before it",
        )


@dataclass(frozen=True, slots=True)
class _Passed:
    """Seconds from the order until a backup was so far."""

    copied_s: float
    packed_s: float
    proven_s: float


async def measure(folder: Path, readings: int) -> Sequence[Figure]:
    """Back up so many readings while the server answers and writes."""
    hours = await fill(folder / DATABASE, readings)
    copy_s = median(_plain_copy_s(folder) for _copy in range(_COPIES))
    size = (folder / DATABASE).stat().st_size
    reads, writes = _Waits(), _Waits()
    async with (
        server_process(folder) as server,
        aiohttp.ClientSession(headers={"X-API-Key": KEY}) as session,
    ):
        asking = [
            asyncio.ensure_future(_ask(session, f"{server.url}{path}", reads))
            for path in _READERS
        ]
        asking.append(
            asyncio.ensure_future(_write(session, f"{server.url}{_SETTING}", writes))
        )
        await asyncio.sleep(2)
        reads.is_backup = writes.is_backup = True
        passed = await _back_up(session, f"{server.url}/api/backups")
        for one in asking:
            one.cancel()
        await asyncio.wait(asking)
    packed = sum(path.stat().st_size for path in (folder / "backups").glob("*.zst"))
    kept = f"{hours * READINGS_PER_HOUR:,} readings, {size / _MB:,.0f} MB"
    return (
        at_most(
            "a backup until it holds every row, by a plain copy with fsync",
            passed.copied_s / copy_s,
            (4, "times"),
            f"{passed.copied_s:.2f} s and {copy_s:.2f} s, median of {_COPIES}; {kept}",
        ),
        reported(
            "a backup until it is packed, by the same",
            passed.packed_s / copy_s,
            "times",
            f"{passed.packed_s:.1f} s; {packed / _MB:,.0f} MB when packed",
        ),
        reported(
            "a backup until it is proven",
            passed.proven_s,
            "s",
            "restored for a trial, checked page by page, counted, hashed",
        ),
        reads.longest("read"),
        writes.longest("write"),
    )


def _plain_copy_s(folder: Path) -> float:
    target = folder / "copy"
    start = perf_counter()
    shutil.copyfile(folder / DATABASE, target)
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    took_s = perf_counter() - start
    target.unlink()
    return took_s


async def _ask(session: aiohttp.ClientSession, url: str, waits: _Waits) -> None:
    while True:
        start = perf_counter()
        async with session.get(url) as answer:
            await answer.read()
        waits.add((perf_counter() - start) * 1000)
        await asyncio.sleep(_PAUSE_S)


async def _write(session: aiohttp.ClientSession, url: str, waits: _Waits) -> None:
    while True:
        start = perf_counter()
        async with session.put(url, json={"value": "CRITICAL"}) as answer:
            await answer.read()
        waits.add((perf_counter() - start) * 1000)
        await asyncio.sleep(10 * _PAUSE_S)


async def _back_up(session: aiohttp.ClientSession, url: str) -> _Passed:
    """Make a backup; return how long each part of it took."""
    start = perf_counter()
    async with session.post(url) as answer:
        answer.raise_for_status()
    begun_s: dict[str, float] = {}
    while True:
        async with session.get(url) as answer:
            job: dict[str, Any] = (await answer.json())["job"]
        passed_s = perf_counter() - start
        begun_s.setdefault(job["stage"], passed_s)
        if not job["is_running"]:
            if job["error"] is not None:
                raise AssertionError(job["error"])
            # a stage that began between two looks has no time of its own
            packed_s = begun_s.get("unpacking", passed_s)
            return _Passed(begun_s.get("packing", packed_s), packed_s, passed_s)
        await asyncio.sleep(_LOOK_S)
