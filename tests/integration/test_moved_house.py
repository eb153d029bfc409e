"""A closed site and a new one: the entry goes on with it, and keeps its history."""

from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_logger.const import DOMAIN
from tests.integration.conftest import TOKEN, World
from tests.integration.entries import (
    AUSGRID_PRICE,
    FIVE_MINUTE_SITE,
    HALF_HOUR_SITE,
    amber_entry,
)
from tests.integration.forms import TOKEN_FORM, offered, proceed
from tests.integration.observed import issues, setup_of

IMPORT = "sensor.amber_ausgrid_import_yesterday"


async def close(world: World, entry: MockConfigEntry) -> None:
    """Let Amber say that the entry's site is closed."""
    await world.utilities.break_down(
        "closed_site", endpoint="amber.sites", owner=entry.data["site_id"], count=None
    )


async def site_ids(world: World) -> list[str]:
    return [one["id"] for one in await world.utilities.amber("/sites")]


async def ask(world: World, entry: MockConfigEntry) -> Any:
    """Begin to reconfigure an entry, with its own token."""
    form = await entry.start_reconfigure_flow(world.hass)
    return await proceed(world, form, TOKEN_FORM)


async def test_the_new_site_takes_over_entities_device_and_history(world: World):
    entry = await amber_entry(world, title="Amber Ausgrid")
    await world.set_up(entry)
    entities = er.async_get(world.hass)
    entities.async_update_entity(AUSGRID_PRICE, name="What I pay")
    before = {
        one.entity_id: one.id
        for one in er.async_entries_for_config_entry(entities, entry.entry_id)
    }
    (device,) = dr.async_entries_for_config_entry(
        dr.async_get(world.hass), entry.entry_id
    )
    old_id, new_id = await site_ids(world)
    await close(world, entry)
    await world.wait(days=1)
    assert issues(world) == {entry.entry_id: "site_closed"}

    form = await ask(world, entry)
    assert form["step_id"] == "moved"
    assert form["description_placeholders"] == {"entry": "Amber Ausgrid"}
    assert offered(form, "site_id") == {
        new_id: "Amber Jemena …0002",
        old_id: "Amber Ausgrid …0001 (closed)",
    }
    done = await proceed(world, form, {"site_id": new_id})

    assert (done["type"], done["reason"]) == (
        FlowResultType.ABORT,
        "moved_successful",
    )
    assert setup_of(entry) is ConfigEntryState.LOADED
    assert (entry.unique_id, entry.title) == (f"amber_{new_id}", "Amber Jemena")
    assert entry.data["site_id"] == new_id
    # the same entities under the same ids, of the other site now
    after = {
        one.entity_id: one.id
        for one in er.async_entries_for_config_entry(entities, entry.entry_id)
    }
    assert before.items() <= after.items()
    moved = entities.async_get(AUSGRID_PRICE)
    assert moved is not None
    assert (moved.unique_id, moved.name) == (
        f"amber_{new_id}_general_price",
        "What I pay",
    )
    (kept,) = dr.async_entries_for_config_entry(
        dr.async_get(world.hass), entry.entry_id
    )
    assert (kept.id, kept.name) == (device.id, "Amber Jemena")
    told = await world.utilities.amber(f"/sites/{new_id}/prices/current")
    assert float(world.state(AUSGRID_PRICE)) == pytest.approx(told[0]["perKwh"] / 100)
    assert float(world.state(IMPORT)) > 0
    # what the new site has beside it appears as well
    assert float(world.state("sensor.amber_jemena_controlled_load_price")) > 0
    assert issues(world) == {}


async def test_a_title_that_the_user_chose_stays(world: World):
    entry = await amber_entry(world, title="Holiday house")
    await world.set_up(entry)
    _, new_id = await site_ids(world)
    await close(world, entry)

    done = await proceed(world, await ask(world, entry), {"site_id": new_id})

    assert done["reason"] == "moved_successful"
    assert (entry.title, entry.data["site_id"]) == ("Holiday house", new_id)


async def test_who_stays_with_the_closed_site_may(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    old_id, _ = await site_ids(world)
    await close(world, entry)

    done = await proceed(world, await ask(world, entry), {"site_id": old_id})

    assert done["reason"] == "reconfigure_successful"
    assert entry.data["site_id"] == old_id
    assert issues(world) == {entry.entry_id: "site_closed"}


async def test_a_site_that_another_entry_holds_is_not_offered(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    await close(world, entry)

    done = await ask(world, entry)

    assert done["reason"] == "reconfigure_successful"
    assert entry.data["site_id"] == (await site_ids(world))[HALF_HOUR_SITE]


async def test_a_site_that_an_entry_holds_which_is_not_loaded_is_not_offered(
    world: World,
):
    entry = await amber_entry(world)
    await world.set_up(entry)
    old_id, new_id = await site_ids(world)
    other = MockConfigEntry(domain=DOMAIN, data={"connection": "server"})
    other.add_to_hass(world.hass)
    er.async_get(world.hass).async_get_or_create(
        "sensor", DOMAIN, f"amber_{new_id}_general_price", config_entry=other
    )
    await close(world, entry)

    done = await ask(world, entry)

    assert done["reason"] == "reconfigure_successful"
    assert entry.data["site_id"] == old_id


async def test_while_the_site_is_active_nothing_is_offered(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)

    done = await ask(world, entry)

    assert done["reason"] == "reconfigure_successful"


async def test_a_site_that_is_believed_gone_can_be_followed_by_another(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    _, new_id = await site_ids(world)
    await world.utilities.break_down("absent", endpoint="amber.sites", count=None)
    # missing from one list, it is not gone
    form = await ask(world, entry)
    assert form["errors"] == {"base": "other_account"}
    world.hass.config_entries.flow.async_abort(form["flow_id"])
    for _ in range(4):
        await world.wait(days=1)
    assert issues(world) == {entry.entry_id: "gone"}

    form = await ask(world, entry)
    assert offered(form, "site_id") == {new_id: "Amber Jemena …0002"}
    done = await proceed(world, form, {"site_id": new_id})

    assert done["reason"] == "moved_successful"
    assert setup_of(entry) is ConfigEntryState.LOADED
    assert entry.data["api_token"] == TOKEN
    assert float(world.state(AUSGRID_PRICE)) > 0
    assert issues(world) == {}
