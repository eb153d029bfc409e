"""An entry that asks Amber itself, when Amber does not answer or refuses."""

from datetime import timedelta

import pytest
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.helpers import issue_registry as ir

from tests.integration.boundary import BOUNDARY
from tests.integration.conftest import START, World
from tests.integration.entries import (
    AUSGRID_PRICE,
    AUSGRID_SPIKE,
    FIVE_MINUTE_SITE,
    JEMENA_PRICE,
    amber_entry,
)
from tests.integration.observed import asked, let_it_time_out, logged, setup_of, shown

WENT = "Error fetching Amber Ausgrid prices data: Amber Electric "
CAME_BACK = ("INFO", "Fetching Amber Ausgrid prices data recovered")


@pytest.mark.parametrize(
    "fault",
    ["500", "502", "504", "empty", "null", "object", "html200", "truncate"],
)
async def test_what_is_gone_wrong_is_unavailable_and_comes_back(
    world: World, caplog: pytest.LogCaptureFixture, fault: str
):
    await world.set_up(await amber_entry(world))
    caplog.clear()
    await world.utilities.break_down(fault, endpoint="amber.current", count=None)

    for seconds in (12, 25, 45, 90, 312):
        await world.move_to(BOUNDARY + timedelta(seconds=seconds, milliseconds=600))
        assert world.state(AUSGRID_PRICE) == "unavailable"
        assert world.state(AUSGRID_SPIKE) == "unavailable"
    # what does not hang on prices stays
    assert world.state("sensor.amber_ausgrid_latest_usage_day") == "2026-01-03"

    await world.utilities.mend()
    await world.move_to(BOUNDARY + timedelta(seconds=326))

    assert world.state(AUSGRID_PRICE) not in ("unavailable", "unknown")
    (level, went), came_back = logged(caplog)
    assert (level, went.startswith(WENT), came_back) == ("ERROR", True, CAME_BACK)


async def test_an_answer_that_never_comes_is_given_up(
    world: World, caplog: pytest.LogCaptureFixture
):
    await world.set_up(await amber_entry(world))
    caplog.clear()
    await world.utilities.break_down("timeout", endpoint="amber.current", count=1)

    due = BOUNDARY + timedelta(seconds=12.6)
    await let_it_time_out(world, due, due + timedelta(seconds=31), "amber.current")
    assert world.state(AUSGRID_PRICE) == "unavailable"
    await world.move_to(BOUNDARY + timedelta(seconds=46))

    assert world.state(AUSGRID_PRICE) != "unavailable"
    (_, went), came_back = logged(caplog)
    assert went == f"{WENT}could not be reached: no complete answer within 30 s"
    assert came_back == CAME_BACK


async def test_a_refused_call_is_not_repeated_before_it_may_succeed(
    world: World, caplog: pytest.LogCaptureFixture
):
    await world.set_up(await amber_entry(world))
    caplog.clear()
    await world.utilities.break_down("429", endpoint="amber.current")
    await world.move_to(BOUNDARY + timedelta(seconds=12.6))
    assert world.state(AUSGRID_PRICE) == "unavailable"
    before = len(await asked(world, "amber.current"))

    # the window of the simulated Amber opened when the entry was set up
    reset_at = START + timedelta(minutes=5)
    await world.move_to(reset_at - timedelta(seconds=2))
    assert len(await asked(world, "amber.current")) == before
    await world.move_to(reset_at + timedelta(seconds=2))

    assert len(await asked(world, "amber.current")) == before + 1
    assert world.state(AUSGRID_PRICE) != "unavailable"
    (_, went), came_back = logged(caplog)
    assert went.startswith(f"{WENT}has had too many calls")
    assert came_back == CAME_BACK


async def test_entries_of_one_token_share_its_calls(world: World):
    half_hours = await amber_entry(world)
    fives = await amber_entry(world, FIVE_MINUTE_SITE)
    await world.set_up(half_hours)
    await world.set_up(fives)
    budgets = [
        site.prices.source.budget
        for entry in (half_hours, fives)
        for site in entry.runtime_data.sites.values()
    ]
    assert budgets[0] is budgets[1]
    site_id = half_hours.data["site_id"]
    await world.utilities.break_down("429", endpoint="amber.current", owner=site_id)
    await world.move_to(BOUNDARY + timedelta(seconds=12.6))
    before = len(await asked(world, "amber.current"))

    for seconds in (25, 45, 90):
        await world.move_to(BOUNDARY + timedelta(seconds=seconds, milliseconds=600))

    # a refusal of one is obeyed by both; the other has a price, though no final one
    assert len(await asked(world, "amber.current")) == before
    assert world.state(AUSGRID_PRICE) == "unavailable"
    assert shown(world, JEMENA_PRICE).attributes["estimate"] is True
    await world.move_to(BOUNDARY + timedelta(seconds=345))
    assert world.state(AUSGRID_PRICE) != "unavailable"
    assert shown(world, JEMENA_PRICE).attributes["estimate"] is False


async def test_one_refusal_costs_minutes_and_asks_for_nothing(
    world: World, caplog: pytest.LogCaptureFixture
):
    await world.set_up(await amber_entry(world))
    caplog.clear()
    await world.utilities.break_down("403", endpoint="amber.current")

    await world.wait(minutes=5)
    assert world.state(AUSGRID_PRICE) == "unavailable"
    await world.wait(minutes=3)

    assert float(world.state(AUSGRID_PRICE)) > 0
    assert world.hass.config_entries.flow.async_progress() == []
    (_, went), came_back = logged(caplog)
    assert went == f"{WENT}refuses access: access refused, no valid key (403)"
    assert came_back == CAME_BACK


@pytest.mark.parametrize("status", [401, 403])
async def test_a_gateways_refusal_says_nothing_of_the_token(
    world: World, caplog: pytest.LogCaptureFixture, status: int
):
    await world.set_up(await amber_entry(world))
    caplog.clear()
    await world.utilities.break_down(
        "gateway_page", count=None, options={"status": status}
    )

    for _ in range(12):
        await world.wait(minutes=5)
        assert world.state(AUSGRID_PRICE) == "unavailable"
        assert world.hass.config_entries.flow.async_progress() == []
    await world.utilities.mend()
    await world.wait(minutes=5)

    assert float(world.state(AUSGRID_PRICE)) > 0
    (_, went), came_back = logged(caplog)
    assert went.startswith(f"{WENT}could not be reached: access refused, but this is")
    assert came_back == CAME_BACK


async def test_a_gateways_refusal_at_the_start_is_tried_again(world: World):
    entry = await amber_entry(world)
    await world.utilities.break_down("gateway_page", endpoint="amber.sites")

    await world.set_up(entry)
    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "source_unreachable"
    assert world.hass.config_entries.flow.async_progress() == []
    await world.wait(seconds=30)

    assert float(world.state(AUSGRID_PRICE)) > 0


async def test_a_refused_token_asks_for_another_and_is_tried_hourly(
    world: World, caplog: pytest.LogCaptureFixture
):
    entry = await amber_entry(world)
    await world.set_up(entry)
    caplog.clear()
    await world.utilities.break_down("403", count=None)

    await world.wait(minutes=5)
    assert world.hass.config_entries.flow.async_progress() == []
    await world.wait(minutes=3)

    flows = world.hass.config_entries.flow.async_progress()
    assert [flow["context"]["source"] for flow in flows] == ["reauth"]
    assert world.state(AUSGRID_PRICE) == "unavailable"
    assert setup_of(entry) is ConfigEntryState.LOADED
    before = len(await asked(world, "amber.current"))
    for _ in range(11):
        await world.wait(minutes=5)
    assert len(await asked(world, "amber.current")) == before

    await world.utilities.mend()
    await world.wait(minutes=7)

    assert world.state(AUSGRID_PRICE) != "unavailable"
    assert world.hass.config_entries.flow.async_progress() == []
    assert not ir.async_get(world.hass).issues
    (_, went), came_back = logged(caplog)
    assert went == f"{WENT}refuses access: access refused, no valid key (403)"
    assert came_back == CAME_BACK


async def test_one_refusal_at_the_start_is_tried_again(world: World):
    entry = await amber_entry(world)
    await world.utilities.break_down("403", endpoint="amber.sites", count=3)

    # Home Assistant tries again after 5, 10 and 20 s
    await world.set_up(entry)
    for _ in range(3):
        assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
        assert entry.error_reason_translation_key == "source_refused"
        await world.wait(seconds=21)

    assert float(world.state(AUSGRID_PRICE)) > 0
    assert world.hass.config_entries.flow.async_progress() == []


@pytest.mark.parametrize("endpoint", [None, "amber.current"])
async def test_a_token_refused_at_the_start_asks_for_another_and_is_tried_hourly(
    world: World, endpoint: str | None
):
    entry = await amber_entry(world)
    await world.utilities.break_down("403", endpoint=endpoint, count=None)

    await world.set_up(entry)
    while setup_of(entry) is ConfigEntryState.SETUP_RETRY:
        assert world.hass.config_entries.flow.async_progress() == []
        await world.wait(seconds=45)

    assert setup_of(entry) is ConfigEntryState.SETUP_ERROR
    assert len([*entry.async_get_active_flows(world.hass, {"reauth"})]) == 1
    before = len(await world.utilities.requests())
    for _ in range(2):
        await world.wait(minutes=59)
        assert len(await world.utilities.requests()) == before
        await world.wait(minutes=2)
        # it is still refused, and not asked for once more
        assert len(await world.utilities.requests()) > before
        before = len(await world.utilities.requests())
        assert setup_of(entry) is ConfigEntryState.SETUP_ERROR
        assert len([*entry.async_get_active_flows(world.hass, {"reauth"})]) == 1

    await world.utilities.mend()
    await world.wait(minutes=61)

    assert float(world.state(AUSGRID_PRICE)) > 0
    assert world.hass.config_entries.flow.async_progress() == []


async def test_a_new_token_begins_without_the_refusals_of_the_one_before(world: World):
    entry = await amber_entry(world)
    await world.utilities.break_down("403", count=None)
    await world.set_up(entry)
    while setup_of(entry) is ConfigEntryState.SETUP_RETRY:
        await world.wait(seconds=45)
    assert setup_of(entry) is ConfigEntryState.SETUP_ERROR
    (flow,) = entry.async_get_active_flows(world.hass, {"reauth"})
    world.hass.config_entries.flow.async_abort(flow["flow_id"])

    world.hass.config_entries.async_update_entry(
        entry, data={**entry.data, "api_token": "psk_" + "9" * 32}
    )
    await world.hass.config_entries.async_reload(entry.entry_id)

    # it is believed no sooner than any other
    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    assert [*entry.async_get_active_flows(world.hass, {"reauth"})] == []


async def test_a_refused_token_is_left_alone_once_its_entry_is_gone(
    world: World,
):
    entry = await amber_entry(world)
    await world.utilities.break_down("403", count=None)
    await world.set_up(entry)
    while setup_of(entry) is ConfigEntryState.SETUP_RETRY:
        await world.wait(seconds=45)
    before = len(await world.utilities.requests())

    await world.hass.config_entries.async_remove(entry.entry_id)
    await world.wait(minutes=61)

    assert len(await world.utilities.requests()) == before


async def test_an_entry_that_was_disabled_meanwhile_is_not_probed(world: World):
    entry = await amber_entry(world)
    await world.utilities.break_down("403", count=None)
    await world.set_up(entry)
    while setup_of(entry) is ConfigEntryState.SETUP_RETRY:
        await world.wait(seconds=45)
    # a set-up by hand is one try more, and the hour begins anew with it
    await world.hass.config_entries.async_reload(entry.entry_id)
    before = len(await world.utilities.requests())

    await world.hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await world.wait(minutes=61)

    assert len(await world.utilities.requests()) == before


async def test_what_cannot_be_reached_at_the_start_is_tried_again(world: World):
    entry = await amber_entry(world)
    await world.utilities.break_down("500", count=1)

    await world.set_up(entry)
    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "source_unreachable"
    await world.wait(seconds=30)

    assert setup_of(entry) is ConfigEntryState.LOADED
    assert world.state(AUSGRID_PRICE) != "unavailable"
