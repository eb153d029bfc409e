"""A site on the Energy dashboard, and its daily charges, all through the options."""

from datetime import UTC, datetime
from typing import Any

import pytest
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from tests.integration.actions import act
from tests.integration.conftest import World
from tests.integration.direct_site import FIRST, SITE, recorded
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry
from tests.integration.linked import FIVE_MINUTE_SITE as FIVE_MINUTE_ID
from tests.integration.linked import HALF_HOUR_SITE, LinkedWorld

OTHER_SOURCE = {
    "type": "solar",
    "stat_energy_from": "sensor.roof",
    "config_entry_solar_forecast": None,
}
SUPPLY = {
    "kind": "supply",
    "amount_aud": 1.1,
    "period": "day",
    "has_gst": True,
    "first_day": "2026-01-02",
}
CHARGES, DASHBOARD = {"next_step_id": "charges"}, {"next_step_id": "energy_dashboard"}


async def answered(
    world: World, entry_id: str, step: dict[str, str], **answers: Any
) -> dict[str, Any]:
    """Choose a step of an entry's options and fill in its form."""
    options = world.hass.config_entries.options
    menu = await options.async_init(entry_id)
    form = await options.async_configure(menu["flow_id"], step)
    done = await options.async_configure(form["flow_id"], answers)
    await world.settle()
    return dict(done)


async def test_a_site_with_its_charges_is_on_the_dashboard_beside_what_was_there(
    direct_site: World, hass_ws_client: WebSocketGenerator
):
    world = direct_site
    assert await async_setup_component(world.hass, "energy", {})
    (entry,) = world.hass.config_entries.async_entries("energy_logger")
    client = await hass_ws_client(world.hass)

    async def ask(command: str, **fields: Any) -> Any:
        await client.send_json_auto_id({"type": command, **fields})
        answer = await client.receive_json()
        assert answer["success"], answer
        return answer["result"]

    device = [{"stat_consumption": "sensor.dishwasher"}]
    await ask(
        "energy/save_prefs", energy_sources=[OTHER_SOURCE], device_consumption=device
    )
    await answered(world, entry.entry_id, CHARGES, **SUPPLY)
    bars = await recorded(world.hass, f"{SITE}_daily_charges_cost")
    # 1:00 of NEM time on the 2nd, 3rd and 4th
    assert {
        at: row["change"] for at, row in bars[f"{SITE}_daily_charges_cost"].items()
    } == {
        datetime(2026, 1, day, 15, tzinfo=UTC): pytest.approx(1.1) for day in (1, 2, 3)
    }

    done = await answered(world, entry.entry_id, DASHBOARD)

    assert done["type"] == "create_entry"
    prefs = await ask("energy/get_prefs")
    solar, *grid = prefs["energy_sources"]
    assert solar == OTHER_SOURCE
    assert [
        {key: value for key, value in one.items() if value and key.startswith("stat_")}
        for one in grid
    ] == [
        {
            "stat_energy_from": f"{SITE}_general_energy",
            "stat_cost": f"{SITE}_general_cost",
            "stat_energy_to": f"{SITE}_feed_in_energy",
            "stat_compensation": f"{SITE}_feed_in_compensation",
        },
        {
            "stat_energy_from": f"{SITE}_controlled_load_energy",
            "stat_cost": f"{SITE}_controlled_load_cost",
        },
        {
            "stat_energy_from": f"{SITE}_daily_charges_energy",
            "stat_cost": f"{SITE}_daily_charges_cost",
        },
    ]
    assert [one["stat_consumption"] for one in prefs["device_consumption"]] == [
        "sensor.dishwasher"
    ]
    # what Home Assistant's own form makes of them is the same
    await ask("energy/save_prefs", energy_sources=prefs["energy_sources"])
    validated = await ask("energy/validate")
    assert validated["energy_sources"][1:] == [[], [], []]
    # again changes nothing
    assert await act(world, "add_to_energy_dashboard", entry) == {"added": []}
    assert (await ask("energy/get_prefs"))["energy_sources"] == prefs["energy_sources"]
    shown = await ask(
        "recorder/statistics_during_period",
        start_time=FIRST.isoformat(),
        statistic_ids=[f"{SITE}_general_energy"],
        period="day",
        types=["change"],
    )
    assert sum(one["change"] for one in shown[f"{SITE}_general_energy"]) > 0

    # a charge that is taken out leaves no cost
    await answered(world, entry.entry_id, CHARGES, kept=[], **without(SUPPLY))
    bars = await recorded(world.hass, f"{SITE}_daily_charges_cost")
    assert {row["change"] for row in bars[f"{SITE}_daily_charges_cost"].values()} == {0}


def without(charge: dict[str, Any]) -> dict[str, Any]:
    """Return the answers of a form in which no amount is filled in."""
    return {key: value for key, value in charge.items() if key in REQUIRED}


REQUIRED = ("kind", "period", "has_gst")


async def test_without_the_dashboard_nothing_is_offered_and_the_action_says_so(
    world: World,
):
    entry = await amber_entry(world, FIVE_MINUTE_SITE)
    await world.set_up(entry)

    menu = await world.hass.config_entries.options.async_init(entry.entry_id)
    assert menu["menu_options"] == ["charges"]
    with pytest.raises(ServiceValidationError) as caught:
        await act(world, "add_to_energy_dashboard", entry)

    assert caught.value.translation_key == "no_energy_dashboard"


async def test_an_entry_that_is_not_loaded_has_no_options(world: World):
    entry = await amber_entry(world, FIVE_MINUTE_SITE)
    entry.add_to_hass(world.hass)

    done = await world.hass.config_entries.options.async_init(entry.entry_id)

    assert done["reason"] == "not_loaded"


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"amount_aud": 1.0}, "first_day_needed"),
        (
            {"amount_aud": 1.0, "first_day": "2026-01-02", "last_day": "2026-01-01"},
            "last_day_too_early",
        ),
    ],
)
async def test_a_charge_without_sense_is_asked_for_again(
    world: World, answers: dict[str, Any], problem: str
):
    entry = await amber_entry(world, FIVE_MINUTE_SITE)
    await world.set_up(entry)

    form = await answered(world, entry.entry_id, CHARGES, **without(SUPPLY), **answers)

    assert form["errors"] == {"base": problem}


async def test_a_linked_entry_asks_whose_charge_it_is_and_keeps_what_it_shows(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)
    before = entry.options

    await answered(
        linked,
        entry.entry_id,
        CHARGES,
        site=FIVE_MINUTE_ID,
        **{**SUPPLY, "last_day": "2026-01-09"},
    )

    charge = {**SUPPLY, "last_day": "2026-01-09"}
    assert entry.options == {
        **before,
        "charges": {HALF_HOUR_SITE: [], FIVE_MINUTE_ID: [charge]},
    }
    options = linked.hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    form = await options.async_configure(menu["flow_id"], CHARGES)
    assert form["data_schema"] is not None
    kept = form["data_schema"].schema["kept"].config["options"]
    assert [one["label"] for one in kept] == [
        "Amber Jemena: supply, 1.1 AUD a day with GST, from 2026-01-02 to 2026-01-09"
    ]
