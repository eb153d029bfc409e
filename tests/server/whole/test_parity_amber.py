"""What amber-home answered, and what was wrong with it, from end to end.

Its paths: /api/price-data, /api/combined-price-data, /api/usage-data, /api/cost-stats.
"""

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from energy_logger_server.domain.collecting.backfill_progress import BackfillProgress
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.amber.config import AmberConfig
from energy_logger_simulator.faults.fault import Fault, FaultAction
from tests.server.whole.conftest import DEEP, SHALLOW, StartPrepared, StartWorld, World

SITE_A = "01S1MS1TEA0000000000000000"
SITE_B = "01S1MS1TEB0000000000000000"
AT = datetime(2026, 1, 4, 9, 29, 30, tzinfo=UTC)
"""19:29:30 NEM: late in a half hour, whose price is confirmed."""
PRICE_FIELDS = {
    "aest_time": "nemTime",
    "channel_type": "channelType",
    "per_kwh": "perKwh",
    "spot_per_kwh": "spotPerKwh",
    "renewables": "renewables",
    "descriptor": "descriptor",
    "spike_status": "spikeStatus",
}
"""The predecessor's names, and upstream's."""
USAGE_FIELDS = {
    "aest_time": "nemTime",
    "channel_id": "channelIdentifier",
    "channel_type": "channelType",
    "kwh": "kwh",
    "cost": "cost",
    "quality": "quality",
}


@pytest.fixture
async def world(start_prepared: StartPrepared) -> AsyncIterator[World]:
    """Amber was collected from once: a half-hour and a 5-minute site."""
    async with start_prepared(collect, AT) as started:
        yield started


async def collect(world: World) -> None:
    await world.server.collecting.collect_now(Source.AMBER)


async def backfill(world: World) -> None:
    """Read history; whenever it waits, let the time pass."""

    async def pass_time(progress: BackfillProgress) -> None:
        if progress.waiting_until is not None:
            world.clock.set(progress.waiting_until)

    assert world.server.collecting.backfill is not None
    await world.server.collecting.backfill.run(pass_time)


async def get(world: World, path: str) -> Any:
    return await world.get(path)


async def upstreams(world: World, kind: str, query: str) -> dict[Any, dict[str, Any]]:
    """Return upstream's records by site, end and channel."""
    found = {}
    for site in (SITE_A, SITE_B):
        answer = await get(world, f"/api/{kind}/history/{site}?limit=10000&{query}")
        assert not answer["truncated"]
        for row in answer["data"]:
            channel = row.get("channelIdentifier", row["channelType"])
            found[site, row["nemTime"], channel] = row
    return found


def same(row: dict[str, Any], names: dict[str, str], record: dict[str, Any]) -> bool:
    return all(row[ours] == record[theirs] for ours, theirs in names.items())


# --- what each path answered


async def test_price_data_is_todays_prices_as_upstream_sent_them(world: World):
    rows = await get(world, "/api/price-data")

    records = await upstreams(world, "prices", "start=2026-01-04&end=2026-01-04")
    over = {key for key in records if key[1] <= "2026-01-04T19:29:30"}
    assert {
        (row["site_id"], row["nem_time"], row["channel_type"]) for row in rows
    } == over
    assert len(rows) == len(over) == 38 * 2 + 233 * 3
    for row in rows:
        key = row["site_id"], row["nem_time"], row["channel_type"]
        assert same(row, PRICE_FIELDS, records[key])


async def test_combined_price_data_adds_ten_hours_of_the_newest_forecast(world: World):
    answer = await get(world, "/api/combined-price-data")

    assert answer["historical"] == await get(world, "/api/price-data")
    records = await upstreams(world, "prices", "start=2026-01-04&end=2026-01-06")
    ahead = answer["forecast"]
    assert ahead[0]["nem_time"] == "2026-01-04T19:30:00+10:00"
    assert ahead[-1]["nem_time"] == "2026-01-05T05:00:00+10:00"
    assert {row["generated_at"] for row in ahead} == {"2026-01-04T09:29:30+00:00"}
    for row in ahead:
        record = records[row["site_id"], row["nem_time"], row["channel_type"]]
        assert same(row, {**PRICE_FIELDS, "forecast_type": "type"}, record)
        advanced = record.get("advancedPrice") or {}
        assert row["advanced_price_low"] == advanced.get("low")
        assert row["advanced_price_predicted"] == advanced.get("predicted")
        assert row["advanced_price_high"] == advanced.get("high")
        band = record.get("range") or {}
        assert (row["range_low"], row["range_high"]) == (
            band.get("min"),
            band.get("max"),
        )
    longer = (await get(world, "/api/combined-price-data?hours=24"))["forecast"]
    assert longer[: len(ahead)] == ahead
    assert any(row["range_low"] is not None for row in longer)


async def test_usage_data_is_the_newest_usage_as_upstream_sent_it(world: World):
    rows = await get(world, "/api/usage-data")

    records = await upstreams(world, "usage", "start=2026-01-03&end=2026-01-03")
    assert len(rows) == len(records) == 48 * 2 + 288 * 3
    for row in rows:
        key = row["site_id"], row["nem_time"], row["channel_id"]
        assert same(row, USAGE_FIELDS, records[key])


async def test_cost_stats_are_the_sums_of_the_last_seven_days(world: World):
    answer = await get(world, f"/api/cost-stats?site={SITE_A}")

    records = await upstreams(world, "usage", "start=2025-12-28&end=2026-01-04")
    mine = [row for (site, _end, _channel), row in records.items() if site == SITE_A]
    cents = {
        is_export: sum(
            Decimal(str(row["cost"]))
            for row in mine
            if (row["channelType"] == "feedIn") is is_export
        )
        for is_export in (False, True)
    }
    assert Decimal(str(answer["total_import_cost"])) * 100 == cents[False]
    assert Decimal(str(answer["total_export_cost"])) * 100 == -cents[True]
    assert Decimal(str(answer["total_cost"])) * 100 == cents[False] + cents[True]
    assert answer["days_with_data"] == len(answer["daily_data"]) == 7
    assert answer["avg_daily_cost"] == pytest.approx(answer["total_cost"] / 7, abs=1e-6)
    assert sum(day["record_count"] for day in answer["daily_data"]) == len(mine)
    assert set(answer["daily_data"][0]) >= {
        "date",
        "daily_cost_import",
        "daily_cost_export",
        "daily_cost_net",
        "daily_kwh_import",
        "daily_kwh_export",
        "record_count",
    }


# --- what was wrong


@pytest.mark.parametrize(
    "day",
    [date(2025, 10, 5), date(2026, 1, 4), date(2026, 4, 5), date(2026, 6, 1)],
    ids=["clocks go forward", "summer", "clocks go back", "winter"],
)
async def test_nem_time_is_ten_hours_ahead_all_year(start_world: StartWorld, day: date):
    late = datetime(day.year, day.month, day.day, 13, 29, 30, tzinfo=UTC)
    amber = replace(SHALLOW, start=late)
    async with start_world(at=late, amber=amber) as world:
        await collect(world)
        prices = await get(world, f"/api/price-data?site={SITE_A}")
        costs = await get(world, f"/api/cost-stats?site={SITE_A}")

    labels = [row["nem_time"] for row in prices if row["channel_type"] == "general"]
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a label's clock
    assert labels == [
        f"{midnight + number * timedelta(minutes=30):%Y-%m-%dT%H:%M:%S}+10:00"
        for number in range(1, 47)
    ]
    assert {one["record_count"] for one in costs["daily_data"]} == {2 * 48}
    assert all(one["is_complete"] for one in costs["daily_data"])


async def test_one_row_does_not_make_history_complete(start_world: StartWorld):
    async with start_world(
        at=AT, amber=DEEP, HISTORICAL_START_DATE="2025-12-10"
    ) as world:
        await collect(world)
        before = await get(world, f"/api/cost-stats?site={SITE_A}&days=60")
        await backfill(world)
        after = await get(world, f"/api/cost-stats?site={SITE_A}&days=60")

    assert 0 < before["days_with_data"] < 25
    assert after["days_with_data"] == 25
    assert after["daily_data"][-1]["date"] == "2025-12-10"


async def test_forecasts_do_not_mix_sites(world: World):
    both = (await get(world, "/api/combined-price-data"))["forecast"]

    assert {row["site_id"] for row in both} == {SITE_A, SITE_B}
    for site in (SITE_A, SITE_B):
        alone = await get(world, f"/api/combined-price-data?site={site}")
        assert alone["forecast"] == [row for row in both if row["site_id"] == site]
        keys = [(row["nem_time"], row["channel_type"]) for row in alone["forecast"]]
        assert len(keys) == len(set(keys))
        expected = await get(world, f"/api/prices/forecast/{site}?hours=10")
        assert {row["perKwh"] for row in expected["prices"]} >= {
            row["per_kwh"] for row in alone["forecast"]
        }


async def test_feed_in_has_the_same_sign_everywhere(world: World):
    today = "start=2026-01-04&end=2026-01-06&channel=feedIn"
    path = f"/api/prices/history/{SITE_A}?{today}"
    history = (await get(world, path))["data"]
    signs = {
        row["nemTime"]: (row["perKwh"], row["price_aud_per_kwh"]) for row in history
    }
    assert any(cents < 0 for cents, _aud in signs.values())
    assert all(aud == pytest.approx(-cents / 100) for cents, aud in signs.values())

    combined = await get(world, f"/api/combined-price-data?site={SITE_A}")
    rows = [
        *(await get(world, f"/api/price-data?site={SITE_A}")),
        *combined["historical"],
        *combined["forecast"],
    ]
    for row in rows:
        if row["channel_type"] == "feedIn":
            values = row["per_kwh"], row["price_aud_per_kwh"]
            assert values == signs[row["nem_time"]]
    forecast = await get(world, f"/api/prices/forecast/{SITE_A}?channel=feedIn")
    current = await get(world, f"/api/prices/current/{SITE_A}")
    for row in [*forecast["prices"], *current["prices"]]:
        if row["channelType"] == "feedIn":
            assert (row["perKwh"], row["price_aud_per_kwh"]) == signs[row["nemTime"]]
    async with world.client.get(f"{world.url}{path}&format=csv") as response:
        table = csv.DictReader(io.StringIO(await response.text(), newline=""))
        for cells in table:
            values = cells["price_cents_per_kwh"], cells["price_aud_per_kwh"]
            assert tuple(map(float, values)) == signs[cells["nem_time"]]


async def test_sites_of_both_lengths_tell_their_own(start_world: StartWorld):
    async with start_world(at=AT) as world:
        await collect(world)
        rows = await get(world, "/api/price-data")
        requests = list(world.simulator.requests)

    lengths = {(row["site_id"], row["duration_minutes"]) for row in rows}
    assert lengths == {(SITE_A, 30), (SITE_B, 5)}
    asked = {
        entry.owner: entry.query["next"]
        for entry in requests
        if entry.endpoint == "amber.current" and entry.query.get("next", "0") != "0"
    }
    # 36 hours: of half hours, and after an hour of five minutes
    assert asked == {SITE_A: "72", SITE_B: "84"}


async def test_costs_keep_four_decimals_of_a_cent(world: World):
    rows = await get(world, f"/api/usage-data?site={SITE_B}")

    assert max(len(str(row["cost"]).partition(".")[2]) for row in rows) == 4
    [day] = (
        await get(world, f"/api/costs/daily/{SITE_B}?start=2026-01-03&end=2026-01-03")
    )["data"]
    exact = sum(Decimal(str(row["cost"])) for row in rows)
    assert Decimal(str(day["net_cost_cents"])) == exact


async def test_one_sites_newest_row_hides_no_hole_of_another(start_world: StartWorld):
    async with start_world(at=AT) as world:
        world.simulator.faults.add(
            Fault(FaultAction.FORBIDDEN, "amber.usage", SITE_B, count=None)
        )
        await collect(world)
        first = await get(world, "/api/usage-data")
        world.simulator.faults.clear()
        world.clock.advance(3600)
        await collect(world)
        second = await get(world, "/api/usage-data")

    assert {row["site_id"] for row in first} == {SITE_A}
    assert {row["site_id"] for row in second} == {SITE_A, SITE_B}


async def test_estimated_usage_becomes_billable(start_world: StartWorld):
    # this history has three estimated days, all billable four days later
    async with start_world(at=AT, amber=AmberConfig(start=AT, seed=25)) as world:
        await collect(world)
        before = (await get(world, f"/api/costs/daily/{SITE_A}"))["data"]
        world.clock.advance(4 * 86_400)
        await collect(world)
        after = (await get(world, f"/api/costs/daily/{SITE_A}"))["data"]

    estimated = [row["date"] for row in before if row["estimated_share"] > 0]
    assert estimated == ["2025-12-31", "2026-01-01", "2026-01-02"]
    share = {row["date"]: row["estimated_share"] for row in after}
    assert [share[day] for day in estimated] == [0, 0, 0]
    cost = {row["date"]: row["net_cost_cents"] for row in after}
    assert all(
        cost[row["date"]] != row["net_cost_cents"]
        for row in before
        if row["date"] in estimated
    )
