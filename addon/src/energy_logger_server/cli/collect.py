"""``energy-logger collect``: one cycle of every source, now."""

import asyncio
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import click

from energy_logger_server import app
from energy_logger_server.api.errors import SourceUnreachable
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.live import LiveSettings
from energy_logger_server.config.load import load_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.runs import Outcome, RunRecord
from energy_logger_server.errors import StoreInUse

from .running import log_to_stderr, run_until_stopped
from .server_call import ask_running_server
from .settings_log import log_warnings

_LONGEST_RUN = timedelta(minutes=5)
_LOOK_AGAIN_S = 1.0


@click.command()
def collect() -> None:
    """Run every source once, and exit 1 if one got nothing.

    While a server runs on the same store, it is asked to do it.
    """
    settings = load_settings()
    log_to_stderr(settings.log_level)
    log_warnings(settings)
    try:
        runs = run_until_stopped(_collect(settings))
    except StoreInUse:
        click.echo("a server is running on this store: it collects now")
        answer = run_until_stopped(_ask_to_collect(settings))
        if answer is not None:
            click.echo(f"done, success: {str(answer.get('success')).lower()}")
            _exit_unless(bool(answer.get("success")))
        return
    for run in runs or ():
        click.echo(_sentence(run))
    _exit_unless(all(_got_something(run) for run in runs or ()))


async def _ask_to_collect(settings: Settings) -> dict[str, Any]:
    """Have the server run every source; wait for the end of a run under way."""
    clock = SystemClock()
    until = clock.now() + _LONGEST_RUN
    is_waiting = False
    while True:
        try:
            return await ask_running_server(settings, "POST", "/api/import/trigger")
        except SourceUnreachable as err:
            if err.status != HTTPStatus.CONFLICT or clock.now() >= until:
                raise
        if not is_waiting:
            click.echo("a run is under way: waiting for its end")
            is_waiting = True
        await asyncio.sleep(_LOOK_AGAIN_S)


async def _collect(settings: Settings) -> list[RunRecord]:
    clock = SystemClock()
    async with (
        app.open_store(settings, clock) as store,
        app.client_session() as session,
    ):
        live = await LiveSettings.read(settings, store)
        collecting = app.compose_collecting(live.current, store, clock, session)
        return [await collecting.collect_now(source) for source in collecting.schedules]


def _sentence(run: RunRecord) -> str:
    if run.end is None:
        return f"{run.source}: not ended"
    counts = run.end.counts
    kinds = {
        "prices": counts.price,
        "usage": counts.usage,
        "loads": counts.load,
        "substations": counts.substation,
        "forecasts": counts.forecast,
    }
    brought = ", ".join(
        f"{name} {kind.new + kind.changed}"
        for name, kind in kinds.items()
        if kind.new + kind.changed
    )
    failed = "".join(f"\n  {one.subject}: {one.message}" for one in run.end.failures)
    return f"{run.source}: {run.end.outcome}, {brought or 'nothing new'}{failed}"


def _got_something(run: RunRecord) -> bool:
    return run.end is not None and run.end.outcome in (Outcome.SUCCESS, Outcome.PARTIAL)


def _exit_unless(is_well: bool) -> None:  # noqa: FBT001 - the only argument
    if not is_well:
        raise SystemExit(1)
