"""``/api/sites``, ``/api/prices``, ``/api/usage``: the household's data."""

from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.api.exact_json import loads
from energy_logger_server.domain.collecting.runs import Source
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    lists_of_days,
    price,
    prices_read,
    site,
    sites_read,
    usage,
    usage_read,
)
from tests.server.web.amber_answers import HALF_HOUR, forecast, half_hours, store
from tests.server.web.conftest import Api

CURRENT = f"/api/prices/current/{SITE_ID}"
PRICES = f"/api/prices/history/{SITE_ID}"
USAGE = f"/api/usage/history/{SITE_ID}"


async def cents_of(api: Api, query: str) -> list[float]:
    answer = await api.get(f"{PRICES}?{query}")
    return [row["perKwh"] for row in answer["data"]]


async def test_a_site_is_upstreams_object_with_a_note_when_it_is_gone(api: Api):
    moved = site(id="01OTHER", channels=[])
    await store(api, sites_read(site(), moved))
    await api.collector.run(*lists_of_days(site()), source=Source.AMBER)

    assert await api.get("/api/sites") == {
        "sites": [{**site(), "is_gone": False}, {**moved, "is_gone": True}],
        "count": 2,
    }


async def test_an_account_without_sites_has_an_empty_list(api: Api):
    assert await api.get("/api/sites") == {"sites": [], "count": 0}


async def test_a_price_has_upstreams_fields_and_the_view_in_aud(api: Api):
    sent = price(NOON, cents=-12.34567, channelType="feedIn", novelty=[1, None])
    await store(api, prices_read([sent]))

    answer = await api.get(PRICES)

    assert answer == {
        "site_id": SITE_ID,
        "data": [
            {
                **sent,
                "starts_at": "2026-01-04T11:30:00+10:00",
                "ends_at": "2026-01-04T12:00:00+10:00",
                "price_aud_per_kwh": 0.1234567,
                "spot_aud_per_kwh": 0.0825,
                "is_settled": True,
                "advanced_price_aud_per_kwh": None,
            }
        ],
        "count": 1,
        "truncated": False,
    }


async def test_the_band_of_a_forecast_is_turned_with_the_price(api: Api):
    band = {"low": -5.0, "predicted": -10.0, "high": -20.0}
    sent = forecast(NOON, -10.0, channelType="feedIn", advancedPrice=band)
    await store(api, prices_read([sent]))

    [row] = (await api.get(PRICES))["data"]

    assert row["advancedPrice"] == band
    assert row["advanced_price_aud_per_kwh"] == {
        "low": 0.05,
        "predicted": 0.1,
        "high": 0.2,
    }


async def test_a_number_with_more_digits_than_a_double_comes_back_digit_for_digit(
    api: Api,
):
    exact = loads("1.23456789012345678901")
    await store(api, prices_read([price(NOON, note=exact)]))

    body = await (await api.ask(PRICES)).text()

    assert '"note":1.23456789012345678901' in body


async def test_the_current_price_is_chosen_by_time_not_by_type(api: Api):
    now_ends = datetime(2026, 1, 4, 9, 30, tzinfo=UTC)  # 19:30 NEM
    await store(
        api,
        prices_read([price(now_ends - HALF_HOUR, cents=1)]),
        prices_read(
            [
                forecast(now_ends, 2),
                forecast(now_ends, -3, channelType="feedIn"),
                forecast(now_ends + HALF_HOUR, 4),
            ]
        ),
    )

    answer = await api.get(CURRENT)

    assert (answer["site_id"], answer["timestamp"]) == (
        SITE_ID,
        "2026-01-04T19:09:00+10:00",
    )
    assert [
        (row["channelType"], row["perKwh"], row["is_settled"])
        for row in answer["prices"]
    ] == [("general", 2, False), ("feedIn", -3, False)]


async def test_a_confirmed_current_price_wins_over_what_was_expected(api: Api):
    now_ends = datetime(2026, 1, 4, 9, 30, tzinfo=UTC)
    current = {**price(now_ends, cents=5), "type": "CurrentInterval", "estimate": False}
    await store(api, prices_read([forecast(now_ends, 2)]))
    await store(api, prices_read([current]))

    [row] = (await api.get(CURRENT))["prices"]

    assert (row["perKwh"], row["estimate"], row["is_settled"]) == (5, False, True)


@pytest.mark.parametrize(
    ("second", "cents"), [(-1, 1), (0, 2)], ids=["before the boundary", "at it"]
)
async def test_an_interval_holds_its_start_and_not_its_end(
    api: Api, second: int, cents: float
):
    boundary = NOON + HALF_HOUR
    await store(api, prices_read(half_hours(1, 2)))
    api.clock.set(boundary + timedelta(seconds=second))

    [row] = (await api.get(CURRENT))["prices"]

    assert row["perKwh"] == cents


async def test_without_a_price_for_now_there_is_no_current_one(api: Api):
    await store(api, prices_read([price(NOON)]))

    status, error = await api.error(CURRENT)

    assert (status, error["code"]) == (404, "no_data")


async def test_a_history_is_settled_prices_and_what_is_expected_where_none_is(
    api: Api,
):
    expected = [forecast(NOON + n * HALF_HOUR, 10 * n) for n in (1, 2, 3)]
    await store(api, prices_read(expected))
    await store(api, prices_read(half_hours(1, 2)))

    answer = await api.get(PRICES)

    assert [(row["perKwh"], row["is_settled"]) for row in answer["data"]] == [
        (1, True),
        (2, True),
        (30, False),
    ]


async def test_without_an_end_a_history_ends_now_and_with_one_it_looks_ahead(api: Api):
    ahead = RECORDED_AT + timedelta(hours=5, minutes=21)
    await store(api, prices_read([*half_hours(1), forecast(ahead, 99)]))

    assert await cents_of(api, "") == [1]
    assert await cents_of(api, "end=2026-01-05") == [1, 99]


async def test_a_date_means_the_whole_nem_day_in_summer_too(api: Api):
    midnight = datetime(2026, 1, 3, 14, tzinfo=UTC)
    ends = [midnight, midnight + HALF_HOUR, midnight + 48 * HALF_HOUR]
    rows = [price(end, cents=number) for number, end in enumerate([*ends])]
    late = price(ends[-1] + HALF_HOUR, cents=3)
    await store(api, prices_read([*rows, late]))
    api.clock.set(RECORDED_AT + timedelta(days=2))

    assert await cents_of(api, "start=2026-01-04&end=2026-01-04") == [1, 2]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("start=2026-01-04T12:30&end=2026-01-04T13:30", [2, 3]),
        ("start=2026-01-04T02:30Z&end=2026-01-04T03:30Z", [2, 3]),
        ("start=2026-01-04T12:31&end=2026-01-04T13:01", [3]),
        ("hours=6", [4]),
        ("start=2026-01-04T12:30&end=2026-01-04T13:30&channel=feedIn", []),
        ("start=2026-01-04T12:30&end=2026-01-04T13:30&channel=general", [2, 3]),
    ],
)
async def test_intervals_count_by_their_start(
    api: Api, query: str, expected: list[float]
):
    await store(api, prices_read(half_hours(1, 2, 3, 4)))

    assert await cents_of(api, query) == expected


async def test_pages_go_back_over_all_channels_without_loss_or_repetition(api: Api):
    general = half_hours(1, 2, 3)
    feed_in = half_hours(-1, -2, -3, channelType="feedIn")
    await store(api, prices_read([*general, *feed_in]))

    pages = await api.pages(f"{PRICES}?limit=4&start=2026-01-04&end=2026-01-04")

    assert [[row["perKwh"] for row in page["data"]] for page in pages] == [
        [2, -2, 3, -3],
        [1, -1],
    ]
    odd = await api.pages(f"{PRICES}?limit=1")
    assert [page["data"][0]["perKwh"] for page in odd] == [-3, 3, -2, 2, -1, 1]


async def test_usage_has_upstreams_fields_and_the_view_in_aud(api: Api):
    sent = usage(NOON, kwh=1.5, channelType="feedIn", cost=-7.5, quality="estimated")
    await store(api, usage_read([sent], (TODAY, TODAY)))

    [row] = (await api.get(USAGE))["data"]

    assert row == {
        **sent,
        "starts_at": "2026-01-04T11:30:00+10:00",
        "ends_at": "2026-01-04T12:00:00+10:00",
        "price_aud_per_kwh": -0.205,
        "spot_aud_per_kwh": 0.0825,
        "energy_kwh": 1.5,
        "cost_aud": 0.075,
        "is_estimated": True,
    }


async def test_usage_can_be_of_one_register(api: Api):
    ends = [NOON, NOON + HALF_HOUR]
    e1 = [usage(end, kwh=1) for end in ends]
    b1 = [usage(end, kwh=2, channelIdentifier="B1") for end in ends]
    await store(api, usage_read([*e1, *b1], (TODAY, TODAY)))

    pages = await api.pages(f"{USAGE}?channel=B1&limit=1")

    assert [[row["kwh"] for row in page["data"]] for page in pages] == [[2], [2]]


@pytest.mark.parametrize("path", [CURRENT, PRICES, USAGE])
async def test_an_unknown_site_is_named_as_unknown(api: Api, path: str):
    status, error = await api.error(path)

    assert (status, error["code"], error["parameter"]) == (404, "unknown_site", "site")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("cursor=5", "cursor"), ("limit=0", "limit"), ("end=soon", "end")],
)
async def test_an_unusable_parameter_is_named(api: Api, query: str, parameter: str):
    status, error = await api.error(f"{PRICES}?{query}")

    assert (status, error["parameter"]) == (400, parameter)
