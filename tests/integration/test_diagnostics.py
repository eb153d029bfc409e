"""Diagnostics tell what helps, and nothing personal."""

import json
from dataclasses import replace
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.energy_logger.coordinator import ChannelPrices
from tests.integration.conftest import TOKEN, World
from tests.integration.entries import amber_entry, kamo_entry

NMI = "9000000001"


async def diagnostics_of(
    world: World, client: ClientSessionGenerator, entry: MockConfigEntry
) -> Any:
    return await get_diagnostics_for_config_entry(world.hass, client, entry)


async def test_a_site_tells_its_fetches_and_its_calls(
    world: World, hass_client: ClientSessionGenerator
):
    entry = await amber_entry(world)
    await world.set_up(entry)

    answer = await diagnostics_of(world, hass_client, entry)

    assert answer["state"] == "loaded"
    assert answer["areas"] == {}
    (site,) = answer["sites"]
    assert site["channels"] == ["general", "feedIn"]
    assert [one["calls_made"] for one in site["call_budget"]] == [2, 1]
    assert site["prices"] == {
        "is_up": True,
        "succeeded_at": "2026-01-04T09:07:40+00:00",
        "next_at": "2026-01-04T09:10:12+00:00",
        "last_error": None,
        "is_confirmed": False,
        "is_behind": False,
        "lacks_forecasts": False,
        "fetched_at": "2026-01-04T09:07:40+00:00",
        "intervals": {
            channel: {
                "has_current": True,
                "forecasts": {
                    "count": 65,
                    "first": "2026-01-04T09:30:00+00:00",
                    "last": "2026-01-05T18:00:00+00:00",
                },
            }
            for channel in ("general", "feedIn")
        },
    }
    assert site["usage"]["has_yesterday"] is True
    assert site["usage"]["latest_day"] == "2026-01-03"
    assert site["usage"]["newest_complete_day"] == "2026-01-03"
    assert site["usage"]["silent_registers"] == 0


async def test_nothing_personal_is_told(
    world: World, hass_client: ClientSessionGenerator
):
    entry = await amber_entry(world, title="12 Example Street")
    await world.set_up(entry)
    await world.utilities.break_down("500", count=None)
    await world.wait(minutes=5)

    text = json.dumps(await diagnostics_of(world, hass_client, entry))

    for personal in (TOKEN, entry.data["site_id"], NMI, "12 Example Street"):
        assert personal not in text


async def test_an_error_is_told_by_its_kind(
    world: World, hass_client: ClientSessionGenerator
):
    entry = await amber_entry(world)
    await world.set_up(entry)
    await world.utilities.break_down("500", endpoint="amber.current", count=None)
    await world.wait(minutes=5)

    answer = await diagnostics_of(world, hass_client, entry)

    prices = answer["sites"][0]["prices"]
    assert (prices["is_up"], prices["last_error"]) == (False, "source_unreachable")
    assert prices["succeeded_at"] == "2026-01-04T09:07:40+00:00"


async def test_an_error_of_ours_is_told_by_its_class(
    world: World, hass_client: ClientSessionGenerator
):
    entry = await amber_entry(world)
    await world.set_up(entry)
    entry.runtime_data.sites[entry.data["site_id"]].usage.async_set_update_error(
        KeyError("of a house")
    )

    answer = await diagnostics_of(world, hass_client, entry)

    assert answer["sites"][0]["usage"]["last_error"] == "KeyError"


async def test_a_site_without_prices_or_limit_tells_that(
    world: World, hass_client: ClientSessionGenerator
):
    entry = await amber_entry(world)
    await world.set_up(entry)
    prices = entry.runtime_data.sites[entry.data["site_id"]].prices
    prices.source = replace(prices.source, budget=None)
    prices.async_set_updated_data(
        replace(prices.data, channels={"general": ChannelPrices(None)})
    )

    (site,) = (await diagnostics_of(world, hass_client, entry))["sites"]

    assert site["call_budget"] is None
    assert site["prices"]["intervals"] == {
        "general": {
            "has_current": False,
            "forecasts": {"count": 0, "first": None, "last": None},
        }
    }


async def test_an_area_tells_its_hours_and_substations(
    world: World, hass_client: ClientSessionGenerator
):
    entry = kamo_entry(substations=True)
    await world.set_up(entry)
    table = await world.utilities.kamo("/arealoadtable/1")

    answer = await diagnostics_of(world, hass_client, entry)

    assert answer["sites"] == []
    area = answer["areas"]["1"]
    assert area["today"] == {
        "hours": 4,
        "first": "2026-01-04T06:00:00+00:00",
        "last": "2026-01-04T09:00:00+00:00",
    }
    assert area["is_behind"] is False
    assert area["has_forecast"] is True
    assert area["wants_substations"] is True
    assert area["substations"] == len(table["areaLoadData"])


async def test_an_entry_that_could_not_be_set_up_tells_its_state(
    world: World, hass_client: ClientSessionGenerator
):
    entry = await amber_entry(world)
    await world.utilities.break_down("500", count=None)
    await world.set_up(entry)

    answer = await diagnostics_of(world, hass_client, entry)

    assert answer["state"] == "setup_retry"
    assert answer.keys() == {"entry", "state"}
