"""Loads that the simulated KAMO does not tell: of other years, of chosen hours."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.server.web.answers import Collector, areas, grid

from .conftest import World

CENTRAL = ZoneInfo("America/Chicago")
OZARK_ID = 1
KAMO_ID = 20


async def plant_loads(
    world: World, area_id: int, loads: Mapping[datetime, float]
) -> None:
    """Store measured loads (kW) of an area, by the instants of their hours."""
    collector = Collector(world.server.deps.store, world.clock)
    await collector.run(areas(), grid(area_id, loads))
