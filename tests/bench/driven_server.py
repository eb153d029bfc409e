"""``energy-logger serve`` with a clock that is set from outside, and goes on.

Reads instants from standard input, a line each: sets the clock, collects from every
source once, and prints how that ended. Ends with its input.
"""

import asyncio
import sys
from datetime import datetime

from energy_logger_server import app
from energy_logger_server.cli.running import log_to_stderr, run_until_stopped
from energy_logger_server.config.load import load_settings

from .kamo_cycles import START
from .running_clock import RunningClock


async def run() -> None:
    """Serve and collect until the input ends."""
    settings = load_settings()
    log_to_stderr(settings.log_level)
    clock = RunningClock(START)
    async with app.running(settings, clock) as server:
        while line := await asyncio.to_thread(sys.stdin.readline):
            clock.put(datetime.fromisoformat(line.strip()))
            ends = [
                await server.collecting.collect_now(source)
                for source in server.collecting.schedules
            ]
            outcomes = [run.end.outcome.value for run in ends if run.end is not None]
            print(*outcomes, flush=True)  # noqa: T201 - for whoever drives it


if __name__ == "__main__":
    run_until_stopped(run())
