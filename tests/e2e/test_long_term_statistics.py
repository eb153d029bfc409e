"""From a linked site to bars on Home Assistant's Energy dashboard, without YAML.

In a run of all tests Home Assistant and the server have been restarted before.
"""

import io
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from tests.e2e.conftest import Connected
from tests.e2e.first_import import (
    ENERGY,
    PATIENCE_S,
    bars,
    check_bars,
    half_imported,
    is_imported,
)
from tests.launch.browser import Window, photograph
from tests.launch.home_assistant import until
from tests.launch.home_assistant_folder import TIME_ZONE

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(160)]

PERIOD = "energy-default-period-_energy_dashboard"
"""Under which Home Assistant's page remembers which days it shows."""
CHART = (360, 0, 1380, 660)
"""Where its bars are in the photograph: not its menu."""


async def test_a_first_import_that_a_power_cut_ends_goes_on(connected: Connected):
    household = connected.household
    entries = household.folder.path / ".storage" / "core.config_entries"
    async with half_imported(connected) as half:

        async def is_saved() -> bool:
            return half.entry_id in entries.read_text()

        # Home Assistant writes down an entry a second after it was made
        await until(is_saved, PATIENCE_S)
        await household.hass.kill()
        half.proxy.may_go_on.set()
        await household.hass.start()
        await until(partial(is_imported, household.home), PATIENCE_S)

    every = await bars(household.home, ENERGY)
    assert len(every) > len(half.bars)
    assert {at: every[at] for at in half.bars} == half.bars
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
