"""Actions: what they answer, and what they say of a bad call."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.energy_logger.coordinator import RuntimeData
from tests.integration.actions import act
from tests.integration.conftest import START, World
from tests.integration.entries import FIVE_MINUTE_SITE, amber_entry, kamo_entry
from tests.integration.observed import asked

NEM_MIDNIGHT = datetime(2026, 1, 3, 14, tzinfo=UTC)
"""Begin of the NEM day that holds ``START``."""

BAND = {"advanced_price_low", "advanced_price_predicted", "advanced_price_high"}
A_DAY = {"start": START - timedelta(days=1), "end": START}


async def loaded_amber(world: World, position: int = 0) -> MockConfigEntry:
    entry = await amber_entry(world, position)
    await world.set_up(entry)
    return entry


async def loaded_kamo(world: World) -> MockConfigEntry:
    entry = kamo_entry()
    await world.set_up(entry)
    return entry


async def upstream(
    world: World, entry: MockConfigEntry, path: str, channel: str
) -> list[dict[str, Any]]:
    """Return what Amber itself tells of a channel, by time."""
    found = await world.utilities.amber(f"/sites/{entry.data['site_id']}/{path}")
    wanted = [one for one in found if one["channelType"] == channel]
    return sorted(wanted, key=lambda one: str(one["endTime"]))


async def test_prices_are_those_of_the_span_in_aud(world: World):
    entry = await loaded_amber(world)
    path = "prices?startDate=2026-01-03&endDate=2026-01-04"
    around = await upstream(world, entry, path, "general")

    answer = await act(
        world,
        "get_prices",
        entry,
        channel="general",
        start=NEM_MIDNIGHT - timedelta(hours=1),
        end=NEM_MIDNIGHT + timedelta(hours=1),
    )

    prices = answer["prices"]
    assert [one["per_kwh"] for one in prices] == pytest.approx(
        [one["perKwh"] / 100 for one in around[46:50]]
    )
    assert prices[0]["start_time"] == "2026-01-03T13:00:00+00:00"
    assert prices[-1]["end_time"] == "2026-01-03T15:00:00+00:00"
    assert [one["estimate"] for one in prices] == [False] * 4


async def test_feed_in_prices_are_positive_when_export_earns(world: World):
    entry = await loaded_amber(world)
    path = "prices?startDate=2026-01-03&endDate=2026-01-03"
    day = await upstream(world, entry, path, "feedIn")

    answer = await act(
        world,
        "get_prices",
        entry,
        channel="feed_in",
        start=NEM_MIDNIGHT - timedelta(days=1),
        end=NEM_MIDNIGHT,
    )

    assert [one["per_kwh"] for one in answer["prices"]] == pytest.approx(
        [-one["perKwh"] / 100 for one in day]
    )


async def test_prices_to_come_are_estimates_with_ambers_own_forecast(world: World):
    entry = await loaded_amber(world)

    answer = await act(
        world,
        "get_prices",
        entry,
        channel="general",
        start=START,
        end=START + timedelta(hours=2),
    )

    running, *to_come = answer["prices"]
    assert running["start_time"] == "2026-01-04T09:00:00+00:00"
    assert all(one["estimate"] for one in (running, *to_come))
    assert all(one.keys() >= BAND for one in to_come)


async def test_a_month_of_prices_is_asked_for_by_the_week(world: World):
    entry = await loaded_amber(world)

    answer = await act(
        world,
        "get_prices",
        entry,
        channel="general",
        start=NEM_MIDNIGHT - timedelta(days=31),
        end=NEM_MIDNIGHT,
    )

    assert len(answer["prices"]) == 31 * 48
    assert len(await asked(world, "amber.prices")) == 5


async def test_a_time_without_offset_is_local(world: World):
    await world.hass.config.async_set_time_zone("Australia/Sydney")
    entry = await loaded_amber(world)

    answer = await act(
        world,
        "get_prices",
        entry,
        channel="general",
        start="2026-01-04 11:00:00",
        end="2026-01-04 11:30:00",
    )

    assert [one["start_time"] for one in answer["prices"]] == [
        "2026-01-04T00:00:00+00:00"
    ]


async def test_forecasts_have_the_shape_that_planners_read(world: World):
    entry = await loaded_amber(world)
    to_come = await upstream(world, entry, "prices/current?next=4", "feedIn")

    answer = await act(world, "get_forecasts", entry, channel="feed_in", hours=2)

    first, *others = answer["forecasts"]
    assert len(others) == 3
    assert first == {
        "start_time": "2026-01-04T09:30:00+00:00",
        "end_time": "2026-01-04T10:00:00+00:00",
        "duration": 30,
        "per_kwh": pytest.approx(-to_come[1]["perKwh"] / 100),
        "spot_per_kwh": pytest.approx(to_come[1]["spotPerKwh"] / 100),
        "renewables": to_come[1]["renewables"],
        "spike_status": "none",
        "descriptor": first["descriptor"],
        "advanced_price_low": pytest.approx(-to_come[1]["advancedPrice"]["low"] / 100),
        "advanced_price_predicted": pytest.approx(
            -to_come[1]["advancedPrice"]["predicted"] / 100
        ),
        "advanced_price_high": pytest.approx(
            -to_come[1]["advancedPrice"]["high"] / 100
        ),
    }
    assert first["advanced_price_low"] <= first["advanced_price_high"]


async def test_forecasts_of_a_day_are_given_unless_told_otherwise(world: World):
    entry = await loaded_amber(world, FIVE_MINUTE_SITE)
    before = len(await world.utilities.requests())

    answer = await act(world, "get_forecasts", entry, channel="controlled_load")

    last = answer["forecasts"][-1]
    assert last["start_time"] == "2026-01-05T09:00:00+00:00"
    assert len(await world.utilities.requests()) == before


async def test_nothing_is_planned_by_prices_that_could_not_be_renewed(world: World):
    entry = await loaded_amber(world)
    await world.utilities.break_down("500", count=None)
    await world.wait(minutes=5)

    with pytest.raises(HomeAssistantError) as caught:
        await act(world, "get_forecasts", entry, channel="general")

    assert caught.value.translation_key == "prices_unavailable"


async def test_usage_is_energy_and_money_of_each_interval(world: World):
    entry = await loaded_amber(world)
    path = "usage?startDate=2026-01-01&endDate=2026-01-01"
    day = await upstream(world, entry, path, "feedIn")

    answer = await act(
        world,
        "get_usage",
        entry,
        channel="feed_in",
        start=NEM_MIDNIGHT - timedelta(days=3),
        end=NEM_MIDNIGHT - timedelta(days=2),
    )

    usage = answer["usage"]
    assert [one["energy_kwh"] for one in usage] == [one["kwh"] for one in day]
    assert [one["cost"] for one in usage] == pytest.approx(
        [-one["cost"] / 100 for one in day]
    )
    assert usage[0].keys() == {
        "start_time",
        "end_time",
        "duration",
        "register",
        "energy_kwh",
        "cost",
        "per_kwh",
        "quality",
    }


async def test_load_is_measured_and_forecast_by_the_hour(world: World):
    entry = await loaded_kamo(world)
    grid = await world.utilities.kamo("/areagrid/1")

    answer = await act(
        world, "get_load", entry, start=START - timedelta(hours=3), end=START
    )

    hours = [f"2026-01-04T0{hour}:00:00+00:00" for hour in (7, 8, 9)]
    assert [one["time"] for one in answer["load"]] == hours
    assert [one["time"] for one in answer["forecast"]] == hours
    lines = {one["label"]: one["data"] for one in grid["chartLineData"]}
    assert [one["load_kw"] for one in answer["load"]] == lines["Actual"][9:12]
    assert [one["load_kw"] for one in answer["forecast"]] == lines["Forecast"][9:12]


async def test_kamo_itself_keeps_no_hours_of_a_substation(world: World):
    entry = await loaded_kamo(world)

    with pytest.raises(ServiceValidationError) as caught:
        await act(
            world,
            "get_load",
            entry,
            start=START - timedelta(hours=3),
            end=START,
            substation="Battlefield",
        )

    assert caught.value.translation_key == "no_substation_history"


async def test_an_area_may_have_no_forecast(world: World):
    entry = await loaded_kamo(world)
    await world.utilities.break_down(
        "missing", endpoint="kamo.areagrid", options={"field": "data", "index": 1}
    )

    answer = await act(
        world, "get_load", entry, start=START - timedelta(hours=3), end=START
    )

    assert answer["forecast"] == []
    assert answer["load"] != []


async def test_the_cheapest_window_is_the_cheapest_of_all(world: World):
    entry = await loaded_amber(world)
    forecasts = (await act(world, "get_forecasts", entry, channel="general", hours=36))[
        "forecasts"
    ]

    answer = await act(
        world, "get_cheapest_window", entry, channel="general", duration={"hours": 1}
    )

    pairs = pairwise(forecasts)
    means = [((a["per_kwh"] + b["per_kwh"]) / 2, a["start_time"]) for a, b in pairs]
    mean, start = min(means)
    assert answer["per_kwh"] == pytest.approx(mean)
    assert answer["start_time"] == start
    assert datetime.fromisoformat(answer["end_time"]) - datetime.fromisoformat(
        start
    ) == timedelta(hours=1)


async def test_the_cheapest_window_keeps_to_the_limits(world: World):
    entry = await loaded_amber(world)

    answer = await act(
        world,
        "get_cheapest_window",
        entry,
        channel="general",
        duration="01:00:00",
        earliest=START - timedelta(hours=3),
        latest=START + timedelta(hours=1),
    )

    assert answer["start_time"] == START.isoformat()


async def test_the_cheapest_window_may_go_by_ambers_own_forecast(world: World):
    entry = await loaded_amber(world)
    wish = {"channel": "general", "duration": {"minutes": 30}}
    found = await act(world, "get_forecasts", entry, channel="general", hours=36)

    answer = await act(
        world, "get_cheapest_window", entry, price_source="advanced", **wish
    )

    cheapest = min(
        (one.get("advanced_price_predicted", one["per_kwh"]), one["start_time"])
        for one in found["forecasts"]
    )
    assert (answer["per_kwh"], answer["start_time"]) == cheapest


async def test_a_window_longer_than_the_forecast_is_refused(world: World):
    entry = await loaded_amber(world)

    with pytest.raises(ServiceValidationError) as caught:
        await act(
            world,
            "get_cheapest_window",
            entry,
            channel="general",
            duration={"days": 3},
        )

    assert caught.value.translation_key == "no_window"
    assert caught.value.translation_placeholders == {
        "until": "2026-01-05T18:00:00+00:00"
    }


async def test_without_any_price_there_is_no_window(world: World):
    entry = await loaded_amber(world)
    await world.utilities.break_down("empty_list", endpoint="amber.current", count=None)
    await world.wait(minutes=5)

    with pytest.raises(ServiceValidationError) as caught:
        await act(
            world, "get_cheapest_window", entry, channel="general", duration="01:00"
        )

    assert caught.value.translation_key == "no_window"


@pytest.mark.parametrize(
    ("action", "fields", "key"),
    [
        ("get_prices", {"start": START, "end": START}, "end_before_start"),
        (
            "get_usage",
            {"start": START - timedelta(days=32), "end": START},
            "span_too_long",
        ),
        ("get_cheapest_window", {"duration": 0}, "no_duration"),
        ("get_prices", {"channel": "controlled_load", **A_DAY}, "no_such_channel"),
        ("get_forecasts", {"channel": "controlled_load"}, "no_such_channel"),
        ("get_forecasts", {"device_id": "unheard_of"}, "device_of_other_entry"),
    ],
)
async def test_a_bad_call_says_what_is_wrong(
    world: World, action: str, fields: dict[str, Any], key: str
):
    entry = await loaded_amber(world)

    with pytest.raises(ServiceValidationError) as caught:
        await act(world, action, entry, **{"channel": "general", **fields})

    assert caught.value.translation_domain == "energy_logger"
    assert caught.value.translation_key == key


async def test_an_area_has_no_prices_and_a_site_no_load(world: World):
    site, area = await loaded_amber(world), await loaded_kamo(world)

    with pytest.raises(ServiceValidationError) as no_site:
        await act(world, "get_forecasts", area, channel="general")
    with pytest.raises(ServiceValidationError) as no_area:
        await act(world, "get_load", site, **A_DAY)

    assert no_site.value.translation_key == "entry_without_site"
    assert no_area.value.translation_key == "entry_without_area"


async def test_the_device_says_which_of_several_sites(world: World):
    first = await loaded_amber(world)
    second = await loaded_amber(world, FIVE_MINUTE_SITE)
    # as a linked entry has them
    first.runtime_data = RuntimeData(
        sites={**first.runtime_data.sites, **second.runtime_data.sites}
    )
    device = dr.async_get(world.hass).async_get_device_by_identifier(
        ("energy_logger", f"amber_{second.data['site_id']}"), second.entry_id
    )
    assert device is not None

    with pytest.raises(ServiceValidationError) as caught:
        await act(world, "get_forecasts", first, channel="general")
    answer = await act(
        world, "get_forecasts", first, channel="general", device_id=device.id
    )

    assert caught.value.translation_key == "device_needed"
    assert answer["forecasts"][0]["duration"] == 5


async def test_what_goes_wrong_at_amber_is_told(world: World):
    entry = await loaded_amber(world)
    await world.utilities.break_down("500")

    with pytest.raises(HomeAssistantError) as caught:
        await act(world, "get_prices", entry, channel="general", **A_DAY)

    assert caught.value.translation_key == "source_unreachable"


async def test_an_entry_that_is_not_loaded_is_refused(world: World):
    entry = await loaded_amber(world)
    await world.hass.config_entries.async_unload(entry.entry_id)

    with pytest.raises(ServiceValidationError) as caught:
        await act(world, "get_forecasts", entry, channel="general")

    assert caught.value.translation_key == "service_config_entry_not_loaded"
