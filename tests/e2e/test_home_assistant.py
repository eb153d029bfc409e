"""A real Home Assistant with all three connections, from onboarding to restarts.

The tests go by the time of day and one after the other: the last ones restart things.
"""

import io
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from homeassistant.util import slugify
from PIL import Image

from tests.e2e.conftest import Connected
from tests.e2e.following import Differences, States, differences_that_stay
from tests.e2e.published import (
    CHANNELS,
    PublishedPrice,
    nem_date,
    published_prices,
    published_usage,
)
from tests.launch.browser import Window, photograph
from tests.launch.connections import (
    DIRECT_AREA,
    DIRECT_SITE,
    LINKED_AREAS,
    LINKED_SITE,
    show_forecasts,
)
from tests.launch.home_assistant import DOMAIN, until
from tests.launch.home_assistant_folder import DASHBOARD_PATH
from tests.launch.household import KEY, TOKEN, Household
from tests.launch.recorded_past import remember_dashboard

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(160)]

SITES = pytest.mark.parametrize(
    ("site_id", "device"),
    [(DIRECT_SITE, "amber_jemena"), (LINKED_SITE, "amber_ausgrid")],
    ids=["direct", "linked"],
)
AREAS = pytest.mark.parametrize(
    ("area_id", "device", "has_substations"),
    [
        (DIRECT_AREA, "barry_electric_cooperative", True),
        (LINKED_AREAS[0], "barton_county_electric_cooperative", True),
        (LINKED_AREAS[1], "kamo", False),
    ],
    ids=["direct", "linked", "linked, a sum"],
)
UNTESTED = "We found a custom integration energy_logger which has not been tested"
PATIENCE_S = 30


def said_about_us(household: Household) -> list[str]:
    """Return the lines of Home Assistant's log that name us, but for its notice."""
    lines = household.hass.output.read_text().splitlines()
    return [
        line
        for line in lines
        if (DOMAIN in line or "Energy Logger" in line) and UNTESTED not in line
    ]


async def test_every_connection_is_set_up(connected: Connected):
    entries = await connected.household.home.get("/api/config/config_entries/entry")

    ours = {entry["title"]: entry for entry in entries if entry["domain"] == DOMAIN}
    assert {title: entry["state"] for title, entry in ours.items()} == {
        "Amber Jemena": "loaded",
        "Barry Electric Cooperative": "loaded",
        "Energy Logger": "loaded",
    }


@SITES
async def test_prices_are_those_that_amber_publishes(
    connected: Connected, site_id: str, device: str
):
    household = connected.household

    async def look(states: States) -> Differences:
        of_site = {
            entity_id: state
            for entity_id, state in states.items()
            if entity_id
            in {f"sensor.{device}_{one}_price" for one in CHANNELS.values()}
        }
        starts = {one["attributes"]["start_time"] for one in of_site.values()}
        days = {nem_date(start) for start in starts}
        published = await published_prices(household, site_id, *days)
        shown = {
            entity_id: PublishedPrice(
                float(state["state"]), state["attributes"]["estimate"]
            )
            for entity_id, state in of_site.items()
        }
        answer = {
            entity_id: published[
                entity_id.removeprefix(f"sensor.{device}_").removesuffix("_price"),
                state["attributes"]["start_time"],
            ]
            for entity_id, state in of_site.items()
        }
        return {
            entity_id: (shown[entity_id], answer[entity_id])
            for entity_id in of_site
            if shown[entity_id] != answer[entity_id]
        }

    async def refresh() -> None:
        await household.collect("amber", within_s=5)
        await household.home.update(f"sensor.{device}_general_price")

    assert await differences_that_stay(household.home, look, refresh) == {}


async def test_each_site_shows_the_channels_it_has(connected: Connected):
    states = await connected.household.home.states()

    shown = {
        device: {
            channel
            for channel in CHANNELS.values()
            if f"sensor.{device}_{channel}_price" in states
        }
        for device in ("amber_jemena", "amber_ausgrid")
    }

    assert shown == {
        "amber_jemena": {"general", "controlled_load", "feed_in"},
        "amber_ausgrid": {"general", "feed_in"},
    }


@SITES
async def test_yesterday_is_what_amber_metered(
    connected: Connected, site_id: str, device: str
):
    household = connected.household
    yesterday = nem_date(household.home.present.now() - timedelta(days=1))
    records = await published_usage(household, site_id, yesterday)
    imported = sum(abs(one["kwh"]) for one in records if one["channelType"] != "feedIn")
    cost_cents = sum(one["cost"] for one in records if one["channelType"] != "feedIn")

    states = await household.home.states()

    shown = [
        states[f"sensor.{device}_{key}"]["state"]
        for key in ("import_yesterday", "cost_yesterday")
    ]
    if records:
        assert [float(value) for value in shown] == [
            pytest.approx(imported, abs=0.001),
            pytest.approx(cost_cents / 100, abs=0.0001),
        ]
    else:  # until some time in the morning
        assert shown == ["unknown", "unknown"]


@AREAS
async def test_loads_are_those_that_kamo_publishes(
    connected: Connected, area_id: int, device: str, *, has_substations: bool
):
    household = connected.household

    async def look(states: States) -> Differences:
        grid = await household.kamo(f"/areagrid/{area_id}")
        load = grid["chartLineData"][0]["data"][-1]
        # a sum of areas is shown in MW
        published = {f"sensor.{device}_load": load if has_substations else load / 1000}
        if has_substations:
            table = await household.kamo(f"/arealoadtable/{area_id}")
            for row in table["areaLoadData"]:
                name = slugify(row["name"])
                published[f"sensor.{device}_{name}_power"] = row["kw"]
                published[f"sensor.{device}_{name}_reactive_power"] = row["kvar"]
                published[f"sensor.{device}_{name}_power_factor"] = abs(row["pf"])
        shown = {
            entity_id: states.get(entity_id, {"state": None})["state"]
            for entity_id in published
        }
        return {
            entity_id: (shown[entity_id], value)
            for entity_id, value in published.items()
            if shown[entity_id] is None or float(shown[entity_id]) != value
        }

    async def refresh() -> None:
        await household.collect("kamo")
        await household.home.update(f"sensor.{device}_load")

    assert await differences_that_stay(household.home, look, refresh) == {}


@SITES
async def test_the_price_action_tells_what_amber_publishes(
    connected: Connected, site_id: str, device: str
):
    household = connected.household
    now = household.home.present.now()
    end = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=26)
    start = end - timedelta(hours=1)
    entity = await household.home.ask(
        "config/entity_registry/get", entity_id=f"sensor.{device}_general_price"
    )

    answer = await household.home.act(
        "get_prices",
        config_entry_id=entity["config_entry_id"],
        channel="general",
        start=start.isoformat(),
        end=end.isoformat(),
    )

    published = await published_prices(household, site_id, nem_date(start))
    assert {one["start_time"]: one["per_kwh"] for one in answer["prices"]} == {
        one: price.per_kwh
        for (channel, one), price in published.items()
        if channel == "general" and start.isoformat() <= one < end.isoformat()
    }
    assert answer["prices"]


async def test_the_usage_action_tells_what_amber_metered(connected: Connected):
    household = connected.household
    now = household.home.present.now()
    end = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=50)
    start = end - timedelta(hours=1)

    answer = await household.home.act(
        "get_usage",
        config_entry_id=connected.entries.amber,
        channel="feed_in",
        start=start.isoformat(),
        end=end.isoformat(),
    )

    day = nem_date(start)
    published = [
        abs(one["kwh"])
        for one in await published_usage(household, DIRECT_SITE, day)
        if one["channelType"] == "feedIn"
        and start.isoformat()
        < one["startTime"].replace("Z", "+00:00")
        < end.isoformat()
    ]
    assert [one["energy_kwh"] for one in answer["usage"]] == published
    assert len(answer["usage"]) == 12


async def test_the_load_action_tells_what_kamo_publishes(connected: Connected):
    household = connected.household
    now = household.home.present.now()

    answer = await household.home.act(
        "get_load",
        config_entry_id=connected.entries.kamo,
        start=(now - timedelta(hours=6)).isoformat(),
        end=(now - timedelta(hours=1)).isoformat(),
    )

    grid = await household.kamo(f"/areagrid/{DIRECT_AREA}")
    measured = grid["chartLineData"][0]["data"]
    assert [one["load_kw"] for one in answer["load"]] == measured[-6:-1]


async def test_the_cheapest_window_is_the_cheapest_of_the_forecasts(
    connected: Connected,
):
    home = connected.household.home
    whose = {"config_entry_id": connected.entries.amber, "channel": "general"}
    now = home.present.now()
    first = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)

    answer = await home.act("get_forecasts", **whose, hours=12)
    cheapest = await home.act(
        "get_cheapest_window",
        **whose,
        duration={"hours": 1},
        earliest=first.isoformat(),
        latest=(first + timedelta(hours=8)).isoformat(),
    )

    forecasts = answer["forecasts"]
    assert all(one["end_time"] == two["start_time"] for one, two in pairwise(forecasts))
    fives = [
        one["per_kwh"]
        for one in forecasts
        if first.isoformat() <= one["start_time"]
        for _five in range(one["duration"] // 5)
    ][: 8 * 12]
    means = [fmean(fives[start : start + 12]) for start in range(7 * 12 + 1)]
    assert cheapest["per_kwh"] == pytest.approx(min(means), abs=1e-6)
    start = datetime.fromisoformat(cheapest["start_time"])
    assert means[(start - first) // timedelta(minutes=5)] == pytest.approx(min(means))


async def test_a_site_of_two_connections_is_reported_as_the_only_problem(
    connected: Connected,
):
    issues = (await connected.household.home.ask("repairs/list_issues"))["issues"]

    assert [one["translation_key"] for one in issues] == ["duplicate_source"]


async def test_diagnostics_tell_nothing_personal(connected: Connected):
    home = connected.household.home
    sites = await connected.household.amber("/sites")

    for entry_id in (
        connected.entries.amber,
        connected.entries.kamo,
        connected.entries.server,
    ):
        answer = await home.get(f"/api/diagnostics/config_entry/{entry_id}")

        about_us = str(answer["data"])
        for secret in (TOKEN, KEY, *_personal(sites)):
            assert secret not in about_us


def _personal(sites: list[dict[str, Any]]) -> list[str]:
    return [site[field] for site in sites for field in ("id", "nmi")]


async def test_blueprints_can_be_chosen(connected: Connected):
    answer = await connected.household.home.ask("blueprint/list", domain="automation")

    assert set(answer) == {
        f"{DOMAIN}/{name}.yaml"
        for name in (
            "cheapest_window",
            "feed_in_negative",
            "peak_shedding",
            "price_spike",
        )
    }
    assert not [path for path, blueprint in answer.items() if "error" in blueprint]


async def test_states_are_recorded(connected: Connected):
    home = connected.household.home
    entity_id = "sensor.barry_electric_cooperative_load"

    async def is_recorded() -> bool:
        answer = await home.ask(
            "history/history_during_period",
            start_time=(home.present.now() - timedelta(minutes=30)).isoformat(),
            entity_ids=[entity_id],
        )
        newest = answer.get(entity_id, [{"s": None}])[-1]["s"]
        return bool(newest == (await home.states())[entity_id]["state"])

    assert await until(is_recorded, PATIENCE_S)


@pytest.mark.browser
async def test_a_dashboard_shows_everything(
    connected: Connected, tmp_path: Path, photographs: Path
):
    household = connected.household
    await show_forecasts(household, connected.entries.amber)
    await remember_dashboard(household.home)
    for issue in (await household.home.ask("repairs/list_issues"))["issues"]:
        await household.home.ask(
            "repairs/ignore_issue",
            domain=DOMAIN,
            issue_id=issue["issue_id"],
            ignore=True,
        )

    seen = await photograph(
        household.home,
        f"/{DASHBOARD_PATH}",
        ["Amber Jemena", "Amber Ausgrid", "Mineral Springs", "Cheapest", "Database"],
        Window(),
        tmp_path,
    )

    path = photographs / "home-assistant-dashboard.png"
    path.write_bytes(seen.png)
    for word in ("Amber Jemena", "Amber Ausgrid", "Mineral Springs", "Cheapest"):
        assert word in seen.text
    for trouble in ("rror", "not found", "navailable", "doesn't exist"):
        assert trouble not in seen.text
    price = (await household.home.states())["sensor.amber_jemena_general_price"]
    assert f"{float(price['state']):.4f} AUD/kWh" in seen.text
    with Image.open(io.BytesIO(seen.png)) as picture:
        assert picture.size == (1950, 1025)
        colors = picture.convert("RGB").getcolors(maxcolors=1_000_000)
    assert colors is not None
    assert len(colors) > 500


async def test_the_log_holds_nothing_about_us(connected: Connected):
    assert said_about_us(connected.household) == []
    # whatever Home Assistant would have downloaded must be among the requirements
    log = connected.household.hass.output.read_text()
    assert "Unable to install package" not in log


async def test_a_restart_of_home_assistant_changes_no_entity(connected: Connected):
    household = connected.household
    before = _ours(await household.home.states())

    await household.home.restart()
    await household.hass.wait_until_up()

    async def has_all() -> bool:
        after = _ours(await household.home.states())
        return set(after) == set(before) and "unavailable" not in after.values()

    assert await until(has_all, PATIENCE_S)
    assert household.hass.output.read_text().count(UNTESTED) == 2
    assert said_about_us(household) == []


async def test_a_restart_of_the_server_is_reported_once_and_ends_by_itself(
    connected: Connected,
):
    household = connected.household
    before = _ours(await household.home.states())

    await household.server.stop()
    await until(partial(_server_is, household, available=False), PATIENCE_S)
    during = _ours(await household.home.states())
    await household.server.start()
    await until(partial(_server_is, household, available=True), PATIENCE_S)

    async def has_all() -> bool:
        after = _ours(await household.home.states())
        return set(after) == set(before) and "unavailable" not in after.values()

    assert await until(has_all, PATIENCE_S)
    assert during["sensor.amber_jemena_general_price"] != "unavailable"
    assert during["sensor.barry_electric_cooperative_load"] != "unavailable"
    messages = said_about_us(household)
    assert len(messages) == 1, messages
    assert "Energy Logger server" in messages[0]


def _ours(states: States) -> dict[str, str]:
    devices = ("amber_", "barry_", "barton_", "kamo_", "energy_logger_")
    return {
        entity_id: state["state"]
        for entity_id, state in states.items()
        if entity_id.partition(".")[2].startswith(devices)
    }


async def _server_is(household: Household, *, available: bool) -> bool:
    state = (await household.home.states())["sensor.energy_logger_database_size"]
    return bool((state["state"] != "unavailable") == available)
