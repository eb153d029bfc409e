"""Lists that lack something: what stays, what is said, how it heals."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.api.models import Answer
from custom_components.energy_logger.sources.listing import load_areas, load_sites
from tests.integration.conftest import START, World
from tests.integration.entries import AUSGRID_PRICE, OZARK_LOAD, amber_entry, kamo_entry
from tests.integration.forms import mend
from tests.integration.observed import asked, issues, logged, setup_of

GONE_LOG = (
    "{} does not list {} at present; what is known of it stays, and the list is read "
    "again"
)

BELIEVED_GONE_LOG = (
    "{} has not listed {} for days; it is believed gone, and comes back by itself "
    "should it be listed again"
)


async def _kamo_entry(_world: World) -> MockConfigEntry:
    return kamo_entry(title="Ozark Electric Cooperative")


@dataclass(frozen=True, slots=True)
class Utility:
    """One that lists what an entry is about.

    Attributes:
        make: Makes the entry.
        endpoint: Of the list.
        entity_id: Of something that the entry shows.
        source: What the utility is called.
        name: What is listed.
    """

    make: Callable[[World], Awaitable[MockConfigEntry]]
    endpoint: str
    entity_id: str
    source: str
    name: str


AMBER = Utility(
    amber_entry, "amber.sites", AUSGRID_PRICE, "Amber Electric", "Amber Ausgrid"
)
KAMO = Utility(
    _kamo_entry, "kamo.area", OZARK_LOAD, "KAMO Power", "Ozark Electric Cooperative"
)
each_utility = pytest.mark.parametrize("it", [AMBER, KAMO], ids=["amber", "kamo"])
each_list = pytest.mark.parametrize("fault", ["empty_list", "absent"])


async def lose(world: World, endpoint: str, fault: str, count: int | None) -> None:
    """Let a list be empty, or lack what stands first in it."""
    await world.utilities.break_down(fault, endpoint=endpoint, count=count)


@each_utility
@each_list
async def test_a_list_that_lacks_it_once_costs_nothing(
    world: World,
    caplog: pytest.LogCaptureFixture,
    it: Utility,
    fault: str,
):
    entry = await it.make(world)
    await world.set_up(entry)
    runtime = entry.runtime_data
    caplog.clear()
    await lose(world, it.endpoint, fault, 1)
    before = len(await asked(world, it.endpoint))

    await world.wait(days=1)
    assert len(await asked(world, it.endpoint)) == before + 1
    await world.wait(minutes=5)
    assert float(world.state(it.entity_id)) > 0
    # asked again within minutes
    await world.wait(minutes=5, seconds=1)

    assert len(await asked(world, it.endpoint)) == before + 2
    assert entry.runtime_data is runtime
    assert float(world.state(it.entity_id)) > 0
    assert issues(world) == {}
    assert logged(caplog) == [
        ("WARNING", GONE_LOG.format(it.source, it.name)),
        ("INFO", f"{it.source} lists {it.name} again"),
    ]
    # and at the usual pace after that
    await world.wait(hours=23)
    assert len(await asked(world, it.endpoint)) == before + 2


@each_utility
async def test_a_list_that_cannot_be_had_is_read_again_within_minutes(
    world: World, it: Utility
):
    entry = await it.make(world)
    await world.set_up(entry)
    await lose(world, it.endpoint, "absent", 1)
    await world.wait(days=1)
    await world.utilities.mend()
    await world.utilities.break_down("500", endpoint=it.endpoint)
    before = len(await asked(world, it.endpoint))

    await world.wait(minutes=10, seconds=1)
    assert len(await asked(world, it.endpoint)) == before + 1
    await world.wait(minutes=10, seconds=1)

    assert len(await asked(world, it.endpoint)) == before + 2
    # a whole one is read daily again
    await world.wait(hours=23)
    assert len(await asked(world, it.endpoint)) == before + 2


async def test_a_list_that_a_refused_token_gets_is_read_again_within_the_hour(
    world: World,
):
    await world.set_up(await amber_entry(world))
    await world.utilities.break_down("403", endpoint="amber.sites")
    before = len(await asked(world, "amber.sites"))

    await world.wait(days=1)
    await world.wait(minutes=59)
    assert len(await asked(world, "amber.sites")) == before + 1
    await world.wait(minutes=1, seconds=1)

    assert len(await asked(world, "amber.sites")) == before + 2


@each_utility
@each_list
async def test_a_restart_while_the_list_lacks_it_loses_nothing(
    world: World,
    caplog: pytest.LogCaptureFixture,
    it: Utility,
    fault: str,
):
    entry = await it.make(world)
    await world.set_up(entry)
    caplog.clear()
    await lose(world, it.endpoint, fault, 2)

    await world.hass.config_entries.async_reload(entry.entry_id)
    await world.settle()
    assert float(world.state(it.entity_id)) > 0
    for _ in range(2):
        await world.wait(minutes=10, seconds=1)

    assert float(world.state(it.entity_id)) > 0
    assert logged(caplog) == [
        ("WARNING", GONE_LOG.format(it.source, it.name)),
        ("INFO", f"{it.source} lists {it.name} again"),
    ]


@each_utility
@each_list
async def test_what_stays_away_is_told_and_heals(
    world: World,
    it: Utility,
    fault: str,
):
    entry = await it.make(world)
    await world.set_up(entry)
    await lose(world, it.endpoint, fault, None)
    await world.wait(days=1)
    assert issues(world) == {}

    for _ in range(3):
        await world.wait(minutes=10, seconds=1)

    assert issues(world) == {entry.entry_id: "not_listed"}
    issue = ir.async_get(world.hass).async_get_issue(
        "energy_logger", f"not_listed_{entry.entry_id}"
    )
    assert issue is not None
    assert issue.translation_placeholders == {
        "entry": entry.title,
        "source": it.source,
        "names": it.name,
    }
    assert not issue.is_fixable
    await world.wait(minutes=5)
    assert float(world.state(it.entity_id)) > 0
    await world.utilities.mend()
    await world.wait(days=1, minutes=10)

    assert issues(world) == {}
    assert float(world.state(it.entity_id)) > 0


@each_utility
async def test_what_is_missing_for_days_is_believed_gone_until_it_comes_back(
    world: World,
    caplog: pytest.LogCaptureFixture,
    it: Utility,
):
    entry = await it.make(world)
    await world.set_up(entry)
    await lose(world, it.endpoint, "absent", None)
    for _ in range(2):
        await world.wait(days=1)
        for _ in range(3):
            await world.wait(minutes=10, seconds=1)
        assert setup_of(entry).value == "loaded", it.name

    await world.wait(days=1)
    assert setup_of(entry).value == "setup_retry"
    assert entry.error_reason_translation_key == "gone"
    assert entry.error_reason_translation_placeholders == {"source": it.source}
    assert issues(world) == {entry.entry_id: "gone"}
    # a restart of Home Assistant does not change that, nor does it need one
    await world.hass.config_entries.async_reload(entry.entry_id)
    assert setup_of(entry).value == "setup_retry"
    before = len(await asked(world, it.endpoint))
    for _ in range(11):
        await world.wait(minutes=5)
    assert len(await asked(world, it.endpoint)) <= before + 1
    await world.utilities.mend()
    for _ in range(13):
        await world.wait(minutes=5)

    assert setup_of(entry).value == "loaded"
    assert float(world.state(it.entity_id)) > 0
    assert issues(world) == {}
    reported = [one for one in logged(caplog) if one[1].startswith(it.source)]
    assert reported == [
        ("WARNING", GONE_LOG.format(it.source, it.name)),
        ("WARNING", BELIEVED_GONE_LOG.format(it.source, it.name)),
        ("INFO", f"{it.source} lists {it.name} again"),
    ]


async def test_an_empty_list_is_never_believed(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    await lose(world, "amber.sites", "empty_list", None)
    before = len(await asked(world, "amber.sites"))

    for _ in range(2 * 7):
        await world.wait(hours=12)

    assert len(await asked(world, "amber.sites")) >= before + 12
    assert setup_of(entry).value == "loaded"
    assert float(world.state(AUSGRID_PRICE)) > 0
    assert issues(world) == {entry.entry_id: "not_listed"}


async def test_what_is_believed_gone_can_be_removed(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    await lose(world, "amber.sites", "absent", None)
    for _ in range(4):
        await world.wait(days=1)

    form = await mend(world, "gone", entry)

    assert form["description_placeholders"]["source"] == "Amber Electric"
    assert world.hass.config_entries.async_entries("energy_logger") == []
    assert issues(world) == {}


@each_utility
@each_list
async def test_what_was_never_listed_is_not_ready_and_tried_again(
    world: World,
    it: Utility,
    fault: str,
):
    entry = await it.make(world)
    await lose(world, it.endpoint, fault, 2)

    await world.set_up(entry)
    assert setup_of(entry).value == "setup_retry", it.name
    assert entry.error_reason_translation_key == "not_listed"
    assert entry.error_reason_translation_placeholders == {"source": it.source}
    for _ in range(2):
        await world.wait(seconds=30)

    assert float(world.state(it.entity_id)) > 0


async def test_an_entry_that_is_unloaded_while_a_list_is_read_is_left_alone(
    world: World,
):
    entry = await amber_entry(world)
    await world.set_up(entry)
    later = START + timedelta(days=1)
    before = len(await asked(world, "amber.sites"))
    await world.utilities.set_clock(later)
    world.freezer.move_to(later)

    async_fire_time_changed(world.hass, later)
    await world.hass.config_entries.async_unload(entry.entry_id)
    await world.settle()
    await world.wait(days=2)

    assert len(await asked(world, "amber.sites")) == before + 1


async def test_a_list_that_cannot_be_read_in_part_says_nothing_of_the_rest(
    world: World, caplog: pytest.LogCaptureFixture
):
    entry = await amber_entry(world)
    await world.set_up(entry)
    caplog.clear()
    await world.utilities.break_down(
        "missing", endpoint="amber.sites", count=None, options={"field": "id"}
    )

    for _ in range(4):
        await world.wait(days=1)

    assert setup_of(entry).value == "loaded"
    assert issues(world) == {}
    assert logged(caplog) == []


@each_utility
async def test_a_list_of_which_nothing_can_be_read_is_tried_again(
    world: World, it: Utility
):
    entry = await it.make(world)
    await world.utilities.break_down(
        "missing", endpoint=it.endpoint, options={"field": "id", "all": True}
    )

    await world.set_up(entry)
    assert setup_of(entry).value == "setup_retry"
    assert entry.error_reason_translation_key == "source_unreadable"
    await world.wait(seconds=30)

    assert float(world.state(it.entity_id)) > 0


async def test_a_disabled_entry_is_not_told_to_be_gone(world: World):
    entry = await amber_entry(world)
    await world.set_up(entry)
    await lose(world, "amber.sites", "absent", None)
    for _ in range(4):
        await world.wait(days=1)
    assert issues(world) == {entry.entry_id: "gone"}

    await world.hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )

    assert issues(world) == {}


def area(number: int, **raw: Any) -> Area:
    record = {"id": number, "name": f"Area {number}", "abrev": "A", **raw}
    return Area(number, f"Area {number}", "A", raw=record)


def answer(*areas: Area) -> Answer[Area]:
    return Answer(records=areas, rejected=(), fetched_at=START)


def test_what_was_listed_comes_back_from_what_is_kept():
    listing = load_areas({})
    listing = listing.after(answer(area(1), area(2, of=Decimal("1e400"))), START)
    listing = listing.after(answer(area(1)), START + timedelta(hours=1))

    kept = json.loads(json.dumps(listing.as_data()))

    assert load_areas(kept) == listing
    assert load_sites({}).kind == "amber"
    assert load_sites({}).records == {}


def test_the_same_list_a_moment_later_is_no_confirmation():
    listing = load_areas({}).after(answer(area(1), area(2)), START)

    for minutes in range(60, 60 + 2 * 24 * 60, 5):
        listing = listing.after(answer(area(1)), START + timedelta(minutes=minutes))
        expected = 1 + min((minutes - 60) // 10, 2) + max((minutes - 80) // 60, 0)
        assert listing.absence.missing["kamo_2"].listings == expected
        assert not listing.is_gone("kamo_2")
    listing = listing.after(answer(area(1)), START + timedelta(days=2, hours=2))

    assert listing.is_gone("kamo_2")
    assert listing.present.keys() == {"kamo_1"}
    assert listing.after(answer(area(2)), START + timedelta(days=3)).present.keys() == {
        "kamo_1",
        "kamo_2",
    }
