"""The server goes on where the version before stopped."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

from energy_logger_server.domain.collecting.runs import Outcome, Source
from energy_logger_simulator.amber.config import AmberConfig
from tests.server.store.material import FIXTURES
from tests.server.whole.conftest import StartWorld, World

LIVED = FIXTURES / "lived_stores" / "0002.db.gz"
BEGAN = datetime(2026, 1, 8, 14, tzinfo=UTC)
STOPPED = datetime(2026, 1, 10, 3, 9, tzinfo=UTC)
PRICES, USAGE, LOADS = 2443 + 5, 1920, 720
"""Rows that the older version left, and a price under way of each channel."""


async def exported(world: World, path: str) -> int:
    """How many rows an export has."""
    async with world.client.get(f"{world.url}/api/export/{path}") as response:
        assert response.status == 200, await response.text()
        return len((await response.text()).splitlines()) - 1


async def test_a_store_of_the_version_before_answers_and_goes_on(
    start_world: StartWorld, tmp_path: Path
):
    (tmp_path / "energy-logger.db").write_bytes(gzip.decompress(LIVED.read_bytes()))

    async with start_world(at=STOPPED, amber=AmberConfig(start=BEGAN)) as world:
        sites = await world.get("/mirror/amber/v1/sites")
        areas = await world.get("/api/cooperatives")
        assert isinstance(sites, list)
        assert isinstance(areas, list)
        names = [site["id"] for site in sites]
        prices = [await exported(world, f"prices/{name}") for name in names]
        usage = [await exported(world, f"usage/{name}") for name in names]
        loads = [await exported(world, f"load/{area['id']}") for area in areas]
        assert (sum(prices), sum(usage), sum(loads)) == (PRICES, USAGE, LOADS)
        saved = await world.get("/api/settings/POLL_INTERVAL_MINUTES")
        assert isinstance(saved, dict)
        assert (saved["value"], saved["source"]) == (15, "saved")

        for source in Source:
            run = await world.server.collecting.collect_now(source)
            assert run.end is not None
            assert run.end.outcome is Outcome.SUCCESS, run.end.failures
