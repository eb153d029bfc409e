"""Odd answers of prices: what is shown meanwhile, what is said, and when it heals."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from homeassistant.exceptions import HomeAssistantError

from tests.integration.boundary import BOUNDARY, at
from tests.integration.conftest import World
from tests.integration.entries import FIVE_MINUTE_SITE, JEMENA_PRICE, amber_entry
from tests.integration.observed import asked, logged, shown

FORECAST = "sensor.amber_jemena_general_forecast"
LOWEST = "sensor.amber_jemena_general_lowest_price_start"
SPIKE = "binary_sensor.amber_jemena_price_spike"
ESTIMATED = "binary_sensor.amber_jemena_price_estimated"
HOUR = timedelta(hours=1)
STUCK = (
    "Amber calls a price of Amber Jemena current that ended at "
    "2026-01-04T08:15:00+00:00; a price counts by its times, and where only a forecast "
    "is of now, it is an estimate"
)
NO_FORECASTS = (
    "Amber gives no forecasts of Amber Jemena (failure at the other end (500)); its "
    "present price is shown"
)


async def set_up(world: World) -> Any:
    entry = await amber_entry(world, FIVE_MINUTE_SITE)
    await world.set_up(entry)
    return entry


async def stick(world: World, **fields: Any) -> None:
    """Let Amber call intervals current that were over an hour before."""
    await world.utilities.break_down(
        "stuck_current",
        endpoint="amber.current",
        count=None,
        options={"fields": fields},
    )


async def test_a_current_price_of_the_past_is_not_shown_as_final(
    world: World, caplog: pytest.LogCaptureFixture
):
    await set_up(world)
    caplog.clear()
    await stick(world, perKwh=1500.0, estimate=False, spikeStatus="spike")

    # for an hour, asked as often as for any price that is not confirmed
    for minutes in range(0, 60, 5):
        for seconds in (12, 25, 45, 90):
            await world.move_to(at(60 * minutes + seconds))
            price = shown(world, JEMENA_PRICE)
            assert float(price.state) < 15
            # the forecast of now
            start = datetime.fromisoformat(price.attributes["start_time"])
            assert start <= at(60 * minutes + seconds) < start + 6 * HOUR / 12
            assert price.attributes["estimate"] is True
            assert (world.state(SPIKE), world.state(ESTIMATED)) == ("off", "on")
    await world.utilities.mend()
    # some intervals are confirmed by their end only
    for seconds in (3612, 3625, 3645, 3690, 3912, 3925, 3945, 3990):
        await world.move_to(at(seconds))

    assert shown(world, JEMENA_PRICE).attributes["estimate"] is False
    assert world.state(ESTIMATED) == "off"
    assert logged(caplog) == [
        ("WARNING", STUCK),
        ("INFO", "Amber gives current prices of Amber Jemena again"),
    ]


async def test_a_follow_up_of_the_past_leaves_the_price_that_was_told(world: World):
    await set_up(world)
    await world.move_to(at(12))
    told = shown(world, JEMENA_PRICE)
    await stick(world, perKwh=1500.0, estimate=False)

    await world.move_to(at(25))

    assert shown(world, JEMENA_PRICE).state == told.state
    assert shown(world, JEMENA_PRICE).attributes == told.attributes


async def test_of_several_current_prices_the_one_of_now_is_shown(world: World):
    entry = await set_up(world)
    await world.utilities.break_down(
        "new_enum",
        endpoint="amber.current",
        count=None,
        options={"field": "type", "value": "CurrentInterval", "all": True},
    )

    await world.move_to(at(12))

    assert shown(world, JEMENA_PRICE).attributes["start_time"] == BOUNDARY.isoformat()
    forecasts = (
        entry.runtime_data.sites[entry.data["site_id"]]
        .prices.data.channels["general"]
        .forecasts
    )
    assert forecasts[0].starts_at == BOUNDARY + timedelta(minutes=5)


async def test_a_clock_that_is_behind_does_not_hide_the_price(world: World):
    entry = await set_up(world)
    (site,) = entry.runtime_data.sites.values()
    # as that of a machine without a battery: three hours
    await world.utilities.set_clock(at(12) + 3 * HOUR)
    world.freezer.move_to(at(12))

    await site.prices.async_refresh()

    start = (BOUNDARY + 3 * HOUR).isoformat()
    assert shown(world, JEMENA_PRICE).attributes["start_time"] == start


@pytest.mark.usefixtures("all_enabled")
async def test_without_forecasts_the_price_stays_and_their_absence_is_said_once(
    world: World, caplog: pytest.LogCaptureFixture
):
    entry = await set_up(world)
    assert world.state(FORECAST) != "unavailable"
    caplog.clear()
    before = len(await asked(world, "amber.current"))
    await world.utilities.break_down(
        "500", endpoint="amber.current", count=None, param="next"
    )

    seen = set()
    for minutes in range(0, 120, 5):
        for seconds in (12, 25, 45, 90):
            await world.move_to(at(60 * minutes + seconds))
            assert float(world.state(JEMENA_PRICE)) > 0
            assert world.state(FORECAST) == "unavailable"
            assert world.state(LOWEST) == "unavailable"
        seen.add(world.state(ESTIMATED))
    # prices are followed up as ever
    assert "off" in seen
    # forecasts are asked for once in each interval, not in each poll
    since = (await asked(world, "amber.current"))[before:]
    assert len([one for one in since if "next" in one["query"]]) == 120 / 5
    with pytest.raises(HomeAssistantError, match="failed to tell"):
        await world.hass.services.async_call(
            "energy_logger",
            "get_forecasts",
            {"config_entry_id": entry.entry_id, "channel": "general"},
            blocking=True,
            return_response=True,
        )
    await world.utilities.mend()
    await world.move_to(at(7212))

    assert float(world.state(FORECAST)) > 0
    assert world.state(LOWEST) not in ("unknown", "unavailable")
    assert logged(caplog) == [
        ("WARNING", NO_FORECASTS),
        ("INFO", "Amber gives forecasts of Amber Jemena again"),
    ]


@pytest.mark.parametrize(
    "options",
    [
        {"field": "perKwh", "all": True},
        {"field": "channelType", "all": True, "value": 5},
        {"field": "duration", "all": True, "value": "five"},
    ],
)
async def test_prices_of_which_none_can_be_read_are_a_failure_like_any_other(
    world: World, caplog: pytest.LogCaptureFixture, options: dict[str, Any]
):
    await set_up(world)
    caplog.clear()
    await world.utilities.break_down(
        "wrong_type", endpoint="amber.current", count=None, options=options
    )

    for seconds in (12, 25, 45, 90, 312):
        await world.move_to(at(seconds))
        assert world.state(JEMENA_PRICE) == "unavailable"
        assert world.state(SPIKE) == "unavailable"
    await world.utilities.mend()
    await world.move_to(at(325))

    assert float(world.state(JEMENA_PRICE)) > 0
    (level, went), came_back = logged(caplog)
    assert level == "ERROR"
    assert went.startswith(
        "Error fetching Amber Jemena prices data: Amber Electric answered in an unknown"
    )
    assert came_back == ("INFO", "Fetching Amber Jemena prices data recovered")


async def test_a_price_of_zero_is_a_price(world: World):
    await set_up(world)
    await world.utilities.break_down(
        "wrong_type",
        endpoint="amber.current",
        count=None,
        options={"field": "perKwh", "value": 0, "all": True},
    )

    await world.move_to(at(12))

    assert world.state(JEMENA_PRICE) == "0.0"
    # neither earning nor costing, and no minus zero
    assert world.state("sensor.amber_jemena_feed_in_price") == "0.0"
