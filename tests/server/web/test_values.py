"""One value, one meaning: what is shown of an odd figure, wherever it is shown."""

import json
import re
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from energy_logger_server.domain.collecting.runs import Source
from energy_logger_server.store import Store
from energy_logger_simulator.settable_clock import SettableClock
from tests.server.store.material import (
    SITE_ID,
    price,
    prices_read,
    rows,
    site,
    sites_read,
    table_of,
    usage,
    usage_read,
)
from tests.server.web.amber_answers import FEED_IN
from tests.server.web.answers import areas
from tests.server.web.conftest import Api
from tests.server.web.csv_answers import csv_rows

HALF_HOUR = timedelta(minutes=30)
YESTERDAY = date(2026, 1, 3)
START = datetime(2026, 1, 3, 2, tzinfo=UTC)
"""12:00 NEM on 2026-01-03; the tests' moment is 09:09 UTC of the day after."""
HISTORY = f"/api/usage/history/{SITE_ID}"
COSTS = f"/api/costs/daily/{SITE_ID}"
SPAN = "start=2026-01-03&end=2026-01-03"


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
async def store(
    request: pytest.FixtureRequest, tmp_path: Path, clock: SettableClock
) -> AsyncIterator[Store]:
    """A store of each kind."""
    url = f"sqlite:///{tmp_path / 'energy.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    opened = await Store.open(url, clock)
    yield opened
    await opened.close()


async def collect(api: Api, records: Iterable[Any]) -> None:
    """Store usage of yesterday."""
    days = (YESTERDAY, YESTERDAY)
    read = usage_read([*records], days, at=api.clock.now())
    await api.collector.run(sites_read(site()), read, source=Source.AMBER)


def half_hours(*figures: dict[str, Any]) -> list[Any]:
    """Usage of consecutive half hours from 12:00 NEM on."""
    return [
        {**usage(START + number * HALF_HOUR), **fields}
        for number, fields in enumerate(figures, 1)
    ]


async def intervals(
    api: Api, name: str, as_sent: str | None = None
) -> dict[str, list[Any]]:
    """One value of each interval, by the answer that has it: E1 first, then B1.

    JSON may have it under upstream's name.
    """

    def key(row: dict[str, Any]) -> tuple[bool, str]:
        register = row.get("channel_identifier") or row.get("channelIdentifier")
        return register == "B1", str(row["starts_at"])

    def numbers(found: Iterable[dict[str, Any]], name: str = name) -> list[Any]:
        return [
            None if row[name] in (None, "") else float(row[name])
            for row in sorted(found, key=key)
        ]

    view = await rows(
        api.store, f"SELECT channel_identifier, starts_at, {name} FROM usage_intervals"
    )
    ndjson = await (await api.ask(f"/api/export/usage/{SITE_ID}?format=ndjson")).text()
    table = await api.get("/api/tables/usage_intervals")
    return {
        "history": numbers((await api.get(HISTORY))["data"], as_sent or name),
        "history as CSV": numbers(await csv_rows(api, f"{HISTORY}?format=csv")),
        "export": numbers(
            await csv_rows(api, f"/api/export/usage/{SITE_ID}?format=csv")
        ),
        "export as NDJSON": numbers(map(json.loads, ndjson.splitlines())),
        "view": numbers(
            {"channel_identifier": row[0], "starts_at": row[1], name: row[2]}
            for row in view
        ),
        "tables": numbers(table["data"]),
    }


async def sums(api: Api, name: str) -> dict[str, list[Any]]:
    """One figure of the day of each register, by the answer that has it."""
    daily = await api.get(f"{COSTS}?{SPAN}")
    found: dict[str, Iterable[dict[str, Any]]] = {
        "costs": daily["data"][0]["registers"],
        "costs as CSV": await csv_rows(api, f"{COSTS}?{SPAN}&format=csv"),
        "export": await csv_rows(api, f"/api/export/costs/{SITE_ID}?{SPAN}&format=csv"),
        "stats": (await api.get(f"/api/usage/stats/{SITE_ID}?hours=48"))["registers"],
        "statistics": (await api.get(f"/api/statistics/usage/{SITE_ID}"))["data"],
    }
    return {
        answer: [
            None if row[name] in (None, "") else float(row[name])
            for row in sorted(of_answer, key=lambda row: row["channel_identifier"])
        ]
        for answer, of_answer in found.items()
    }


@pytest.mark.parametrize("sign", [1, -1], ids=["recorded", "documented"])
async def test_exported_energy_is_positive_everywhere_with_either_sign(api: Api, sign):
    sent = half_hours(
        {**FEED_IN, "kwh": sign * 2.5, "cost": -10.5},
        {**FEED_IN, "kwh": sign * 1.25, "cost": -5.25},
    )
    await collect(api, sent)

    assert set(map(tuple, (await intervals(api, "energy_kwh")).values())) == {
        (2.5, 1.25)
    }
    assert set(map(tuple, (await sums(api, "energy_kwh")).values())) == {(3.75,)}
    daily = await api.get(f"{COSTS}?{SPAN}")
    assert daily["data"][0]["export_kwh"] == 3.75
    assert (
        await api.get(
            f"/mirror/amber/v1/sites/{SITE_ID}/usage?"
            "startDate=2026-01-03&endDate=2026-01-03"
        )
    ) == sent


async def test_exports_of_both_signs_within_an_hour_add_up(api: Api):
    await collect(api, half_hours({**FEED_IN, "kwh": 2.5}, {**FEED_IN, "kwh": -1.25}))

    assert set(map(tuple, (await sums(api, "energy_kwh")).values())) == {(3.75,)}


async def test_import_that_is_taken_back_stays_negative_and_is_subtracted(api: Api):
    await collect(api, half_hours({"kwh": 2.5, "cost": 50}, {"kwh": -0.5, "cost": -10}))

    assert set(map(tuple, (await intervals(api, "energy_kwh")).values())) == {
        (2.5, -0.5)
    }
    assert set(map(tuple, (await sums(api, "energy_kwh")).values())) == {(2.0,)}
    [figures] = (await api.get(f"/api/usage/stats/{SITE_ID}?hours=48"))["registers"]
    assert (figures["min_kw"], figures["max_kw"], figures["mean_kw"]) == (-1, 5, 2)


async def test_a_figure_with_more_digits_than_a_column_has_the_same_sign(api: Api):
    await collect(api, half_hours({**FEED_IN, "kwh": -2.1234567}, {"kwh": -0.1234567}))

    assert set(map(tuple, (await intervals(api, "energy_kwh")).values())) - {
        # columns hold three decimals
        (-0.123, 2.123)
    } == {(-0.1234567, 2.1234567)}


def shared_values(found: dict[str, list[Any]]) -> list[Any]:
    """What all answers say alike."""
    values = [*found.values()]
    assert all(one == values[0] for one in values), found
    return values[0]


async def mirrored(api: Api) -> Any:
    return await api.get(
        f"/mirror/amber/v1/sites/{SITE_ID}/usage"
        "?startDate=2026-01-03&endDate=2026-01-03"
    )


UNKNOWN_MONEY = {"kwh": 2.5, "cost": None, "perKwh": None}


async def test_usage_whose_cost_is_unknown_has_energy_and_no_money(api: Api):
    sent = half_hours(UNKNOWN_MONEY, {"kwh": 1.5, "cost": 30})
    await collect(api, sent)

    assert shared_values(await intervals(api, "energy_kwh")) == [2.5, 1.5]
    assert shared_values(
        await intervals(api, "price_cents_per_kwh", as_sent="perKwh")
    ) == [
        None,
        20.5,
    ]
    cents = await intervals(api, "cost_cents", as_sent="cost")
    assert shared_values(cents) == [None, 30]
    rows_of_history = (await api.get(HISTORY))["data"]
    assert [row["cost_aud"] for row in rows_of_history] == [None, 0.3]
    assert [row["price_aud_per_kwh"] for row in rows_of_history] == [None, 0.205]
    assert await mirrored(api) == sent


async def test_sums_of_money_hold_what_is_known_and_say_how_much_is_not(api: Api):
    await collect(api, half_hours(UNKNOWN_MONEY, {"kwh": 1.5, "cost": 30}))

    assert shared_values(await sums(api, "energy_kwh")) == [4.0]
    assert shared_values(await sums(api, "cost_cents")) == [30]
    assert shared_values(await sums(api, "cost_aud")) == [0.3]
    assert shared_values(await sums(api, "unpriced_minutes")) == [30]
    [day] = (await api.get(f"{COSTS}?{SPAN}"))["data"]
    summary = await api.get(f"/api/costs/summary/{SITE_ID}?days=1")
    for fields in (day, summary):
        assert (fields["import_kwh"], fields["import_cost_aud"]) == (4.0, 0.3)
        assert (fields["net_cost_cents"], fields["unpriced_share"]) == (30, 0.5)
    # 30 cents are for the 1.5 kWh whose cost is known
    assert summary["import_aud_per_kwh"] == 0.2


async def test_money_of_which_nothing_is_known_is_null_and_not_zero(api: Api):
    sold = {**FEED_IN, "kwh": 1.0, "cost": -5}
    await collect(api, half_hours(UNKNOWN_MONEY, UNKNOWN_MONEY, sold, sold))

    assert shared_values(await sums(api, "unpriced_minutes")) == [0, 60]
    assert shared_values(await sums(api, "cost_cents")) == [-10, None]
    assert shared_values(await sums(api, "cost_aud")) == [0.1, None]
    [day] = (await api.get(f"{COSTS}?{SPAN}"))["data"]
    assert (day["import_kwh"], day["import_cost_aud"]) == (5.0, None)
    assert (day["export_credit_aud"], day["net_cost_aud"]) == (0.1, None)
    summary = await api.get(f"/api/costs/summary/{SITE_ID}?days=1")
    assert summary["import_aud_per_kwh"] is summary["net_cost_aud_per_day"] is None
    stats = await api.get("/api/cost-stats?days=7")
    assert (stats["total_import_cost"], stats["total_cost"]) == (None, None)
    assert (stats["total_export_cost"], stats["avg_daily_cost"]) == (0.1, None)
    rows_of_day = await api.get("/api/usage-data")
    assert {(row["kwh"], row["cost"], row["cost_aud"]) for row in rows_of_day} == {
        (2.5, None, None),
        (1.0, -5, 0.05),
    }


async def test_a_cost_that_comes_later_replaces_the_unknown_one(api: Api):
    await collect(api, half_hours(UNKNOWN_MONEY))
    first = await api.get(f"/api/statistics/usage/{SITE_ID}")
    api.clock.advance(3600)
    known = half_hours({"kwh": 2.5, "cost": 51.25})

    await collect(api, known)

    assert shared_values(await sums(api, "cost_cents")) == [51.25]
    assert shared_values(await sums(api, "unpriced_minutes")) == [0]
    later = await api.get(f"/api/statistics/usage/{SITE_ID}?since={first['cursor']}")
    assert [hour["cost_cents"] for hour in later["data"]] == [51.25]
    [(reason, record)] = await rows(api.store, "SELECT reason, record FROM revision")
    assert (reason, json.loads(record)["cost"]) == ("revised", None)
    before = (api.clock.now() - timedelta(minutes=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    believed = await api.get(f"{HISTORY}?as_of={before}")
    assert [row["cost_aud"] for row in believed["data"]] == [None]
    assert await mirrored(api) == known


STATION = {"name": "North", "kw": 30.0, "kvar": 40.0, "pf": 0.6}
SPEECHLESS = {"name": "South", "kw": 10.0, "kvar": None, "pf": None}
SUBSTATION_SPAN = "start=2026-01-04T00:00Z&end=2026-01-05T00:00Z"


async def collect_stations(api: Api, at: datetime, *stations: dict[str, Any]) -> None:
    table: Any = {"Id": 1, "areaLoadData": [{**one} for one in stations]}
    await api.collector.run(areas(), table_of(table, 1, at=at))


async def test_a_substation_whose_kvar_is_unknown_has_its_load(api: Api):
    at = api.clock.now()
    await collect_stations(api, at, STATION, SPEECHLESS)

    current = await api.get("/api/substations/current/1")
    history = await api.get(f"/api/substations/history/1?{SUBSTATION_SPAN}")
    export = f"/api/export/substations/1?{SUBSTATION_SPAN}"
    ndjson = await (await api.ask(f"{export}&format=ndjson")).text()
    table = await api.get("/api/tables/substation_readings")
    view = await rows(
        api.store,
        "SELECT substation, load_kw, reactive_kvar, power_factor"
        " FROM substation_readings",
    )

    def figures(found: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return sorted(
            (row["substation_name"], row["kw"], row["kvar"], row["pf"]) for row in found
        )

    expected = [("North", 30, 40, 0.6), ("South", 10, None, None)]
    assert figures(current["substations"]) == expected
    assert figures(history["snapshots"][0]["substations"]) == expected
    assert figures(map(json.loads, ndjson.splitlines())) == expected
    assert (
        sorted(
            (name, float(kw), kvar and float(kvar), factor and float(factor))
            for name, kw, kvar, factor in view
        )
        == expected
    )
    assert (
        sorted(
            (
                row["substation"],
                row["load_kw"],
                row["reactive_kvar"],
                row["power_factor"],
            )
            for row in table["data"]
        )
        == expected
    )
    for path in (export, f"/api/substations/history/1?{SUBSTATION_SPAN}"):
        [south] = [
            row
            for row in await csv_rows(api, f"{path}&format=csv")
            if row["substation_name"] == "South"
        ]
        assert (float(south["kw"]), south["kvar"], south["pf"]) == (10, "", "")
    mirror = await api.get("/mirror/kamo/api/arealoadtable/1")
    assert mirror["areaLoadData"] == [STATION, SPEECHLESS]
    # without one of them a sum is no total
    assert current["total"] == {"kw": 40.0, "kvar": None, "pf": None}


async def test_means_of_reactive_power_are_of_the_readings_that_have_it(api: Api):
    hour = datetime(2026, 1, 4, 2, tzinfo=UTC)
    silent = {**STATION, "kw": 90.0, "kvar": None, "pf": None}
    for minute, station in ((0, STATION), (5, silent), (60, STATION)):
        await collect_stations(
            api, hour + timedelta(minutes=minute), station, {**SPEECHLESS}
        )

    data = (await api.get("/api/statistics/substations/1"))["data"]

    found = {row["substation_name"]: row for row in data}
    north, south = found["North"], found["South"]
    assert (north["mean_kw"], north["mean_kvar"]) == (60, 40)
    assert north["power_factor"] == 0.6
    assert (south["mean_kw"], south["mean_kvar"]) == (10, None)
    assert south["power_factor"] is None
    for span in ("hours=24", "hours=72"):
        summary = await api.get(f"/api/substations/stats/1/North?{span}")
        assert (summary["avg_kw"], summary["avg_pf"]) == (50, 0.6)


MINUS_ZERO = re.compile(r"(?<![0-9A-Za-z])-0(\.0*)?(?![0-9.])")


@pytest.mark.parametrize("channel", ["general", "feedIn"])
async def test_a_price_and_a_cost_of_zero_are_plain_zeros_everywhere(api: Api, channel):
    fields: Any = {"channelType": channel, "perKwh": 0}
    nothing = usage(START + HALF_HOUR, kwh=0, cost=0, **fields)
    free = price(START + HALF_HOUR, **fields)
    await api.collector.run(
        sites_read(site()),
        prices_read([free]),
        usage_read([nothing], (YESTERDAY, YESTERDAY)),
        source=Source.AMBER,
    )

    for path in (
        f"/api/prices/history/{SITE_ID}?",
        f"{HISTORY}?",
        f"/api/prices/stats/{SITE_ID}?hours=48",
        f"/api/usage/stats/{SITE_ID}?hours=48",
        f"/api/statistics/price/{SITE_ID}?",
        f"/api/statistics/usage/{SITE_ID}?",
        f"{COSTS}?{SPAN}",
        f"/api/costs/summary/{SITE_ID}?days=1",
        f"/api/export/prices/{SITE_ID}?format=csv",
        f"/api/export/usage/{SITE_ID}?format=csv",
        f"/api/export/costs/{SITE_ID}?{SPAN}&format=ndjson",
        f"{HISTORY}?format=csv",
        "/api/tables/prices?",
        "/api/tables/usage_intervals?",
        "/api/price-data",
        "/api/cost-stats?days=7",
    ):
        answer = await api.ask(path)
        assert answer.status == 200, path
        assert not MINUS_ZERO.search(await answer.text()), path
    for query in (
        "SELECT price_cents_per_kwh FROM prices",
        "SELECT energy_kwh, cost_cents FROM usage_intervals",
    ):
        (found,) = await rows(api.store, query)
        assert {str(float(number)) for number in found} == {"0.0"}
