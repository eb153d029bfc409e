"""System health: what is set up, and which utilities answer."""

from typing import Any

from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.energy_logger.api import endpoints
from tests.integration.conftest import World
from tests.integration.entries import amber_entry, kamo_entry


async def health(world: World) -> dict[str, Any]:
    assert await async_setup_component(world.hass, "system_health", {})
    await world.settle()
    told = await get_system_health_info(world.hass, "energy_logger")
    return {
        key: value if isinstance(value, int) else await value
        for key, value in told.items()
    }


async def test_only_utilities_in_use_are_looked_for(world: World):
    await world.set_up(await amber_entry(world))

    assert await health(world) == {
        "server_entries": 0,
        "amber_entries": 1,
        "kamo_entries": 0,
        "can_reach_amber": "ok",
    }


async def test_a_utility_that_is_away_is_told(world: World, monkeypatch):
    await world.set_up(await amber_entry(world))
    await world.set_up(kamo_entry())
    monkeypatch.setattr(endpoints, "KAMO_BASE_URL", "http://127.0.0.1:9/kamo/api")

    told = await health(world)

    assert told["kamo_entries"] == 1
    assert told["can_reach_amber"] == "ok"
    assert told["can_reach_kamo"] == {"type": "failed", "error": "unreachable"}
