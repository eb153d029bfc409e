"""Rollups equal the rows, whichever way and in whatever order the rows came."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from energy_logger_server.domain.collecting.runs import KindCounts
from tests.server.store.material import (
    NOON,
    YESTERDAY,
    area,
    areas_read,
    ends_of_day,
    price,
    prices_read,
    rows,
    table_of,
    usage,
    usage_read,
    write,
)

WEEK = [date(2025, 12, 28) + timedelta(days=number) for number in range(7)]
DAYS = (WEEK[0], WEEK[-1])
START = "(end_at - duration_minutes * 60)"
PRICE_SUMS = (
    "sum(duration_minutes), sum(price_e5 * duration_minutes),"
    " sum(coalesce(spot_e5, 0) * duration_minutes), min(price_e5), max(price_e5)"
)
UNPRICED = "unpriced_minutes, unpriced_energy_e3"
USAGE_SUMS = (
    "sum(duration_minutes), sum(CASE WHEN quality = 'estimated' THEN duration_minutes"
    " ELSE 0 END), sum(energy_e3), coalesce(sum(cost_e4), 0),"
    " sum(CASE WHEN cost_e4 IS NULL THEN duration_minutes ELSE 0 END),"
    " sum(CASE WHEN cost_e4 IS NULL THEN energy_e3 ELSE 0 END)"
)


async def hours_and_days(store, kind):
    """The rollups, and what a plain query over the rows says."""
    columns, sums, source = {
        "price": (
            "minutes, price_minutes_e5, spot_minutes_e5, price_min_e5, price_max_e5",
            PRICE_SUMS,
            "price",
        ),
        "usage": (
            f"minutes, estimated_minutes, energy_e3, cost_e4, {UNPRICED}",
            USAGE_SUMS,
            "usage JOIN interval_attributes a ON a.id = attributes_id",
        ),
    }[kind]
    stored, counted = [], []
    for span, expression in (
        ("hour", f"{START} / 3600"),
        ("day", f"({START} + 36000) / 86400"),
    ):
        stored += await rows(
            store, f"SELECT {span}, {columns} FROM {kind}_{span} ORDER BY 1"
        )
        counted += await rows(
            store,
            f"SELECT {expression}, {sums} FROM {source} GROUP BY 1 ORDER BY 1",
        )
    return stored, counted


def week_of_prices(random):
    return [
        price(end, 30, cents=random.randrange(-500, 4000) / 100 + 0.001)
        for day in WEEK
        for end in ends_of_day(day, 30)
    ]


def week_of_usage(random):
    return [
        usage(
            end,
            30,
            kwh=random.randrange(1, 900) / 1000,
            quality=random.choice(["billable", "estimated"]),
        )
        for day in WEEK
        for end in ends_of_day(day, 30)
    ]


async def test_a_week_that_comes_as_a_block_is_stored_as_one_that_does_not(store):
    records = week_of_prices(Random(1))
    odd = [{**record, "new": True} for record in records]

    counts = [
        await write(store, prices_read(week, DAYS, site_id=site_id))
        for site_id, week in (("block", records), ("odd", odd))
    ]

    assert [one.price for one in counts] == [KindCounts(new=336)] * 2
    for table, key, columns in (
        ("price", "end_at", "price_e5, spot_e5, renewables_percent, attributes_id"),
        ("price_hour", "hour", "minutes, price_minutes_e5, spot_minutes_e5"),
        ("price_day", "day", "minutes, price_min_e5, price_max_e5"),
        ("day_ledger", "day", "state, present_minutes, attempts"),
    ):
        query = (
            f"SELECT {key}, {columns} FROM {table} JOIN series ON id = series_id"
            " WHERE owner = :site ORDER BY 1"
        )
        block = await rows(store, query, site="block")
        assert block
        assert block == await rows(store, query, site="odd")


async def test_hours_and_days_of_prices_equal_the_rows(store):
    random = Random(2)
    await write(store, prices_read(week_of_prices(random), DAYS))
    # a block over rows that are there, and records without spot price, one by one
    await write(store, prices_read(week_of_prices(random), DAYS))
    changed = week_of_prices(random)[:100]
    for record in changed:
        del record["spotPerKwh"]

    counts = await write(store, prices_read(changed, DAYS))

    assert counts.price.changed == 100
    stored, counted = await hours_and_days(store, "price")
    assert stored == counted
    assert len(stored) == 7 * 24 + 7


async def test_hours_and_days_of_usage_equal_the_rows_estimates_included(store):
    random = Random(3)
    await write(store, usage_read(week_of_usage(random), DAYS))

    await write(store, usage_read(week_of_usage(random)[50:80], DAYS))

    stored, counted = await hours_and_days(store, "usage")
    assert stored == counted
    assert {row[2] for row in stored} > {0, 30, 60}


async def test_hours_and_days_of_usage_count_what_has_no_cost(store):
    random = Random(5)
    records = [
        {**record, "cost": None} if random.random() < 0.3 else record
        for record in week_of_usage(random)
    ]
    await write(store, usage_read(records, DAYS))

    stored, counted = await hours_and_days(store, "usage")
    assert stored == counted
    assert {row[5] for row in stored} > {0, 30, 60}


@pytest.mark.parametrize("duration", [120, 480])
async def test_hours_in_which_nothing_begins_any_more_are_dropped(store, duration):
    days = (YESTERDAY, YESTERDAY)
    short = [usage(end, 30) for end in ends_of_day(YESTERDAY, 30)]
    await write(store, usage_read(short, days))

    long = [usage(end, duration) for end in ends_of_day(YESTERDAY, duration)]
    await write(store, usage_read(long, days))

    stored, counted = await hours_and_days(store, "usage")
    assert stored == counted
    assert len(stored) == 1440 // duration + 1


async def test_substation_days_equal_the_rows_when_hours_are_counted_again(store):
    random = Random(4)
    start = NOON - timedelta(hours=12)
    minutes = [5 * number for number in range(90)]
    # the clock is set back twice, into hours that are closed
    for minute in (*minutes, 61, 62, *range(460, 530, 5), 3, 600):
        stations: list[Any] = [
            {
                "name": name,
                "kw": float(random.randrange(20)),
                "kvar": random.choice([-1.5, None]),
                "pf": 0.5,
            }
            for name in random.sample(["North", "South", "East"], 2)
        ]
        at = start + timedelta(minutes=minute)
        table = table_of({"Id": 1, "areaLoadData": [*stations]}, 1, at=at)
        await write(store, areas_read([area(1)]), table)

    counted = await rows(
        store,
        "SELECT substation_id, count(*), sum(load_e1), sum(reactive_e1), min(load_e1),"
        " max(load_e1), sum((flags & 128) / 128), sum((flags & 128) / 128 * load_e1)"
        " FROM substation_reading WHERE hour < :newest"
        " GROUP BY substation_id ORDER BY substation_id",
        newest=(int(start.timestamp()) + 600 * 60) // 3600,
    )
    peaks = await rows(
        store,
        "SELECT r.substation_id, min(r.hour * 3600 + r.minute * 60)"
        " FROM substation_reading r"
        " JOIN substation_day d ON d.substation_id = r.substation_id"
        " AND d.load_max_e1 = r.load_e1"
        " GROUP BY r.substation_id ORDER BY r.substation_id",
    )
    assert (
        await rows(
            store,
            "SELECT substation_id, readings, load_sum_e1, reactive_sum_e1, load_min_e1,"
            " load_max_e1, reactive_unknown, reactive_unknown_load_sum_e1"
            " FROM substation_day ORDER BY substation_id",
        )
        == counted
    )
    assert (
        await rows(
            store,
            "SELECT substation_id, max_at FROM substation_day ORDER BY substation_id",
        )
        == peaks
    )
