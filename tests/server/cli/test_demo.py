"""The demo replays days in virtual time, and finds nothing new when asked again."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.server.cli.conftest import answer_of

pytestmark = pytest.mark.timeout(120)

DEMO = ("demo", "--once", "--days", "1", "--now", "2026-01-10T03:00:00Z")


def contents(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the run log."""
    with closing(sqlite3.connect(folder / "energy-logger.db")) as database:
        names = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            )
            if name not in ("run", "run_failure")
        ]
        return {
            name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr)
            for name in names
        }


async def test_again_on_the_same_folder_only_the_run_log_changes(
    run, environment, tmp_path
):
    first = await run(*DEMO, "--data-dir", "demo", environment=environment)
    before = contents(tmp_path / "demo")
    second = await run(*DEMO, "--data-dir", "demo", environment=environment)

    assert (first.code, second.code) == (0, 0), first.errors + second.errors
    assert "Days in the ledger" in first.out
    assert "replaying 2026-01-09 15:00 UTC, 50%" in first.out
    assert first.out.count("replaying") in {9, 10}
    assert contents(tmp_path / "demo") == before
    states = {
        (row[2], row[0])
        for row in before["day_ledger"]
        if row[0] < 20_461  # 2026-01-09 Central is the running day of the replay
    }
    assert {state for state, _day in states} <= {"complete", "estimated"}


async def test_now_without_once_is_refused(run, environment):
    ended = await run("demo", "--now", "2026-01-10T03:00:00Z", environment=environment)

    assert ended.code == 2
    assert "--once" in ended.errors


@pytest.mark.parametrize("instant", ["yesterday", "2026-01-10T03:00:00"])
async def test_an_instant_that_is_none_is_refused(run, environment, instant):
    ended = await run("demo", "--once", "--now", instant, environment=environment)

    assert ended.code == 2
    assert instant in ended.errors


async def test_the_demo_goes_on_live_and_serves(start, environment, port):
    process = await start(
        "demo", "--days", "1", "--port", str(port), environment=environment
    )
    base = f"http://127.0.0.1:{port}"

    load = await answer_of(f"{base}/api/load/current/1", process)
    status = await answer_of(f"{base}/api/status", process)
    process.send_signal(signal.SIGTERM)
    out, errors = await process.communicate()

    assert load["area_name"] == "Ozark Electric Cooperative"
    assert status["status"] == "healthy"
    assert process.returncode == 0, errors
    assert f"serving on http://localhost:{port}" in out.decode()
