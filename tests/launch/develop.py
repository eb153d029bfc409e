"""A Home Assistant to develop with: ``scripts/develop`` runs this.

Simulated utilities, the server and Home Assistant, all three connections set up and
charts with something in them. Everything is kept in a folder that goes at the end.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from tests.launch.connections import connect, show_forecasts
from tests.launch.home_assistant_folder import DASHBOARD_PATH
from tests.launch.household import KEY, Household, running_household
from tests.launch.programs import NotRunningError, is_free
from tests.launch.recorded_past import remember_dashboard

USER = "developer"
PASSWORD = "developer"  # noqa: S105 - of an instance that only this machine can reach


async def develop(folder: Path, port: int, starts_at: datetime | None) -> None:
    """Start everything and wait until somebody stops it, or something ends.

    Args:
        folder: For all that is kept.
        port: Of Home Assistant.
        starts_at: As in ``running_household``.
    """
    _say("starting: utilities, server, Home Assistant")
    async with running_household(folder, port=port, starts_at=starts_at) as household:
        await household.home.onboard("Developer", USER, PASSWORD)
        entries = await connect(household)
        await show_forecasts(household, entries.amber)
        await remember_dashboard(household.home)
        _say_where(household)
        programs = (household.utilities, household.server, household.hass)
        async with asyncio.TaskGroup() as group:
            for program in programs:
                group.create_task(program.wait())


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - to whoever started it


def _say_where(household: Household) -> None:
    home = household.home.url
    _say(
        f"""
  Home Assistant  {home}/{DASHBOARD_PATH}
                  user {USER}, password {PASSWORD}
  server          {household.server_url}/api/docs
                  curl -H 'X-API-Key: {KEY}' {household.server_url}/api/sites
  utilities       {household.utilities_url}/_sim/requests
  logs            {household.hass.output.parent}/*.log

After a change restart Home Assistant in its settings, or reload an entry. Ctrl-C stops
everything."""
    )


async def _main(port: int, starts_at: datetime | None) -> None:
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with tempfile.TemporaryDirectory(prefix="energy-logger-develop-") as folder:
        await develop(Path(folder), port, starts_at)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="scripts/develop", description=__doc__)
    parser.add_argument(
        "--port", type=int, default=8123, help="of Home Assistant (default: 8123)"
    )
    parser.add_argument(
        "--starts-at",
        type=datetime.fromisoformat,
        metavar="TIME",
        help="what time it is for all of them, with its offset (default: the present)",
    )
    given = parser.parse_args()
    if not is_free(given.port):
        parser.error(f"port {given.port} is taken: name another one with --port")
    try:
        with suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(_main(given.port, given.starts_at))
    except* NotRunningError as group:
        sys.exit("\n".join(map(str, group.exceptions)))
