"""What measures imports into Home Assistant does import, and says how fast."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.e2e.conftest import Connected
from tests.launch.connections import LINKED_SITE
from tests.launch.home_assistant_folder import ROOT
from tests.launch.household import KEY

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(160)]


async def test_both_ways_of_writing_are_timed(connected: Connected, tmp_path: Path):
    url = connected.household.server_url
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.launch.recorder_bench"),
        *(url, KEY, LINKED_SITE, "1", str(tmp_path)),
        cwd=ROOT,
        stdout=PIPE,
    )
    printed, _none = await process.communicate()

    assert process.returncode == 0
    told = json.loads(printed)
    # energy and money of two channels, of some days at least
    assert told["hours"] > 4 * 24
    assert [len(told[f"{one}_s"]) for one in ("ours", "plain")] == [1, 1]
    assert all(told[f"{one}_s"][0] > 0 for one in ("ours", "plain"))
