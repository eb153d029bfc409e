"""``energy-logger adopt``: what a predecessor kept becomes part of the store."""

import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from energy_logger_server import app
from energy_logger_server.adopt.amber_home import adopt_amber_home
from energy_logger_server.adopt.amber_times import LabelClock
from energy_logger_server.adopt.central_times import RepeatedHour
from energy_logger_server.adopt.kamo_load_logger import adopt_kamo_load_logger
from energy_logger_server.adopt.report import Fate, Report, Rows
from energy_logger_server.adopt.writing import Writing
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.errors import NothingStored
from energy_logger_server.store import Store
from energy_logger_server.store.db.engine import store_url
from energy_logger_server.store.db.reader import Reader
from energy_logger_server.store.predecessors.opening import (
    opened_database,
    opened_file,
)
from energy_logger_server.store.predecessors.tables import AMBER_HOME, KAMO_LOAD_LOGGER

from .output import Column, print_table
from .running import log_to_stderr, run_until_stopped

_URL = "://"
_write_option = click.option(
    "--write", "is_wet", is_flag=True, help="Write the rows; without it nothing is."
)
type _Adopting = Callable[[Store, Writing], Coroutine[Any, Any, Report]]


@click.group()
def adopt() -> None:
    """Take over what a predecessor of this program kept."""


@adopt.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--repeated-hour",
    type=click.Choice([one.value for one in RepeatedHour]),
    help="Take times in the hour that autumn repeats for its first or second.",
)
@_write_option
def kamo_load_logger(file: Path, *, repeated_hour: str | None, is_wet: bool) -> None:
    """Show what would be adopted of the KAMO logger, or adopt it.

    FILE is its SQLite file, a zip of its backups page, or an SQL dump. It is not
    changed. What is stored already stays as it is.
    """
    settings = _settings()
    repeated = None if repeated_hour is None else RepeatedHour(repeated_hour)
    with opened_file(file, KAMO_LOAD_LOGGER, settings.data_dir) as source:
        _adopt(
            settings,
            lambda store, writing: _kamo(source, store, writing, repeated),
            is_wet=is_wet,
        )


@adopt.command()
@click.argument("place", metavar="URL|FILE")
@click.option(
    "--clock",
    type=click.Choice([one.value for one in LabelClock]),
    help="The clock of times that say no offset.",
)
@_write_option
def amber_home(place: str, *, clock: str | None, is_wet: bool) -> None:
    """Show what would be adopted of amber-home, or adopt it.

    URL is its PostgreSQL database; FILE is a plain dump of it, or a table as CSV. What
    is stored already stays as it is.
    """
    settings = _settings()
    label_clock = None if clock is None else LabelClock(clock)
    if _URL in place:
        opened = opened_database(store_url(place), AMBER_HOME)
    else:
        opened = opened_file(Path(place), AMBER_HOME, settings.data_dir)
    with opened as source, _counting() as count:
        _adopt(
            settings,
            lambda store, writing: adopt_amber_home(
                source, store, writing, label_clock, count
            ),
            is_wet=is_wet,
        )


async def _kamo(
    source: Reader, store: Store, writing: Writing, repeated: RepeatedHour | None
) -> Report:
    with _counting_days() as count:
        return await adopt_kamo_load_logger(source, store, writing, repeated, count)


def _settings() -> Settings:
    settings = load_settings()
    log_to_stderr(settings.log_level)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return settings


def _adopt(settings: Settings, adopting: _Adopting, *, is_wet: bool) -> None:
    report = run_until_stopped(_run(settings, adopting, is_wet=is_wet))
    if report is None:
        click.echo("stopped: what was adopted until now stays", err=True)
        return
    _print(report, is_wet=is_wet)


async def _run(settings: Settings, adopting: _Adopting, *, is_wet: bool) -> Report:
    clock = SystemClock()
    opened = app.open_store(settings, clock) if is_wet else _looking(settings)
    async with opened as store:
        return await adopting(store, Writing(store, clock, is_dry=not is_wet))


@asynccontextmanager
async def _looking(settings: Settings) -> AsyncIterator[Store]:
    """Open the store beside its server; where there is none, an empty one for a moment.

    A dry run leaves nothing behind.
    """
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as folder:
        try:
            address = settings.store_address.reveal()
            store = await Store.open_for_reading(address, clock)
        except NothingStored:
            store = await Store.open(f"sqlite:///{folder}/empty.db", clock)
        try:
            yield store
        finally:
            await store.close()


def _print(report: Report, *, is_wet: bool) -> None:
    found = [rows for rows in Rows if report.found(rows)]
    print_table(
        "Adopted" if is_wet else "Would be adopted",
        [Column("rows"), Column("found"), *(Column(fate) for fate in Fate)],
        [
            (
                rows,
                report.found(rows),
                *(report.counts[rows, fate] or None for fate in Fate),
            )
            for rows in found
        ],
        nothing="there are no rows",
    )
    if report.provisional:
        click.echo(
            "hours of load read before they were over, kept as provisional: "
            f"{report.provisional:,}"
        )
    if report.shifted:
        click.echo(
            "intervals labelled by Sydney's clock, kept at their true time: "
            f"{report.shifted:,}"
        )
    for fate, examples in report.examples.items():
        for example in examples:
            click.echo(f"{fate}: {example}", err=True)
    if not is_wet and report.adopted:
        click.echo("nothing was written: give --write to adopt these rows")


@contextmanager
def _counting() -> Iterator[Callable[[int], None]]:
    with _bar() as bar:
        task = bar.add_task("adopt", total=None, at="")
        yield lambda done: bar.update(task, at=f"{done:,} rows")


@contextmanager
def _counting_days() -> Iterator[Callable[[datetime, datetime, datetime], None]]:
    with _bar() as bar:
        task = bar.add_task("adopt", total=1.0, at="")

        def show(at: datetime, first: datetime, last: datetime) -> None:
            way = (last - first).total_seconds() or 1
            done = max(0.0, (at - first).total_seconds())
            bar.update(task, completed=done / way, at=f"{at:%Y-%m-%d}")

        yield show


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description} {task.fields[at]}"),
        BarColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
