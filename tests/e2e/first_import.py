"""The first import of a linked site's history, as Home Assistant shows it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from tests.e2e.conftest import Connected
from tests.e2e.published import nem_date
from tests.launch.connections import LINKED_AREAS, LINKED_SITE, link
from tests.launch.holding_proxy import HoldingProxy, holding_proxy
from tests.launch.home_assistant import HomeAssistant
from tests.launch.household import KEY, Household

SITE = f"energy_logger:amber_{LINKED_SITE.lower()}"
ENERGY = f"{SITE}_general_energy"
IMPORTED = "sensor.amber_ausgrid_statistics_imported"
PATIENCE_S = 60

_LINKED = (SITE, *(f"energy_logger:kamo_{area}" for area in LINKED_AREAS))


async def progress(home: HomeAssistant) -> float:
    """Return how much of the first import is done, in per cent."""
    state = (await home.states()).get(IMPORTED, {"state": "unknown"})["state"]
    return float(state) if state not in {"unknown", "unavailable"} else 0.0


async def is_imported(home: HomeAssistant) -> bool:
    """Return whether the first import is done."""
    return await progress(home) == 100


async def forget_import(connected: Connected) -> None:
    """Take the server's entry away, and all that it has brought into the recorder."""
    home = connected.household.home
    price = await home.ask(
        "config/entity_registry/get", entity_id="sensor.amber_ausgrid_general_price"
    )
    await home.remove(price["config_entry_id"])
    known = await home.ask("recorder/list_statistic_ids")
    brought = [
        one["statistic_id"]
        for one in known
        if one["statistic_id"].startswith(tuple(f"{owner}_" for owner in _LINKED))
    ]
    await home.ask("recorder/clear_statistics", statistic_ids=brought)


async def bars(home: HomeAssistant, statistic_id: str) -> dict[datetime, float]:
    """Return the change of every hour that is recorded, by its start."""
    answer = await home.ask(
        "recorder/statistics_during_period",
        start_time=(home.present.now() - timedelta(days=400)).isoformat(),
        statistic_ids=[statistic_id],
        period="hour",
        types=["change"],
    )
    return {
        datetime.fromtimestamp(one["start"] / 1000, UTC): one["change"]
        for one in answer.get(statistic_id, [])
    }


async def check_bars(household: Household) -> None:
    """Compare the bars with what the server has, every hour."""
    feed = await household.statistics(f"usage/{LINKED_SITE}?limit=10000")
    assert not feed["truncated"]
    for channel, statistic in (("general", "general"), ("feedIn", "feed_in")):
        hours: dict[datetime, Any] = {
            datetime.fromisoformat(one["start"]): pytest.approx(
                one["energy_kwh"], abs=1e-9
            )
            for one in feed["data"]
            if one["channel_type"] == channel
        }
        assert len(hours) >= 24
        assert await bars(household.home, f"{SITE}_{statistic}_energy") == hours


@dataclass(frozen=True, slots=True)
class HalfImported:
    """An import that is held behind its first page.

    Attributes:
        proxy: Holds it.
        entry_id: Of the entry, which asks the proxy.
        bars: What is there so far.
    """

    proxy: HoldingProxy
    entry_id: str
    bars: dict[datetime, float]


@asynccontextmanager
async def half_imported(connected: Connected) -> AsyncIterator[HalfImported]:
    """Link the server anew, and hold the import of its history.

    At the end the entry asks the server itself, with the usual key.
    """
    household = connected.household
    home = household.home
    await forget_import(connected)
    behind = (household.first_day + timedelta(days=29)).isoformat()

    def is_second_page(request: web.Request) -> bool:
        start = request.query.get("start")
        is_usage = request.path == f"/api/statistics/usage/{LINKED_SITE}"
        return is_usage and start is not None and nem_date(start) > behind

    async with holding_proxy(household.server_url) as proxy:
        proxy.holds = is_second_page
        entry_id = await link(household, proxy.url)
        async with asyncio.timeout(PATIENCE_S):
            await proxy.has_held.wait()
        imported = await bars(home, ENERGY)
        assert len(imported) >= 24
        assert 0 < await progress(home) < 100
        yield HalfImported(proxy, entry_id, imported)
        await home.reconfigure(entry_id, {"url": household.server_url, "api_key": KEY})
