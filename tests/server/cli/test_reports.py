"""Summary, costs and prices of a small household, worked out by hand."""

import json
from pathlib import Path

import pytest

from energy_logger_server.api.exact_json import JsonObject
from energy_logger_server.store import Store
from tests.server.store.conftest import BOTH_KINDS
from tests.server.store.material import (
    SITE_ID,
    YESTERDAY,
    FixedClock,
    area,
    areas_read,
    ends_of_day,
    grid_of,
    price,
    prices_read,
    site,
    sites_read,
    usage,
    usage_read,
    write,
)
from tests.server.store_template import lay_store

LOADS: JsonObject = {
    "Id": 1,
    "lineChartLabels": ["07/04/2025 13:00", "01/03/2026 20:00"],
    "chartLineData": [{"label": "Actual", "data": [70.5, 1077]}],
}
EVER = ("--days", "30000")


@pytest.fixture
def sqlite_household(environment: dict[str, str]) -> str:
    """Address of an empty store where commands look for one."""
    folder = Path(environment["DATA_DIR"])
    folder.mkdir()
    return lay_store(folder / "energy-logger.db")


@pytest.fixture(params=BOTH_KINDS)
async def household(
    request: pytest.FixtureRequest, environment: dict[str, str]
) -> dict[str, str]:
    """Settings of a store with a site's prices and usage, and an area's load."""
    name = "sqlite_household" if request.param == "sqlite" else "postgres_url"
    url: str = request.getfixturevalue(name)
    clock = FixedClock()
    first, second, third, *_others = ends_of_day(YESTERDAY, 30)
    days = (YESTERDAY, YESTERDAY)
    export = usage(first, kwh=0.8) | {
        "channelType": "feedIn",
        "channelIdentifier": "B1",
        "cost": -12.0,
    }
    store = await Store.open(url, clock)
    await write(
        store,
        sites_read(site()),
        prices_read(
            [
                price(first, cents=10.0),
                price(second, cents=20.5, spikeStatus="spike"),
                price(third, cents=-5.0),
            ]
        ),
        usage_read([usage(first, kwh=0.5), usage(second, kwh=1.5)], days),
        usage_read([export], days),
        areas_read([area(1)]),
        grid_of(LOADS, 1, at=clock.now()),
    )
    await store.close()
    return {**environment, "DATABASE_URL": url}


def cells_of(out: str) -> list[list[str]]:
    return [line.split() for line in out.splitlines()]


async def test_costs_are_told_by_day_and_channel_and_in_sum(run, household):
    table = await run("costs", *EVER, environment=household)
    as_json = await run("costs", *EVER, "--json", environment=household)

    assert table.code == 0, table.errors
    cells = cells_of(table.out)
    day = str(YESTERDAY)
    for line in (
        f"{day} E1 general 2.000 0.000 0.41 0.00 0.41 no",
        f"{day} B1 feedIn 0.000 0.800 0.00 0.12 -0.12 no",
        f"{day} all 2.000 0.800 0.41 0.12 0.29 no",
        "total all 2.000 0.800 0.41 0.12 0.29 0 of 30001 days",
    ):
        assert line.split() in cells, table.out
    answer = json.loads(as_json.out)
    [found] = answer["sites"]
    assert answer["zone"] == "NEM"
    assert found["site_id"] == SITE_ID
    assert found["total"]["net_cost_aud"] == 0.29
    [only] = found["days"]
    assert only["date"] == day
    assert [one["cost_cents"] for one in only["registers"]] == [41, -12]


async def test_prices_are_told_by_channel(run, household):
    table = await run("prices", *EVER, environment=household)
    as_json = await run("prices", *EVER, "--json", environment=household)

    assert table.code == 0, table.errors
    line = ["general", "3", "-5.00", "20.50", "8.50", "8.25", "41.5", "1"]
    assert line in cells_of(table.out)
    [found] = json.loads(as_json.out)["sites"]
    [channel] = found["channels"]
    assert channel["mean_cents_per_kwh"] == 8.5
    assert channel["spike_count"] == 1


async def test_a_summary_tells_what_there_is_by_the_clock_of_each_utility(
    run, household
):
    table = await run("summary", environment=household)
    as_json = await run("summary", "--json", environment=household)

    assert table.code == 0, table.errors
    cells = cells_of(table.out)
    for line in (
        f"{SITE_ID} Ausgrid active 2025-01-01 30 yes",
        "loads 2 2025-07-04 13:00 CDT 2026-01-03 20:00 CST",
        "prices 3 2026-01-03 00:30 NEM 2026-01-03 01:30 NEM 1 1",
        "usage_intervals 3 2026-01-03 00:30 NEM 2026-01-03 01:00 NEM 1 2",
        f"{SITE_ID} general 2026-01-03 01:30 NEM -5.00 8.25 41.5 none",
        "2026-01-03 all 2.000 0.800 0.41 0.12 0.29 no",
        "A1 2026-01-03 20:00 CST 1,077.0",
    ):
        assert line.split() in cells, table.out
    answer = json.loads(as_json.out)
    stored = {one["name"]: one for one in answer["stored"]}
    assert stored["loads"]["first"] == "2025-07-04T13:00:00-05:00"
    assert stored["prices"]["last"] == "2026-01-03T01:30:00+10:00"
    assert stored["substation_readings"]["rows"] == 0
    assert len(answer["newest_prices"]) == 3
    # personal, and no part of what is asked
    assert "9000000001" not in table.out + as_json.out


async def test_a_span_without_anything_says_so(run, household):
    costs = await run("costs", "--days", "1", environment=household)
    prices = await run("prices", "--days", "1", environment=household)
    wrong = await run("costs", "--days", "0", environment=household)

    assert costs.out.startswith("no usage is stored of NEM dates ")
    assert prices.out.startswith("no settled prices are stored of NEM dates ")
    assert wrong.code == 2
    assert "--days" in wrong.errors
