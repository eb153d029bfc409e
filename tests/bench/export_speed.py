"""Exporting millions of readings from a real server: time, memory, other requests."""

import asyncio
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

import aiohttp

from .export_rows import AREA, FIRST_HOUR, READINGS_PER_HOUR, fill
from .figure import Figure, at_least, at_most, reported
from .server_process import DATABASE, KEY, ServerProcess, server_process

_ROOT = Path(__file__).parents[2]
_PROBES = 200
_PAUSE_S = 0.01
_PARTS = 5
_SMALL_EXPORTS = 20
_SHELL_SQL = """
SELECT strftime('%Y-%m-%dT%H:%M:%S', r.hour * 3600 + r.minute * 60 - 21600,
    'unixepoch') || '-06:00' AS snapshot_time, p.name AS substation_name,
  printf('%.1f', r.load_e1 / 10.0) AS kw, printf('%.1f', r.reactive_e1 / 10.0) AS kvar,
  printf('%.2f', r.power_factor_e4 / 10000.0) AS pf,
  iif(r.flags & 1, 'true', 'false') AS quality,
  iif(r.flags & 2, 'true', 'false') AS quality_now
FROM substation_reading r JOIN substation p ON p.id = r.substation_id
WHERE r.hour >= {first} AND r.hour < {end} ORDER BY r.hour, r.substation_id, r.minute
"""


@dataclass(frozen=True, slots=True)
class _Download:
    """What a reader saw of an export."""

    first_byte_s: float
    seconds: float
    size: int
    lines: int


@dataclass(slots=True)
class _Measured:
    """Everything that was measured.

    Attributes:
        readings: In the store.
        first_bytes_s: Of the whole export, then of small ones.
        latencies_s: Of ``/api/health`` during the whole export.
        mib: The server's memory before the whole export, and the most during it.
    """

    readings: int
    whole: _Download
    packed: _Download
    first_bytes_s: list[float]
    latencies_s: list[float]
    idle_latencies_s: list[float]
    mib: tuple[float, float] | None
    rates: list[tuple[float, float]]


async def measure(folder: Path, readings: int) -> Sequence[Figure]:
    """Export every reading as CSV, then parts of them beside SQLite's own shell."""
    hours = await fill(folder / DATABASE, readings)
    async with server_process(folder) as server:
        url = f"{server.url}/api/export/substations/{AREA}"
        idle = await _health_latencies(server, _PROBES)
        before = server.resident_mib()
        download = asyncio.create_task(_download(url))
        latencies, most = await _until_done(server, download)
        whole = await download
        measured = _Measured(
            readings=hours * READINGS_PER_HOUR,
            whole=whole,
            packed=await _download(f"{url}?format=json&compression=gzip"),
            first_bytes_s=[whole.first_byte_s, *await _first_bytes(url)],
            latencies_s=latencies,
            idle_latencies_s=idle,
            mib=None if before is None or most is None else (before, most),
            rates=await _beside_shell(url, folder / DATABASE, hours),
        )
    if whole.lines != measured.readings + 1:
        raise AssertionError(f"{whole.lines} lines of {measured.readings} readings")
    return _figures(measured)


async def _health_latencies(server: ServerProcess, count: int) -> list[float]:
    async with aiohttp.ClientSession() as session:
        return [await _ask(session, server) for _number in range(count)]


async def _until_done(
    server: ServerProcess, download: asyncio.Task[_Download]
) -> tuple[list[float], float | None]:
    """Return what others wait meanwhile, and the most memory that the server uses."""
    latencies: list[float] = []
    memory = [server.resident_mib()]
    async with aiohttp.ClientSession() as session:
        while not latencies or not download.done():
            latencies.append(await _ask(session, server))
            memory.append(server.resident_mib())
            await asyncio.sleep(_PAUSE_S)
    known = [mib for mib in memory if mib is not None]
    return latencies, max(known, default=None)


async def _ask(session: aiohttp.ClientSession, server: ServerProcess) -> float:
    start = perf_counter()
    async with session.get(f"{server.url}/api/health") as answer:
        await answer.read()
    return perf_counter() - start


async def _first_bytes(url: str) -> list[float]:
    return [
        (await _download(f"{url}?end=2020-01-02")).first_byte_s
        for _number in range(_SMALL_EXPORTS)
    ]


async def _download(url: str) -> _Download:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.download",
        url,
        KEY,
        cwd=_ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _nothing = await process.communicate()
    first_byte_s, seconds, size, lines = output.split()
    return _Download(float(first_byte_s), float(seconds), int(size), int(lines))


async def _beside_shell(
    url: str, database: Path, hours: int
) -> list[tuple[float, float]]:
    """Return rows a second of ours and of SQLite's shell, for parts of the whole."""
    shell = shutil.which("sqlite3")
    if shell is None:
        return []
    rates = []
    each = max(1, hours // _PARTS)
    for first in range(FIRST_HOUR, FIRST_HOUR + each * _PARTS, each):
        span = f"start={_utc(first)}&end={_utc(first + each, less_s=1)}"
        ours = await _download(f"{url}?{span}")
        start = perf_counter()
        process = await asyncio.create_subprocess_exec(
            shell,
            "-csv",
            "-header",
            str(database),
            _SHELL_SQL.format(first=first, end=first + each),
            stdout=asyncio.subprocess.DEVNULL,
        )
        await process.wait()
        rates.append((ours.lines / ours.seconds, ours.lines / (perf_counter() - start)))
    return rates


def _utc(hour: int, less_s: int = 0) -> str:
    at = datetime.fromtimestamp(hour * 3600 - less_s, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _figures(measured: _Measured) -> Sequence[Figure]:
    whole, packed = measured.whole, measured.packed
    waited = measured.latencies_s
    rate, size_mb = measured.readings / whole.seconds, whole.size / 1e6
    figures = [
        reported(
            "rows a second of a CSV export over HTTP",
            rate,
            "rows/s",
            f"{measured.readings:,} readings, {size_mb:.0f} MB in {whole.seconds:.1f} s"
            f" while /api/health is asked; as JSON in gzip {packed.seconds:.1f} s,"
            f" {packed.size / 1e6:.0f} MB",
        ),
        at_most(
            "memory that the server grows by during the export",
            None if measured.mib is None else measured.mib[1] - measured.mib[0],
            (16, "MiB"),
            "the system does not tell"
            if measured.mib is None
            else f"from {measured.mib[0]:.0f} to at most {measured.mib[1]:.0f} MiB"
            " resident, the first export of a new process",
        ),
        at_most(
            "first byte of an export, median",
            median(measured.first_bytes_s) * 1e3,
            (15, "ms"),
            f"of the whole one {whole.first_byte_s * 1e3:.1f} ms, then"
            f" {len(measured.first_bytes_s) - 1} exports of a day",
        ),
        at_most(
            "99th percentile of /api/health during the export",
            _percentile_99(waited) * 1e3,
            (15, "ms"),
            f"{len(waited)} requests; median {median(waited) * 1e3:.1f} ms, greatest"
            f" {max(waited) * 1e3:.1f} ms; without an export"
            f" {_percentile_99(measured.idle_latencies_s) * 1e3:.1f} ms",
        ),
    ]
    if measured.rates:
        ours, shell = (median(rates) for rates in zip(*measured.rates, strict=True))
        figures.append(
            at_least(
                "rate of a CSV export over HTTP, to SQLite's shell writing the same"
                " columns to nowhere",
                100 * median(one / other for one, other in measured.rates),
                (80, "%"),
                f"{ours:,.0f} rows/s to {shell:,.0f} rows/s, {len(measured.rates)}"
                " alternating parts",
            )
        )
    return figures


def _percentile_99(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]
