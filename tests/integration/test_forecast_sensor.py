"""The opt-in sensor of forecasts."""

from dataclasses import replace

import pytest
from homeassistant.helpers import entity_registry as er

from custom_components.energy_logger.coordinator import PriceCoordinator
from tests.integration.conftest import World
from tests.integration.entries import amber_entry

GENERAL = "sensor.amber_ausgrid_general_forecast"


async def enabled(world: World) -> PriceCoordinator:
    """Set up a site, enable its forecast of general use; return its prices."""
    entry = await amber_entry(world)
    await world.set_up(entry)
    registry = er.async_get(world.hass)
    found = registry.async_get(GENERAL)
    assert found is not None
    assert found.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    registry.async_update_entity(GENERAL, disabled_by=None)
    await world.hass.config_entries.async_reload(entry.entry_id)
    await world.settle()
    (site,) = entry.runtime_data.sites.values()
    prices: PriceCoordinator = site.prices
    return prices


async def test_the_forecast_begins_with_the_next_interval(world: World):
    await enabled(world)

    shown = world.hass.states.get(GENERAL)

    assert shown is not None
    forecasts = shown.attributes["forecasts"]
    assert float(shown.state) == pytest.approx(forecasts[0]["per_kwh"])
    assert forecasts[0]["start_time"] == "2026-01-04T09:30:00+00:00"
    assert {"end_time", "per_kwh", "advanced_price_predicted"} <= forecasts[0].keys()
    assert "state_class" not in shown.attributes


async def test_without_a_forecast_the_next_price_is_unknown(world: World):
    prices = await enabled(world)
    general = replace(prices.data.channels["general"], forecasts=())

    prices.async_set_updated_data(replace(prices.data, channels={"general": general}))

    assert world.state(GENERAL) == "unknown"


async def test_a_channel_that_is_missing_is_unavailable(world: World):
    prices = await enabled(world)

    prices.async_set_updated_data(replace(prices.data, channels={}))

    assert world.state(GENERAL) == "unavailable"


async def test_the_list_is_never_recorded(world: World):
    await enabled(world)

    shown = world.hass.states.get(GENERAL)

    assert shown is not None
    # what the recorder goes by
    assert shown.state_info is not None
    assert "forecasts" in shown.state_info["unrecorded_attributes"]
