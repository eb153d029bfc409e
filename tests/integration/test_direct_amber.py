"""An entry that asks Amber itself: what its entities show."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_logger.api.amber_models import Site, SiteStatus
from custom_components.energy_logger.sources.names import site_names
from tests.integration.conftest import START, World
from tests.integration.entries import (
    AUSGRID_PRICE,
    AUSGRID_SPIKE,
    FIVE_MINUTE_SITE,
    JEMENA_PRICE,
    amber_entry,
)
from tests.integration.observed import setup_of, shown

FEED_IN = "sensor.amber_ausgrid_feed_in_price"
CONTROLLED_LOAD = "sensor.amber_ausgrid_controlled_load_price"


async def told_now(world: World, entry: MockConfigEntry) -> dict[str, Any]:
    """Return Amber's current interval by channel."""
    found = await world.utilities.amber(
        f"/sites/{entry.data['site_id']}/prices/current"
    )
    return {one["channelType"]: one for one in found}


def site(site_id: str, network: str | None = "Ausgrid", **fields: Any) -> Site:
    defaults: dict[str, Any] = {
        "nmi": "9000000001",
        "channels": (),
        "status": SiteStatus.ACTIVE,
        "active_from": None,
        "closed_on": None,
        "interval_length_minutes": 30,
        "raw": {},
    }
    return Site(id=site_id, network=network, **{**defaults, **fields})


async def test_prices_are_those_of_now_positive_in_the_channels_direction(world: World):
    entry = await amber_entry(world)

    await world.set_up(entry)

    upstream = await told_now(world, entry)
    assert float(world.state(AUSGRID_PRICE)) == pytest.approx(
        upstream["general"]["perKwh"] / 100
    )
    assert float(world.state(FEED_IN)) == pytest.approx(
        -upstream["feedIn"]["perKwh"] / 100
    )
    general = shown(world, AUSGRID_PRICE).attributes
    assert general["start_time"] == "2026-01-04T09:00:00+00:00"
    assert general["end_time"] == "2026-01-04T09:30:00+00:00"
    assert general["estimate"] is True
    assert general["unit_of_measurement"] == "AUD/kWh"


@pytest.mark.usefixtures("all_enabled")
async def test_what_channels_share_comes_from_general_use(world: World):
    entry = await amber_entry(world)

    await world.set_up(entry)

    upstream = (await told_now(world, entry))["general"]
    spot = float(world.state("sensor.amber_ausgrid_spot_price"))
    assert spot == pytest.approx(upstream["spotPerKwh"] / 100)
    renewables = float(world.state("sensor.amber_ausgrid_renewables"))
    assert renewables == pytest.approx(upstream["renewables"])
    assert world.state("sensor.amber_ausgrid_spike_status") == upstream["spikeStatus"]
    assert world.state("sensor.amber_ausgrid_prices_fetched") == START.isoformat()
    demand = upstream["tariffInformation"]["demandWindow"]
    expected = "on" if demand else "off"
    assert world.state("binary_sensor.amber_ausgrid_demand_window") == expected


async def test_the_advanced_price_stands_beside_the_price(world: World):
    entry = await amber_entry(world)

    await world.set_up(entry)

    upstream = await told_now(world, entry)
    for key, channel, sign in (("general", "general", 1), ("feed_in", "feedIn", -1)):
        predicted = upstream[channel]["advancedPrice"]["predicted"]
        state = world.state(f"sensor.amber_ausgrid_{key}_advanced_price")
        assert float(state) == pytest.approx(sign * predicted / 100)


@pytest.mark.usefixtures("all_enabled")
async def test_the_lowest_price_is_the_first_of_the_lowest_of_a_day(world: World):
    await world.set_up(await amber_entry(world))

    forecasts = shown(world, "sensor.amber_ausgrid_general_forecast").attributes[
        "forecasts"
    ]
    a_day = [one for one in forecasts if one["start_time"] < "2026-01-05T09:30"]
    lowest = min(a_day, key=lambda one: one["per_kwh"])
    assert len(a_day) == 48
    state = world.state("sensor.amber_ausgrid_general_lowest_price_start")
    assert state == lowest["start_time"]


async def test_setting_up_takes_three_requests(world: World):
    entry = await amber_entry(world)
    before = len(await world.utilities.requests())

    await world.set_up(entry)

    requests = (await world.utilities.requests())[before:]
    assert sorted(one["endpoint"] for one in requests) == [
        "amber.current",
        "amber.sites",
        "amber.usage",
    ]


async def test_ids_come_from_the_utility_alone(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)

    site_id = entry.data["site_id"]
    entity = er.async_get(world.hass).async_get(AUSGRID_PRICE)
    assert entity is not None
    assert entity.unique_id == f"amber_{site_id}_general_price"
    device = dr.async_get(world.hass).async_get_device_by_identifier(
        ("energy_logger", f"amber_{site_id}"), entry.entry_id
    )
    assert device is not None
    assert device.name == "Amber Ausgrid"
    assert device.entry_type is dr.DeviceEntryType.SERVICE


def test_sites_of_one_network_are_numbered():
    sites = [site("01B"), site("01A"), site("01C", "Jemena"), site("01D", None)]

    assert site_names(sites) == {
        "01A": "Amber Ausgrid",
        "01B": "Amber Ausgrid 2",
        "01C": "Amber Jemena",
        "01D": "Amber",
    }


def test_a_site_that_has_closed_leaves_the_plain_name_to_the_next():
    sites = [site("01A", status=SiteStatus.CLOSED), site("01B")]

    assert site_names(sites) == {"01A": "Amber Ausgrid 2", "01B": "Amber Ausgrid"}


async def test_noise_is_disabled_and_diagnostics_are_told_apart(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)

    prefix = f"amber_{entry.data['site_id']}_"
    entities = {
        one.unique_id.removeprefix(prefix): one
        for one in er.async_entries_for_config_entry(
            er.async_get(world.hass), entry.entry_id
        )
    }
    assert {key for key, one in entities.items() if one.disabled_by} == {
        "feed_in_forecast",
        "feed_in_advanced_forecast",
        "feed_in_day_prices",
        "feed_in_advanced_day_prices",
        "feed_in_price_rank_ahead",
        "feed_in_price_rank_30_days",
        "feed_in_lowest_price_start",
        "general_forecast",
        "general_advanced_forecast",
        "general_day_prices",
        "general_advanced_day_prices",
        "general_price_rank_ahead",
        "general_price_rank_30_days",
        "general_lowest_price_start",
        "prices_fetched",
        "spot_price",
    }
    assert {key for key, one in entities.items() if one.entity_category} == {
        "import_history",
        "price_estimated",
        "prices_fetched",
        "statistics_import",
        "usage_latest",
    }


@pytest.mark.usefixtures("all_enabled")
async def test_words_that_are_not_known_yet_are_unknown(world: World):
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    entities = {
        "descriptor": "sensor.amber_jemena_general_price_level",
        "spikeStatus": "sensor.amber_jemena_spike_status",
        "tariffInformation.period": "sensor.amber_jemena_tariff_period",
    }

    for field, entity_id in entities.items():
        assert world.state(entity_id) != "unknown"
        await world.utilities.break_down(
            "new_enum",
            endpoint="amber.current",
            count=None,
            options={"field": field, "all": True},
        )
        await world.wait(minutes=5)
        assert world.state(entity_id) == "unknown", field
        spike = world.state("binary_sensor.amber_jemena_price_spike")
        assert spike == ("unknown" if field == "spikeStatus" else "off")
        await world.utilities.mend()


@pytest.mark.usefixtures("all_enabled")
async def test_a_tariff_that_is_not_told_is_unknown(world: World):
    await world.set_up(await amber_entry(world))
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    await world.utilities.break_down(
        "null_tariff", endpoint="amber.current", count=None
    )

    await world.wait(minutes=5)

    assert world.state("sensor.amber_jemena_tariff_period") == "unknown"
    assert world.state("binary_sensor.amber_ausgrid_demand_window") == "unknown"


@pytest.mark.usefixtures("all_enabled")
async def test_what_a_tariff_has_appears_when_it_is_told(world: World):
    period = "sensor.amber_jemena_tariff_period"
    window = "binary_sensor.amber_ausgrid_demand_window"
    await world.utilities.break_down("null_tariff", endpoint="amber.current", count=2)
    await world.set_up(await amber_entry(world))
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    assert world.hass.states.get(period) is None
    assert world.hass.states.get(window) is None

    await world.wait(minutes=5)

    assert world.state(period) != "unknown"
    assert world.state(window) in ("on", "off")
    # what a network tariff does not have is not shown
    assert world.hass.states.get("sensor.amber_ausgrid_tariff_period") is None
    assert world.hass.states.get("binary_sensor.amber_jemena_demand_window") is None


async def test_a_channel_appears_and_vanishes(world: World):
    await world.set_up(await amber_entry(world))
    assert world.hass.states.get(CONTROLLED_LOAD) is None

    await world.utilities.break_down(
        "new_channel", endpoint="amber.current", count=None
    )
    await world.wait(minutes=5)
    assert float(world.state(CONTROLLED_LOAD)) > 0

    await world.utilities.mend()
    await world.wait(minutes=5)
    assert world.state(CONTROLLED_LOAD) == "unavailable"
    assert world.state(AUSGRID_PRICE) != "unavailable"


async def test_a_channel_without_a_price_of_now_is_unknown(world: World):
    # only what is over is told, and no forecast either
    entry = await amber_entry(world)
    for fault, more in (("500", {"param": "next"}), ("stuck_current", {})):
        await world.utilities.break_down(
            fault, endpoint="amber.current", count=None, **more
        )

    await world.set_up(entry)

    assert world.state(AUSGRID_PRICE) == "unknown"
    assert "start_time" not in shown(world, AUSGRID_PRICE).attributes
    assert world.state("binary_sensor.amber_ausgrid_price_estimated") == "unknown"
    assert world.state("sensor.amber_ausgrid_renewables") == "unknown"
    assert world.state(AUSGRID_SPIKE) == "unknown"


async def test_a_half_hour_site_turns_to_five_minutes(world: World):
    # 120 days before its start the simulated Amber changes this site, at midnight
    midnight = datetime(2025, 9, 5, 14, tzinfo=UTC)
    await world.move_to(midnight - timedelta(minutes=3))
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    start = shown(world, JEMENA_PRICE).attributes["start_time"]
    assert start == "2025-09-05T13:30:00+00:00"

    for seconds in (12, 25, 45, 90):
        await world.move_to(midnight + timedelta(seconds=seconds, milliseconds=700))

    attributes = shown(world, JEMENA_PRICE).attributes
    assert attributes["start_time"] == "2025-09-05T14:00:00+00:00"
    assert attributes["end_time"] == "2025-09-05T14:05:00+00:00"
    assert attributes["estimate"] is False


async def test_prices_do_not_wait_for_usage(world: World):
    entry = await amber_entry(world)
    await world.utilities.break_down("500", endpoint="amber.usage", count=1)

    await world.set_up(entry)
    assert setup_of(entry) is ConfigEntryState.LOADED
    assert world.state(AUSGRID_PRICE) != "unavailable"
    assert world.state("sensor.amber_ausgrid_latest_usage_day") == "unavailable"
    await world.wait(minutes=5)

    assert world.state("sensor.amber_ausgrid_latest_usage_day") == "2026-01-03"


async def test_a_closed_site_without_prices_is_told_to_be_closed(world: World):
    entry = await amber_entry(world)
    await world.utilities.break_down(
        "closed_site", owner=entry.data["site_id"], endpoint="amber.sites", count=None
    )
    await world.utilities.break_down("500", endpoint="amber.current", count=None)

    await world.set_up(entry)

    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    issue_id = f"site_closed_{entry.entry_id}"
    assert ir.async_get(world.hass).async_get_issue("energy_logger", issue_id)
