"""Storing KAMO cycles: time, bytes on disk, bytes written."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from energy_logger_server.api.kamo_parse import parse_areas
from energy_logger_server.api.models import (
    Answer,
    SubstationReading,
    SubstationTable,
)
from energy_logger_server.domain.batch import AreasRead, SubstationsRead
from energy_logger_server.domain.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store
from energy_logger_server.store.codec.kamo import encode_reading

from .rounds import Figure

AREAS, SUBSTATIONS = 17, 300
START = datetime(2026, 1, 4, 6, 0, tzinfo=UTC)
STEP = timedelta(minutes=5)


class SteppingClock:
    """Stands at the cycle's instant."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


def cycle(at: datetime, random: Random) -> list[SubstationsRead]:
    """Return one cycle of 300 readings in 17 areas, values of the recorded kind."""
    reads = []
    for area_id in range(1, AREAS + 1):
        readings = []
        for position in range(area_id - 1, SUBSTATIONS, AREAS):
            kw, kvar = float(random.randrange(7000)), float(random.randrange(-3000, 1400))
            factor = round(random.uniform(-1, 1), 2)
            raw = {
                "name": f"Substation {position}",
                "kw": kw,
                "kvar": kvar,
                "pf": factor,
                "quality": False,
                "qualityNow": False,
            }
            readings.append(
                SubstationReading(
                    str(raw["name"]), kw, kvar, factor, False, False,
                    len(readings), raw,
                )  # fmt: skip
            )
        raw_table = {"Id": area_id, "areaLoadData": [r.raw for r in readings]}
        table = SubstationTable(area_id, tuple(readings), (), at, raw_table)
        reads.append(SubstationsRead(table, 5))
    return reads


def plain_rows(at: datetime, reads: list[SubstationsRead]) -> list[tuple[object, ...]]:
    """Return the same rows, ready for a plain insert."""
    hour, minute = divmod(int(at.timestamp()) // 60, 60)
    rows = []
    for read in reads:
        for reading in read.table.readings:
            item = int(reading.name.split()[1]) + 1
            rows.append((hour, item, minute, *encode_reading(reading)))
    return sorted(rows)


def plain_database(path: Path) -> sqlite3.Connection:
    """Return a database with the bare table of readings."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(
        "CREATE TABLE reading (hour INTEGER, item INTEGER, minute INTEGER,"
        " load INTEGER NOT NULL, reactive INTEGER NOT NULL, factor INTEGER NOT NULL,"
        " flags INTEGER NOT NULL, extra TEXT, PRIMARY KEY (hour, item, minute))"
        " WITHOUT ROWID"
    )
    return connection


def insert_plainly(
    connection: sqlite3.Connection, rows: list[tuple[object, ...]]
) -> None:
    """Insert one cycle in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO reading VALUES (?,?,?,?,?,?,?,?)", rows)
    connection.execute("COMMIT")


async def measure(folder: Path, readings: int) -> Iterator[Figure]:
    """Store cycles until a number of readings is reached; return the figures.

    The first day is measured against plain inserts in alternation; the rest only
    fills, for the bytes of a reading.
    """
    clock, random = SteppingClock(), Random(4)
    path = folder / "kamo.db"
    store = await Store.open(f"sqlite:///{path}", clock)
    plain = plain_database(folder / "plain.db")
    areas, _none = parse_areas(
        [
            {"id": number, "name": f"Area {number}", "abrev": f"A{number}"}
            for number in range(1, AREAS + 1)
        ]
    )
    run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    await store.write(run_id, [AreasRead(Answer(areas, (), START))])
    ratios, ours, bare, written = [], [], [], []
    for number in range(readings // SUBSTATIONS):
        reads = cycle(clock.at, random)
        is_timed = number < 288 * 2
        if is_timed:
            rows = plain_rows(clock.at, reads)
            start = perf_counter()
            insert_plainly(plain, rows)
            bare.append(perf_counter() - start)
        before = _bytes_written()
        start = perf_counter()
        run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
        end = RunEnd(clock.at, Outcome.SUCCESS, 2 * AREAS)
        await store.write(run_id, reads, end=end)
        if is_timed:
            ours.append(perf_counter() - start)
            ratios.append(ours[-1] / bare[-1])
            written.append(_bytes_written() - before)
        clock.at += STEP
    await store.close()
    plain.close()
    size = path.stat().st_size
    kept = readings // SUBSTATIONS * SUBSTATIONS
    ratio = median(ours) / median(bare)
    mb = sum(written) / len(written) / 1e6
    return iter(
        (
            Figure(
                "KAMO cycle of 300 substations, rollups and run log, to plain inserts",
                ratio,
                "x",
                "at most 2.5 x",
                ratio <= 2.5,
                f"{median(ours) * 1e3:.2f} ms to {median(bare) * 1e3:.2f} ms,"
                f" median of {len(ours)} alternating cycles"
                f" (median of pairwise ratios {median(ratios):.2f})",
            ),
            Figure(
                "bytes a substation reading, all tables and indexes",
                size / kept,
                "B",
                "at most 33 B",
                size / kept <= 33,
                f"{size / 1e6:.1f} MB for {kept:,} readings",
            ),
            Figure(
                "written to disk in a cycle, log and checkpoints",
                mb,
                "MB",
                "at most 0.15 MB",
                mb <= 0.15,
                f"mean of {len(written)} cycles, from the kernel's count",
            ),
        )
    )


def _bytes_written() -> int:
    for line in Path("/proc/self/io").read_text().splitlines():
        if line.startswith("write_bytes:"):
            return int(line.split()[1])
    return 0
