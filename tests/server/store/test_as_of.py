"""What the store believed at an instant."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.store import Store
from energy_logger_server.store.amber.as_of import prices_as_of, usage_as_of
from energy_logger_server.store.amber.prices import IntervalSpan, newest_prices
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
    price,
    prices_read,
    rows,
    usage,
    usage_read,
    write,
)

HALF_HOUR = timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
DAYS = (YESTERDAY, YESTERDAY)
EVERYTHING = IntervalSpan(SITE_ID, 0, 2**40, 10_000)


def forecast(ends_at: datetime, cents: float, duration: int = 30) -> dict[str, Any]:
    return {**price(ends_at, duration, cents), "type": "ForecastInterval"}


def current(ends_at: datetime, cents: float, *, estimate: bool) -> dict[str, Any]:
    one = price(ends_at, cents=cents)
    return {**one, "type": "CurrentInterval", "estimate": estimate}


async def cents_at(
    store: Store, as_of: datetime, span: IntervalSpan = EVERYTHING
) -> list[float]:
    page = await store.read(prices_as_of, span, as_of)
    return [one.price_cents_per_kwh for one in page.intervals]


async def kwh_at(store: Store, as_of: datetime) -> list[float]:
    page = await store.read(usage_as_of, EVERYTHING, as_of)
    return [one.energy_kwh for one in page.intervals]


async def test_nothing_was_believed_of_a_store_without_rows(store):
    assert await cents_at(store, NOON) == []
    assert await kwh_at(store, NOON) == []


async def test_a_value_is_believed_from_the_second_in_which_it_came(store):
    await write(store, prices_read([price(NOON - HALF_HOUR, cents=7)], at=NOON))

    assert await cents_at(store, NOON - SECOND) == []
    assert await cents_at(store, NOON) == [7]


async def test_a_revised_value_was_believed_until_the_new_one_came(store):
    for days, kwh in enumerate((0.5, 0.75, 1.0)):
        sent = usage_read([usage(NOON, kwh=kwh)], DAYS, at=NOON + timedelta(days=days))
        await write(store, sent)

    believed = [
        await kwh_at(store, NOON + timedelta(days=days) + shift)
        for days in (0, 1, 2)
        for shift in (-SECOND, timedelta(0))
    ]

    assert believed == [[], [0.5], [0.5], [0.75], [0.75], [1.0]]


async def test_superseded_intervals_come_back_for_the_time_before(store):
    half_hours = [usage(end, 30, kwh=0.6) for end in ends_of_day(YESTERDAY, 30)]
    fives = [usage(end, 5, kwh=0.1) for end in ends_of_day(YESTERDAY, 5)]
    await write(store, usage_read(half_hours, DAYS, at=NOON))
    await write(store, usage_read(fives, DAYS, at=NOON + MINUTE))

    assert await kwh_at(store, NOON) == [0.6] * 48
    assert await kwh_at(store, NOON + MINUTE) == [0.1] * 288


async def test_what_was_kept_aside_was_never_believed(store):
    await write(store, prices_read([price(NOON, cents=1)], at=NOON))
    refused = price(NOON - 5 * MINUTE, 5, cents=2)
    await write(store, prices_read([refused], at=NOON + MINUTE))

    assert await rows(store, "SELECT reason FROM revision") == [("not_adopted",)]
    assert await cents_at(store, NOON + 2 * MINUTE) == [1]


async def test_where_nothing_was_settled_the_newest_forecast_was_believed(store):
    end = NOON + HALF_HOUR
    for minutes, sent in (
        (0, forecast(end, 10)),
        (5, forecast(end, 11)),
        (10, current(end, 12, estimate=True)),
        (15, current(end, 13, estimate=False)),
    ):
        await write(store, prices_read([sent], at=NOON + minutes * MINUTE))

    believed = [
        await cents_at(store, NOON + minutes * MINUTE) for minutes in (-1, 4, 9, 14, 15)
    ]

    assert believed == [[], [10], [11], [12], [13]]


async def test_a_confirmed_price_is_believed_on_when_the_actual_one_is_the_same(
    store,
):
    await write(store, prices_read([current(NOON, 5, estimate=False)], at=NOON))
    later = NOON + 10 * MINUTE
    await write(store, prices_read([price(NOON, cents=5)], at=later))

    assert await rows(store, "SELECT count(*) FROM revision") == [(0,)]
    assert await cents_at(store, NOON) == [5]
    assert await cents_at(store, later) == [5]


async def test_a_forecast_that_never_changed_outlives_its_archive(store, clock):
    await write(store, prices_read([forecast(NOON + HALF_HOUR, 10)], at=NOON))
    clock.at = NOON + timedelta(minutes=20)
    await store.prune_forecasts(timedelta(minutes=1))

    assert await rows(store, "SELECT count(*) FROM price_archive") == [(0,)]
    assert await cents_at(store, NOON) == [10]


async def test_a_forecast_that_the_retention_took_is_not_guessed(store, clock):
    await write(store, prices_read([forecast(NOON + HALF_HOUR, 10)], at=NOON))
    await write(store, prices_read([forecast(NOON + HALF_HOUR, 11)], at=NOON + MINUTE))
    clock.at = NOON + timedelta(minutes=20)
    await store.prune_forecasts(timedelta(minutes=1))

    assert await cents_at(store, NOON) == []
    assert await cents_at(store, NOON + MINUTE) == [11]


async def test_a_forecast_is_found_long_before_the_span_that_it_is_about(store):
    end = NOON + timedelta(hours=70)
    for minutes, cents in ((0, 10), (5, 11)):
        sent = prices_read([forecast(end, cents)], at=NOON + minutes * MINUTE)
        await write(store, sent)
    first = int(end.timestamp()) - 1800

    believed = await cents_at(store, NOON, IntervalSpan(SITE_ID, first, first + 1, 5))

    assert believed == [10]


async def test_forecasts_of_other_lengths_do_not_count_twice(store):
    ends = [NOON + number * 5 * MINUTE for number in range(1, 7)]
    await write(store, prices_read([forecast(NOON + HALF_HOUR, 30)], at=NOON))
    fives = [forecast(end, 5, 5) for end in ends]
    await write(store, prices_read(fives, at=NOON + MINUTE))
    again = forecast(NOON + HALF_HOUR, 31)
    await write(store, prices_read([again], at=NOON + 2 * MINUTE))

    believed = [await cents_at(store, NOON + minutes * MINUTE) for minutes in (0, 1, 2)]

    assert believed == [[30], [5] * 6, [31]]


async def test_settled_and_expected_prices_join_without_overlap(store):
    ends = [NOON + number * HALF_HOUR for number in range(-1, 3)]
    await write(store, prices_read([forecast(end, 9) for end in ends], at=NOON))
    settled = [price(end, cents=3) for end in ends[:2]]
    await write(store, prices_read(settled, at=NOON + MINUTE))

    assert await cents_at(store, NOON) == [9] * 4
    assert await cents_at(store, NOON + MINUTE) == [3, 3, 9, 9]


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
async def test_pages_of_today_are_those_of_the_newest_prices(store, limit):
    sent = [
        price(end, cents=number, channelType=channel)
        for number, end in enumerate(
            [*ends_of_day(YESTERDAY, 30)[::12], *ends_of_day(TODAY, 30)[:3]]
        )
        for channel in ("general", "feedIn")
    ]
    # months before, behind many weeks without anything
    old = price(NOON - timedelta(days=200), cents=-1)
    await write(store, prices_read([old, *sent], at=NOON))
    span = IntervalSpan(SITE_ID, 0, 2**40, limit)

    for channel in (None, "feedIn"):
        cursor, pages = None, 0
        while cursor is not None or not pages:
            asked = IntervalSpan(SITE_ID, 0, 2**40, span.limit, channel, cursor)
            expected = await store.read(lambda c, one=asked: newest_prices(c, one))
            believed = await store.read(lambda c, one=asked: prices_as_of(c, one, NOON))
            assert believed == expected
            cursor, pages = expected.cursor, pages + 1


async def test_a_span_holds_the_intervals_that_begin_in_it(store):
    ends = ends_of_day(YESTERDAY, 30)
    records = [price(end, cents=number) for number, end in enumerate(ends)]
    await write(store, prices_read(records, DAYS))
    first, end = (int(ends[number].timestamp()) for number in (9, 12))

    assert await cents_at(store, NOON, IntervalSpan(SITE_ID, first, end, 10)) == [
        10,
        11,
        12,
    ]
    assert await cents_at(store, NOON, IntervalSpan(SITE_ID, end, end, 10)) == []
