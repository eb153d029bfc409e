"""A store that two weeks of simulated utilities have filled, made once a test run."""

import asyncio
import fcntl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from energy_logger_server import app
from energy_logger_server.config.load import build_settings
from energy_logger_server.config.settings import Settings
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.virtual_time import VirtualClock, VirtualTimeLoop

KEY = "the-key-of-the-pages-0123456789"
BEGAN = datetime(2026, 1, 1, 14, tzinfo=UTC)
"""A NEM midnight."""
PRESENT = datetime(2026, 1, 15, 3, 9, tzinfo=UTC)
"""Early afternoon in Sydney, evening in Missouri."""
SUBSTATION_AREAS = "OZEC,BAEC,CREC"
"""Whose substations are collected; those of all areas would take four times as long."""
_KAMO_LOOKS_BACK = timedelta(hours=10)
_LAST_DAY = timedelta(hours=24)
_SNAPSHOTS_EVERY = timedelta(minutes=60)


def page_settings(data_dir: Path, utilities: str, **values: str) -> Settings:
    """Return settings of a server on simulated utilities."""
    return build_settings(
        environment={
            "DATA_DIR": str(data_dir),
            "HOST": "127.0.0.1",
            "API_KEY": KEY,
            "AMBER_API_KEY": AmberConfig(start=BEGAN).token_valid,
            "AMBER_BASE_URL": f"{utilities}/v1",
            "KAMO_BASE_URL": f"{utilities}/kamo/api",
            "HISTORICAL_START_DATE": "2026-01-02",
            "KAMO_SUBSTATION_AREAS": SUBSTATION_AREAS,
            **values,
        }
    )


def filled_store(shared: Path) -> Path:
    """Return the filled store's file, filling it if no other process has.

    Args:
        shared: Folder that all processes of the test run have in common.
    """
    path = shared / "filled" / "energy-logger.db"
    with (shared / "filled.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            unfinished = shared / "unfinished"
            unfinished.mkdir()
            with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
                runner.run(_fill(unfinished))
            unfinished.rename(path.parent)
    return path


async def _fill(data_dir: Path) -> None:
    clock = VirtualClock(BEGAN + _KAMO_LOOKS_BACK)
    simulator = Simulator(
        amber=AmberConfig(start=BEGAN), kamo=KamoConfig(), now=clock.now
    )
    async with serve(simulator) as utilities:
        settings = page_settings(data_dir, utilities)
        async with (
            app.open_store(settings, clock) as store,
            app.client_session() as session,
        ):
            collecting = app.compose_collecting(settings, store, clock, session)
            while clock.now() < PRESENT:
                await collecting.collect_now(Source.KAMO)
                left = PRESENT - clock.now()
                step = _KAMO_LOOKS_BACK if left > _LAST_DAY else _SNAPSHOTS_EVERY
                await asyncio.sleep(min(left, step).total_seconds())
            await collecting.collect_now(Source.KAMO)
            await collecting.collect_now(Source.AMBER)
            assert collecting.backfill is not None
            await collecting.backfill.run()
