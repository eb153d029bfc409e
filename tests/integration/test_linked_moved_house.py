"""A site of the server that closes: it waits for a new one to go on with its device."""

from datetime import timedelta
from typing import Any

import pytest
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_logger import async_remove_config_entry_device
from custom_components.energy_logger.api.models import Answer
from tests.integration.entries import AUSGRID_PRICE, JEMENA_PRICE
from tests.integration.linked import (
    FIVE_MINUTE_SITE,
    HALF_HOUR_SITE,
    LATE,
    LinkedWorld,
    devices,
)

CLOSED = {"entry": "Energy Logger", "names": "Amber Ausgrid"}


def told(linked: LinkedWorld, entry: MockConfigEntry) -> dict[str, Any]:
    """Return the issues of an entry: what each says, by its kind."""
    return {
        str(issue.translation_key): issue.translation_placeholders
        for issue in ir.async_get(linked.hass).issues.values()
        if issue.data == {"entry_id": entry.entry_id}
    }


async def let_it_vanish(linked: LinkedWorld) -> None:
    """Let Amber list the closed site no longer, and the entry hear of it."""
    await linked.utilities.mend()
    await linked.utilities.break_down(
        "site_vanishes", endpoint="amber.sites", owner=HALF_HOUR_SITE, count=None
    )
    await linked.utilities.set_clock(LATE + timedelta(days=2))
    await linked.server.collect()
    await linked.move_to(LATE + timedelta(days=2, minutes=5))
    sites = await linked.utilities.amber("/sites")
    assert [site["id"] for site in sites] == [FIVE_MINUTE_SITE]


async def close_a_site(linked: LinkedWorld) -> None:
    """Let Amber call a site closed, and the entry hear of it."""
    await linked.utilities.break_down(
        "closed_site", endpoint="amber.sites", owner=HALF_HOUR_SITE, count=None
    )
    await linked.move_to(LATE + timedelta(days=1))
    await linked.server.collect()
    await linked.wait(minutes=5)


async def test_a_site_that_closes_keeps_its_device_and_its_history(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)
    before = er.async_get(linked.hass).async_get(AUSGRID_PRICE)
    assert before is not None

    await close_a_site(linked)

    assert told(linked, entry) == {"linked_site_closed": CLOSED}
    assert f"amber_{HALF_HOUR_SITE}" in devices(linked, entry)
    assert f"amber_{FIVE_MINUTE_SITE}" in devices(linked, entry)
    kept = er.async_get(linked.hass).async_get(AUSGRID_PRICE)
    assert kept is not None
    assert kept.id == before.id
    assert linked.state(AUSGRID_PRICE) == "unavailable"
    # a restart of Home Assistant changes nothing
    await linked.hass.config_entries.async_reload(entry.entry_id)
    await linked.settle()
    assert f"amber_{HALF_HOUR_SITE}" in devices(linked, entry)
    assert told(linked, entry) == {"linked_site_closed": CLOSED}
    # Amber takes it back
    await linked.utilities.mend()
    await linked.utilities.set_clock(LATE + timedelta(days=2))
    await linked.server.collect()
    await linked.move_to(LATE + timedelta(days=2, minutes=5))
    assert told(linked, entry) == {}
    assert f"amber_{HALF_HOUR_SITE}" in entry.runtime_data.linked.keys


@pytest.mark.parametrize("vanishes", [False, True], ids=["listed", "vanished"])
async def test_a_new_site_goes_on_with_the_device_of_a_closed_one(
    linked: LinkedWorld, *, vanishes: bool
):
    entry = linked.entry()
    await linked.set_up(entry)
    options = linked.hass.config_entries.options
    menu = await options.async_init(entry.entry_id)
    # while all sites are active there is nothing to move
    assert menu["menu_options"] == ["server_show", "charges"]
    options.async_abort(menu["flow_id"])
    registry = er.async_get(linked.hass)
    before = registry.async_get(AUSGRID_PRICE)
    assert before is not None
    await close_a_site(linked)
    if vanishes:
        await let_it_vanish(linked)
    assert told(linked, entry) == {"linked_site_closed": CLOSED}

    menu = await options.async_init(entry.entry_id)
    assert menu["menu_options"] == ["moved", "server_show", "charges"]
    form = await options.async_configure(menu["flow_id"], {"next_step_id": "moved"})
    done = await options.async_configure(
        form["flow_id"], {"move": f"{HALF_HOUR_SITE} {FIVE_MINUTE_SITE}"}
    )
    assert done["reason"] == "moved_successful"
    await linked.settle()

    after = registry.async_get(AUSGRID_PRICE)
    assert after is not None
    assert (after.id, after.device_id) == (before.id, before.device_id)
    assert after.unique_id == f"amber_{FIVE_MINUTE_SITE}_general_price"
    assert float(linked.state(AUSGRID_PRICE)) > 0
    assert linked.hass.states.get(JEMENA_PRICE) is None
    assert f"amber_{HALF_HOUR_SITE}" not in devices(linked, entry)
    assert f"amber_{FIVE_MINUTE_SITE}" in devices(linked, entry)
    assert told(linked, entry) == {}
    # not loaded, it offers nothing
    await linked.hass.config_entries.async_unload(entry.entry_id)
    form = await options.async_init(entry.entry_id)
    assert form["step_id"] == "server_show"


async def test_a_device_of_a_closed_site_may_be_removed_by_the_user(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)
    registry = dr.async_get(linked.hass)
    (device,) = (
        one
        for one in dr.async_entries_for_config_entry(registry, entry.entry_id)
        if one.identifiers == {("energy_logger", f"amber_{HALF_HOUR_SITE}")}
    )
    assert not await async_remove_config_entry_device(linked.hass, entry, device)

    await close_a_site(linked)
    assert await async_remove_config_entry_device(linked.hass, entry, device)
    registry.async_remove_device(device.id)
    await linked.settle()
    await linked.wait(minutes=5)

    assert f"amber_{HALF_HOUR_SITE}" not in devices(linked, entry)
    assert told(linked, entry) == {}
    await linked.hass.config_entries.async_unload(entry.entry_id)
    assert not await async_remove_config_entry_device(linked.hass, entry, device)


async def test_a_closed_site_that_is_not_listed_for_days_goes(linked: LinkedWorld):
    entry = linked.entry()
    await linked.set_up(entry)
    await close_a_site(linked)
    (key,) = (one for one in devices(linked, entry) if HALF_HOUR_SITE in one)
    listings = entry.runtime_data.linked.listings
    rest = tuple(
        one for one in listings.sites.records.values() if one.id != HALF_HOUR_SITE
    )
    lacking = Answer(records=rest, rejected=(), fetched_at=LATE)
    now = LATE + timedelta(days=1)
    for hours in (1, 25, 50):
        assert key in devices(linked, entry)
        linked.freezer.move_to(now + timedelta(hours=hours))
        listings.record_sites(lacking, {key})

    entry.runtime_data.linked.server.async_update_listeners()

    assert key not in devices(linked, entry)
    assert "linked_site_closed" not in told(linked, entry)
