"""The automation blueprints load, and do what they say."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components import persistent_notification
from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import callback
from homeassistant.setup import async_setup_component
from homeassistant.util import yaml as yaml_util
from homeassistant.util.dt import utcnow
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.energy_logger.api.server_peaks import read_peak_watch
from custom_components.energy_logger.coordinator.peak_announced import (
    announced_attributes,
)
from tests.integration.conftest import ROOT, World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry

FOLDER = ROOT / "blueprints/automation/energy_logger"
NAMES = ["cheapest_window", "feed_in_negative", "peak_shedding", "price_spike"]
POOL = "input_boolean.pool"
AT_ZERO_TOO = {"from": "at_or_below"}


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """A folder of its own for Home Assistant, which holds our blueprints."""
    shutil.copytree(
        FOLDER, Path(hass_tmp_config_dir) / "blueprints/automation/energy_logger"
    )
    return hass_tmp_config_dir


type Automate = Callable[..., Awaitable[None]]


@pytest.fixture
async def automate(world: World) -> AsyncIterator[Automate]:
    """Makes an automation of a blueprint, which ends with the test."""
    for component in ("homeassistant", "persistent_notification"):
        assert await async_setup_component(world.hass, component, {})

    async def make(name: str, **inputs: Any) -> None:
        blueprint = {"path": f"energy_logger/{name}.yaml", "input": inputs}
        assert await async_setup_component(
            world.hass, "automation", {"automation": [{"use_blueprint": blueprint}]}
        )
        await world.settle()
        assert world.state("automation.automation_0") == "on"

    yield make
    await world.hass.services.async_call(
        "automation", "turn_off", {"entity_id": "all"}, blocking=True
    )


type Notifications = dict[str, persistent_notification.Notification]


@pytest.fixture
async def notifications(world: World) -> AsyncIterator[Notifications]:
    """The persistent notifications that are shown, by id."""
    shown: Notifications = {}

    @callback
    def note(
        update: persistent_notification.UpdateType, changed: Notifications
    ) -> None:
        if update is persistent_notification.UpdateType.REMOVED:
            for notification_id in changed:
                shown.pop(notification_id, None)
        else:
            shown.update(changed)

    unregister = persistent_notification.async_register_callback(world.hass, note)
    yield shown
    unregister()


def messages(notifications: Notifications) -> list[str]:
    """Return what persistent notifications say."""
    return [one["message"] for one in notifications.values()]


def test_there_is_a_test_for_every_blueprint():
    assert sorted(path.stem for path in FOLDER.iterdir()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_blueprint_is_one_by_home_assistants_rules(name: str):
    text = yaml_util.load_yaml_dict(str(FOLDER / f"{name}.yaml"))

    blueprint = Blueprint(
        text,
        expected_domain="automation",
        path=f"energy_logger/{name}.yaml",
        schema=AUTOMATION_BLUEPRINT_SCHEMA,
    )

    assert blueprint.validate() is None
    assert blueprint.metadata["source_url"].endswith(f"/{name}.yaml")


async def test_an_appliance_runs_in_the_cheapest_hours(
    world: World, automate: Automate
):
    await world.hass.config.async_set_time_zone("Australia/Brisbane")
    entry = await amber_entry(world)
    await world.set_up(entry)
    assert await async_setup_component(world.hass, "input_boolean", _POOL_CONFIG)
    await automate(
        "cheapest_window",
        entry=entry.entry_id,
        appliance=POOL,
        duration={"hours": 1},
        plan_at="19:30:00",
        deadline="23:00:00",
    )
    plan_at = datetime(2026, 1, 4, 9, 30, tzinfo=UTC)
    window = await world.hass.services.async_call(
        "energy_logger",
        "get_cheapest_window",
        {
            "config_entry_id": entry.entry_id,
            "channel": "general",
            "duration": {"hours": 1},
            "price_source": "advanced",
            "earliest": plan_at,
            "latest": plan_at + timedelta(hours=3, minutes=30),
        },
        blocking=True,
        return_response=True,
    )
    assert window is not None
    start = datetime.fromisoformat(str(window["start_time"]))
    assert start > plan_at

    seen = []
    for moment in (
        plan_at,
        start - timedelta(seconds=1),
        start + timedelta(seconds=1),
        start + timedelta(minutes=59),
    ):
        await move_on(world, moment)
        seen.append(world.state(POOL))
    await world.move_to(start + timedelta(minutes=61))
    seen.append(world.state(POOL))

    assert seen == ["off", "off", "on", "on", "off"]


async def test_the_deadline_switches_an_appliance_off_in_any_case(
    world: World, automate: Automate
):
    await world.hass.config.async_set_time_zone("Australia/Brisbane")
    entry = await amber_entry(world)
    await world.set_up(entry)
    assert await async_setup_component(world.hass, "input_boolean", _POOL_CONFIG)
    await automate(
        "cheapest_window",
        entry=entry.entry_id,
        appliance=POOL,
        deadline="19:30:00",
    )
    await world.hass.services.async_call(
        "input_boolean", "turn_on", {"entity_id": POOL}, blocking=True
    )

    await world.move_to(datetime(2026, 1, 4, 9, 30, tzinfo=UTC))

    assert world.state(POOL) == "off"


async def test_a_price_spike_is_told_until_it_is_over(
    world: World, automate: Automate, notifications: Notifications
):
    await world.set_up(await amber_entry(world))
    await automate("price_spike", price_event="event.amber_ausgrid_price")

    await world.utilities.break_down(
        "new_enum",
        endpoint="amber.current",
        count=None,
        options={"field": "spikeStatus", "value": "spike", "all": True},
    )
    await world.wait(minutes=5)
    shown_messages = messages(notifications)
    await world.utilities.mend()
    await world.wait(minutes=5)

    assert len(shown_messages) == 1
    assert "AUD per kWh until at least" in shown_messages[0]
    assert messages(notifications) == []


async def test_a_confirmed_price_alone_is_not_told(
    world: World, automate: Automate, notifications: Notifications
):
    await world.set_up(await amber_entry(world, FIVE_MINUTE_SITE))
    await automate("price_spike", price_event="event.amber_jemena_price")
    events = async_capture_events(world.hass, EVENT_STATE_CHANGED)

    for seconds in (12, 25, 45, 90):
        await world.move_to(
            datetime(2026, 1, 4, 9, 10, seconds % 60, 600_000, tzinfo=UTC)
            + timedelta(minutes=seconds // 60)
        )

    assert any(one.data["entity_id"] == "event.amber_jemena_price" for one in events)
    assert messages(notifications) == []


async def test_export_that_costs_money_is_told_until_it_earns(
    world: World, automate: Automate, notifications: Notifications
):
    await world.set_up(await amber_entry(world))
    feed_in = "sensor.amber_ausgrid_feed_in_price"
    await automate("feed_in_negative", feed_in_price=feed_in)

    # Amber's sign: positive feed-in is what the customer pays
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.current",
        count=None,
        options={"field": "perKwh", "value": 12.0, "all": True},
    )
    await world.wait(minutes=5)
    below = (world.state(feed_in), messages(notifications))
    await world.utilities.mend()
    await world.wait(minutes=5)

    assert below[0] == "-0.12"
    assert "earns -0.12 AUD per kWh" in below[1][0]
    assert messages(notifications) == []


@pytest.mark.parametrize(("inputs", "is_told"), [({}, False), (AT_ZERO_TOO, True)])
async def test_a_price_of_exactly_zero_is_told_to_who_wants_that(
    world: World,
    automate: Automate,
    notifications: Notifications,
    inputs: dict[str, str],
    is_told: bool,
):
    await world.set_up(await amber_entry(world))
    feed_in = "sensor.amber_ausgrid_feed_in_price"
    await automate("feed_in_negative", feed_in_price=feed_in, **inputs)

    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.current",
        count=None,
        options={"field": "perKwh", "value": 0.0, "all": True},
    )
    await world.wait(minutes=5)
    at_zero = (float(world.state(feed_in)), messages(notifications))
    await world.utilities.mend()
    await world.wait(minutes=5)

    assert at_zero[0] == 0
    assert ["earns 0.0 AUD per kWh" in one for one in at_zero[1]] == [True] * is_told
    # earning again, it is over
    assert float(world.state(feed_in)) > 0
    assert messages(notifications) == []


PEAK_LIKELY = "binary_sensor.peak_watch_kamo_peak_likely"
SEVEN = datetime(2026, 1, 4, 13, tzinfo=UTC)


def show_watch(world: World, *announced: datetime, is_open: bool = True) -> None:
    """Show the peak watch as the integration does."""
    hours: Any = [
        {
            "starts_at": one.isoformat(),
            "ends_at": (one + timedelta(hours=1)).isoformat(),
            "withdrawn_at": None,
            "likelihood": "likely",
        }
        for one in announced
    ]
    watch = read_peak_watch(
        {
            "area_id": 20,
            "area_name": "KAMO",
            "area_abbreviation": "KAMO",
            "hours_left": 15,
            "is_open": is_open,
            "announced": hours,
        }
    )
    world.hass.states.async_set(
        PEAK_LIKELY,
        "on" if is_open else "off",
        announced_attributes(watch, utcnow()),
    )


async def test_load_is_shed_before_announced_hours_and_restored_at_the_all_clear(
    world: World, automate: Automate
):
    assert await async_setup_component(world.hass, "input_boolean", _POOL_CONFIG)
    pool = {"entity_id": POOL}
    await automate(
        "peak_shedding",
        peak_likely=PEAK_LIKELY,
        minutes_before=10,
        shed_actions=[{"action": "input_boolean.turn_off", "target": pool}],
        restore_actions=[{"action": "input_boolean.turn_on", "target": pool}],
    )
    await world.hass.services.async_call(
        "input_boolean", "turn_on", pool, blocking=True
    )
    seen = []

    async def look(minutes: float, *announced: datetime, is_open: bool = True) -> None:
        await move_on(world, SEVEN + timedelta(minutes=minutes))
        show_watch(world, *announced, is_open=is_open)
        await move_on(world, SEVEN + timedelta(minutes=minutes, seconds=1))
        seen.append(world.state(POOL))

    ten = SEVEN + timedelta(hours=3)
    await look(-120, SEVEN)
    await look(-11, SEVEN)
    await look(-9, SEVEN)
    # the next one is announced meanwhile, and the server goes away and comes back
    await look(30, SEVEN, ten)
    world.hass.states.async_set(PEAK_LIKELY, "unavailable")
    await look(90, SEVEN, ten)
    await look(185, SEVEN, ten)
    await look(241, SEVEN, ten, is_open=False)

    assert seen == ["on", "on", "off", "off", "off", "off", "on"]


_TURNS = 100
_POOL_CONFIG = {"input_boolean": {"pool": {"name": "Pool"}}}


async def move_on(world: World, moment: datetime) -> None:
    """Move the clock and let an automation run up to its next delay.

    Waiting until nothing is under way would wait for the delay itself.
    """
    await world.utilities.set_clock(moment)
    world.freezer.move_to(moment)
    async_fire_time_changed(world.hass, moment)
    for _ in range(_TURNS):
        await asyncio.sleep(0)
