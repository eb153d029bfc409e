"""The scripts that keep the predecessor's names: what they call."""

import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[3] / "addon/rootfs/app/scripts"


def called(folder: Path, script: str, *words: str) -> tuple[int, str, str]:
    """Run a script; return its exit code, what it calls, and what it complains of."""
    program = folder / "energy-logger"
    program.write_text('#!/bin/sh\necho "$@"\n')
    program.chmod(0o755)
    ended = subprocess.run(
        ["/bin/sh", str(SCRIPTS / script), *words],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": f"{folder}:/usr/bin:/bin"},
    )
    return ended.returncode, ended.stdout, ended.stderr


def test_backup_sh_makes_one_drops_old_ones_and_lists(tmp_path: Path):
    assert called(tmp_path, "backup.sh") == (
        0,
        "backup create\nbackup prune\nbackup list\n",
        "",
    )


def test_restore_sh_lists_or_restores(tmp_path: Path):
    assert called(tmp_path, "restore.sh") == (0, "backup list\n", "")
    assert called(tmp_path, "restore.sh", "a file.db") == (
        0,
        "backup restore a file.db\n",
        "",
    )


@pytest.mark.parametrize(
    ("script", "words", "said"),
    [
        ("backup.sh", ("--s3", "bucket"), "--s3 is not there yet"),
        ("backup.sh", ("daily",), "backup.sh   make a backup"),
        ("restore.sh", ("one", "two"), "restore.sh FILE"),
    ],
)
def test_what_they_cannot_do_is_said(
    tmp_path: Path, script: str, words: tuple[str, ...], said: str
):
    code, out, errors = called(tmp_path, script, *words)

    assert code == 2
    assert not out
    assert said in errors
