"""A year of hours into Home Assistant's long-term statistics, beside a plain write.

The server runs in a process of its own, and so does Home Assistant.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from energy_logger_server.api.amber_parse import parse_sites
from energy_logger_server.api.models import Answer
from energy_logger_server.domain.collecting.batch import Part, SitesRead
from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store

from .amber_store import read_usage
from .amber_weeks import CHANNELS, SITE_ID, WEEK, week_of_usage
from .figure import Figure, at_most, reported
from .server_process import DATABASE, KEY, server_process
from .stepping_clock import SteppingClock

_ROOT = Path(__file__).parents[2]
_FIRST = date(2025, 10, 1)
_AFTERWARDS = datetime(2026, 11, 1, tzinfo=UTC)
_MOST_RATIO = 1.0
_MOST_STEP_MS = 50


async def measure(folder: Path, weeks: int, turns: int) -> Sequence[Figure]:
    """Import some weeks of three channels again and again; return the figures."""
    await _fill(folder, weeks)
    python = await home_assistant_python()
    if python is None:
        detail = "Home Assistant's environment could not be made, see scripts/setup"
        name = "first import of hourly statistics to a plain write of the same rows"
        return [reported(name, None, "x", detail)]
    async with server_process(folder) as server:
        told = json.loads(
            await _run(
                [
                    *(python, "-m", "tests.launch.recorder_bench"),
                    *(server.url, KEY, SITE_ID, str(turns), str(folder)),
                ]
            )
        )
    return figures_of(told, weeks)


def figures_of(told: Mapping[str, Any], weeks: int) -> Sequence[Figure]:
    """Return the figures of what ``recorder_bench`` printed."""
    ours, plain = told["ours_s"], told["plain_s"]
    ratio = median(map(float.__truediv__, ours, plain))
    steps, plain_steps = told["ours_step_ms"], told["plain_step_ms"]
    delays, plain_delays = told["ours_longest_ms"], told["plain_longest_ms"]
    rows = f"{told['hours']:,} hours: energy and money of three channels, {weeks} weeks"
    return [
        at_most(
            "first import of hourly statistics, from a server's feed to the commit, to"
            " plain writes of rows that lie ready",
            ratio,
            (_MOST_RATIO, "x"),
            f"{median(ours):.2f} s to {median(plain):.2f} s; {rows};"
            f" {len(ours)} alternating turns",
        ),
        at_most(
            "longest step of Home Assistant's event loop meanwhile, CPU time",
            max(steps),
            (_MOST_STEP_MS, "ms"),
            f"of plain writes {max(plain_steps):.0f} ms; a timer came late by"
            f" {max(delays):.0f} ms at most, in plain writes by"
            f" {max(plain_delays):.0f} ms: so long it also waited for a CPU",
        ),
    ]


async def _fill(folder: Path, weeks: int) -> None:
    """Make the store of a server that has read so many weeks of usage."""
    store = await Store.open(
        f"sqlite:///{folder / DATABASE}", SteppingClock(_AFTERWARDS)
    )
    random = Random(5)
    await _write(store, _site())
    for number in range(weeks):
        first = _FIRST + number * WEEK
        await _write(store, read_usage(week_of_usage(first, random), first))
    await store.close()


async def _write(store: Store, part: Part) -> None:
    run_id = await store.begin_run(Source.AMBER, Trigger.BACKFILL, 5)
    await store.write(run_id, [part], end=RunEnd(_AFTERWARDS, Outcome.SUCCESS, 1))


def _site() -> Part:
    records, rejected = parse_sites(
        [
            {
                "id": SITE_ID,
                "nmi": "9000000001",
                "channels": [
                    {"identifier": register, "type": channel, "tariff": "A100"}
                    for channel, register in CHANNELS.items()
                ],
                "network": "Jemena",
                "status": "active",
                "activeFrom": "2025-01-01",
                "intervalLength": 5,
            }
        ]
    )
    return SitesRead(Answer(records, rejected, _AFTERWARDS))


async def home_assistant_python() -> str | None:
    """Return the Python that has Home Assistant; None where there is none."""
    try:
        made = await _run([str(_ROOT / "scripts/setup"), "home_assistant"])
    except ChildProcessError:
        return None
    return f"{made.strip()}/bin/python"


async def _run(command: Sequence[str]) -> str:
    """Return what a program prints.

    Raises:
        ChildProcessError: If it fails; its errors are shown.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=_ROOT,
        stdout=PIPE,
        stderr=sys.stderr,
    )
    printed, _none = await process.communicate()
    if process.returncode:
        raise ChildProcessError(command[0])
    return printed.decode()
