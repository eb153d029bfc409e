"""What ``scripts/test`` makes of a part that cannot run here."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "test"
_NO_HOME_ASSISTANT = '[ "$1" = test ] && echo "$PWD/environment"'


def make_program(path: Path, text: str) -> None:
    """Write a shell program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of which every lane passes, and that has no Home Assistant."""
    make_program(tmp_path / "scripts" / "setup", _NO_HOME_ASSISTANT)
    make_program(tmp_path / "scripts" / "run_lane", "exit 0")
    for name in ("initdb", "postgres", "pg_ctl"):
        make_program(tmp_path / "postgres" / name, "exit 0")
    for name in ("podman", "runc", "debootstrap", "apparmor_parser"):
        make_program(tmp_path / "containers" / name, "exit 0")
    shutil.copy(SCRIPT, tmp_path / "scripts" / "test")
    return tmp_path


def test_a_part_that_cannot_run_is_a_failure_in_continuous_integration_only(
    project: Path,
):
    words = ("", "false", "0", "true", "1", "True")
    postgres = f"ENERGY_LOGGER_PG_BIN={project / 'postgres'}"
    containers = f"PATH={project / 'containers'}:/usr/sbin:/usr/bin:/sbin:/bin"
    # side by side: each waits for a second at every lane
    runs = [
        subprocess.Popen(
            [
                *("/usr/bin/env", variable, postgres, containers),
                project / "scripts" / "test",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for variable in ("--unset=CI", *(f"CI={word}" for word in words))
    ]

    outputs = [run.communicate()[0] for run in runs]

    assert all("skipped: the integration" in text for text in outputs)
    assert [run.returncode for run in runs] == [0, 0, 0, 0, 1, 1, 1]
    assert [text.count("a skip is a failure") for text in outputs] == [
        0,
        0,
        0,
        0,
        1,
        1,
        1,
    ]
