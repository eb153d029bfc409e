"""What each period of a tariff came to, from both databases."""

from datetime import timedelta
from typing import Any

from energy_logger_server.domain.costs.costs import RegisterCost
from energy_logger_server.domain.costs.tariff import TariffCost
from energy_logger_server.store import Store
from energy_logger_server.store.amber.tariff_costs import tariff_costs
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    site,
    sites_read,
    usage,
    usage_read,
    write,
)

PEAK = {"period": "peak", "season": "summer", "demandWindow": True}
OFF_PEAK = {"period": "offPeak", "season": "summer", "demandWindow": False}
EXPORT: dict[str, Any] = {
    "channelType": "feedIn",
    "channelIdentifier": "B1",
    "tariffInformation": None,
}
ONE_DAY = timedelta(days=1)


def tariff(number: int) -> dict[str, Any]:
    """Peak from 15:00 to 21:00."""
    return PEAK if 30 <= number < 42 else OFF_PEAK


async def found(store: Store, *dates: Any) -> list[TariffCost]:
    return await store.read(tariff_costs, SITE_ID, dates)


async def test_each_period_has_its_energy_and_money(store: Store):
    ends = ends_of_day(YESTERDAY, 30)
    sent = [
        usage(end, kwh=1, cost=20.5, tariffInformation=tariff(number))
        for number, end in enumerate(ends)
    ]
    sent += [usage(end, kwh=2, cost=-5.0001, **EXPORT) for end in ends]
    await write(store, sites_read(site()), usage_read(sent, (YESTERDAY, YESTERDAY)))

    periods = await found(store, YESTERDAY, YESTERDAY)

    assert periods == [
        TariffCost(
            None,
            None,
            None,
            None,
            RegisterCost("B1", "feedIn", 48, 1440, 0, 96_000, -2_400_048),
        ),
        TariffCost(
            "offPeak",
            "summer",
            None,
            is_demand_window=False,
            cost=RegisterCost("E1", "general", 36, 1080, 0, 36_000, 7_380_000),
        ),
        TariffCost(
            "peak",
            "summer",
            None,
            is_demand_window=True,
            cost=RegisterCost("E1", "general", 12, 360, 0, 12_000, 2_460_000),
        ),
    ]


async def test_estimates_and_unknown_costs_are_counted(store: Store):
    ends = ends_of_day(YESTERDAY, 30)
    sent = [
        usage(
            end,
            kwh=1,
            cost=None if number < 2 else 20.5,
            quality="estimated" if number < 6 else "billable",
            tariffInformation={"block": 1},
        )
        for number, end in enumerate(ends)
    ]
    await write(store, sites_read(site()), usage_read(sent, (YESTERDAY, YESTERDAY)))

    [one] = await found(store, YESTERDAY, YESTERDAY)

    assert one.block == 1
    assert one.cost == RegisterCost(
        "E1", "general", 48, 1440, 180, 48_000, 46 * 205_000, 60, 2_000
    )


async def test_documented_signs_of_feed_in_are_energy_in_its_direction(store: Store):
    sent = [usage(end, kwh=-2, cost=3, **EXPORT) for end in ends_of_day(YESTERDAY, 30)]
    await write(store, sites_read(site()), usage_read(sent, (YESTERDAY, YESTERDAY)))

    [one] = await found(store, YESTERDAY, YESTERDAY)

    assert one.cost.energy_e3 == 96_000


async def test_an_interval_belongs_to_the_date_on_which_it_begins(store: Store):
    days = (YESTERDAY - ONE_DAY, YESTERDAY)
    sent = [usage(end, kwh=1) for day in days for end in ends_of_day(day, 30)]
    await write(store, sites_read(site()), usage_read(sent, days))

    [one] = await found(store, YESTERDAY, YESTERDAY)
    both = await found(store, *days)

    assert one.cost.minutes == 1440
    assert [period.cost.minutes for period in both] == [2880]
    assert await found(store, TODAY, TODAY) == []
