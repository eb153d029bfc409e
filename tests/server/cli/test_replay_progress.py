"""A replay shows how far it is, also where the output is a file."""

import io
from datetime import UTC, datetime, timedelta

from rich.console import Console

from energy_logger_server.cli.replay_progress import showing_replay

BEGAN = datetime(2026, 1, 9, tzinfo=UTC)
PRESENT = BEGAN + timedelta(hours=40)


def shown(*, is_terminal: bool) -> str:
    output = io.StringIO()
    console = Console(file=output, force_terminal=is_terminal, width=80)
    with showing_replay(console, BEGAN, PRESENT) as on_replayed:
        for hour in range(1, 41):
            on_replayed(BEGAN + timedelta(hours=hour))
    return output.getvalue()


def test_a_file_gets_a_line_for_every_tenth():
    lines = shown(is_terminal=False).splitlines()

    assert len(lines) == 10
    assert lines[0] == "replaying 2026-01-09 04:00 UTC, 10%"
    assert lines[-1] == "replaying 2026-01-10 16:00 UTC, 100%"


def test_a_terminal_gets_a_bar_that_ends_full():
    last = shown(is_terminal=True).split("\r")[-1]

    assert "replaying 2026-01-10 16:00 UTC" in last
    assert "0:00:00" in last
