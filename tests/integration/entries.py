"""Entries that tests set up."""

from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.conftest import TOKEN, World

HALF_HOUR_SITE, FIVE_MINUTE_SITE = 0, 1
"""Places in the account's list of sites."""

AUSGRID_PRICE = "sensor.amber_ausgrid_general_price"
AUSGRID_SPIKE = "binary_sensor.amber_ausgrid_price_spike"
"""Entities of the first site."""

JEMENA_PRICE = "sensor.amber_jemena_general_price"
"""An entity of the second site."""

OZARK_LOAD = "sensor.ozark_electric_cooperative_load"
"""An entity of the first area."""


async def amber_entry(
    world: World, position: int = HALF_HOUR_SITE, **more: str
) -> MockConfigEntry:
    """Return an entry that asks Amber itself."""
    sites = await world.utilities.amber("/sites")
    site_id = sites[position]["id"]
    return MockConfigEntry(
        domain="energy_logger",
        unique_id=f"amber_{site_id}",
        data={"connection": "amber", "api_token": TOKEN, "site_id": site_id},
        **{"title": "Amber", **more},
    )


def kamo_entry(
    area_id: int = 1, *, substations: bool = False, **more: str
) -> MockConfigEntry:
    """Return an entry that asks KAMO itself."""
    return MockConfigEntry(
        domain="energy_logger",
        unique_id=f"kamo_{area_id}",
        data={"connection": "kamo", "area_id": area_id},
        options={"substations": substations},
        **{"title": "KAMO", **more},
    )


SPIKE = "binary_sensor.amber_ausgrid_price_spike"
