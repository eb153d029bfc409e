"""Ten times kill -9 at random moments of a backfill."""

import asyncio
import signal
import sqlite3
from collections import Counter
from contextlib import AbstractAsyncContextManager, closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from tests.server.programs import ForkServer, Program

pytestmark = pytest.mark.timeout(240)

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
HISTORY_DAYS = 160
KILLS = 10

# the program itself, but for its clock, which stands at an instant of the simulation
PROGRAM = """
import sys
from datetime import datetime
from energy_logger_server import clock
instant = datetime.fromisoformat(sys.argv.pop(1))
clock.SystemClock.now = lambda self: instant
from energy_logger_server.cli import main
main()
"""


def backfilling(
    fork_server: ForkServer, folder: Path, base_url: str
) -> AbstractAsyncContextManager[Program]:
    """Start ``energy-logger backfill`` as a process of its own."""
    start = (NOW - timedelta(days=HISTORY_DAYS)).date()
    environment = {
        "DATA_DIR": str(folder),
        "AMBER_API_KEY": AmberConfig(start=NOW).token_valid,
        "AMBER_BASE_URL": f"{base_url}/v1",
        "KAMO_ENABLED": "false",
        "HISTORICAL_START_DATE": start.isoformat(),
    }
    return fork_server.start(
        PROGRAM, NOW.isoformat(), "backfill", environment=environment, folder=folder
    )


def keys(database: sqlite3.Connection, table: str) -> set[tuple[int, ...]]:
    """Primary keys of the settled rows."""
    return set(
        database.execute(f"SELECT series_id, end_at, duration_minutes FROM {table}")
    )


def check_sums(database: sqlite3.Connection) -> None:
    """Ledger and rollups equal the rows."""
    start = "(end_at - duration_minutes * 60)"
    for table, value, summed in (
        ("price", "price_e5 * duration_minutes", "price_minutes_e5"),
        ("usage", "energy_e3", "energy_e3"),
    ):
        for span, expression in (
            ("day", f"({start} + 36000) / 86400"),
            ("hour", f"{start} / 3600"),
        ):
            rows = database.execute(
                f"SELECT series_id, {expression}, sum(duration_minutes), sum({value})"
                f" FROM {table} GROUP BY 1, 2 ORDER BY 1, 2"
            ).fetchall()
            rollups = database.execute(
                f"SELECT series_id, {span}, minutes, {summed} FROM {table}_{span}"
                " ORDER BY 1, 2"
            ).fetchall()
            assert rollups == rows
        ledger = database.execute(
            "SELECT l.series_id, l.day, l.present_minutes FROM day_ledger l"
            " JOIN series s ON s.id = l.series_id"
            " WHERE s.kind = ? AND l.present_minutes > 0 ORDER BY 1, 2",
            (table,),
        ).fetchall()
        assert (
            ledger
            == database.execute(
                f"SELECT series_id, day, minutes FROM {table}_day ORDER BY 1, 2"
            ).fetchall()
        )


async def ends_within(process: Program, seconds: float) -> bool:
    """Whether a process ends by itself within so many seconds."""
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def kill_at_work(process: Program, simulator: Simulator, random: Random) -> bool:
    """Kill a process at a random moment after its first request.

    Returns:
        False if it had ended by itself before.
    """
    asked_before = len(list(simulator.requests))
    while len(list(simulator.requests)) == asked_before:
        if await ends_within(process, 0.02):
            return False
    if await ends_within(process, random.uniform(0, 0.4)):
        return False
    process.send_signal(signal.SIGKILL)
    await process.wait()
    return True


async def test_no_committed_interval_is_lost_and_backfill_goes_on_where_it_was(
    tmp_path, fork_server
):
    amber = AmberConfig(start=NOW, limit=100_000)
    simulator = Simulator(amber=amber, kamo=KamoConfig(), now=lambda: NOW)
    random = Random(7)
    folder = tmp_path / "0"
    folder.mkdir()
    before: dict[str, set[tuple[int, ...]]] = {"price": set(), "usage": set()}
    kills = 0
    async with serve(simulator) as base_url:
        while kills < KILLS:
            async with backfilling(fork_server, folder, base_url) as process:
                is_killed = await kill_at_work(process, simulator, random)
            if not is_killed:
                # a fast machine was done before: once more, from nothing
                assert process.returncode == 0
                folder = tmp_path / str(kills)
                folder.mkdir()
                before = {"price": set(), "usage": set()}
                continue
            kills += 1
            with closing(sqlite3.connect(folder / "energy-logger.db")) as database:
                assert database.execute("PRAGMA integrity_check").fetchall() == [
                    ("ok",)
                ]
                for table, known in before.items():
                    found = keys(database, table)
                    assert known <= found
                    before[table] = found
                check_sums(database)
        async with backfilling(fork_server, folder, base_url) as process:
            assert await process.wait() == 0

    with closing(sqlite3.connect(folder / "energy-logger.db")) as database:
        check_sums(database)
        outcomes = Counter(
            outcome for (outcome,) in database.execute("SELECT outcome FROM run")
        )
        assert outcomes["running"] == 0
        assert outcomes["interrupted"] > 0
        first = (NOW - timedelta(days=HISTORY_DAYS)).date() - date(1970, 1, 1)
        incomplete = database.execute(
            "SELECT s.kind, l.day, l.state FROM day_ledger l"
            " JOIN series s ON s.id = l.series_id"
            " WHERE s.kind = 'price' AND l.day >= ? AND l.state <> 'complete'",
            (first.days,),
        ).fetchall()
        assert incomplete == []
    # what was committed is not asked for again: one window at the most for each kill
    windows = Counter(
        (entry.path, *entry.query.values())
        for entry in simulator.requests
        if entry.query
    )
    rounds = len(list(tmp_path.iterdir()))
    assert sum(windows.values()) - rounds * len(windows) <= KILLS
