"""An entry of the server: what it shows, and what comes and goes."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.integration.conftest import TOKEN
from tests.integration.entries import AUSGRID_PRICE, JEMENA_PRICE, OZARK_LOAD
from tests.integration.linked import (
    FIVE_MINUTE_SITE,
    HALF_HOUR_SITE,
    LAKE,
    LATE,
    OZARK,
    LinkedWorld,
    devices,
)

SYSTEM = 20
"""The sum of all areas."""


def direct_amber(site_id: str) -> MockConfigEntry:
    return MockConfigEntry(
        domain="energy_logger",
        title="Amber",
        unique_id=f"amber_{site_id}",
        data={"connection": "amber", "api_token": TOKEN, "site_id": site_id},
    )


def direct_kamo(area_id: int) -> MockConfigEntry:
    return MockConfigEntry(
        domain="energy_logger",
        title="KAMO",
        unique_id=f"kamo_{area_id}",
        data={"connection": "kamo", "area_id": area_id},
        options={"substations": True},
    )


def shown(world: LinkedWorld, owner: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the states of a site or an area, by entity."""
    registry = er.async_get(world.hass)
    found = {}
    for state in world.hass.states.async_all():
        entity = registry.async_get(state.entity_id)
        assert entity is not None
        if entity.unique_id.startswith(f"{owner}_"):
            found[state.entity_id] = state.state, dict(state.attributes)
    return found


def channels_shown(world: LinkedWorld, site_id: str) -> int:
    """Return the number of a site's channels, 0 while no entry is loaded."""
    loaded = world.hass.config_entries.async_loaded_entries("energy_logger")
    sites = [entry.runtime_data.sites.get(site_id) for entry in loaded]
    return sum(len(site.prices.site.channels) for site in sites if site)


@pytest.mark.parametrize(
    ("owner", "direct"),
    [
        pytest.param(f"amber_{HALF_HOUR_SITE}", direct_amber(HALF_HOUR_SITE), id="30"),
        pytest.param(
            f"amber_{FIVE_MINUTE_SITE}", direct_amber(FIVE_MINUTE_SITE), id="5"
        ),
        pytest.param(f"kamo_{OZARK}", direct_kamo(OZARK), id="area"),
        pytest.param(f"kamo_{SYSTEM}", direct_kamo(SYSTEM), id="sum"),
    ],
)
async def test_direct_and_linked_show_the_same(
    linked: LinkedWorld, owner: str, direct: MockConfigEntry
):
    await linked.set_up(direct)
    told_directly = shown(linked, owner)
    await linked.hass.config_entries.async_remove(direct.entry_id)

    await linked.set_up(
        linked.entry(options={"areas": [OZARK, SYSTEM], "substations": [OZARK, SYSTEM]})
    )

    told_by_server = shown(linked, owner)
    # KAMO has no word on that
    told_by_server.pop("event.ozark_electric_cooperative_substation_fault", None)
    # KAMO itself tells twelve hours, which may not reach midnight
    assert told_by_server == told_directly
    assert len(told_directly) > 2
    assert "unavailable" not in {state for state, _ in told_directly.values()}


async def test_a_direct_entry_goes_first_and_hands_its_entities_over(
    linked: LinkedWorld,
):
    direct = direct_amber(FIVE_MINUTE_SITE)
    await linked.set_up(direct)
    er.async_get(linked.hass).async_update_entity(
        JEMENA_PRICE, new_entity_id="sensor.what_power_costs"
    )
    await linked.settle()
    entry = linked.entry()
    await linked.set_up(entry)
    assert f"amber_{FIVE_MINUTE_SITE}" not in devices(linked, entry)
    before = shown(linked, f"amber_{FIVE_MINUTE_SITE}").keys()

    await linked.hass.config_entries.async_remove(direct.entry_id)
    await linked.settle()

    after = shown(linked, f"amber_{FIVE_MINUTE_SITE}")
    assert after.keys() == before
    assert after["sensor.what_power_costs"][0] not in {"unavailable", "unknown"}
    assert f"amber_{FIVE_MINUTE_SITE}" in devices(linked, entry)


async def test_a_direct_entry_that_comes_later_takes_its_site_over(linked: LinkedWorld):
    entry = linked.entry()
    await linked.set_up(entry)
    direct = direct_amber(FIVE_MINUTE_SITE)
    await linked.set_up(direct)
    await linked.server.listened_to()

    await linked.utilities.set_clock(LATE + timedelta(minutes=5))
    await linked.server.collect()

    await linked.until(lambda: direct.state is ConfigEntryState.LOADED)
    assert direct.state is ConfigEntryState.LOADED
    assert f"amber_{FIVE_MINUTE_SITE}" not in devices(linked, entry)
    assert linked.state(JEMENA_PRICE) not in {"unavailable", "unknown"}


async def test_setting_up_asks_the_server_little_and_the_utilities_nothing(
    linked: LinkedWorld,
):
    await linked.set_up(
        linked.entry(options={"areas": [OZARK, LAKE], "substations": [OZARK]})
    )

    asked = [path for path in await linked.server.requests() if "events" not in path]
    # four for the server, one for its peak watch, two for each site, one for each area
    # and three for substations: what they have, what is wrong, what their bill is
    assert len(asked) == 4 + 1 + 2 * 2 + 2 + 3
    assert await linked.utilities.requests() == []


async def test_ids_of_sites_and_areas_do_not_name_the_server(linked: LinkedWorld):
    entry = linked.entry()

    await linked.set_up(entry)

    registry = er.async_get(linked.hass)
    price = registry.async_get(JEMENA_PRICE)
    assert price is not None
    assert price.unique_id == f"amber_{FIVE_MINUTE_SITE}_general_price"
    size = registry.async_get("sensor.energy_logger_database_size")
    assert size is not None
    assert size.unique_id == "server_the-server_database_size"
    assert size.entity_category == "diagnostic"


async def test_the_server_is_a_device_that_says_how_it_does(linked: LinkedWorld):
    entry = linked.entry()

    await linked.set_up(entry)

    status = await linked.server.fetch("/api/status")
    kept = status["database_stats"]
    assert linked.state("sensor.energy_logger_oldest_record") == kept["oldest_record"]
    assert linked.state("sensor.energy_logger_newest_record") == kept["newest_record"]
    size = float(linked.state("sensor.energy_logger_database_size"))
    assert size == pytest.approx(kept["database_size_mb"])
    assert linked.state("binary_sensor.energy_logger_collector_problem") == "off"
    device = dr.async_get(linked.hass).async_get_device_by_identifier(
        ("energy_logger", "server_the-server"), entry.entry_id
    )
    assert device is not None
    assert device.name == "Energy Logger"
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert device.sw_version == status["version"]
    assert device.configuration_url == linked.server.url


async def test_an_app_is_opened_inside_home_assistant(linked: LinkedWorld):
    entry = linked.entry(data={"app_slug": "1a2b_energy_logger"})

    await linked.set_up(entry)

    device = dr.async_get(linked.hass).async_get_device_by_identifier(
        ("energy_logger", "server_the-server"), entry.entry_id
    )
    assert device is not None
    assert device.configuration_url == "homeassistant://app/1a2b_energy_logger"


async def test_failing_runs_are_a_problem(linked: LinkedWorld):
    await linked.set_up(linked.entry())
    # what a first run asks for besides current prices would be answered
    await linked.server.collect("amber")
    await linked.utilities.break_down("403", endpoint="amber.current", count=None)
    await linked.wait(minutes=5)
    await linked.server.collect("amber")

    await linked.wait(minutes=5)

    problem = linked.hass.states.get("binary_sensor.energy_logger_collector_problem")
    assert problem is not None
    assert problem.state == "on"
    assert problem.attributes["refused_by"] == ["Amber Electric"]
    assert problem.attributes["health"] in {"degraded", "unhealthy"}


async def test_a_server_without_amber_shows_areas_until_it_has_a_token(
    linked: LinkedWorld,
):
    await linked.server.reset(LATE)
    await linked.server.restart(AMBER_API_KEY="")
    await linked.server.collect("kamo")
    entry = linked.entry()
    await linked.set_up(entry)
    assert devices(linked, entry) == {"server_the-server", f"kamo_{OZARK}"}

    await linked.server.restart()
    await linked.server.collect("amber")
    await linked.wait(minutes=5)

    assert f"amber_{FIVE_MINUTE_SITE}" in devices(linked, entry)
    assert linked.state(JEMENA_PRICE) != "unavailable"


async def test_a_server_that_has_read_nothing_yet_is_waited_for(linked: LinkedWorld):
    await linked.server.reset(LATE)
    entry = linked.entry()
    await linked.set_up(entry)
    assert devices(linked, entry) == {"server_the-server"}

    for times, source, device in (
        (1, "kamo", f"kamo_{OZARK}"),
        (2, "amber", f"amber_{HALF_HOUR_SITE}"),
    ):
        await linked.server.was_listened_to(times)
        await linked.server.collect(source)
        await linked.until(partial(_has_device, linked, entry, device))


def _has_device(world: LinkedWorld, entry: MockConfigEntry, device: str) -> bool:
    return device in devices(world, entry)


async def test_a_site_whose_status_is_a_new_word_is_shown_on(linked: LinkedWorld):
    entry = linked.entry()
    await linked.set_up(entry)
    await linked.utilities.break_down(
        "wrong_type",
        endpoint="amber.sites",
        count=None,
        options={"field": "status", "value": "moving", "all": True},
    )

    await linked.move_to(LATE + timedelta(days=1))
    await linked.server.collect()
    await linked.wait(minutes=5)

    sites = entry.runtime_data.linked.listings.sites.records
    assert {one.status for one in sites.values()} == {"moving"}
    assert float(linked.state(AUSGRID_PRICE)) > 0


async def test_a_channel_that_appears_is_shown(linked: LinkedWorld):
    await linked.set_up(linked.entry())
    await linked.server.listened_to()
    # the simulated account has a register more, of a kind that the site has already
    await linked.utilities.break_down(
        "new_channel", endpoint="amber.sites", owner=HALF_HOUR_SITE, count=None
    )
    before = channels_shown(linked, HALF_HOUR_SITE)
    await linked.utilities.set_clock(LATE + timedelta(days=1))
    linked.freezer.move_to(LATE + timedelta(days=1))
    await linked.server.collect()

    await linked.until(
        lambda: channels_shown(linked, HALF_HOUR_SITE) == before + 1, step_s=30
    )


async def test_what_is_not_wanted_any_more_goes(linked: LinkedWorld):
    entry = linked.entry(options={"areas": [OZARK, LAKE], "substations": [OZARK, LAKE]})
    await linked.set_up(entry)
    with_stations = devices(linked, entry)
    assert any(one.startswith(f"kamo_{OZARK}_") for one in with_stations)

    linked.hass.config_entries.async_update_entry(
        entry, options={"areas": [OZARK], "substations": []}
    )
    await linked.hass.config_entries.async_reload(entry.entry_id)
    await linked.settle()

    assert devices(linked, entry) == {
        "server_the-server",
        f"amber_{HALF_HOUR_SITE}",
        f"amber_{FIVE_MINUTE_SITE}",
        f"kamo_{OZARK}",
    }
    assert linked.state(OZARK_LOAD) != "unavailable"


async def test_an_empty_list_takes_nothing_away(linked: LinkedWorld):
    entry = linked.entry()
    await linked.set_up(entry)
    before = devices(linked, entry)

    await linked.server.reset(LATE + timedelta(minutes=5))
    await linked.wait(minutes=5)
    await linked.hass.config_entries.async_reload(entry.entry_id)
    await linked.settle()

    assert devices(linked, entry) == before


async def test_what_the_server_cannot_tell_of_waits_and_the_rest_works(
    linked: LinkedWorld,
):
    late = LATE + timedelta(minutes=15)
    linked.freezer.move_to(late)
    await linked.utilities.set_clock(late)
    await linked.server.collect("amber")
    entry = linked.entry()
    await linked.set_up(entry)
    assert entry.state is ConfigEntryState.LOADED
    assert linked.state(JEMENA_PRICE) != "unavailable"
    assert linked.hass.states.get(OZARK_LOAD) is None
    await linked.server.listened_to()

    await linked.server.collect("kamo")

    await linked.until(lambda: linked.hass.states.get(OZARK_LOAD) is not None)
    assert linked.state(OZARK_LOAD) != "unavailable"


async def test_an_entry_leaves_nothing_behind(linked: LinkedWorld):
    entry = linked.entry()
    await linked.set_up(entry)
    await linked.server.listened_to()

    assert await linked.hass.config_entries.async_unload(entry.entry_id)
    await linked.settle()

    assert linked.state(JEMENA_PRICE) == "unavailable"
    await linked.server.forget_requests()
    await linked.wait(minutes=10)
    assert await linked.server.requests() == []


async def test_a_new_server_at_the_old_address_is_a_new_device(linked: LinkedWorld):
    entry = linked.entry()
    await linked.set_up(entry)

    linked.hass.config_entries.async_update_entry(entry, unique_id="another")
    await linked.hass.config_entries.async_reload(entry.entry_id)
    await linked.settle()

    assert "server_another" in devices(linked, entry)
    assert "server_the-server" not in devices(linked, entry)
