"""Workbooks that were being made when the server was killed."""

from pathlib import Path

from tests.server.whole.conftest import StartWorld


async def test_what_a_killed_server_left_behind_is_removed_at_the_next_start(
    start_world: StartWorld, tmp_path: Path
):
    left = tmp_path / "unfinished_exports" / "tmpabc"
    left.mkdir(parents=True)
    (left / "export.xlsx").write_bytes(b"PK")

    async with start_world():
        assert not left.exists()
