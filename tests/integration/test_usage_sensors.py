"""Yesterday's usage: what its entities show."""

from typing import Any

import pytest
from homeassistant.helpers import entity_registry as er

from custom_components.energy_logger.api.channels import ChannelType
from tests.integration.conftest import World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry
from tests.integration.observed import shown
from tests.integration.usage_entities import (
    COST,
    EARNINGS,
    EXPORT,
    IMPORT,
    LATEST,
    usage_of,
)

EXPORT_NEWEST = "sensor.amber_ausgrid_export_newest_complete_day"


async def test_yesterday_is_the_sum_of_its_intervals(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)

    upstream = await usage_of(world, entry.data["site_id"], "2026-01-03")
    for channel, energy, money, sign in (
        ("general", IMPORT, COST, 1),
        ("feedIn", EXPORT, EARNINGS, -1),
    ):
        of_channel = [one for one in upstream if one["channelType"] == channel]
        kwh = sum(abs(one["kwh"]) for one in of_channel)
        aud = sign * sum(one["cost"] for one in of_channel) / 100
        assert float(world.state(energy)) == pytest.approx(kwh, abs=0.0005)
        assert float(world.state(money)) == pytest.approx(aud, abs=0.000001)
    assert world.state(LATEST) == "2026-01-03"


async def test_export_is_positive_whichever_sign_amber_gives_it(world: World):
    # the description says that generation is negative; recorded answers have none
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.usage",
        options={"field": "kwh", "value": -0.25, "all": True},
    )

    await world.set_up(await amber_entry(world))

    assert float(world.state(EXPORT)) == 48 * 0.25
    # on import it takes back what was drawn before
    assert float(world.state(IMPORT)) == 48 * -0.25
    assert float(world.state(EXPORT_NEWEST)) == 48 * 0.25


@pytest.mark.parametrize(
    ("options", "unknown"),
    [
        ({"field": "cost", "all": True}, {COST, EARNINGS}),
        # the last interval of general use, behind which stand as many of feed-in
        ({"field": "cost", "index": -337}, {COST}),
        ({"field": "perKwh", "all": True}, set()),
    ],
)
async def test_energy_is_known_where_only_the_money_is_not(
    world: World, options: dict[str, Any], unknown: set[str]
):
    entry = await amber_entry(world)
    kwh = sum(
        one["kwh"]
        for one in await usage_of(world, entry.data["site_id"], "2026-01-03")
        if one["channelType"] == "general"
    )
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.usage",
        options={**options, "value": None},
    )

    await world.set_up(entry)

    assert float(world.state(IMPORT)) == pytest.approx(kwh, abs=0.0005)
    known = {one for one in (COST, EARNINGS) if world.state(one) != "unknown"}
    assert known == {COST, EARNINGS} - unknown


async def test_all_registers_that_import_are_one_import(world: World):
    entry = await amber_entry(world, FIVE_MINUTE_SITE)
    await world.set_up(entry)

    upstream = await usage_of(world, entry.data["site_id"], "2026-01-03")
    kwh = sum(one["kwh"] for one in upstream if one["channelType"] != "feedIn")
    assert {one["channelType"] for one in upstream} == {*ChannelType}
    state = world.state("sensor.amber_jemena_import_yesterday")
    assert float(state) == pytest.approx(kwh, abs=0.0005)


async def test_money_and_energy_have_no_state_class(world: World):
    await world.set_up(await amber_entry(world))

    for entity_id, unit in ((IMPORT, "kWh"), (EXPORT, "kWh"), (COST, "AUD")):
        attributes = shown(world, entity_id).attributes
        assert attributes["unit_of_measurement"] == unit
        assert "state_class" not in attributes


async def test_without_export_there_is_no_sensor_of_it(world: World):
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.sites",
        nth=2,
        options={"field": "channels", "value": []},
    )
    entry = await amber_entry(world)

    await world.set_up(entry)

    keys = {
        one.translation_key
        for one in er.async_entries_for_config_entry(
            er.async_get(world.hass), entry.entry_id
        )
    }
    assert {"import_yesterday", "cost_yesterday", "usage_latest"} <= keys
    assert not {"export_yesterday", "earnings_yesterday"} & keys
