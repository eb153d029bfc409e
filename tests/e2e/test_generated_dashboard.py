"""The dashboard that an entry's action returns, in a real Home Assistant."""

from operator import attrgetter
from pathlib import Path

import pytest

from tests.e2e.conftest import Connected
from tests.launch.browser import Window, photograph
from tests.launch.recorded_past import remember_dashboard

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(160)]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("connection", "wanted"),
    [
        ("amber", ["Amber Jemena", "AUD/kWh", "General price", "Cost yesterday"]),
        ("kamo", ["Barry Electric Cooperative", "Peak today"]),
        ("server", ["Amber Ausgrid", "Barton County Electric Cooperative"]),
    ],
)
async def test_the_dashboard_of_an_entry_shows_without_errors(
    connected: Connected,
    tmp_path: Path,
    photographs: Path,
    connection: str,
    wanted: list[str],
):
    home = connected.household.home
    entry_id = attrgetter(connection)(connected.entries)
    await remember_dashboard(home)
    path = f"dashboard-{connection}"
    made = await home.act("get_dashboard", config_entry_id=entry_id)
    await home.ask("lovelace/dashboards/create", url_path=path, title=made["title"])
    await home.ask("lovelace/config/save", url_path=path, config=made)

    seen = await photograph(home, f"/{path}", wanted, Window(height=1000), tmp_path)

    (photographs / f"{path}.png").write_bytes(seen.png)
    for word in wanted:
        assert word in seen.text
    for trouble in ("rror", "not found", "navailable", "doesn't exist"):
        assert trouble not in seen.text
