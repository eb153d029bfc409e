"""``energy-logger backfill``: read the history that is missing, and exit."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
)

from energy_logger_server import app
from energy_logger_server.clock import SystemClock
from energy_logger_server.collect.backfill.backfill import Observer
from energy_logger_server.config.live import LiveSettings
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.backfill_progress import (
    BackfillProgress,
    BackfillState,
)
from energy_logger_server.errors import ConfigurationError, StoreInUse

from .backfill_watch import have_server_backfill
from .running import log_to_stderr, run_until_stopped
from .settings_log import log_warnings

_LOG = logging.getLogger(__name__)


@click.command()
def backfill() -> None:
    """Read Amber's history from HISTORICAL_START_DATE to yesterday.

    Can be stopped at any time: the next pass goes on where this one was. While a server
    runs on the same store, it is asked to do it.
    """
    settings = load_settings()
    log_to_stderr(settings.log_level)
    log_warnings(settings)
    try:
        progress = run_until_stopped(_backfill(settings))
    except StoreInUse:
        click.echo("a server is running on this store: it reads the history")
        progress = run_until_stopped(_watch(settings))
        if progress is None:
            click.echo("stopped watching: the server goes on reading")
    if progress is not None:
        _conclude(progress)


def _conclude(progress: BackfillProgress) -> None:
    """Say how a pass ended; exit 1 if it did not get everything."""
    click.echo(
        f"{progress.state}: {progress.windows_done} of {progress.windows_total}"
        f" windows, {progress.rows} rows"
    )
    if progress.error is not None:
        click.echo(f"energy-logger: {progress.error}", err=True)
    if progress.state is BackfillState.FAILED or progress.windows_failed:
        raise SystemExit(1)


async def _watch(settings: Settings) -> BackfillProgress:
    with _observing() as observer:
        return await have_server_backfill(settings, observer)


async def _backfill(settings: Settings) -> BackfillProgress:
    clock = SystemClock()
    async with (
        app.open_store(settings, clock) as store,
        app.client_session() as session,
    ):
        live = await LiveSettings.read(settings, store)
        collecting = app.compose_collecting(live.current, store, clock, session)
        if collecting.backfill is None:
            raise ConfigurationError(["AMBER_API_KEY is not set: nothing to backfill"])
        with _observing() as observer:
            return await collecting.backfill.run(observer)


@contextmanager
def _observing() -> Iterator[Observer]:
    """Give an observer: a bar on a terminal, log lines elsewhere."""
    if not sys.stderr.isatty():
        yield _log_step
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task("backfill", total=None, pace="")

        async def show(progress: BackfillProgress) -> None:
            bar.update(
                task,
                total=progress.windows_total,
                completed=progress.windows_done,
                description=progress.state.value,
                pace=pace_of(progress),
            )

        yield show


async def _log_step(progress: BackfillProgress) -> None:
    _LOG.info(
        "backfill %s: %d of %d windows, %d rows, %s",
        progress.state,
        progress.windows_done,
        progress.windows_total,
        progress.rows,
        pace_of(progress),
    )


def pace_of(progress: BackfillProgress) -> str:
    """Return rate and time left as a person says them."""
    rate = progress.windows_per_minute
    left = progress.time_left
    parts = [
        *([f"{rate:.1f} windows a minute"] if rate is not None else []),
        *([f"{_minutes(left)} left"] if left is not None else []),
    ]
    return ", ".join(parts) or "time left not known yet"


def _minutes(span: timedelta) -> str:
    minutes = round(span / timedelta(minutes=1))
    if minutes < 1:
        return "less than a minute"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{rest} min"
