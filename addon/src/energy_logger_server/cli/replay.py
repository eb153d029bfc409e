"""Days of simulated utilities, replayed in virtual time into a store.

The collectors, schedules and backfill are the server's own; only the clock and the
addresses of the utilities differ.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from energy_logger_server import app
from energy_logger_server.api.nem import nem_date_at, nem_day_start
from energy_logger_server.clock import Clock
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.runs import RunRecord
from energy_logger_server.errors import ConfigurationError, PlaceUnusable
from energy_logger_server.store import Store
from energy_logger_server.store.runs.read import newest_run
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.virtual_time import VirtualClock

from .overview import ledger_table, totals_table
from .replay_progress import showing_replay

_START_FILE = "simulated-start"
_REPLAY_INTERVAL_MINUTES = 30
_STEP = timedelta(hours=1)
_SETTLING = timedelta(minutes=2)
"""The replay stops so long before its end: a price run may still be under way."""
_NO_PORT = 8080
_ANY = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a replay left behind.

    Attributes:
        tables: Rows by kind, and days of the ledger.
        last_runs: The closing run of each source.
    """

    tables: tuple[Table, ...]
    last_runs: tuple[RunRecord, ...]


def simulated_start(data_dir: Path, present: datetime, days: int) -> datetime:
    """Return when the simulated utilities begin; the same for a folder ever after.

    The first replay into a folder settles it: the NEM midnight before its days.

    Raises:
        PlaceUnusable: If the folder cannot be used.
        ConfigurationError: If something else stands in the file that keeps it.
    """
    path = data_dir / _START_FILE
    try:
        if path.exists():
            return _start_in(path)
        start = nem_day_start(nem_date_at(present - timedelta(days=days)))
        data_dir.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{start.isoformat()}\n")
    except OSError as err:
        place = Path(err.filename or path)
        raise PlaceUnusable(
            "cannot keep the demo in", place, err, setting="--data-dir"
        ) from err
    return start


def _start_in(path: Path) -> datetime:
    try:
        return datetime.fromisoformat(path.read_text().strip())
    except ValueError as err:
        raise ConfigurationError(
            [f"{path} does not say when the demo began: delete its folder"]
        ) from err


def simulated_utilities(start: datetime) -> dict[str, Any]:
    """Return the configuration of both simulated utilities."""
    return {"amber": AmberConfig(start=start), "kamo": KamoConfig()}


def demo_settings(
    data_dir: Path,
    *,
    port: int,
    base_url: str | None = None,
    historical_start: datetime | None = None,
    interval_minutes: int = 5,
) -> Settings:
    """Return the demo's settings: nothing of the environment gets in."""
    values: Mapping[str, str] = {
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "COLLECTION_INTERVAL_MINUTES": str(interval_minutes),
        "POLL_INTERVAL_MINUTES": str(interval_minutes),
        "AMBER_API_KEY": simulated_utilities(_ANY)["amber"].token_valid,
        **(
            {
                "AMBER_BASE_URL": f"{base_url}/v1",
                "KAMO_BASE_URL": f"{base_url}/kamo/api",
            }
            if base_url
            else {}
        ),
        **(
            {"HISTORICAL_START_DATE": nem_date_at(historical_start).isoformat()}
            if historical_start
            else {}
        ),
    }
    return build_settings(environment=values)


async def fill(
    data_dir: Path, start: datetime, present: datetime, days: int, console: Console
) -> Filled:
    """Replay what the folder's store lacks up to ``present``; runs in virtual time.

    At the end every source is read once at exactly that instant by collectors that
    know nothing yet, as after a restart: doing all this again finds nothing new.
    """
    first = max(start, present - timedelta(days=days))
    began = max(first, await _newest_end(data_dir, present) or first)
    if began < present - _SETTLING:
        await _replay(data_dir, start, Span(began, present), console)
    return await _read_once(data_dir, start, present)


@dataclass(frozen=True, slots=True)
class Span:
    """Simulated time to replay."""

    began: datetime
    present: datetime


async def _newest_end(data_dir: Path, present: datetime) -> datetime | None:
    settings = demo_settings(data_dir, port=_NO_PORT)
    async with app.open_store(settings, VirtualClock(present)) as store:
        newest = await store.read(newest_run)
    return newest.end.finished_at if newest and newest.end else None


async def _replay(
    data_dir: Path, start: datetime, span: Span, console: Console
) -> None:
    clock = VirtualClock(span.began)
    async with _collecting(data_dir, start, clock) as (_store, collecting):
        task = asyncio.ensure_future(collecting.run(collects_at_start=False))
        with showing_replay(console, span.began, span.present) as on_replayed:
            until = span.present - _SETTLING
            while clock.now() < until and not task.done():
                left_s = (until - clock.now()).total_seconds()
                await asyncio.sleep(min(left_s, _STEP.total_seconds()))
                on_replayed(clock.now())
        await _wait_for_idle(collecting)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _wait_for_idle(collecting: app.Collecting) -> None:
    """Wait for the end of the runs under way: two minutes at the most, by design."""
    for _second in range(int(_SETTLING.total_seconds()) - 1):
        if not any(source.is_running for source in collecting.status().sources):
            return
        await asyncio.sleep(1)


async def _read_once(data_dir: Path, start: datetime, present: datetime) -> Filled:
    clock = VirtualClock(present)
    async with _collecting(data_dir, start, clock) as (store, collecting):
        runs = [await collecting.collect_now(source) for source in collecting.schedules]
        if collecting.backfill is not None:
            await collecting.backfill.run()
        tables = (await totals_table(store), await ledger_table(store))
    return Filled(tables, tuple(runs))


@asynccontextmanager
async def _collecting(
    data_dir: Path, start: datetime, clock: Clock
) -> AsyncIterator[tuple[Store, app.Collecting]]:
    simulator = Simulator(**simulated_utilities(start), now=clock.now)
    async with serve(simulator) as base_url:
        settings = demo_settings(
            data_dir,
            port=_NO_PORT,
            base_url=base_url,
            historical_start=start,
            interval_minutes=_REPLAY_INTERVAL_MINUTES,
        )
        async with (
            app.open_store(settings, clock) as store,
            app.client_session() as session,
        ):
            yield store, app.compose_collecting(settings, store, clock, session)
