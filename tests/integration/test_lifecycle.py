"""Set up, reload, unload, remove: nothing is left behind.

The plugin fails a test that leaves a task or a timer.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from aiohttp import ClientSession, TraceConfig, TraceRequestStartParams
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from tests.integration.conftest import START, World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry, kamo_entry
from tests.integration.observed import asked, setup_of

BARRY = 3


async def a_site(world: World) -> MockConfigEntry:
    return await amber_entry(world, FIVE_MINUTE_SITE)


async def an_area(_world: World) -> MockConfigEntry:
    return kamo_entry(BARRY, substations=True)


each_connection = pytest.mark.parametrize(
    ("make", "entity_id"),
    [
        (a_site, "sensor.amber_jemena_general_price"),
        (an_area, "sensor.barry_electric_cooperative_load"),
    ],
    ids=["amber", "kamo"],
)

type Make = Callable[[World], Awaitable[MockConfigEntry]]


async def requests_in_an_hour(world: World) -> int:
    before = len(await world.utilities.requests())
    for _ in range(12):
        await world.wait(minutes=5)
    return len(await world.utilities.requests()) - before


@each_connection
async def test_an_unloaded_entry_asks_nothing(world: World, make: Make, entity_id: str):
    entry = await make(world)
    await world.set_up(entry)
    assert await requests_in_an_hour(world) > 0

    assert await world.hass.config_entries.async_unload(entry.entry_id)
    await world.settle()

    assert setup_of(entry) is ConfigEntryState.NOT_LOADED
    assert world.state(entity_id) == "unavailable"
    assert await requests_in_an_hour(world) == 0


@each_connection
async def test_a_reloaded_entry_shows_the_same_and_asks_as_often(
    world: World, make: Make, entity_id: str
):
    entry = await make(world)
    await world.set_up(entry)
    entities = {*world.hass.states.async_entity_ids()}
    often = await requests_in_an_hour(world)

    for _ in range(3):
        assert await world.hass.config_entries.async_reload(entry.entry_id)
        await world.settle()

    assert {*world.hass.states.async_entity_ids()} == entities
    assert world.state(entity_id) != "unavailable"
    assert await requests_in_an_hour(world) == often


@each_connection
async def test_a_removed_entry_leaves_no_entities_and_no_devices(
    world: World, make: Make, entity_id: str
):
    entry = await make(world)
    await world.set_up(entry)

    await world.hass.config_entries.async_remove(entry.entry_id)
    await world.settle()

    assert world.hass.states.get(entity_id) is None
    entities = er.async_get(world.hass)
    devices = dr.async_get(world.hass)
    assert er.async_entries_for_config_entry(entities, entry.entry_id) == []
    assert dr.async_entries_for_config_entry(devices, entry.entry_id) == []
    assert dr.async_child_entries_for_config_entry(devices, entry.entry_id) == []
    assert await requests_in_an_hour(world) == 0


@each_connection
async def test_an_entry_is_unloaded_while_it_waits_for_an_answer(
    world: World, make: Make, entity_id: str
):
    entry = await make(world)
    await world.set_up(entry)
    await world.utilities.break_down("timeout", count=None)
    before = len(await world.utilities.requests())
    later = START + timedelta(minutes=5)
    world.freezer.move_to(later)
    async_fire_time_changed(world.hass, later)
    while len(await world.utilities.requests()) == before:
        pass

    assert await world.hass.config_entries.async_unload(entry.entry_id)
    await world.settle()

    assert world.state(entity_id) == "unavailable"


@each_connection
async def test_after_a_failed_setup_the_next_one_leaves_nothing_double(
    world: World, make: Make, entity_id: str
):
    entry = await make(world)
    # prices are asked for once more without forecasts
    await world.utilities.break_down("500", endpoint="amber.current", count=2)
    await world.utilities.break_down("500", endpoint="kamo.areagrid", count=1)

    await world.set_up(entry)
    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    await world.wait(seconds=30)

    assert setup_of(entry) is ConfigEntryState.LOADED
    assert world.state(entity_id) != "unavailable"
    runtime = entry.runtime_data
    endpoint = "amber.current" if runtime.sites else "kamo.areagrid"
    coordinators = [site.prices for site in runtime.sites.values()]
    coordinators.extend(runtime.areas.values())
    before = len(await asked(world, endpoint))
    await world.move_to(coordinators[0].next_at + timedelta(seconds=1))
    assert len(await asked(world, endpoint)) == before + 1


async def test_several_entries_live_side_by_side(world: World):
    entries = [
        await amber_entry(world),
        await amber_entry(world, FIVE_MINUTE_SITE),
        kamo_entry(1),
        kamo_entry(BARRY, substations=True),
    ]
    for entry in entries:
        await world.set_up(entry)

    await world.hass.config_entries.async_unload(entries[0].entry_id)
    await world.hass.config_entries.async_remove(entries[2].entry_id)
    await world.wait(minutes=5)

    assert world.state("sensor.amber_ausgrid_general_price") == "unavailable"
    assert float(world.state("sensor.amber_jemena_general_price")) > 0
    assert float(world.state("sensor.barry_electric_cooperative_load")) > 0


@each_connection
async def test_the_session_is_home_assistants_own(
    world: World, make: Make, entity_id: str
):
    urls: list[str] = []

    async def note(
        _session: ClientSession, _context: object, start: TraceRequestStartParams
    ) -> None:
        urls.append(str(start.url))

    trace = TraceConfig()
    trace.on_request_start.append(note)
    trace.freeze()
    session = async_get_clientsession(world.hass)
    session.trace_configs.append(trace)
    entry = await make(world)
    before = len(await world.utilities.requests())
    await world.set_up(entry)
    requests = len(await world.utilities.requests()) - before

    await world.hass.config_entries.async_unload(entry.entry_id)

    assert len(urls) == requests > 0
    assert not session.closed
    assert world.state(entity_id) == "unavailable"


@each_connection
async def test_nothing_is_asked_while_home_assistant_stops(
    world: World, make: Make, entity_id: str
):
    await world.set_up(await make(world))
    assert world.state(entity_id) != "unavailable"
    before = len(await world.utilities.requests())

    world.hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await world.hass.async_stop(force=True)

    assert len(await world.utilities.requests()) == before


@each_connection
async def test_a_user_may_poll_by_automations_alone(
    world: World, make: Make, entity_id: str
):
    entry = await make(world)
    entry.add_to_hass(world.hass)
    world.hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    await world.hass.config_entries.async_setup(entry.entry_id)
    await world.settle()
    assert world.state(entity_id) != "unavailable"
    before = len(await world.utilities.requests())

    await world.wait(minutes=5)

    assert len(await world.utilities.requests()) == before


async def test_an_error_that_nobody_has_thought_of_waits_for_the_next_tick(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    entry = kamo_entry()
    await world.set_up(entry)
    (area,) = entry.runtime_data.areas.values()
    calls: list[datetime] = []

    async def fetch(now: datetime) -> None:
        calls.append(now)
        raise LookupError

    with monkeypatch.context() as broken:
        broken.setattr(area, "fetch", fetch)
        await world.wait(minutes=5)
    assert len(calls) == 1
    assert "Unexpected error fetching" in caplog.text

    await world.wait(minutes=5)

    assert area.last_update_success
