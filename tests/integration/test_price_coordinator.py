"""When prices are asked for, and what is kept from one answer to the next."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.energy_logger.api.amber_models import Life, Price
from custom_components.energy_logger.api.channels import ChannelType
from custom_components.energy_logger.coordinator import (
    ChannelPrices,
    PriceCoordinator,
    SitePrices,
)
from tests.integration.boundary import BOUNDARY, at
from tests.integration.conftest import START, World
from tests.integration.entries import (
    AUSGRID_PRICE,
    FIVE_MINUTE_SITE,
    HALF_HOUR_SITE,
    JEMENA_PRICE,
    amber_entry,
)
from tests.integration.observed import asked, logged, shown

FORECAST = "sensor.amber_jemena_general_forecast"
ESTIMATED = "binary_sensor.amber_jemena_price_estimated"
POLLS_S = (12, 25, 45, 90)


def price(cents: float = 20.0, minute: int = 10, **fields: Any) -> Price:
    """Return a price of general use that ends so many minutes after nine."""
    defaults: dict[str, Any] = {
        "type": "CurrentInterval",
        "duration_minutes": 5,
        "channel_type": ChannelType.GENERAL,
        "spot_cents_per_kwh": None,
        "renewables_percent": None,
        "spike_status": None,
        "descriptor": None,
        "tariff": None,
        "estimate": False,
        "spot_range": None,
        "advanced_price": None,
        "raw": {},
    }
    ends_at = datetime(2026, 1, 4, 9, tzinfo=UTC) + timedelta(minutes=minute)
    return Price(ends_at=ends_at, price_cents_per_kwh=cents, **{**defaults, **fields})


def prices(*currents: Price | None) -> SitePrices:
    names = [*ChannelType]
    return SitePrices(
        {names[index]: ChannelPrices(one) for index, one in enumerate(currents)},
        fetched_at=START,
    )


async def set_up(world: World, site: int = FIVE_MINUTE_SITE) -> PriceCoordinator:
    entry = await amber_entry(world, site)
    await world.set_up(entry)
    (found,) = entry.runtime_data.sites.values()
    coordinator: PriceCoordinator = found.prices
    return coordinator


async def polls(world: World) -> list[tuple[str, bool]]:
    """Return minute and second of every request, and whether it was for forecasts."""
    return [
        (one["at"][14:19], "next" in one["query"])
        for one in await asked(world, "amber.current")
    ]


async def run(world: World, *seconds: float) -> None:
    for each in seconds:
        await world.move_to(at(each))


async def test_a_five_minute_price_is_asked_for_until_it_is_confirmed(world: World):
    await set_up(world)
    seen = []

    for seconds in (*POLLS_S, 180):
        await world.move_to(at(seconds))
        seen.append(world.state(ESTIMATED))

    assert seen == ["on", "off", "off", "off", "off"]
    assert await polls(world) == [("07:40", True), ("10:12", True), ("10:25", False)]


async def test_a_half_hour_is_followed_up_in_its_last_five_minutes_only(world: World):
    await set_up(world, HALF_HOUR_SITE)

    # until 09:30:12
    for minutes in range(0, 21, 5):
        await run(world, *(60 * minutes + seconds for seconds in POLLS_S))

    asked_at = [when for when, _ in await polls(world)]
    assert asked_at == ["07:40", "10:12", "15:12", "20:12", "25:12", "25:25", "30:12"]


async def test_a_timer_that_is_early_waits_for_its_instant(world: World):
    coordinator = await set_up(world)
    due = BOUNDARY + timedelta(seconds=12)
    assert coordinator.next_at == due
    # the harness adds half a second
    early = due - timedelta(seconds=0.8)
    world.freezer.move_to(early)

    async_fire_time_changed(world.hass, early, fire_all=True)
    await world.settle()

    assert len(await polls(world)) == 1
    await world.move_to(due)
    assert len(await polls(world)) == 2


async def test_a_fraction_of_a_second_moves_no_tick(world: World):
    await set_up(world)
    await world.move_to(at(12.39))

    # it must not come at 24 s either, as Home Assistant counts whole seconds
    await world.move_to(BOUNDARY + timedelta(seconds=24.4))
    assert len(await polls(world)) == 2
    await world.move_to(at(25))
    assert len(await polls(world)) == 3


async def test_forecasts_are_asked_for_once_an_interval(world: World):
    await set_up(world)

    await run(world, *POLLS_S, *(300 + seconds for seconds in POLLS_S))

    with_forecast = [when for when, is_with in await polls(world) if is_with]
    assert with_forecast == ["07:40", "10:12", "15:12"]


@pytest.mark.usefixtures("all_enabled")
async def test_a_follow_up_keeps_the_forecasts(world: World):
    coordinator = await set_up(world)
    await run(world, 12)
    before = shown(world, FORECAST).attributes["forecasts"]

    await run(world, 25)

    assert (await polls(world))[-1] == ("10:25", False)
    assert shown(world, FORECAST).attributes["forecasts"] == before
    assert before[0]["start_time"] == "2026-01-04T09:15:00+00:00"
    forecasts = coordinator.data.channels["general"].forecasts
    assert all(one.life is Life.FORECAST for one in forecasts)


@pytest.mark.usefixtures("all_enabled")
async def test_a_failed_poll_is_repeated_with_forecasts(world: World):
    await set_up(world)
    # each poll is tried once more without forecasts
    await world.utilities.break_down("500", endpoint="amber.current", count=4)

    await run(world, 12, 25)
    assert world.state(JEMENA_PRICE) == "unavailable"
    await run(world, 45)

    assert await polls(world) == [
        ("07:40", True),
        *[("10:12", True), ("10:12", False)],
        *[("10:25", True), ("10:25", False)],
        ("10:45", True),
    ]
    forecasts = shown(world, FORECAST).attributes["forecasts"]
    assert forecasts[0]["start_time"] == "2026-01-04T09:15:00+00:00"


@pytest.mark.usefixtures("all_enabled")
async def test_forecasts_of_before_an_outage_are_not_kept(world: World):
    await set_up(world)
    await world.utilities.break_down("500", endpoint="amber.current", count=None)
    for minutes in range(0, 60, 5):
        await run(world, 60 * minutes + 12)
    await world.utilities.mend()

    await run(world, 55 * 60 + 25)

    assert (await polls(world))[-1] == ("05:25", True)
    first = shown(world, FORECAST).attributes["forecasts"][0]
    assert first["start_time"] == "2026-01-04T10:10:00+00:00"


async def test_a_follow_up_that_fails_leaves_the_estimate(
    world: World, caplog: pytest.LogCaptureFixture
):
    coordinator = await set_up(world)
    await run(world, 12)
    caplog.clear()
    estimate = world.state(JEMENA_PRICE)
    await world.utilities.break_down("500", endpoint="amber.current", count=2)

    await run(world, 25, 45)

    assert world.state(JEMENA_PRICE) == estimate
    assert world.state(ESTIMATED) == "on"
    assert coordinator.succeeded_at == at(12)
    await run(world, 90)
    assert world.state(ESTIMATED) == "off"
    assert logged(caplog) == []


async def test_an_estimate_does_not_outlive_its_interval(world: World):
    await set_up(world)
    await run(world, 12)
    await world.utilities.break_down("500", endpoint="amber.current", count=None)

    await run(world, *POLLS_S[1:], 312)

    assert world.state(JEMENA_PRICE) == "unavailable"


async def test_a_clock_that_is_ahead_of_ambers_is_seen_through(world: World):
    await set_up(world)

    # ours says 09:10:12, Amber's is 20 s behind: it still tells the interval before
    await advance(world, at(12), behind_s=20)
    # of the interval that is running here only the forecast is known
    attributes = shown(world, JEMENA_PRICE).attributes
    assert attributes["end_time"] == "2026-01-04T09:15:00+00:00"
    assert attributes["estimate"] is True
    for seconds in (25, 45, 90):
        await advance(world, at(seconds), behind_s=20)

    attributes = shown(world, JEMENA_PRICE).attributes
    assert attributes["end_time"] == "2026-01-04T09:15:00+00:00"
    assert world.state(ESTIMATED) == "off"


async def test_a_half_hour_that_amber_has_not_begun_is_asked_for_again(world: World):
    await set_up(world, HALF_HOUR_SITE)
    half_past = 20 * 60
    general = AUSGRID_PRICE

    await advance(world, at(half_past + 12), behind_s=20)
    # an interval of five minutes, as the market forecasts the next ones
    assert shown(world, general).attributes["estimate"] is True
    asked_before = len(await polls(world))
    await advance(world, at(half_past + 25), behind_s=20)

    assert len(await polls(world)) == asked_before + 1
    assert shown(world, general).attributes["end_time"] == "2026-01-04T10:00:00+00:00"


async def test_after_an_error_a_failed_follow_up_is_one_too(world: World):
    coordinator = await set_up(world)
    await run(world, 12)
    coordinator.async_set_update_error(ValueError("of another kind"))
    await world.utilities.break_down("500", endpoint="amber.current", count=2)

    await run(world, 25)

    assert world.state(JEMENA_PRICE) == "unavailable"


async def advance(world: World, to: datetime, *, behind_s: float) -> None:
    """Move our clock, and Amber's to so many seconds before it."""
    await world.utilities.set_clock(to - timedelta(seconds=behind_s))
    world.freezer.move_to(to)
    async_fire_time_changed(world.hass, to)
    await world.settle()


async def test_a_clock_that_is_set_back_stops_nothing(world: World):
    coordinator = await set_up(world)
    await run(world, 12)
    earlier = START - timedelta(hours=3)

    await world.move_to(earlier)
    await coordinator.async_refresh()

    assert (await polls(world))[-1] == ("07:40", True)
    attributes = shown(world, JEMENA_PRICE).attributes
    assert attributes["start_time"] == "2026-01-04T06:05:00+00:00"
    assert coordinator.next_at == datetime(2026, 1, 4, 6, 10, 12, tzinfo=UTC)
    await world.move_to(datetime(2026, 1, 4, 6, 10, 13, tzinfo=UTC))
    assert (await polls(world))[-1] == ("10:13", True)


async def test_a_clock_that_jumps_ahead_is_followed(world: World):
    coordinator = await set_up(world)

    later = datetime(2026, 1, 4, 15, 2, 3, tzinfo=UTC)
    await world.move_to(later)

    attributes = shown(world, JEMENA_PRICE).attributes
    assert attributes["start_time"] == "2026-01-04T15:00:00+00:00"
    assert coordinator.next_at == datetime(2026, 1, 4, 15, 5, 12, tzinfo=UTC)


async def test_who_asks_for_an_update_gets_one_between_polls(world: World):
    coordinator = await set_up(world)
    await world.move_to(at(5))

    await coordinator.async_refresh()

    assert (await polls(world))[-1] == ("10:05", True)
    assert coordinator.next_at == BOUNDARY + timedelta(seconds=12)


async def test_the_span_of_forecasts_follows_the_prices(world: World):
    coordinator = await set_up(world, HALF_HOUR_SITE)
    # the record of a site can be older than its prices
    coordinator.site = replace(coordinator.site, interval_length_minutes=5)

    await run(world, 12)

    counts = [one["query"].get("next") for one in await asked(world, "amber.current")]
    assert counts == ["72", "72"]


@pytest.mark.parametrize(
    ("currents", "is_confirmed"),
    [
        ([], False),
        ([price()], True),
        ([price(), price(estimate=True)], False),
        ([price(), None], False),
        ([price(type="ActualInterval", estimate=None)], True),
    ],
)
def test_prices_are_confirmed_when_all_are(
    currents: Sequence[Price | None], *, is_confirmed: bool
):
    assert prices(*currents).is_confirmed is is_confirmed


@pytest.mark.parametrize(
    ("statuses", "is_spike"),
    [
        ([], None),
        ([None], None),
        (["unheardOf"], None),
        (["none"], False),
        (["none", "unheardOf"], False),
        (["potential"], False),
        (["none", "spike"], True),
    ],
)
def test_a_spike_is_what_amber_calls_one(
    statuses: Sequence[str | None], *, is_spike: bool | None
):
    answer = prices(*(price(spike_status=status) for status in statuses))

    assert answer.is_spike is is_spike


def test_without_a_price_the_market_gives_the_length():
    assert prices().interval_minutes == 5
    assert prices(price(duration_minutes=30)).interval_minutes == 30


def test_without_forecasts_nothing_is_the_lowest():
    assert ChannelPrices(price()).lowest_to_come is None


def test_of_equally_low_prices_the_first_counts():
    later = [price(cents, minute) for cents, minute in ((9, 15), (5, 20), (5, 25))]

    found = ChannelPrices(price(), tuple(later)).lowest_to_come

    assert found is later[1]
