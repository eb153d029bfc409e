"""``energy-logger demo``: the main job on simulated utilities."""

from datetime import UTC, datetime
from pathlib import Path
from typing import override

import click
from rich.console import Console

from energy_logger_server import app
from energy_logger_server.clock import SystemClock
from energy_logger_server.config.api_key import ApiKey
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.runs import RunRecord
from energy_logger_server.errors import ConfigurationError
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.virtual_time import VirtualTimeLoop

from .replay import (
    Filled,
    demo_settings,
    fill,
    simulated_start,
    simulated_utilities,
)
from .running import log_to_stderr, run_until_stopped

_DEFAULT_DAYS = 7
_LONGEST_DAYS = 400


class _Instant(click.ParamType[datetime]):
    name = "instant"

    @override
    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(
                f"{value} is not an instant such as 2026-01-04T09:00:00Z", param, ctx
            )
        if instant.tzinfo is None:
            self.fail(f"{value} has no offset: add Z or +10:00", param, ctx)
        return instant.astimezone(UTC).replace(microsecond=0)


@click.command()
@click.option(
    "--days",
    type=click.IntRange(1, _LONGEST_DAYS),
    default=_DEFAULT_DAYS,
    show_default=True,
    help="Days of the past to replay.",
)
@click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-data"),
    show_default=True,
    help="Folder of the demo's store; kept, and gone on with next time.",
)
@click.option(
    "--now", type=_Instant(), help="End of the replay; the present if not given."
)
@click.option("--once", is_flag=True, help="Fill the store and exit.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8080,
    show_default=True,
    help="Serve on this port.",
)
def demo(
    days: int, data_dir: Path, now: datetime | None, *, once: bool, port: int
) -> None:
    """Replay days of simulated utilities, then serve them live.

    Nothing leaves this machine: both utilities are simulated on it, Amber with real
    market prices where the days lie in February 2024.
    """
    if now is not None and not once:
        raise ConfigurationError(["--now goes with --once: live, the present is now"])
    log_to_stderr("WARNING")
    console = Console()
    present = now or SystemClock().now().replace(microsecond=0)
    start = simulated_start(data_dir, present, days)
    filled = run_until_stopped(
        fill(data_dir, start, present, days, console),
        loop_factory=VirtualTimeLoop,
    )
    if filled is None:
        return
    _report(console, filled)
    if once:
        return
    settings = demo_settings(data_dir, port=port)
    _say_where(console, settings)
    run_until_stopped(_live(settings, start))


async def _live(settings: Settings, start: datetime) -> None:
    clock = SystemClock()
    simulator = Simulator(**simulated_utilities(start), now=clock.now)
    async with serve(simulator) as base_url:
        pointed = demo_settings(
            settings.data_dir, port=settings.port, base_url=base_url
        )
        await app.serve(pointed, clock, exits_on_error=True)


def _report(console: Console, filled: Filled) -> None:
    for table in filled.tables:
        console.print(table)
    for run in filled.last_runs:
        console.print(_last_run(run))


def _last_run(run: RunRecord) -> str:
    outcome = run.end.outcome.value if run.end else "not ended"
    return f"last run of {run.source.value}: {outcome}"


def _say_where(console: Console, settings: Settings) -> None:
    base = f"http://localhost:{settings.port}"
    key = ApiKey(settings.api_key, settings.data_dir).current().reveal()
    console.print(f"serving on {base} - for example {base}/api/load/current/1")
    # this key opens simulated data only, and the person at this terminal made it
    console.print(
        f"household data needs the key: curl -H 'X-API-Key: {key}' {base}/api/sites",
        soft_wrap=True,
    )
    console.print("Ctrl-C stops")
