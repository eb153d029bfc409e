"""How fast a server's hours come into Home Assistant's recorder, beside a plain write.

    python -m tests.launch.recorder_bench URL KEY SITE ROUNDS FOLDER

Home Assistant's core and its recorder run in this process, over a SQLite file in the
folder. In turns a whole first import of the site's usage is made, and the same rows are
handed to the recorder by one plain call for each statistic; each time under new ids.
Prints one line of JSON: seconds of each, hours of all statistics together, and the
longest delay and the longest step of the event loop, in milliseconds.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, thread_time

from aiohttp import ClientSession
from homeassistant import bootstrap, loader
from homeassistant.components.recorder.models import StatisticData
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
)
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.helpers import recorder
from homeassistant.helpers.recorder import get_instance
from homeassistant.setup import async_setup_component
from homeassistant.util.dt import utcnow

from custom_components.energy_logger.api.server import ServerClient
from custom_components.energy_logger.api.server_hours import UsageHour, usage_feed
from custom_components.energy_logger.statistics.catalogue import (
    SiteStatistics,
    Statistic,
)
from custom_components.energy_logger.statistics.feeds import LinkedFeed
from custom_components.energy_logger.statistics.hours import usage_hours
from custom_components.energy_logger.statistics.importing import StatisticsImport
from custom_components.energy_logger.statistics.kept_progress import KeptProgress
from custom_components.energy_logger.statistics.recorded import metadata_of

_TIMER_S = 0.001
_ALL = timedelta(days=3650)

type Rows = Mapping[Statistic, Mapping[datetime, float]]


@dataclass(slots=True)
class Measured:
    """One turn.

    Attributes:
        seconds: Until everything was committed.
        longest_ms: For which the event loop did not come to a timer.
        longest_step_ms: Its own CPU time between two of them: how long that would be
            on a machine that has nothing else to do.
    """

    seconds: float = 0.0
    longest_ms: float = 0.0
    longest_step_ms: float = 0.0


@asynccontextmanager
async def core_with_recorder(folder: Path) -> AsyncIterator[HomeAssistant]:
    """Run Home Assistant with nothing but its recorder."""
    hass = HomeAssistant(str(folder))
    hass.config_entries = ConfigEntries(hass, {})
    loader.async_setup(hass)
    await bootstrap.async_load_base_functionality(hass)
    recorder.async_initialize_recorder(hass)
    settings = {"recorder": {"db_url": f"sqlite:///{folder}/home-assistant.db"}}
    if not await async_setup_component(hass, "recorder", settings):
        raise RuntimeError("the recorder does not start")
    await hass.async_start()
    try:
        yield hass
    finally:
        await hass.async_stop(force=True)


async def measured(work: Callable[[], Awaitable[object]]) -> Measured:
    """Wait for some work, and look how late timers are meanwhile."""
    found = Measured()
    loop = asyncio.get_running_loop()

    async def watch() -> None:
        while True:
            due, spent = loop.time() + _TIMER_S, thread_time()
            await asyncio.sleep(_TIMER_S)
            late_ms = (loop.time() - due) * 1000
            step_ms = (thread_time() - spent) * 1000
            found.longest_ms = max(found.longest_ms, late_ms)
            found.longest_step_ms = max(found.longest_step_ms, step_ms)

    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    began = perf_counter()
    await work()
    found.seconds = perf_counter() - began
    watching.cancel()
    return found


async def import_all(
    hass: HomeAssistant, feed: LinkedFeed[UsageHour], name: str
) -> None:
    """Make a first import, and keep how far it is as an entry of this name."""
    kept = KeptProgress(hass, name)
    await kept.load("the-store")
    imports = StatisticsImport(hass, name, name, [feed], kept)
    await imports.sync(utcnow(), lambda _share: None)


async def write_plainly(hass: HomeAssistant, rows: Rows, name: str) -> None:
    """Hand all rows to the recorder as a simple importer does, and wait for them."""
    for statistic, amounts in rows.items():
        own = replace(statistic, id=f"{statistic.id}_{name}")
        total = 0.0
        data: list[StatisticData] = []
        for at, amount in sorted(amounts.items()):
            total += amount
            data.append(StatisticData(start=at, state=amount, sum=total))
        async_add_external_statistics(hass, metadata_of(own), data)
    await get_instance(hass).async_block_till_done()


async def main(url: str, key: str, site_id: str, rounds: int, folder: Path) -> None:
    """Measure and print."""
    ours: list[Measured] = []
    plain: list[Measured] = []
    async with core_with_recorder(folder) as hass, ClientSession() as session:
        client = ServerClient(session, url=url, key=key, now=utcnow)

        def feed(name: str) -> LinkedFeed[UsageHour]:
            site = SiteStatistics(name, name)
            arrange = partial(usage_hours, site)
            return LinkedFeed("usage", client, usage_feed(site_id), arrange)

        now = utcnow()
        rows = (await feed("plain").hours(now - _ALL, now)).amounts
        for number in range(rounds):
            name = f"ours{number}"
            ours.append(await measured(partial(import_all, hass, feed(name), name)))
            name = f"plain{number}"
            plain.append(await measured(partial(write_plainly, hass, rows, name)))
    told = {
        "hours": sum(map(len, rows.values())),
        "ours_s": [one.seconds for one in ours],
        "plain_s": [one.seconds for one in plain],
        "ours_longest_ms": [one.longest_ms for one in ours],
        "plain_longest_ms": [one.longest_ms for one in plain],
        "ours_step_ms": [one.longest_step_ms for one in ours],
        "plain_step_ms": [one.longest_step_ms for one in plain],
    }
    print(json.dumps(told), flush=True)  # noqa: T201 - for who started it


if __name__ == "__main__":
    url, key, site_id, rounds, folder = sys.argv[1:]
    asyncio.run(main(url, key, site_id, int(rounds), Path(folder)))
