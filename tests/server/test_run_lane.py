"""A lane of the test run leaves no process behind, however it ends."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

RUN_LANE = str(Path(__file__).parents[2] / "scripts" / "run_lane")
WITH_A_SERVICE = "setsid sleep 600 & echo started; exec sleep 600"
"""A command that starts a service in a session of its own, and goes on for long."""


def start(*words: str) -> subprocess.Popen[str]:
    """Start a lane; its output ends when the last process that writes to it does."""
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def everything_has_ended(lane: subprocess.Popen[str]) -> bool:
    """Wait for the end of the output."""
    assert lane.stdout is not None
    return lane.stdout.read() == ""


def test_a_lane_ends_as_its_command_did():
    ended = [
        subprocess.run([RUN_LANE, "60", "sh", "-c", command], check=False).returncode
        for command in ("exit 0", "exit 3", "kill -KILL $$")
    ]

    assert ended == [0, 3, 128 + signal.SIGKILL]


def test_a_command_that_takes_too_long_takes_its_services_with_it():
    command = [RUN_LANE, "0.5", "sh", "-c", WITH_A_SERVICE]

    # its services hold the other end of both pipes: this waits for the last of them
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 124
    assert ended.stdout == "started\n"
    assert ended.stderr.startswith("stopped after 0.5 s: sh -c setsid sleep 600")


def test_a_service_that_a_command_leaves_behind_is_ended():
    lane = start(RUN_LANE, "60", "sh", "-c", "setsid sleep 600 & exit 0")

    with lane:
        assert everything_has_ended(lane)
        assert lane.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_lane_that_is_stopped_takes_everything_with_it(number):
    lane = start(RUN_LANE, "60", "sh", "-c", WITH_A_SERVICE)
    assert lane.stdout is not None
    assert lane.stdout.readline() == "started\n"

    lane.send_signal(number)

    with lane:
        assert everything_has_ended(lane)
        assert lane.wait() == 128 + number


def test_a_lane_whose_parent_is_killed_takes_everything_with_it():
    lane = f"{RUN_LANE} 60 sh -c '{WITH_A_SERVICE}'; true"
    parent = start("sh", "-c", lane)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "started\n"

    parent.kill()

    with parent:
        assert everything_has_ended(parent)


def test_a_command_can_be_interrupted_though_the_shell_ignored_interrupts():
    program = "import signal; print(signal.getsignal(signal.SIGINT).__name__)"
    lane = f"trap '' INT; {RUN_LANE} 60 {sys.executable} -c '{program}'"

    ended = subprocess.run(["sh", "-c", lane], capture_output=True, check=True)  # noqa: S607

    assert ended.stdout == b"default_int_handler\n"
