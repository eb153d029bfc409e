"""From a linked site to bars on Home Assistant's Energy dashboard, without YAML.

In a run of all tests Home Assistant and the server have been restarted before.
"""

import asyncio
import io
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from PIL import Image

from tests.e2e.conftest import Connected
from tests.e2e.published import nem_date
from tests.launch.browser import Window, photograph
from tests.launch.connections import LINKED_AREAS, LINKED_SITE, link
from tests.launch.holding_proxy import holding_proxy
from tests.launch.home_assistant import HomeAssistant, until
from tests.launch.home_assistant_folder import TIME_ZONE
from tests.launch.household import KEY, Household

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(160)]

SITE = f"energy_logger:amber_{LINKED_SITE.lower()}"
LINKED = (SITE, *(f"energy_logger:kamo_{area}" for area in LINKED_AREAS))
ENERGY = f"{SITE}_general_energy"
IMPORTED = "sensor.amber_ausgrid_statistics_imported"
PATIENCE_S = 60
PERIOD = "energy-default-period-_energy_dashboard"
"""Under which Home Assistant's page remembers which days it shows."""
CHART = (360, 0, 1380, 660)
"""Where its bars are in the photograph: not its menu."""


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
        if one["statistic_id"].startswith(tuple(f"{owner}_" for owner in LINKED))
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


async def test_a_first_import_that_a_power_cut_ends_goes_on(connected: Connected):
    household = connected.household
    home = household.home
    await forget_import(connected)

    def is_second_page(request: web.Request) -> bool:
        start = request.query.get("start")
        return (
            request.path == f"/api/statistics/usage/{LINKED_SITE}"
            and start is not None
            and nem_date(start) > (household.first_day + timedelta(days=29)).isoformat()
        )

    async with holding_proxy(household.server_url) as proxy:
        proxy.holds = is_second_page
        entry_id = await link(household, proxy.url)
        async with asyncio.timeout(PATIENCE_S):
            await proxy.has_held.wait()
        imported = await bars(home, ENERGY)
        assert 0 < await progress(home) < 100
        await household.hass.kill()
        proxy.holds = lambda _request: False
        await household.hass.start()
        await until(partial(is_imported, home), PATIENCE_S)
        # and goes to the server itself from now on
        address = {"url": household.server_url, "api_key": KEY}
        await home.reconfigure(entry_id, address)

    every = await bars(home, ENERGY)
    assert len(every) > len(imported) >= 24
    assert {at: every[at] for at in imported} == imported
    await check_bars(household)


async def test_a_linked_sites_history_is_on_the_energy_dashboard(connected: Connected):
    household = connected.household
    home = household.home
    price = await home.ask(
        "config/entity_registry/get", entity_id="sensor.amber_ausgrid_general_price"
    )

    assert await until(partial(is_imported, home), PATIENCE_S)
    answer = await home.act(
        "add_to_energy_dashboard",
        config_entry_id=price["config_entry_id"],
        device_id=price["device_id"],
    )

    assert ENERGY in answer["added"]
    sources = (await home.ask("energy/get_prefs"))["energy_sources"]
    assert [one["stat_energy_from"] for one in sources] == [ENERGY]
    assert (await home.ask("energy/validate"))["energy_sources"] == [[]]
    await check_bars(household)


@pytest.mark.browser
async def test_the_energy_dashboard_draws_the_bars(
    connected: Connected, tmp_path: Path, photographs: Path
):
    home = connected.household.home

    seen = await photograph(
        home,
        "/energy",
        ["Total energy imported", "Amber Ausgrid feed-in return"],
        Window(),
        tmp_path,
        remembered={PERIOD: "now-7d"},
    )

    (photographs / "energy-dashboard.png").write_bytes(seen.png)
    here = home.present.now().astimezone(ZoneInfo(TIME_ZONE))
    first = here.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=7)
    shown = [kwh for at, kwh in (await bars(home, ENERGY)).items() if at >= first]
    assert f"Total energy imported: {sum(shown):.2f} kWh" in seen.text
    with Image.open(io.BytesIO(seen.png)) as picture:
        pixels = picture.convert("RGB").crop(CHART).getcolors(maxcolors=1_000_000)
    assert pixels is not None
    colourful = [
        count
        for count, color in pixels
        if isinstance(color, tuple) and max(color) - min(color) > 30
    ]
    # the bars of what was drawn, and of what was given back
    assert sorted(colourful)[-2] > 5_000
