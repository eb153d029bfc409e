"""Measure the store and the server and print what is met; run by scripts/bench."""

import asyncio
import json
import os
import platform
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from . import (
    amber_store,
    backup_speed,
    chart_in_browser,
    chart_speed,
    export_speed,
    growth,
    image_size,
    kamo_store,
    request_rate,
    server_memory,
    server_start,
    statistics_import,
    whole_cycle,
)
from .figure import Figure
from .plot import plot

_VERDICTS = {True: "[green]met", False: "[red]not met", None: ""}
_STEPS = (
    "amber",
    "kamo",
    "cycles",
    "charts",
    "browser",
    "export",
    "requests",
    "growth",
    "start",
    "memory",
    "backup",
    "statistics",
    "image",
)

_QUICK: Mapping[str, object] = {
    "readings": 300_000,
    "weeks": 4,
    "cycles": 8,
    "drawn": 20,
    "exported": 1_000_000,
    "rounds": 3,
    "round_s": 1.0,
    "spike_s": 5.0,
    "started": 1_440_000,
    "starts": 3,
    "collected": 24,
    "backed_up": 1_000_000,
}
"""Options of a run that takes three minutes, without what needs other programs."""

_NOT_QUICK = {"browser", "image", "statistics"}
_QUICK_STEPS = tuple(one for one in _STEPS if one not in _NOT_QUICK)

type _Measure = Callable[[Path], Awaitable[Sequence[Figure]]]


def _quickly(
    context: click.Context,
    _option: click.Parameter,
    is_quick: bool,
) -> bool:
    if is_quick:
        context.default_map = dict(_QUICK)
    return is_quick


@click.command()
@click.option(
    "--quick",
    is_flag=True,
    is_eager=True,
    callback=_quickly,
    help="Measure on less data, in three minutes.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures to this file too.",
)
@click.option(
    "--plot",
    "plot_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a picture of them, as SVG.",
)
@click.argument("only", type=click.Choice(_STEPS), nargs=-1)
@click.option(
    "--readings", default=1_000_000, help="Substation readings to fill a store with."
)
@click.option("--weeks", default=9, help="Weeks to backfill from Amber.")
@click.option("--cycles", default=25, help="Whole KAMO cycles to run.")
@click.option("--drawn", default=50, help="Weeks of prices to draw a chart of.")
@click.option("--points", default=100_000, help="Points to draw in a browser.")
@click.option("--exported", default=5_000_000, help="Substation readings to export.")
@click.option("--started", default=14_400_000, help="Substation readings to start on.")
@click.option("--starts", default=5, help="How often to start on them.")
@click.option("--collected", default=288, help="Cycles of which to tell the memory.")
@click.option("--asked-after", default=13, help="Cycles to collect before requests.")
@click.option("--rounds", default=5, help="How often servers take turns.")
@click.option("--round-s", default=2.0, help="Seconds of each turn.")
@click.option("--spike-s", default=10.0, help="Seconds for which 200 clients ask.")
@click.option("--imported", default=52, help="Weeks of usage to import.")
@click.option("--turns", default=5, help="How often to import them.")
@click.option("--backed-up", default=10_000_000, help="Readings to make a backup of.")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the databases go meanwhile: on the storage that is to be measured.",
)
def main(  # noqa: PLR0913 - an option each
    only: tuple[str, ...],
    *,
    quick: bool,
    json_file: Path | None,
    plot_file: Path | None,
    readings: int,
    weeks: int,
    cycles: int,
    drawn: int,
    points: int,
    exported: int,
    started: int,
    starts: int,
    collected: int,
    asked_after: int,
    rounds: int,
    round_s: float,
    spike_s: float,
    backed_up: int,
    imported: int,
    turns: int,
    folder: Path | None,
) -> None:
    """Measure; the figures say what is met, the exit status only what broke.

    Without names of parts everything is measured.
    """
    console = Console()
    steps: dict[str, tuple[str, _Measure]] = {
        "amber": ("backfilling Amber", lambda at: amber_store.measure(at, weeks)),
        "kamo": ("storing KAMO cycles", lambda at: kamo_store.measure(at, readings)),
        "cycles": ("running whole cycles", lambda at: whole_cycle.measure(at, cycles)),
        "charts": ("drawing charts", lambda at: chart_speed.measure(at, drawn)),
        "browser": (
            "drawing in a browser",
            lambda at: chart_in_browser.measure(at, points),
        ),
        "export": ("exporting", lambda at: export_speed.measure(at, exported)),
        "requests": (
            "asking",
            lambda at: request_rate.measure(at, asked_after, rounds, round_s, spike_s),
        ),
        "growth": ("growing", lambda at: growth.measure(at, started, rounds)),
        "start": ("starting", lambda at: server_start.measure(at, started, starts)),
        "memory": ("a day's work", lambda at: server_memory.measure(at, collected)),
        "backup": (
            "making a backup",
            lambda at: backup_speed.measure(at, backed_up),
        ),
        "statistics": (
            "importing into Home Assistant",
            lambda at: statistics_import.measure(at, imported, turns),
        ),
        "image": ("asking podman", image_size.measure),
    }
    figures: list[Figure] = []
    for part in only or (_QUICK_STEPS if quick else _STEPS):
        name, step = steps[part]
        with (
            console.status(name),
            tempfile.TemporaryDirectory(
                prefix="energy-logger-bench-", dir=folder
            ) as at,
        ):
            figures += asyncio.run(_run(step, Path(at)))
    if json_file is not None:
        json_file.write_text(json.dumps([asdict(one) for one in figures], indent=2))
    if plot_file is not None:
        plot_file.write_text(plot(figures))
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
