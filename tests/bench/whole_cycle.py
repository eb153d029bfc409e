"""A whole KAMO cycle, from HTTP to commit: what it costs this process."""

import asyncio
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import aiohttp

from energy_logger_server.api.kamo import KamoClient
from energy_logger_server.api.kamo_models import AGGREGATE_AREA_IDS
from energy_logger_server.collect.kamo.collector import KamoCollector
from energy_logger_server.collect.shared import shared_by_collectors
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.runs import Trigger
from energy_logger_server.store import Store

from .figure import Figure, at_most, reported
from .kamo_cycles import READING_COLUMNS, READING_KEY, START, STEP
from .naive_cycle import NaiveCollector
from .plain_sqlite import PlainTable
from .simulated_kamo import simulated_kamo
from .stepping_clock import SteppingClock

_AT_ONCE = 4
"""Most requests to KAMO at once."""

_LATENCY_S = 0.1
_SLOW_CYCLES = 5
_NAIVE_CYCLES = 3


async def measure(folder: Path, cycles: int) -> Sequence[Figure]:
    """Collect from the simulated KAMO every five minutes; return the figure."""
    clock = SteppingClock(START)
    plain = PlainTable(folder / "whole-plain.db", READING_COLUMNS, READING_KEY)
    store = await Store.open(f"sqlite:///{folder / 'whole.db'}", clock)
    cpu, wall, cpu_plainly, requests, readings = [], [], [], 0, 0
    naively: list[float] = []
    barely: list[float] = []
    slowly: list[float] = []
    with simulated_kamo(START) as base_url:
        naive = NaiveCollector(folder / "naive.db", f"{base_url}/kamo/api")
        delay = _Delay()
        async with aiohttp.ClientSession(trace_configs=[delay.trace()]) as session:
            client = KamoClient(session, now=clock.now, base_url=f"{base_url}/kamo/api")
            collector = KamoCollector(
                client,
                Settings(),
                shared_by_collectors(
                    store, clock, forecast_retention=None, publish=None
                ),
            )
            for _cycle in range(cycles):
                began, start = perf_counter(), process_time()
                end = await collector.collect(Trigger.TICK, ticks_skipped=0)
                cpu.append(process_time() - start)
                wall.append(perf_counter() - began)
                requests = end.requests if end else 0
                rows = await store.read(_readings, clock)
                readings = len(rows)
                start = process_time()
                plain.insert(rows)
                cpu_plainly.append(process_time() - start)
                if len(naively) < _NAIVE_CYCLES:
                    naively.append(await naive.cycle(clock.at))
                barely.append(await _bare_requests(session, f"{base_url}/kamo/api"))
                clock.at += STEP
                await _set_clock(session, base_url, clock)
            for _cycle in range(min(cycles, _SLOW_CYCLES)):
                delay.seconds, began = _LATENCY_S, perf_counter()
                await collector.collect(Trigger.TICK, ticks_skipped=0)
                slowly.append(perf_counter() - began)
                delay.seconds = 0
                clock.at += STEP
                await _set_clock(session, base_url, clock)
        naive.close()
    await store.close()
    plain.close()
    floor_s = ceil(requests / _AT_ONCE) * _LATENCY_S
    return (
        reported(
            "CPU time of a whole KAMO cycle, from HTTP to commit",
            median(cpu) * 1e3,
            "ms",
            f"median of {cycles} cycles with {requests} requests and {readings}"
            f" readings; {median(wall) * 1e3:.0f} ms pass meanwhile, KAMO's look-alike"
            " being a process of its own; inserting the readings plainly"
            f" {median(cpu_plainly) * 1e3:.2f} ms",
        ),
        at_most(
            "CPU time of it, to that of a cycle as a predecessor did it",
            100 * median(cpu) / median(naively),
            (2.5, "%"),
            f"{median(cpu) * 1e3:.1f} ms to {median(naively) * 1e3:.0f} ms, median of"
            f" {len(naively)}: a client for each request, an object and a SELECT for"
            " each row, a commit for each area",
        ),
        reported(
            "the least of that share: the same requests of the client, bodies thrown"
            " away",
            100 * median(barely) / median(naively),
            "%",
            f"{median(barely) * 1e3:.1f} ms, median of {len(barely)}: connections"
            " reused, nothing parsed, nothing stored",
        ),
        at_most(
            "time of it with 100 ms to each answer, to the least there can be",
            median(slowly) / floor_s,
            (1.3, "x"),
            f"{median(slowly) * 1e3:.0f} ms, median of {len(slowly)}, to"
            f" {floor_s * 1e3:.0f} ms: {requests} requests, at most {_AT_ONCE} at once",
        ),
    )


async def _bare_requests(session: aiohttp.ClientSession, base_url: str) -> float:
    """Return the seconds of CPU time that a cycle's requests alone take."""
    start = process_time()
    async with session.get(f"{base_url}/area") as answer:
        areas = await answer.json()
    for area in areas:
        for path in ("areagrid", "arealoadtable"):
            if path == "arealoadtable" and area["id"] in AGGREGATE_AREA_IDS:
                continue
            async with session.get(f"{base_url}/{path}/{area['id']}") as answer:
                await answer.read()
    return process_time() - start


class _Delay:
    """Holds every request of a session up."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def trace(self) -> aiohttp.TraceConfig:
        """Return what the session is made with."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._wait)
        return config

    async def _wait(self, *_request: object) -> None:
        await asyncio.sleep(self.seconds)


def _readings(connection: Any, clock: SteppingClock) -> list[tuple[Any, ...]]:
    hour, minute = divmod(int(clock.at.timestamp()) // 60, 60)
    found = connection.exec_driver_sql(
        "SELECT * FROM substation_reading WHERE hour = ? AND minute = ?",
        (hour, minute),
    )
    return [tuple(row) for row in found]


async def _set_clock(
    session: aiohttp.ClientSession, base_url: str, clock: SteppingClock
) -> None:
    body = {"now": clock.at.isoformat()}
    async with session.post(f"{base_url}/_sim/clock", json=body) as answer:
        answer.raise_for_status()
