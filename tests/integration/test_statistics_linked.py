"""A linked entry brings the real server's hours into a real recorder."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from homeassistant.components.recorder.models import StatisticData
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    get_metadata,
    list_statistic_ids,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.util.dt import utcnow
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.energy_logger.issues import Issue, raise_issue
from tests.integration.forms import mend
from tests.integration.linked import HALF_HOUR_SITE, LATE, OZARK, LinkedWorld
from tests.integration.linked_statistics import (
    SITE,
    check_means,
    check_substations,
    check_usage,
    recorded,
)
from tests.integration.observed import issues, warnings

pytestmark = [pytest.mark.usefixtures("quiet_recorder"), pytest.mark.timeout(120)]

PRICE = f"{SITE}_general_price"
HOUR = timedelta(hours=1)
OLD_CURSOR = "WyJzdGF0aXN0aWNzL2xvYWQvMSIsMSwyLDMsNF0"
"""Its values are those of a version that has been before."""
IMPORTED = "sensor.amber_ausgrid_statistics_imported"


async def plant(hass: HomeAssistant, statistic_id: str, total: float) -> datetime:
    """Write a wrong sum into the first hour of a statistic; return the hour."""
    rows = (await recorded(hass, statistic_id))[statistic_id]
    start, row = min(rows.items())
    at = datetime.fromisoformat(start)
    told = await get_instance(hass).async_add_executor_job(
        partial(get_metadata, hass, statistic_ids={statistic_id})
    )
    _, metadata = told[statistic_id]
    data = StatisticData(start=at, state=row["state"] or 0.0, sum=total)
    async_add_external_statistics(hass, metadata, [data])
    await async_wait_recording_done(hass)
    return at


def has_succeeded(entry: MockConfigEntry) -> bool:
    """Return whether all that was asked last of the server's hours was answered."""
    every = entry.runtime_data.statistics.values()
    return all(one.last_update_success for one in every)


async def listed(linked: LinkedWorld, *statistic_ids: str) -> list[tuple[Any, ...]]:
    """Return what pickers are told: name, unit, kind of unit, and whether sums."""
    found = await get_instance(linked.hass).async_add_executor_job(
        partial(list_statistic_ids, linked.hass, {*statistic_ids})
    )
    unit = "statistics_unit_of_measurement"
    return sorted(
        (one["name"], one[unit], one["unit_class"], one["has_sum"]) for one in found
    )


async def test_everything_that_the_server_has_comes_once(
    linked: LinkedWorld, hass_storage: dict[str, Any]
):
    entry = linked.entry(options={"areas": [OZARK], "substations": [OZARK]})
    await linked.set_up(entry)
    await check_usage(linked)
    await check_means(linked)
    assert float(linked.state(IMPORTED)) == 100
    assert await listed(
        linked,
        f"{SITE}_general_cost",
        f"{SITE}_general_energy",
        "energy_logger:kamo_1_load",
    ) == [
        ("Amber Ausgrid general consumption", "kWh", "energy", True),
        ("Amber Ausgrid general cost", "AUD", None, True),
        ("Ozark Electric Cooperative load", "kW", "power", False),
    ]

    # an hour later there are more, and hours of substations are over
    later = LATE + timedelta(hours=1)
    await linked.utilities.set_clock(later)
    await linked.server.collect("kamo")
    await linked.move_to(later)
    await check_substations(linked)

    # a server that was away is asked for what is new only
    await linked.server.stop()
    await linked.wait(minutes=5)
    assert float(linked.state(IMPORTED)) == 100
    await linked.server.start()
    await linked.until(lambda: has_succeeded(entry), step_s=1)
    await linked.server.forget_requests()
    await linked.wait(minutes=5)
    assert float(linked.state(IMPORTED)) == 100
    await check_usage(linked)

    # and so it is after a restart of Home Assistant
    await linked.hass.config_entries.async_reload(entry.entry_id)
    await linked.settle()
    asked = await linked.server.requests()
    assert asked.count(f"/api/statistics/usage/{HALF_HOUR_SITE}") == 2

    # what is recorded stays when the entry goes, and how far it was does not
    key = f"energy_logger.statistics_{entry.entry_id}"
    assert key in hass_storage
    await linked.hass.config_entries.async_remove(entry.entry_id)
    assert key not in hass_storage
    await check_usage(linked)


async def audit(
    linked: LinkedWorld, entry: MockConfigEntry, **fields: Any
) -> dict[str, Any]:
    """Compare a site's statistics, and write what is wrong."""
    price = er.async_get(linked.hass).async_get("sensor.amber_ausgrid_general_price")
    assert price is not None
    answer = await linked.hass.services.async_call(
        "energy_logger",
        "audit_statistics",
        {
            "config_entry_id": entry.entry_id,
            "device_id": price.device_id,
            "repair": True,
            **fields,
        },
        blocking=True,
        return_response=True,
    )
    assert answer is not None
    return dict(answer)


async def plant_mean(linked: LinkedWorld, at: datetime) -> None:
    """Write an hour of a price as somebody else might."""
    told = await get_instance(linked.hass).async_add_executor_job(
        partial(get_metadata, linked.hass, statistic_ids={PRICE})
    )
    _, metadata = told[PRICE]
    data = [StatisticData(start=at, mean=9.0, min=9.0, max=9.0)]
    async_add_external_statistics(linked.hass, metadata, data)
    await async_wait_recording_done(linked.hass)


async def missed_hour(linked: LinkedWorld) -> datetime:
    """Let hours go by in which the server collects nothing; return one of them."""
    await linked.move_to(LATE + 3 * HOUR)
    return LATE.replace(minute=0, second=0) + HOUR


async def test_an_extra_hour_of_a_price_is_taken_away_by_a_repair_of_everything(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)
    at = await missed_hour(linked)
    before = await recorded(linked.hass, PRICE)
    await plant_mean(linked, at)

    of_its_day = await audit(linked, entry, start=at - HOUR, end=at + HOUR)
    kept = await recorded(linked.hass, PRICE)
    of_all = await audit(linked, entry)

    # an hour cannot be deleted without those that nobody asked for
    for found in (of_its_day, of_all):
        assert [one["flaw"] for one in found["differences"]] == ["extra"]
    assert at.isoformat() in kept[PRICE]
    assert await recorded(linked.hass, PRICE) == before
    assert (await audit(linked, entry))["wrong_hours"] == 0


async def test_a_price_with_hours_from_before_the_server_keeps_them_and_the_extra_one(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)
    at = await missed_hour(linked)
    await plant_mean(linked, at)
    await plant_mean(linked, LATE.replace(minute=0, second=0) - timedelta(days=100))
    before = await recorded(linked.hass, PRICE)

    assert (await audit(linked, entry))["wrong_hours"] == 1

    assert await recorded(linked.hass, PRICE) == before


async def test_an_import_that_failed_goes_on_as_soon_as_the_server_is_back(
    linked: LinkedWorld,
):
    entry = linked.entry()
    await linked.set_up(entry)
    imports = entry.runtime_data.statistics.values()
    await linked.server.stop()
    await linked.wait(minutes=5)
    assert not has_succeeded(entry)
    polls = {one.next_at for one in imports}

    await linked.server.start()

    await linked.until(lambda: has_succeeded(entry), step_s=1)

    assert {one.next_at for one in imports} == polls
    assert utcnow() < min(polls)


async def test_cursors_of_another_version_of_the_server_cost_a_reading_and_nothing_else(
    linked: LinkedWorld, hass_storage: dict[str, Any]
):
    entry = linked.entry()
    await linked.set_up(entry)
    await linked.hass.config_entries.async_unload(entry.entry_id)
    key = f"energy_logger.statistics_{entry.entry_id}"
    for progress in hass_storage[key]["data"]["feeds"].values():
        if progress["cursor"]:
            progress["cursor"] = OLD_CURSOR

    await linked.server.restart()
    await linked.hass.config_entries.async_setup(entry.entry_id)
    await linked.settle()

    await check_usage(linked)
    await check_means(linked)
    kept = hass_storage[key]["data"]["feeds"].values()
    assert OLD_CURSOR not in {progress["cursor"] for progress in kept}


async def test_at_night_what_is_wrong_is_told_and_mended_on_request(
    linked: LinkedWorld, caplog: pytest.LogCaptureFixture
):
    entry = linked.entry()
    await linked.set_up(entry)
    await plant(linked.hass, f"{SITE}_general_cost", 999.0)
    # Home Assistant of tests lives in California: seven in the morning
    night = datetime(2026, 1, 5, 15, 0, 50, tzinfo=UTC)
    await linked.move_to(night)

    assert issues(linked) == {entry.entry_id: "statistics_wrong"}
    assert any("Amber Ausgrid general cost" in one for one in warnings(caplog))
    form = await mend(linked, "statistics_wrong", entry)

    assert form["description_placeholders"]["names"] == "Amber Ausgrid"
    assert issues(linked) == {}
    await linked.move_to(night + timedelta(days=1))
    assert issues(linked) == {}
    await check_usage(linked)


async def test_an_entry_that_is_not_loaded_mends_nothing(linked: LinkedWorld):
    entry = linked.entry()
    await linked.set_up(entry)
    await linked.hass.config_entries.async_unload(entry.entry_id)
    raise_issue(linked.hass, Issue.STATISTICS_WRONG, entry, names="Amber Ausgrid")

    await mend(linked, "statistics_wrong", entry)

    assert entry.state is ConfigEntryState.NOT_LOADED
