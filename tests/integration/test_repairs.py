"""Repair issues: when they come, how they are mended, how they go by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_logger.coordinator import RuntimeData
from custom_components.energy_logger.coordinator.refusals import Refusals
from custom_components.energy_logger.entries.conflicts import (
    claimed_by_others,
    duplicate_sources,
)
from tests.integration.conftest import START, TOKEN, World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry, kamo_entry
from tests.integration.forms import mend
from tests.integration.observed import issues


async def close_site(world: World, entry: MockConfigEntry) -> None:
    await world.utilities.break_down(
        "closed_site", owner=entry.data["site_id"], count=None
    )


def core_entry(token: str = TOKEN, **more: Any) -> MockConfigEntry:
    return MockConfigEntry(
        domain="amberelectric", title="Home", data={"api_token": token}, **more
    )


async def test_a_closed_site_is_told_at_the_start(world: World):
    entry = await amber_entry(world)
    await close_site(world, entry)

    await world.set_up(entry)

    assert issues(world) == {entry.entry_id: "site_closed"}


async def test_a_site_that_closes_is_told_within_a_day_until_it_opens(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    assert issues(world) == {}
    await close_site(world, entry)

    await world.wait(days=1)
    at_first = issues(world)
    await world.utilities.mend()
    await world.wait(days=1)

    assert at_first == {entry.entry_id: "site_closed"}
    assert issues(world) == {}
    assert entry.state is ConfigEntryState.LOADED


async def test_a_site_that_is_as_it_was_is_left_alone(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    runtime = entry.runtime_data

    await world.utilities.break_down("500", endpoint="amber.sites")
    await world.wait(days=1)
    await world.utilities.break_down(
        "missing", endpoint="amber.sites", options={"field": "id"}
    )
    await world.wait(days=1)
    await world.wait(days=1)

    assert entry.runtime_data is runtime


async def test_mending_a_closed_site_removes_its_entry(world: World):
    entry = await amber_entry(world)
    await close_site(world, entry)
    await world.set_up(entry)

    form = await mend(world, "site_closed", entry)

    assert form["description_placeholders"] == {"entry": "Amber"}
    assert world.hass.config_entries.async_entries("energy_logger") == []
    assert issues(world) == {}


async def test_core_with_the_same_token_is_told_until_it_has_another(world: World):
    core, entry = core_entry(), await amber_entry(world)
    core.add_to_hass(world.hass)

    await world.set_up(entry)
    at_first = issues(world)
    world.hass.config_entries.async_update_entry(core, data={"api_token": "psk_b"})

    assert at_first == {entry.entry_id: "core_amber"}
    assert issues(world) == {}


@pytest.mark.parametrize(
    "core",
    [
        core_entry("psk_of_another_account"),
        core_entry(disabled_by=ConfigEntryDisabler.USER),
        core_entry(source="ignore"),
    ],
)
async def test_core_that_takes_none_of_our_calls_is_fine(
    world: World, core: MockConfigEntry
):
    core.add_to_hass(world.hass)

    await world.set_up(await amber_entry(world))
    await world.set_up(kamo_entry())

    assert issues(world) == {}


async def test_entries_of_others_are_left_alone(world: World):
    other = MockConfigEntry(domain="sun", data={"api_token": TOKEN})
    other.add_to_hass(world.hass)
    await world.set_up(await amber_entry(world))

    world.hass.config_entries.async_update_entry(other, title="Sun")

    assert issues(world) == {}


async def test_an_entry_that_goes_takes_its_issues_along(world: World):
    core_entry().add_to_hass(world.hass)
    entry = await amber_entry(world)
    await world.set_up(entry)
    assert issues(world) != {}

    await world.hass.config_entries.async_remove(entry.entry_id)

    assert issues(world) == {}


async def test_a_disabled_entry_has_no_issues(world: World):
    core_entry().add_to_hass(world.hass)
    entry = await amber_entry(world)
    await close_site(world, entry)
    await world.set_up(entry)

    await world.hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )

    assert issues(world) == {}


async def test_lasting_refusals_are_told_until_a_call_succeeds(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    await world.utilities.break_down(
        "429", endpoint="amber.current", count=None, options={"retry_after": 240}
    )

    await world.wait(minutes=5)
    await world.wait(minutes=5)
    early = issues(world)
    await world.wait(minutes=5)
    late = issues(world)
    await world.utilities.mend()
    await world.wait(minutes=5)

    assert early == {}
    assert late == {entry.entry_id: "rate_limited"}
    assert issues(world) == {}


async def test_our_own_budget_is_no_refusal(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    prices = entry.runtime_data.sites[entry.data["site_id"]].prices

    for _ in range(8):
        now = prices.next_at
        world.freezer.move_to(now)
        while prices.source.budget.acquire("price") is None:
            pass
        await world.move_to(now)
        assert not prices.last_update_success
        assert prices.last_exception.translation_key == "source_rate_limited"

    assert prices.next_at - START > timedelta(minutes=10)
    assert issues(world) == {}


@pytest.mark.parametrize(
    ("minutes", "is_lasting"),
    [
        ((), False),
        ((0, 5), False),
        ((0, 1, 2), False),
        ((0, 1, 5), True),
        ((0, 2, 4, 6), True),
    ],
)
def test_refusals_last_when_there_are_many_over_a_whole_window(
    minutes: tuple[int, ...], *, is_lasting: bool
):
    refusals = Refusals()
    for minute in minutes:
        refusals = refusals.one_more(START + timedelta(minutes=minute))

    assert refusals.is_lasting is is_lasting


async def twice(world: World) -> tuple[MockConfigEntry, MockConfigEntry]:
    """Set up a site twice; only the first one succeeds."""
    first, second = await amber_entry(world), await amber_entry(world, title="Again")
    await world.set_up(first)
    await world.set_up(second)
    return first, second


async def test_a_site_that_another_entry_shows_is_refused(world: World):
    first, second = await twice(world)

    assert second.state is ConfigEntryState.SETUP_ERROR
    assert second.error_reason_translation_key == "duplicate_source"
    assert issues(world) == {second.entry_id: "duplicate_source"}
    source = f"amber_{first.data['site_id']}"
    assert duplicate_sources(world.hass) == {source: (first, second)}


async def test_mending_a_duplicate_removes_the_one_that_is_refused(world: World):
    first, second = await twice(world)

    form = await mend(world, "duplicate_source", second)

    assert form["description_placeholders"] == {"entry": "Again", "kept": "Amber"}
    assert world.hass.config_entries.async_entries("energy_logger") == [first]
    assert issues(world) == {}


async def test_the_refused_entry_takes_over_when_the_other_one_goes(world: World):
    first, second = await twice(world)

    await world.hass.config_entries.async_remove(first.entry_id)
    await world.settle()

    assert second.state is ConfigEntryState.LOADED
    assert issues(world) == {}


async def test_a_disabled_entry_shows_nothing_twice(world: World):
    first = kamo_entry(disabled_by=ConfigEntryDisabler.USER)
    first.add_to_hass(world.hass)
    second = kamo_entry()

    await world.set_up(second)

    assert second.state is ConfigEntryState.LOADED
    assert duplicate_sources(world.hass) == {}


def linked_entry(world: World, runtime: RuntimeData) -> MockConfigEntry:
    """Return a linked entry that is loaded."""
    entry = MockConfigEntry(
        domain="energy_logger", title="Server", data={"connection": "server"}
    )
    entry.add_to_hass(world.hass)
    entry.runtime_data = runtime
    entry.mock_state(world.hass, ConfigEntryState.LOADED)
    return entry


async def test_what_a_linked_entry_leaves_out_can_go_from_the_other(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    source = f"amber_{entry.data['site_id']}"

    linked = linked_entry(world, RuntimeData(skipped=frozenset({source})))

    assert claimed_by_others(world.hass, linked) == {source}
    assert duplicate_sources(world.hass) == {source: (entry, linked)}
    assert issues(world) == {entry.entry_id: "duplicate_source"}


async def test_a_site_that_a_linked_entry_shows_is_refused(world: World):
    first, second = await amber_entry(world), kamo_entry()
    other = await amber_entry(world, FIVE_MINUTE_SITE)
    for entry in (first, second):
        await world.set_up(entry)
    shown = RuntimeData(first.runtime_data.sites, second.runtime_data.areas)
    for entry in (first, second):
        await world.hass.config_entries.async_unload(entry.entry_id)
    linked_entry(world, shown)

    await world.set_up(other)
    for entry in (first, second):
        await world.hass.config_entries.async_setup(entry.entry_id)

    assert first.error_reason_translation_key == "duplicate_source"
    assert second.error_reason_translation_key == "duplicate_source"
    assert other.state is ConfigEntryState.LOADED


async def test_a_linked_entry_that_is_not_loaded_holds_nothing(world: World):
    linked = linked_entry(world, RuntimeData(skipped=frozenset({"kamo_1"})))
    linked.mock_state(world.hass, ConfigEntryState.NOT_LOADED)
    area = kamo_entry()

    await world.set_up(area)

    assert area.state is ConfigEntryState.LOADED
    assert duplicate_sources(world.hass) == {}
