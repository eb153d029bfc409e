"""Storing KAMO cycles: time beside plain inserts, bytes on disk, bytes written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter

from energy_logger_server.domain.collecting.batch import SubstationsRead
from energy_logger_server.domain.collecting.runs import Outcome, RunEnd, Source, Trigger
from energy_logger_server.store import Store

from .disk import bytes_written, mb_each
from .figure import Figure, at_most, reported
from .kamo_cycles import (
    AREAS,
    CYCLES_PER_HOUR,
    READING_COLUMNS,
    READING_KEY,
    START,
    STEP,
    SUBSTATIONS,
    areas,
    cycle,
    plain_rows,
)
from .plain_sqlite import PlainTable
from .stepping_clock import SteppingClock

_CYCLES_PER_YEAR = 365 * 24 * CYCLES_PER_HOUR

_TIMED_CYCLES = 24 * CYCLES_PER_HOUR
"""The last so many are timed: a day, with its hours closed and its ledger."""


@dataclass(slots=True)
class _Rounds:
    """Seconds and bytes of each timed cycle."""

    ours: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    written: list[int | None] = field(default_factory=list)
    written_plainly: list[int | None] = field(default_factory=list)


async def measure(folder: Path, readings: int) -> Sequence[Figure]:
    """Store cycles until a number of readings is reached; return the figures.

    Every cycle goes into the store, run log, ledger and rollups included, and then its
    readings into a plain table. An hour of both is a round: its first cycle counts up
    the hour before.
    """
    clock, random = SteppingClock(START), Random(4)
    path = folder / "kamo.db"
    store = await Store.open(f"sqlite:///{path}", clock)
    plain = PlainTable(folder / "kamo-plain.db", READING_COLUMNS, READING_KEY)
    run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    await store.write(run_id, [areas()])
    cycles = max(readings // SUBSTATIONS, CYCLES_PER_HOUR)
    rounds = _Rounds()
    for number in range(cycles):
        if number == cycles - min(_TIMED_CYCLES, cycles):
            rounds = _Rounds()
        reads = cycle(clock.at, random)
        await _one_cycle(store, plain, reads, rounds)
        clock.at += STEP
    await store.close()
    return _figures(rounds, cycles * SUBSTATIONS, (path.stat().st_size, plain.close()))


async def _one_cycle(
    store: Store, plain: PlainTable, reads: list[SubstationsRead], rounds: _Rounds
) -> None:
    at = reads[0].table.fetched_at
    rows = plain_rows(at, reads)
    before = bytes_written()
    rounds.plain.append(plain.insert(rows))
    between = bytes_written()
    start = perf_counter()
    run_id = await store.begin_run(Source.KAMO, Trigger.TICK, 5)
    await store.write(run_id, reads, end=RunEnd(at, Outcome.SUCCESS, AREAS))
    rounds.ours.append(perf_counter() - start)
    rounds.written.append(_less(bytes_written(), between))
    rounds.written_plainly.append(_less(between, before))


def _less(after: int | None, before: int | None) -> int | None:
    return None if after is None or before is None else after - before


def _figures(rounds: _Rounds, kept: int, sizes: tuple[int, int]) -> Sequence[Figure]:
    ours, plain = _by_hour(rounds.ours), _by_hour(rounds.plain)
    ratios = [one / other for one, other in zip(ours, plain, strict=True)]
    ms = 1e3 / CYCLES_PER_HOUR
    mb = mb_each(rounds.written)
    mb_plainly = mb_each(rounds.written_plainly)
    size, plain_size = sizes
    return (
        at_most(
            "time to store a KAMO cycle of 300 substations with rollups, ledger and"
            " run log, to inserting its rows plainly",
            median(ratios),
            (3, "x"),
            f"{median(ours) * ms:.2f} ms to {median(plain) * ms:.2f} ms a cycle,"
            f" {len(ours)} alternating hours; most cycles close no hour:"
            f" {median(rounds.ours) * 1e3:.2f} ms to"
            f" {median(rounds.plain) * 1e3:.2f} ms",
        ),
        at_most(
            "bytes of a substation reading on disk, all tables and indexes",
            size / kept,
            (31, "B"),
            f"{size / 1e6:.1f} MB for {kept:,} readings; their rows alone, in a plain"
            f" table, {plain_size / kept:.1f} B",
        ),
        at_most(
            "written to disk in such a cycle, log and checkpoints included",
            mb,
            (0.12, "MB"),
            "the kernel counts nothing here: is the folder in memory?"
            if mb is None
            else f"mean of {len(rounds.written)} cycles;"
            f" plainly {mb_plainly or 0:.3f} MB",
        ),
        reported(
            f"ten years of {SUBSTATIONS} substations on disk",
            10 * _CYCLES_PER_YEAR * SUBSTATIONS * size / kept / 1e9,
            "GB",
            f"{10 * _CYCLES_PER_YEAR * SUBSTATIONS / 1e6:.0f} million readings, as many"
            " bytes each as above",
        ),
        reported(
            "written to an SD card by these cycles in a year",
            None if mb is None else _CYCLES_PER_YEAR * mb / 1e3,
            "GB",
            f"{_CYCLES_PER_YEAR:,} cycles, as above",
        ),
    )


def _by_hour(seconds: Sequence[float]) -> list[float]:
    return [
        sum(seconds[start : start + CYCLES_PER_HOUR])
        for start in range(0, len(seconds) - CYCLES_PER_HOUR + 1, CYCLES_PER_HOUR)
    ]
