"""Costs, figures and forecasts of a site, from both databases."""

from datetime import date, timedelta
from typing import Any

from energy_logger_server.api.nem import nem_day_start
from energy_logger_server.domain.collecting.batch import UsageRead
from energy_logger_server.domain.costs.costs import CostDay, Money, RegisterCost
from energy_logger_server.store import Store
from energy_logger_server.store.amber.costs import (
    cost_days,
    cost_of_hours,
    newest_usage_date,
)
from energy_logger_server.store.amber.forecast import forecast
from energy_logger_server.store.amber.stats import (
    PriceSummary,
    price_summaries,
    usage_summaries,
)
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    price,
    prices_read,
    site,
    sites_read,
    usage,
    usage_read,
    write,
)

HALF_HOUR = timedelta(minutes=30)
ALWAYS = (date(1970, 1, 1), TODAY)
EVER = (0, 2**40)
EXPORT: dict[str, Any] = {"channelType": "feedIn", "channelIdentifier": "B1"}


def day_of_usage(day: date, *, with_export: bool = True) -> UsageRead:
    """A day of 1 kWh for 20.5 c each half hour, and 2 kWh that earn 5.0001 c."""
    ends = ends_of_day(day, 30)
    sent = [usage(end, kwh=1) for end in ends]
    if with_export:
        sent += [usage(end, kwh=2, cost=-5.0001, **EXPORT) for end in ends]
    return usage_read(sent, (day, day))


async def costs(store: Store) -> list[CostDay]:
    return await store.read(cost_days, site_id=SITE_ID, dates=ALWAYS)


async def test_a_day_has_what_each_register_metered(store: Store):
    await write(store, sites_read(site()), day_of_usage(YESTERDAY))

    [found] = await costs(store)

    assert found == CostDay(
        YESTERDAY,
        (
            RegisterCost("E1", "general", 48, 1440, 0, 48_000, 9_840_000),
            RegisterCost("B1", "feedIn", 48, 1440, 0, 96_000, -2_400_048),
        ),
        is_complete=True,
    )
    assert Money.of(found.registers) == Money(
        48_000, 96_000, 9_840_000, 2_400_048, 48_000, 96_000
    )


async def test_only_the_dates_asked_for_are_there(store: Store):
    days = [TODAY - timedelta(days=number) for number in (1, 2, 3)]
    await write(store, sites_read(site()), *map(day_of_usage, days))

    found = await store.read(cost_days, site_id=SITE_ID, dates=(days[1], days[0]))

    assert [one.day for one in found] == [days[1], days[0]]


async def test_a_day_of_which_a_register_is_missing_is_not_complete(store: Store):
    await write(store, sites_read(site()), day_of_usage(YESTERDAY, with_export=False))

    [found] = await costs(store)

    assert [cost.identifier for cost in found.registers] == ["E1"]
    assert not found.is_complete


async def test_a_day_that_misses_half_an_hour_is_not_complete(store: Store):
    ends = ends_of_day(YESTERDAY, 30)[1:]
    short = usage_read([usage(end) for end in ends], (YESTERDAY, YESTERDAY))
    whole = usage_read(
        [usage(end, **EXPORT) for end in ends_of_day(YESTERDAY, 30)],
        (YESTERDAY, YESTERDAY),
    )
    await write(store, sites_read(site()), short, whole)

    [found] = await costs(store)

    assert not found.is_complete


async def test_a_register_that_the_site_lost_keeps_its_costs_and_its_channel(
    store: Store,
):
    await write(store, sites_read(site()), day_of_usage(YESTERDAY))
    await write(store, sites_read(site(channels=[])))

    [found] = await costs(store)

    assert [cost.channel_type for cost in found.registers] == ["general", "feedIn"]


async def test_a_site_without_usage_costs_nothing(store: Store):
    await write(store, sites_read(site()), usage_read([], (YESTERDAY, YESTERDAY)))

    assert await costs(store) == []
    assert await store.read(newest_usage_date, site_id=SITE_ID) is None


async def test_the_newest_usage_is_that_of_any_register(store: Store):
    before = YESTERDAY - timedelta(days=1)
    late = usage_read(
        [usage(end, **EXPORT) for end in ends_of_day(YESTERDAY, 30)],
        (YESTERDAY, YESTERDAY),
    )
    await write(store, sites_read(site()), day_of_usage(before), late)

    assert await store.read(newest_usage_date, site_id=SITE_ID) == YESTERDAY


async def test_hours_are_summed_up_by_register(store: Store):
    await write(store, sites_read(site()), day_of_usage(YESTERDAY))
    midnight = int(nem_day_start(YESTERDAY).timestamp()) // 3600

    found = await store.read(
        cost_of_hours, site_id=SITE_ID, hours=(midnight - 3, midnight + 2)
    )

    assert found == (
        RegisterCost("E1", "general", 4, 120, 0, 4_000, 820_000),
        RegisterCost("B1", "feedIn", 4, 120, 0, 8_000, -200_004),
    )


async def test_hours_without_usage_have_no_registers(store: Store):
    await write(store, sites_read(site()), day_of_usage(YESTERDAY))

    assert await store.read(cost_of_hours, site_id=SITE_ID, hours=(0, 9)) == ()


async def test_the_mean_price_counts_every_minute_alike(store: Store):
    first = [price(NOON - HALF_HOUR, cents=30), price(NOON, 6, cents=60)]
    long_ago = [price(NOON - timedelta(days=9), cents=999)]
    await write(store, sites_read(site()), prices_read([*first, *long_ago]))
    noon = int(NOON.timestamp())

    [found] = await store.read(
        price_summaries, site_id=SITE_ID, span=(noon - 7200, noon)
    )

    assert found == PriceSummary(
        channel_type="general",
        intervals=2,
        minutes=36,
        min_cents_per_kwh=30.0,
        max_cents_per_kwh=60.0,
        mean_cents_per_kwh=(30 * 30 + 60 * 6) / 36,
        mean_spot_cents_per_kwh=8.25,
        mean_renewables_percent=41.5,
        spike_intervals=0,
        spike_minutes=0,
    )


async def test_spikes_are_counted_and_unknown_numbers_are_not_averaged(store: Store):
    calm = price(NOON, spotPerKwh=None, renewables=None)
    spike = price(NOON + HALF_HOUR, spikeStatus="spike", spotPerKwh=100)
    await write(store, sites_read(site()), prices_read([calm, spike]))

    [found] = await store.read(price_summaries, site_id=SITE_ID, span=EVER)

    assert (found.spike_intervals, found.spike_minutes) == (1, 30)
    assert found.mean_spot_cents_per_kwh == 100
    assert found.mean_renewables_percent == 41.5


async def test_prices_without_spot_and_renewables_have_no_mean_of_them(store: Store):
    calm = price(NOON, spotPerKwh=None, renewables=None)
    await write(store, sites_read(site()), prices_read([calm]))

    [found] = await store.read(price_summaries, site_id=SITE_ID, span=EVER)

    assert found.mean_spot_cents_per_kwh is None
    assert found.mean_renewables_percent is None


async def test_expected_prices_are_not_in_the_figures(store: Store):
    expected = {**price(NOON), "type": "ForecastInterval"}
    await write(store, sites_read(site()), prices_read([expected]))

    assert await store.read(price_summaries, site_id=SITE_ID, span=EVER) == ()


async def test_figures_can_be_of_one_channel_or_register(store: Store):
    await write(
        store,
        sites_read(site()),
        prices_read([price(NOON), price(NOON, channelType="feedIn")]),
        day_of_usage(YESTERDAY),
    )

    prices = await store.read(
        price_summaries, site_id=SITE_ID, span=EVER, channel="feedIn"
    )
    registers = await store.read(
        usage_summaries, site_id=SITE_ID, span=EVER, channel="B1"
    )

    assert [one.channel_type for one in prices] == ["feedIn"]
    assert [one.cost.identifier for one in registers] == ["B1"]


async def test_power_is_that_of_an_interval_whatever_its_length_and_sign(store: Store):
    sold: Any = {"channelType": "feedIn"}
    sent = [
        usage(NOON, kwh=1.5, **sold),
        usage(NOON + timedelta(minutes=5), 5, kwh=-0.5, quality="estimated", **sold),
    ]
    await write(store, sites_read(site()), usage_read(sent, (TODAY, TODAY)))

    [found] = await store.read(usage_summaries, site_id=SITE_ID, span=EVER)

    assert (found.min_kw, found.max_kw) == (3.0, 6.0)
    assert (found.cost.minutes, found.cost.estimated_minutes) == (35, 5)
    assert found.cost.energy_e3 == 2000


async def test_a_forecast_begins_with_the_present_interval(store: Store):
    expected = [
        {**price(NOON + number * HALF_HOUR, cents=number), "type": "ForecastInterval"}
        for number in range(4)
    ]
    confirmed = {
        **price(NOON + HALF_HOUR, cents=9),
        "type": "CurrentInterval",
        "estimate": False,
    }
    await write(store, sites_read(site()), prices_read(expected))
    later = NOON + timedelta(minutes=3)
    await write(store, prices_read([confirmed], at=later))
    span = int(later.timestamp()), int((NOON + 2 * HALF_HOUR).timestamp())

    found = await store.read(forecast, site_id=SITE_ID, span=span)

    assert [one.price.price_cents_per_kwh for one in found.prices] == [9, 2]
    assert [one.known_at for one in found.prices] == [later, NOON]
    assert found.generated_at == NOON


async def test_a_present_estimate_alone_is_no_forecast(store: Store):
    estimate = {**price(NOON + HALF_HOUR), "type": "CurrentInterval", "estimate": True}
    await write(store, sites_read(site()), prices_read([estimate]))
    noon = int(NOON.timestamp())

    found = await store.read(
        forecast, site_id=SITE_ID, span=(noon, noon + 7200), channel="general"
    )
    other = await store.read(
        forecast, site_id=SITE_ID, span=(noon, noon + 7200), channel="feedIn"
    )

    assert len(found.prices) == 1
    assert found.generated_at is None
    assert other.prices == ()
