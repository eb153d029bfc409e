"""Measure the store beside plain SQLite and print what is met; run by scripts/bench."""

import asyncio
import os
import platform
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from . import amber_store, kamo_store, whole_cycle
from .figure import Figure

_VERDICTS = {True: "[green]met", False: "[red]not met", None: ""}

type _Measure = Callable[[Path], Awaitable[Sequence[Figure]]]


@click.command()
@click.option(
    "--readings", default=1_000_000, help="Substation readings to fill a store with."
)
@click.option("--weeks", default=9, help="Weeks to backfill from Amber.")
@click.option("--cycles", default=25, help="Whole KAMO cycles to run.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the databases go meanwhile: on the storage that is to be measured.",
)
def main(readings: int, weeks: int, cycles: int, folder: Path | None) -> None:
    """Measure; the figures say what is met, the exit status only what broke."""
    console = Console()
    steps: dict[str, _Measure] = {
        "backfilling Amber": lambda place: amber_store.measure(place, weeks),
        "storing KAMO cycles": lambda place: kamo_store.measure(place, readings),
        "running whole cycles": lambda place: whole_cycle.measure(place, cycles),
    }
    figures: list[Figure] = []
    for name, step in steps.items():
        with (
            console.status(name),
            tempfile.TemporaryDirectory(
                prefix="energy-logger-bench-", dir=folder
            ) as at,
        ):
            figures += asyncio.run(_run(step, Path(at)))
    console.print(_table(figures))
    for number, one in enumerate(figures, 1):
        console.print(f"{number}. {one.detail}", highlight=False)
    console.print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )


async def _run(step: _Measure, place: Path) -> Sequence[Figure]:
    return await step(place)


def _table(figures: Sequence[Figure]) -> Table:
    table = Table()
    for heading in ("", "measured", "figure", "goal", ""):
        table.add_column(heading, no_wrap=heading != "measured")
    for number, one in enumerate(figures, 1):
        value = "-" if one.value is None else f"{one.value:.3g} {one.unit}"
        verdict = "not measured" if one.value is None else _VERDICTS[one.is_met]
        table.add_row(str(number), one.name, value, one.goal or "", verdict)
    return table


if __name__ == "__main__":
    main(prog_name="scripts/bench")
