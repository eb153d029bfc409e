"""What ``scripts/develop`` starts: ready to log in, and gone when it is stopped."""

import sys
from pathlib import Path

import aiohttp
import pytest

from tests.e2e.conftest import STARTS_AT
from tests.launch.develop import PASSWORD, USER
from tests.launch.home_assistant import DOMAIN, HomeAssistant
from tests.launch.home_assistant_folder import ROOT
from tests.launch.household import server_python
from tests.launch.programs import Program, free_port, is_free

pytestmark = pytest.mark.timeout(160)


async def test_one_can_log_in_and_everything_is_set_up(tmp_path: Path):
    port = free_port()
    kept = tmp_path / "kept"
    kept.mkdir()

    async def has_told_where() -> bool:
        return "Ctrl-C stops" in develop.output.read_text()

    develop = Program(
        "develop",
        [
            *(sys.executable, "-m", "tests.launch.develop"),
            *("--port", str(port), "--starts-at", STARTS_AT.isoformat()),
        ],
        {
            "ENERGY_LOGGER_SERVER_PYTHON": server_python(),
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(kept),
        },
        tmp_path,
        has_told_where,
        start_within_s=150,
    )
    try:
        await develop.start()
        async with aiohttp.ClientSession() as session:
            home = HomeAssistant(f"http://127.0.0.1:{port}", session)
            await home.log_in(USER, PASSWORD)
            entries = await home.get("/api/config/config_entries/entry")
    finally:
        await develop.stop()

    ours = [entry["state"] for entry in entries if entry["domain"] == DOMAIN]
    assert ours == ["loaded"] * 3
    assert home.url in develop.output.read_text()
    assert "Traceback" not in develop.output.read_text()
    assert is_free(port)
    assert not list(kept.iterdir())
