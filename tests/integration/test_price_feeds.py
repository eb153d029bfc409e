"""Prices as planners read them in Home Assistant: sensors, and the action."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from custom_components.energy_logger.coordinator import ChannelPrices, PriceCoordinator
from custom_components.energy_logger.sensor.price_feeds import HISTORIES, ChannelHistory
from tests.integration.actions import act
from tests.integration.conftest import START, World
from tests.integration.entries import (
    AUSGRID_PRICE,
    FIVE_MINUTE_SITE,
    HALF_HOUR_SITE,
    amber_entry,
)
from tests.integration.observed import asked

GENERAL = "sensor.amber_ausgrid_general"
DAY_PRICES = f"{GENERAL}_prices_of_the_day"
ADVANCED_DAY_PRICES = f"{GENERAL}_advanced_prices_of_the_day"
RANK_AHEAD = f"{GENERAL}_price_rank_next_24_hours"
RANK_BEHIND = f"{GENERAL}_price_rank_last_30_days"
SYDNEY = "Australia/Sydney"
MIDNIGHT = datetime(2026, 1, 3, 13, tzinfo=UTC)
"""Begin of the day of Sydney that holds ``START``."""


async def set_up(world: World, site: int = HALF_HOUR_SITE) -> PriceCoordinator:
    await world.hass.config.async_set_time_zone(SYDNEY)
    entry = await amber_entry(world, site)
    await world.set_up(entry)
    (found,) = entry.runtime_data.sites.values()
    coordinator: PriceCoordinator = found.prices
    return coordinator


def attribute(world: World, entity_id: str, name: str) -> list[dict[str, Any]]:
    shown = world.hass.states.get(entity_id)
    assert shown is not None
    rows: list[dict[str, Any]] = shown.attributes[name]
    return rows


async def published(world: World, prices: PriceCoordinator) -> dict[datetime, float]:
    """Return Amber's prices of the day, AUD/kWh, by their starts."""
    path = f"/sites/{prices.site.id}/prices?startDate=2026-01-03&endDate=2026-01-05"
    records = await world.utilities.amber(path)
    return {
        datetime.fromisoformat(one["endTime"]) - timedelta(minutes=one["duration"]): (
            one["perKwh"] / 100
        )
        for one in records
        if one["channelType"] == "general"
    }


@pytest.mark.usefixtures("all_enabled")
async def test_the_day_of_predbat_holds_what_is_over_and_what_is_expected(
    world: World,
):
    prices = await set_up(world)

    rows = attribute(world, DAY_PRICES, "raw_today")
    tomorrow = attribute(world, DAY_PRICES, "raw_tomorrow")

    amber = await published(world, prices)
    assert [one["value"] for one in rows[:20]] == pytest.approx(
        [amber[MIDNIGHT + step * timedelta(minutes=30)] for step in range(20)]
    )
    assert len(rows) == 48
    assert rows[0]["start"] == "2026-01-04T00:00:00+11:00"
    assert tomorrow[0]["start"] == "2026-01-05T00:00:00+11:00"
    both = [*rows, *tomorrow]
    assert all(one["end"] == two["start"] for one, two in pairwise(both))
    advanced = attribute(world, ADVANCED_DAY_PRICES, "raw_today")
    forecast = prices.data.channels["general"].forecasts[0].advanced_price_aud
    assert forecast is not None
    assert advanced[41]["value"] == pytest.approx(forecast.predicted)
    assert advanced[:40] == rows[:40]
    assert world.state(DAY_PRICES) == world.state(AUSGRID_PRICE)
    shown = world.hass.states.get(DAY_PRICES)
    assert shown is not None
    assert shown.state_info is not None
    assert shown.state_info["unrecorded_attributes"] >= {"raw_today", "raw_tomorrow"}


@pytest.mark.usefixtures("all_enabled")
async def test_a_day_that_begins_with_a_hole_has_no_price_of_the_day_before(
    world: World,
):
    prices = await set_up(world)
    day_prices = next(one for one in HISTORIES if one.key == "day_prices")
    general = prices.data.channels["general"]
    two_hours = timedelta(hours=2)
    steps = tuple(
        one
        for one in prices.history.steps("general")
        if not MIDNIGHT <= one.starts_at < MIDNIGHT + two_hours
    )

    shown = day_prices.attributes(ChannelHistory(general, steps))

    first = datetime.fromisoformat(shown["raw_today"][0]["start"])
    assert first == MIDNIGHT + two_hours


@pytest.mark.usefixtures("all_enabled")
async def test_the_ranks_are_those_of_the_hours_ahead_and_of_the_last_days(
    world: World,
):
    prices = await set_up(world)

    ahead, behind = float(world.state(RANK_AHEAD)), float(world.state(RANK_BEHIND))

    general = prices.data.channels["general"]
    assert general.current is not None
    now = general.current.price_aud_per_kwh
    day = [one.price_aud_per_kwh for one in general.known[:48]]
    lower, same = sum(one < now for one in day), day.count(now)
    assert ahead == pytest.approx(100 * (lower + same / 2) / 48)
    since = general.current.ends_at - timedelta(days=30)
    month = [
        one.price_aud_per_kwh
        for one in prices.history.steps("general")
        if one.starts_at >= since
    ]
    assert len(month) == 30 * 48
    lower, same = sum(one < now for one in month), month.count(now)
    assert behind == pytest.approx(100 * (lower + same / 2) / (30 * 48))


async def test_nobody_asks_for_the_past_while_no_sensor_needs_it(world: World):
    prices = await set_up(world)

    assert await asked(world, "amber.prices") == []
    assert prices.history.steps("general") == []


@pytest.mark.usefixtures("all_enabled")
async def test_the_past_is_read_once_and_what_an_outage_hid_after_it(world: World):
    prices = await set_up(world, FIVE_MINUTE_SITE)
    asked_first = len(await asked(world, "amber.prices"))
    await world.wait(minutes=5)
    await world.wait(minutes=5)
    assert len(await asked(world, "amber.prices")) == asked_first == 5

    await world.utilities.break_down("500", count=None)
    await world.wait(minutes=30)
    await world.utilities.mend()
    await world.utilities.break_down("500", endpoint="amber.prices", count=None)
    await world.wait(minutes=5)
    assert len(prices.history.steps("general")) < 30 * 288
    await world.utilities.mend()
    await world.wait(minutes=5)

    starts = sorted(one.starts_at for one in prices.history.steps("general"))
    assert all(two - one == timedelta(minutes=5) for one, two in pairwise(starts))


@pytest.mark.usefixtures("all_enabled")
async def test_without_a_present_price_there_is_no_rank(world: World):
    prices = await set_up(world)
    general = prices.data.channels["general"]

    for channels in ({"general": replace(general, current=None)}, {}):
        prices.async_set_updated_data(replace(prices.data, channels=channels))
        expected = "unknown" if channels else "unavailable"
        assert world.state(RANK_AHEAD) == world.state(RANK_BEHIND) == expected
        assert world.state(DAY_PRICES) == expected

    empty = {"general": ChannelPrices(None)}
    prices.async_set_updated_data(replace(prices.data, channels=empty))
    assert world.state(f"{GENERAL}_advanced_forecast") == "unknown"
    # what is over of the day is known all the same
    assert attribute(world, DAY_PRICES, "raw_today")


async def test_emhass_gets_both_directions(world: World):
    prices = await set_up(world)
    entry = prices.config_entry

    answer = await act(
        world,
        "get_forecasts",
        entry,
        channel="general",
        format="emhass",
        price_source="aemo",
        hours=4,
        step=30,
    )

    general = prices.data.channels["general"].known[:9]
    assert answer["load_cost_forecast"] == {
        one.starts_at.isoformat(): one.price_aud_per_kwh for one in general
    }
    assert answer["prod_price_forecast"].keys() == answer["load_cost_forecast"].keys()
    # the last half hour ends after what is asked for
    assert answer["prediction_horizon"] == (general[-1].ends_at - START) // timedelta(
        minutes=30
    )


async def test_evcc_and_haeo_get_spans(world: World):
    prices = await set_up(world)
    of = {"channel": "feed_in", "hours": 2, "price_source": "advanced_high"}

    evcc = await act(world, "get_forecasts", prices.config_entry, format="evcc", **of)
    haeo = await act(world, "get_forecasts", prices.config_entry, format="haeo", **of)

    first, second, *_ = prices.data.channels["feedIn"].known
    assert second.advanced_price_aud is not None
    assert evcc["rates"][1] == {
        "start": second.starts_at.isoformat(),
        "end": second.ends_at.isoformat(),
        "value": second.advanced_price_aud.high,
    }
    assert evcc["rates"][0]["start"] == first.starts_at.isoformat()
    assert [one["per_kwh"] for one in haeo["forecasts"]] == [
        one["value"] for one in evcc["rates"]
    ]


async def test_predbat_gets_the_whole_day(world: World):
    prices = await set_up(world)
    entry = prices.config_entry

    answer = await act(
        world, "get_forecasts", entry, channel="general", format="predbat"
    )

    assert len(answer["raw_today"]) == 48
    assert answer["raw_today"][0]["start"] == "2026-01-04T00:00:00+11:00"
    amber = await published(world, prices)
    assert answer["raw_today"][3]["value"] == pytest.approx(
        amber[MIDNIGHT + timedelta(minutes=90)]
    )
