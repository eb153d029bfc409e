"""Both simulated utilities as a process, whose clock stands until it is set.

With ``--ahead`` it goes at the wall's pace instead, so many seconds ahead of it, and
their history is that of an account which was there long before. Prints its address on a
line of its own; ``/_sim`` controls it, see the simulator.
"""

import argparse
import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from energy_logger_server.clock import SystemClock
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.kamo.config import KamoConfig
from energy_logger_simulator.server import Simulator, serve
from energy_logger_simulator.settable_clock import SettableClock


async def run(
    now: Callable[[], datetime],
    amber: AmberConfig,
    kamo: dict[str, Any],
    port: int,
) -> None:
    """Serve until somebody stops the process."""
    simulator = Simulator(amber=amber, kamo=KamoConfig(**kamo), now=now)
    async with serve(simulator, port=port) as address:
        print(address, flush=True)  # noqa: T201 - for whoever started it
        await asyncio.Event().wait()


def ahead_of_wall(ahead: timedelta) -> Callable[[], datetime]:
    """Return a clock that goes at the pace of the wall's."""
    wall = SystemClock()
    return lambda: wall.now() + ahead


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    time = parser.add_mutually_exclusive_group(required=True)
    time.add_argument("--now", type=datetime.fromisoformat)
    time.add_argument("--ahead", type=float, metavar="SECONDS")
    parser.add_argument("--start", type=datetime.fromisoformat)
    parser.add_argument("--kamo", type=json.loads, default={})
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--limit", type=int, help="calls of Amber in five minutes")
    given = parser.parse_args()
    if given.ahead is None:
        now = SettableClock(given.now).now
    else:
        now = ahead_of_wall(timedelta(seconds=given.ahead))
    amber = AmberConfig(start=given.start or now())
    if given.limit is not None:
        amber = replace(amber, limit=given.limit)
    asyncio.run(run(now, amber, given.kamo, given.port))
