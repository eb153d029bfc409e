"""Entities of yesterday's usage, and the records that they go by."""

from typing import Any

from tests.integration.conftest import World

IMPORT = "sensor.amber_ausgrid_import_yesterday"
EXPORT = "sensor.amber_ausgrid_export_yesterday"
COST = "sensor.amber_ausgrid_cost_yesterday"
EARNINGS = "sensor.amber_ausgrid_earnings_yesterday"
LATEST = "sensor.amber_ausgrid_latest_usage_day"


async def usage_of(world: World, site_id: str, day: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await world.utilities.amber(
        f"/sites/{site_id}/usage?startDate={day}&endDate={day}"
    )
    return found
