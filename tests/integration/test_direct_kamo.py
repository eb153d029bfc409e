"""An entry that asks KAMO itself: what its entities show, faults included."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.config_entries import ConfigEntryState
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.energy_logger.api.kamo_models import Area
from custom_components.energy_logger.sources.names import area_name
from tests.integration.conftest import START, World
from tests.integration.entries import kamo_entry
from tests.integration.observed import asked, let_it_time_out, logged, setup_of, shown

OZARK, BARRY, SYSTEM = 1, 3, 20
OZARKS = "sensor.ozark_electric_cooperative"
BARRYS = "sensor.barry_electric_cooperative"
LOAD = f"{OZARKS}_load"
PEAK_TO_COME = f"{OZARKS}_forecast_peak"
PEAK_TIME = f"{OZARKS}_forecast_peak_time"
TICK = datetime(2026, 1, 4, 9, 10, 5, tzinfo=UTC)
WENT = "Error fetching Ozark Electric Cooperative load data: KAMO Power "
STUCK = (
    "KAMO's newest load of Ozark Electric Cooperative is that of "
    "2026-01-04T09:00:00+00:00; its present load is unknown"
)
MOVES_ON = "KAMO gives the present load of Ozark Electric Cooperative again"
CAME_BACK = ("INFO", "Fetching Ozark Electric Cooperative load data recovered")


def tick(count: int = 0) -> datetime:
    return TICK + timedelta(minutes=5 * count, seconds=0.6)


def substations(world: World, entry: MockConfigEntry) -> dict[str, str]:
    """Return the device ids of an entry's substations by name."""
    devices = dr.async_get(world.hass)
    return {
        str(device.name): device.id
        for parent in dr.async_entries_for_config_entry(devices, entry.entry_id)
        for device in dr.async_entries_for_parent_device(devices, parent.id)
    }


async def rename_the_first(world: World, **how: Any) -> None:
    """Let KAMO list another substation in the place of the first."""
    await world.utilities.break_down(
        "new_enum",
        endpoint="kamo.arealoadtable",
        options={"field": "name", "value": "Elsewhere"},
        **{"count": None, **how},
    )


@pytest.mark.usefixtures("all_enabled")
async def test_an_area_shows_its_load_and_what_is_to_come(world: World):
    await world.set_up(kamo_entry())

    grid = await world.utilities.kamo(f"/areagrid/{OZARK}")
    actual, forecast = (line["data"] for line in grid["chartLineData"])
    assert float(world.state(LOAD)) == actual[-1]
    # the last measured hour is running; those behind it are to come
    coming = forecast[len(actual) :]
    assert float(world.state(PEAK_TO_COME)) == max(coming)
    hour = START.replace(minute=0, second=0) + timedelta(
        hours=1 + coming.index(max(coming))
    )
    assert world.state(PEAK_TIME) == hour.isoformat()
    fetched = f"{OZARKS}_updated"
    assert world.state(fetched) == START.isoformat()
    load = shown(world, LOAD).attributes
    assert (load["unit_of_measurement"], load["state_class"]) == ("kW", "measurement")


@pytest.mark.usefixtures("all_enabled")
async def test_an_hour_that_is_over_is_no_peak_to_come(world: World):
    # a cold morning ends
    await world.move_to(datetime(2026, 1, 5, 13, 7, 40, tzinfo=UTC))
    await world.set_up(kamo_entry())

    grid = await world.utilities.kamo(f"/areagrid/{OZARK}")
    actual, forecast = (line["data"] for line in grid["chartLineData"])
    coming = forecast[len(actual) :]
    assert max(forecast) > max(coming)
    assert float(world.state(PEAK_TO_COME)) == max(coming)


async def test_an_area_is_asked_every_five_minutes(world: World):
    await world.set_up(kamo_entry())

    for minutes in range(11):
        await world.move_to(tick() + timedelta(minutes=minutes))

    asked_at = [one["at"][11:19] for one in await asked(world, "kamo.areagrid")]
    assert asked_at == ["09:07:40", "09:10:05", "09:15:05", "09:20:05"]
    assert await asked(world, "kamo.arealoadtable") == []


async def test_what_was_fetched_last_is_told_even_if_it_is_the_same(world: World):
    await world.set_up(kamo_entry())

    await world.move_to(tick())

    state = datetime.fromisoformat(world.state(f"{OZARKS}_updated"))
    assert state == TICK


async def test_setting_up_takes_three_requests(world: World):
    await world.set_up(kamo_entry(substations=True))

    requests = [one["endpoint"] for one in await world.utilities.requests()]
    assert requests == ["kamo.area", "kamo.areagrid", "kamo.arealoadtable"]


async def test_substations_are_children_of_their_area(world: World):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)

    table = await world.utilities.kamo(f"/arealoadtable/{BARRY}")
    rows = {row["name"]: row for row in table["areaLoadData"]}
    assert [*substations(world, entry)] == [*rows]
    row = rows["Jenkins"]
    assert float(world.state(f"{BARRYS}_jenkins_power")) == row["kw"]
    assert float(world.state(f"{BARRYS}_jenkins_reactive_power")) == row["kvar"]
    assert float(world.state(f"{BARRYS}_jenkins_power_factor")) == abs(row["pf"])
    assert shown(world, f"{BARRYS}_jenkins_power_factor").name == "Jenkins Power factor"
    registered = er.async_get(world.hass).async_get(f"{BARRYS}_jenkins_power")
    assert registered is not None
    assert registered.unique_id == f"kamo_{BARRY}_Jenkins_power"


async def test_reactive_power_of_many_substations_is_disabled(world: World):
    await world.set_up(kamo_entry(OZARK, substations=True))

    assert world.hass.states.get(f"{OZARKS}_ash_grove_reactive_power") is None
    assert world.hass.states.get(f"{OZARKS}_ash_grove_power_factor") is not None


async def test_a_power_factor_that_kamo_does_not_know_leaves_the_power_shown(
    world: World,
):
    await world.utilities.break_down(
        "wrong_type",
        endpoint="kamo.arealoadtable",
        options={"field": "pf", "value": None, "all": True},
    )
    await world.set_up(kamo_entry(BARRY, substations=True))

    assert float(world.state(f"{BARRYS}_jenkins_power")) > 0
    assert world.state(f"{BARRYS}_jenkins_power_factor") == "unknown"


@pytest.mark.usefixtures("all_enabled")
async def test_a_sum_of_areas_has_no_substations(world: World):
    entry = kamo_entry(SYSTEM, substations=True)
    await world.set_up(entry)

    assert substations(world, entry) == {}
    assert await asked(world, "kamo.arealoadtable") == []
    grid = await world.utilities.kamo(f"/areagrid/{SYSTEM}")
    load_kw = grid["chartLineData"][0]["data"][-1]
    assert float(world.state("sensor.kamo_load")) == pytest.approx(load_kw / 1000)
    for name in ("load", "peak_today", "forecast_peak"):
        state = shown(world, f"sensor.kamo_{name}")
        assert state.attributes["unit_of_measurement"] == "MW"
    assert world.state("sensor.kamo_forecast_peak") != "unknown"
    assert not entry.supports_options


@pytest.mark.parametrize(
    ("area_id", "given_name", "name"),
    [
        (1, "Ozark Electric Cooperative", "Ozark Electric Cooperative"),
        (18, "MO. Region", "KAMO MO. Region"),
        (20, "KAMO", "KAMO"),
    ],
)
def test_names_of_sums_say_whose_they_are(area_id: int, given_name: str, name: str):
    assert area_name(Area(area_id, given_name, "", raw={})) == name


@pytest.mark.usefixtures("all_enabled")
async def test_without_a_forecast_its_peak_is_unknown(world: World):
    await world.utilities.break_down(
        "wrong_type", endpoint="kamo.areagrid", options={"index": 1}
    )

    await world.set_up(kamo_entry())

    assert world.state(PEAK_TO_COME) == "unknown"
    assert world.state(PEAK_TIME) == "unknown"
    assert world.state(LOAD) != "unknown"


async def test_without_measured_hours_the_load_is_unknown(world: World):
    await world.utilities.break_down(
        "wrong_type", endpoint="kamo.areagrid", options={"index": 0}
    )

    await world.set_up(kamo_entry())

    assert world.state(LOAD) == "unknown"
    assert world.state(f"{OZARKS}_peak_today") == "unknown"


@pytest.mark.parametrize(
    "fault",
    ["403", "429", "500", "502", "504", "empty", "null", "object", "html200"],
)
async def test_what_is_gone_wrong_is_unavailable_and_comes_back(
    world: World, caplog: pytest.LogCaptureFixture, fault: str
):
    entry = kamo_entry()
    await world.set_up(entry)
    caplog.clear()
    await world.utilities.break_down(fault, endpoint="kamo.areagrid", count=None)

    for count in range(3):
        await world.move_to(tick(count))
        assert world.state(LOAD) == "unavailable"
    # there is no key that the user could mend
    assert world.hass.config_entries.flow.async_progress() == []
    await world.utilities.mend()
    await world.move_to(tick(3))

    assert float(world.state(LOAD)) > 0
    (level, went), came_back = logged(caplog)
    assert (level, went.startswith(WENT), came_back) == ("ERROR", True, CAME_BACK)


async def test_an_answer_that_never_comes_is_given_up(
    world: World, caplog: pytest.LogCaptureFixture
):
    await world.set_up(kamo_entry())
    caplog.clear()
    await world.utilities.break_down("timeout", endpoint="kamo.areagrid", count=1)

    later = tick() + timedelta(seconds=31)
    await let_it_time_out(world, tick(), later, "kamo.areagrid")
    assert world.state(LOAD) == "unavailable"
    await world.move_to(tick(1))

    assert world.state(LOAD) != "unavailable"
    (_, went), _ = logged(caplog)
    assert went == f"{WENT}could not be reached: no complete answer within 30 s"


@pytest.mark.parametrize("fault", ["403", "500"])
async def test_what_cannot_be_reached_at_the_start_is_tried_again(
    world: World, fault: str
):
    entry = kamo_entry()
    await world.utilities.break_down(fault, count=1)

    await world.set_up(entry)
    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    await world.wait(seconds=30)

    assert setup_of(entry) is ConfigEntryState.LOADED
    assert world.state(LOAD) != "unavailable"


async def test_an_area_whose_load_fails_at_the_start_is_tried_again(world: World):
    entry = kamo_entry()
    await world.utilities.break_down("500", endpoint="kamo.areagrid", count=1)

    await world.set_up(entry)
    assert setup_of(entry) is ConfigEntryState.SETUP_RETRY
    await world.wait(seconds=30)

    assert setup_of(entry) is ConfigEntryState.LOADED


async def test_substations_that_cannot_be_told_leave_the_load_alone(
    world: World, caplog: pytest.LogCaptureFixture
):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    caplog.clear()
    await world.utilities.break_down("500", endpoint="kamo.arealoadtable", count=None)

    for count in range(2):
        await world.move_to(tick(count))
        assert world.state(f"{BARRYS}_jenkins_power") == "unavailable"
        assert world.state(f"{BARRYS}_load") != "unavailable"
    assert "Jenkins" in substations(world, entry)
    await world.utilities.mend()
    await world.move_to(tick(2))

    assert float(world.state(f"{BARRYS}_jenkins_power")) > 0
    name = "Barry Electric Cooperative substations"
    assert logged(caplog) == [
        ("WARNING", f"Error fetching {name}: failure at the other end (500)"),
        ("INFO", f"Fetching {name} recovered"),
    ]


async def test_a_substation_appears_and_another_vanishes(
    world: World, caplog: pytest.LogCaptureFixture
):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    assert world.hass.states.get(f"{BARRYS}_elsewhere_power") is None

    await rename_the_first(world)
    await world.move_to(tick())

    assert float(world.state(f"{BARRYS}_elsewhere_power")) > 0
    assert world.state(f"{BARRYS}_cassville_m1_power") == "unavailable"
    assert {"Elsewhere", "Cassville M1"} <= substations(world, entry).keys()
    await world.utilities.mend()
    await world.move_to(tick(1))
    assert float(world.state(f"{BARRYS}_cassville_m1_power")) > 0
    assert world.state(f"{BARRYS}_elsewhere_power") == "unavailable"
    assert "already exists" not in caplog.text


def answer_without(
    names: set[str], *, is_whole: bool = True
) -> Callable[[MockConfigEntry], None]:
    """Return what gives an entry's area an answer without some substations."""

    def give(entry: MockConfigEntry) -> None:
        (area,) = entry.runtime_data.areas.values()
        listed = {
            name: reading
            for name, reading in area.data.substations.items()
            if name not in names
        }
        area.async_set_known(
            replace(area.data, substations=listed, lists_all_substations=is_whole)
        )

    return give


async def test_a_substation_goes_when_a_days_answers_lack_it(world: World):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    lack = answer_without({"Jenkins"})

    for _ in range(287):
        lack(entry)
    assert "Jenkins" in substations(world, entry)
    lack(entry)
    assert "Jenkins" not in substations(world, entry)
    assert "Cassville M1" in substations(world, entry)

    # the entry is set up anew, and KAMO still lists it
    await world.settle()
    assert "Jenkins" in substations(world, entry)
    assert float(world.state(f"{BARRYS}_jenkins_power")) > 0


async def test_a_substation_that_drops_out_for_hours_stays(world: World):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    lack, have = answer_without({"Jenkins"}), answer_without(set())
    (area,) = entry.runtime_data.areas.values()
    known = area.data

    for _ in range(2):
        for _ in range(287):
            lack(entry)
        area.async_set_known(known)
        have(entry)

    assert "Jenkins" in substations(world, entry)


async def test_answers_that_are_not_whole_remove_nothing(world: World):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    lack = answer_without({"Jenkins"}, is_whole=False)

    for _ in range(300):
        lack(entry)

    assert "Jenkins" in substations(world, entry)


async def test_an_outage_removes_nothing(world: World):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    (area,) = entry.runtime_data.areas.values()
    answer_without({"Jenkins"})(entry)
    area.last_update_success = False

    for _ in range(300):
        area.async_update_listeners()

    assert "Jenkins" in substations(world, entry)


async def test_a_table_with_an_unreadable_row_or_none_is_not_whole(world: World):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    (area,) = entry.runtime_data.areas.values()
    told_whole = [area.data.lists_all_substations]

    await world.utilities.break_down(
        "wrong_type", endpoint="kamo.arealoadtable", options={"index": 0}
    )
    await world.move_to(tick())
    told_whole.append(area.data.lists_all_substations)
    assert world.state(f"{BARRYS}_cassville_m1_power") == "unavailable"
    await world.utilities.break_down("500", endpoint="kamo.arealoadtable")
    await world.move_to(tick(1))

    assert [*told_whole, area.data.lists_all_substations] == [True, False, False]


async def test_a_substations_power_is_known_where_the_rest_is_not(world: World):
    entry = kamo_entry(BARRY, substations=True)
    for field in ("kvar", "pf"):
        await world.utilities.break_down(
            "wrong_type",
            endpoint="kamo.arealoadtable",
            nth=1 if field == "kvar" else 2,
            options={"field": field, "value": None, "all": True},
        )

    await world.set_up(entry)
    seen = [states_of_jenkins(world)]
    await world.move_to(tick())
    seen.append(states_of_jenkins(world))

    (power, kvar, factor), (later_power, later_kvar, later_factor) = seen
    assert float(power) > 0
    assert kvar == "unknown"
    assert 0 < float(factor) <= 1
    assert float(later_power) > 0
    assert later_kvar != "unknown"
    assert later_factor == "unknown"


def states_of_jenkins(world: World) -> list[str]:
    """Return power, reactive power and power factor of a substation."""
    return [
        world.state(f"{BARRYS}_jenkins_{key}")
        for key in ("power", "reactive_power", "power_factor")
    ]


@pytest.mark.parametrize("endpoint", ["kamo.areagrid", "kamo.arealoadtable"])
async def test_loads_of_which_none_can_be_read_are_a_failure_like_any_other(
    world: World, caplog: pytest.LogCaptureFixture, endpoint: str
):
    await world.set_up(kamo_entry(BARRY, substations=True))
    caplog.clear()
    field = "data" if endpoint == "kamo.areagrid" else "kw"
    await world.utilities.break_down(
        "wrong_type",
        endpoint=endpoint,
        count=3,
        options={"field": field, "value": "many", "all": True},
    )

    for later in range(3):
        await world.move_to(tick(later))
        assert world.state(f"{BARRYS}_jenkins_power") == "unavailable"
        is_load_known = world.state(f"{BARRYS}_load") != "unavailable"
        assert is_load_known is (endpoint == "kamo.arealoadtable")
    await world.move_to(tick(3))

    assert float(world.state(f"{BARRYS}_load")) > 0
    assert float(world.state(f"{BARRYS}_jenkins_power")) > 0
    went, came_back = logged(caplog)
    assert went[0] in {"ERROR", "WARNING"}
    assert came_back[0] == "INFO"


async def test_substations_that_are_no_longer_wanted_go(world: World):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    assert substations(world, entry)

    flow = await world.hass.config_entries.options.async_init(entry.entry_id)
    await world.hass.config_entries.options.async_configure(
        flow["flow_id"], {"substations": False}
    )
    await world.settle()

    assert substations(world, entry) == {}
    assert world.hass.states.get(f"{BARRYS}_jenkins_power") is None
    assert float(world.state(f"{BARRYS}_load")) > 0


async def peak_kw(world: World) -> float:
    """The most load of the Ozarks on the day of these tests, as KAMO tells it now."""
    grid = await world.utilities.kamo(f"/areagrid/{OZARK}")
    hours = zip(grid["lineChartLabels"], grid["chartLineData"][0]["data"], strict=False)
    return max(float(kw) for label, kw in hours if label.startswith("01/04/2026"))


async def test_load_of_the_past_is_not_shown_as_that_of_now(
    world: World, caplog: pytest.LogCaptureFixture
):
    await world.set_up(kamo_entry())
    await world.utilities.break_down(
        "stuck_load",
        endpoint="kamo.areagrid",
        count=None,
        options={"newest": "01/04/2026 3:00"},
    )

    # an hour that is late is nothing odd
    for count in range(0, 22, 7):
        await world.move_to(tick(count))
        assert float(world.state(LOAD)) > 0
        assert float(world.state(f"{OZARKS}_peak_today")) == await peak_kw(world)
    for count in range(23, 40, 7):
        await world.move_to(tick(count))
        assert world.state(LOAD) == "unknown"
        assert world.state(f"{OZARKS}_peak_today") == "unknown"
        assert "hour" not in shown(world, f"{OZARKS}_peak_today").attributes
    await world.utilities.mend()
    await world.move_to(tick(40))

    grid = await world.utilities.kamo(f"/areagrid/{OZARK}")
    assert float(world.state(LOAD)) == grid["chartLineData"][0]["data"][-1]
    assert float(world.state(f"{OZARKS}_peak_today")) == await peak_kw(world)
    assert logged(caplog) == [("WARNING", STUCK), ("INFO", MOVES_ON)]


@pytest.mark.parametrize("error", [timedelta(days=21), timedelta(days=-21)])
async def test_a_clock_that_is_wrong_does_not_make_load_one_of_the_past(
    world: World, caplog: pytest.LogCaptureFixture, error: timedelta
):
    world.freezer.move_to(START + error)

    await world.set_up(kamo_entry())

    assert float(world.state(LOAD)) > 0
    assert logged(caplog) == []


async def remove(world: World, client: WebSocketGenerator, device_id: str) -> bool:
    """Let the user remove a device; return whether that was allowed."""
    assert await async_setup_component(world.hass, "config", {})
    assert await async_setup_component(world.hass, REPAIRS, {})
    socket = await client(world.hass)
    answer = await socket.remove_device(device_id)
    await world.settle()
    return bool(answer["success"])


async def test_a_user_may_remove_only_what_is_gone(
    world: World, hass_ws_client: WebSocketGenerator
):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    await rename_the_first(world)
    await world.move_to(tick())
    found = substations(world, entry)
    area = dr.async_get(world.hass).async_get_device_by_identifier(
        ("energy_logger", f"kamo_{BARRY}"), entry.entry_id
    )
    assert area is not None

    assert not await remove(world, hass_ws_client, area.id)
    assert not await remove(world, hass_ws_client, found["Jenkins"])
    assert await remove(world, hass_ws_client, found["Cassville M1"])
    assert "Cassville M1" not in substations(world, entry)

    # and is added again when it comes back
    await world.utilities.mend()
    await world.move_to(tick(1))
    assert float(world.state(f"{BARRYS}_cassville_m1_power")) > 0


async def test_while_nothing_is_known_nothing_may_be_removed(
    world: World, hass_ws_client: WebSocketGenerator
):
    entry = kamo_entry(BARRY, substations=True)
    await world.set_up(entry)
    jenkins = substations(world, entry)["Jenkins"]
    await world.utilities.break_down("500", endpoint="kamo.arealoadtable", count=None)
    await world.move_to(tick())

    assert not await remove(world, hass_ws_client, jenkins)
    await world.hass.config_entries.async_unload(entry.entry_id)
    assert not await remove(world, hass_ws_client, jenkins)


async def test_noise_is_disabled_and_diagnostics_are_told_apart(world: World):
    entry = kamo_entry()
    await world.set_up(entry)

    entities = er.async_entries_for_config_entry(
        er.async_get(world.hass), entry.entry_id
    )
    keys = {one.translation_key: one for one in entities}
    disabled = {key for key, one in keys.items() if one.disabled_by}
    assert disabled == {"load_forecast_peak", "load_forecast_peak_time"}
    assert {key for key, one in keys.items() if one.entity_category} == {
        "statistics_import",
        "updated",
    }
