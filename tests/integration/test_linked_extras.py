"""A linked entry beside its entities: actions, events, diagnostics, system health."""

import json
from datetime import timedelta
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.energy_logger.keys import area_key
from tests.integration.actions import act
from tests.integration.entries import OZARK_LOAD, kamo_entry
from tests.integration.linked import (
    FIVE_MINUTE_SITE,
    HALF_HOUR_SITE,
    KEY,
    LATE,
    OZARK,
    LinkedWorld,
)
from tests.integration.observed import logged

STUCK = (
    "KAMO's newest load of Ozark Electric Cooperative is that of "
    "2026-01-04T09:00:00+00:00; its present load is unknown"
)


async def loaded(linked: LinkedWorld) -> MockConfigEntry:
    entry = linked.entry()
    await linked.set_up(entry)
    return entry


def device_id(linked: LinkedWorld, entry: MockConfigEntry, site_id: str) -> str:
    device = dr.async_get(linked.hass).async_get_device_by_identifier(
        ("energy_logger", f"amber_{site_id}"), entry.entry_id
    )
    assert device is not None
    return device.id


def area_device_id(linked: LinkedWorld, entry: MockConfigEntry) -> str:
    device = dr.async_get(linked.hass).async_get_device_by_identifier(
        ("energy_logger", area_key(OZARK)), entry.entry_id
    )
    assert device is not None
    return device.id


async def test_prices_come_from_the_server(linked: LinkedWorld):
    entry = await loaded(linked)

    answer = await act(
        linked,
        "get_prices",
        entry,
        device_id=device_id(linked, entry, HALF_HOUR_SITE),
        channel="general",
        start=LATE - timedelta(hours=1),
        end=LATE,
    )

    assert [one["start_time"][11:16] for one in answer["prices"]] == [
        "08:00",
        "08:30",
        "09:00",
    ]


async def test_load_goes_back_as_far_as_the_server_remembers(linked: LinkedWorld):
    entry = await loaded(linked)
    await linked.utilities.set_clock(LATE + timedelta(hours=6))
    linked.freezer.move_to(LATE + timedelta(hours=6))
    await linked.server.collect("kamo")

    answer = await act(
        linked, "get_load", entry, start=LATE - timedelta(hours=11), end=LATE
    )

    # KAMO itself would tell of none before 04:00
    assert answer["load"][0]["time"] == "2026-01-03T23:00:00+00:00"


async def test_hours_of_a_substation_are_those_of_the_server(linked: LinkedWorld):
    entry = await loaded(linked)
    later = LATE + timedelta(hours=2)
    await linked.utilities.set_clock(later)
    await linked.server.collect("kamo")
    linked.freezer.move_to(later)
    hours = (await linked.server.fetch(f"/api/statistics/substations/{OZARK}"))["data"]
    of_one = [one for one in hours if one["substation_name"] == "Battlefield"]

    answer = await act(
        linked,
        "get_load",
        entry,
        start=LATE - timedelta(hours=11),
        end=later,
        substation="Battlefield",
        device_id=area_device_id(linked, entry),
    )

    assert answer == {
        "load": [
            {
                "time": one["start"],
                "load_kw": one["mean_kw"],
                "min_kw": one["min_kw"],
                "max_kw": one["max_kw"],
            }
            for one in of_one
        ]
    }
    assert of_one


@pytest.mark.parametrize("name", ["Battlefield", "battlefield"])
async def test_a_substation_without_hours_is_not_one_that_is_not_there(
    linked: LinkedWorld, name: str
):
    entry = await loaded(linked)
    long_ago = LATE - timedelta(days=300)
    asked = act(
        linked,
        "get_load",
        entry,
        start=long_ago,
        end=long_ago + timedelta(hours=5),
        substation=name,
        device_id=area_device_id(linked, entry),
    )

    if name == "Battlefield":
        assert await asked == {"load": []}
        return
    with pytest.raises(ServiceValidationError) as caught:
        await asked
    assert caught.value.translation_key == "no_such_substation"
    assert caught.value.translation_placeholders is not None
    assert "Battlefield" in caught.value.translation_placeholders["names"]


async def test_an_outage_is_told_to_be_the_servers(linked: LinkedWorld):
    entry = await loaded(linked)
    await linked.server.stop()

    with pytest.raises(HomeAssistantError) as caught:
        await act(linked, "get_load", entry, start=LATE - timedelta(hours=1), end=LATE)

    assert caught.value.translation_key == "source_unreachable"
    assert caught.value.translation_placeholders is not None
    assert caught.value.translation_placeholders["source"] == "Energy Logger server"
    await linked.server.start()


async def test_diagnostics_tell_of_the_server_and_nothing_personal(
    linked: LinkedWorld, hass_client: ClientSessionGenerator
):
    entry = await loaded(linked)

    answer: Any = await get_diagnostics_for_config_entry(
        linked.hass, hass_client, entry
    )

    assert answer["linked"]["is_up"] is True
    assert answer["linked"]["sites"] == 2
    assert answer["linked"]["waiting"] == []
    assert answer["skipped"] == 0
    assert [site["call_budget"] for site in answer["sites"]] == [None, None]
    text = json.dumps(answer)
    for personal in (KEY, linked.server.url, HALF_HOUR_SITE, FIVE_MINUTE_SITE):
        assert personal not in text


async def test_system_health_tells_whether_the_server_answers(linked: LinkedWorld):
    await loaded(linked)
    assert await async_setup_component(linked.hass, "system_health", {})
    await linked.settle()

    health = await get_system_health_info(linked.hass, "energy_logger")

    assert health["server_entries"] == 1
    assert health.keys() & {"can_reach_amber", "can_reach_kamo"} == set()
    assert await health["can_reach_server"] == "ok"


async def test_what_a_direct_entry_shows_too_can_go_from_it(linked: LinkedWorld):
    direct = kamo_entry(OZARK)
    await linked.set_up(direct)
    entry = await loaded(linked)
    load = "sensor.ozark_electric_cooperative_load"
    registry = ir.async_get(linked.hass)
    issue_id = f"duplicate_source_{direct.entry_id}"
    assert registry.async_get_issue("energy_logger", issue_id) is not None
    assert entry.runtime_data.areas == {}

    await linked.hass.config_entries.async_remove(direct.entry_id)
    await linked.settle()

    assert registry.async_get_issue("energy_logger", issue_id) is None
    assert [*entry.runtime_data.areas] == [OZARK]
    assert linked.state(load) not in ("unavailable", "unknown")


async def test_load_that_is_stuck_in_the_past_is_unknown_through_the_server_too(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    await loaded(linked)
    await linked.utilities.break_down(
        "stuck_load",
        endpoint="kamo.areagrid",
        count=None,
        options={"newest": "01/04/2026 3:00"},
    )
    told = []
    for span in (timedelta(hours=1), timedelta(hours=3), timedelta(hours=3, minutes=5)):
        if span > timedelta(hours=3):
            await linked.utilities.mend()
        await linked.utilities.set_clock(LATE + span)
        await linked.server.collect("kamo")
        await linked.move_to(LATE + span)
        told.append(linked.state(OZARK_LOAD))

    late, stuck, moved_on = told
    assert float(late) > 0
    assert stuck == "unknown"
    assert float(moved_on) > 0
    assert [one for one in logged(caplog) if "load of Ozark" in one[1]] == [
        ("WARNING", STUCK),
        ("INFO", "KAMO gives the present load of Ozark Electric Cooperative again"),
    ]
