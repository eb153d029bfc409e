"""A file system that cannot have SQLite's write-ahead log is told, not ignored."""

from pathlib import Path

import pytest

from tests.server.whole.conftest import StartWorld


async def test_a_refused_write_ahead_log_is_reported_in_log_and_status(
    start_world: StartWorld, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    refusing = f"sqlite:///file:{tmp_path}/energy.db?nolock=1&uri=true"

    async with start_world(DATABASE_URL=refusing) as world:
        status = await world.get("/api/status")

    assert isinstance(status, dict)
    assert status["storage"]["journal_mode"] == "delete"
    (warning,) = [line for line in caplog.messages if "write-ahead" in line]
    assert "its journal mode is delete" in warning


async def test_the_usual_one_is_not_worth_a_word(
    start_world: StartWorld, caplog: pytest.LogCaptureFixture
):
    async with start_world() as world:
        status = await world.get("/api/status")

    assert isinstance(status, dict)
    assert status["storage"]["journal_mode"] == "wal"
    assert not [line for line in caplog.messages if "write-ahead" in line]
