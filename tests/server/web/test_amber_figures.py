"""Forecasts, and figures of prices and usage over the last hours."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.web.datasets.columns import names_of
from energy_logger_server.web.datasets.prices import FORECASTS
from tests.server.store.material import (
    SITE_ID,
    TODAY,
    price,
    prices_read,
    usage,
    usage_read,
)
from tests.server.web.amber_answers import (
    FEED_IN,
    HALF_HOUR,
    NOW_ENDS,
    OTHER_SITE,
    forecast,
    forecasts,
    get_checked,
    store,
    store_two_sites,
    values,
)
from tests.server.web.conftest import Api

FETCHED = datetime(2026, 1, 4, 9, 0, 12, tzinfo=UTC)
FORECAST = f"/api/prices/forecast/{SITE_ID}"
STATS = f"/api/prices/stats/{SITE_ID}"
USAGE_STATS = f"/api/usage/stats/{SITE_ID}"


async def test_a_forecast_has_the_view_in_aud_and_its_answer(api: Api):
    band = {"low": -5.0, "predicted": -10.0, "high": -20.0}
    sent = forecast(NOW_ENDS, -10.0, channelType="feedIn", advancedPrice=band)
    await store(api, prices_read([sent], at=FETCHED))

    answer = await get_checked(api, FORECAST)

    assert answer == {
        "site_id": SITE_ID,
        "timestamp": "2026-01-04T19:09:00+10:00",
        "known_at": None,
        "prices": [
            {
                **sent,
                "starts_at": "2026-01-04T19:00:00+10:00",
                "ends_at": "2026-01-04T19:30:00+10:00",
                "price_aud_per_kwh": 0.1,
                "spot_aud_per_kwh": 0.0825,
                "is_settled": False,
                "advanced_price_aud_per_kwh": {
                    "low": 0.05,
                    "predicted": 0.1,
                    "high": 0.2,
                },
                "known_at": "2026-01-04T09:00:12+00:00",
            }
        ],
        "count": 1,
    }


async def test_a_forecast_says_which_answer_changed_it_last(api: Api):
    await store(api, prices_read(forecasts(1, 2, 3), at=FETCHED))
    later = FETCHED + timedelta(minutes=5)
    await store(api, prices_read(forecasts(1, 2, 4), at=later))

    answer = await get_checked(api, FORECAST)

    assert answer["known_at"] == "2026-01-04T09:05:12+00:00"
    assert values(answer["prices"], "perKwh", "known_at") == [
        (1, "2026-01-04T09:00:12+00:00"),
        (2, "2026-01-04T09:00:12+00:00"),
        (4, "2026-01-04T09:05:12+00:00"),
    ]


@pytest.mark.parametrize(
    ("query", "cents"),
    [
        ("", [1, -1, 2, -2, 3, -3]),
        ("hours=1", [1, -1, 2, -2, 3, -3]),
        ("channel=feedIn", [-1, -2, -3]),
        ("channel=general&hours=1", [1, 2, 3]),
    ],
)
async def test_a_forecast_is_of_the_hours_and_the_channel_asked_for(
    api: Api, query: str, cents: list[float]
):
    feed_in = forecasts(-1, -2, -3, channelType="feedIn")
    await store(api, prices_read([*forecasts(1, 2, 3), *feed_in]))

    answer = await get_checked(api, f"{FORECAST}?{query}")

    assert values(answer["prices"], "perKwh") == cents


async def test_intervals_that_begin_after_the_hours_are_not_forecast(api: Api):
    await store(api, prices_read(forecasts(*range(60))))

    answer = await get_checked(api, f"{FORECAST}?hours=2")

    assert values(answer["prices"], "perKwh") == [0, 1, 2, 3, 4]


async def test_a_forecast_of_five_minutes_goes_on_in_half_hours(api: Api):
    five = [
        forecast(NOW_ENDS - timedelta(minutes=20 - 5 * number), number, 5)
        for number in range(5)
    ]
    await store(api, prices_read([*five, forecast(NOW_ENDS + HALF_HOUR, 5)]))

    answer = await get_checked(api, FORECAST)

    assert values(answer["prices"], "perKwh", "duration") == [
        (0, 5),
        (1, 5),
        (2, 5),
        (3, 5),
        (4, 5),
        (5, 30),
    ]


async def test_without_a_forecast_the_list_is_empty(api: Api):
    await store(api)

    answer = await get_checked(api, FORECAST)

    assert (answer["prices"], answer["known_at"], answer["count"]) == ([], None, 0)


async def test_a_forecast_never_mixes_sites(api: Api):
    others = [forecast(NOW_ENDS, 99), forecast(NOW_ENDS + HALF_HOUR, 98)]
    await store_two_sites(
        api, prices_read(forecasts(1, 2)), prices_read(others, site_id=OTHER_SITE)
    )

    answer = await get_checked(api, FORECAST)

    assert values(answer["prices"], "perKwh") == [1, 2]


async def test_a_forecast_can_be_had_as_csv_and_as_ndjson(api: Api):
    await store(api, prices_read(forecasts(1, 2), at=FETCHED))

    as_csv = await (await api.ask(f"{FORECAST}?format=csv")).text()
    as_ndjson = await (await api.ask(f"{FORECAST}?format=ndjson")).text()

    rows = list(csv.DictReader(io.StringIO(as_csv, newline="")))
    assert tuple(rows[0]) == names_of(FORECASTS)
    assert values(rows, "price_cents_per_kwh", "fetched_at") == [
        ("1", "2026-01-04T09:00:12+00:00"),
        ("2", "2026-01-04T09:00:12+00:00"),
    ]
    assert len(as_ndjson.splitlines()) == 2


async def test_figures_of_prices_are_of_each_channel_with_its_own_sign(api: Api):
    ends = [NOW_ENDS - number * HALF_HOUR for number in (3, 2)]
    general = [price(ends[0], cents=10), price(ends[1], cents=20.00001)]
    feed_in = [
        price(ends[0], cents=-4, channelType="feedIn"),
        price(ends[1], cents=1, channelType="feedIn", spikeStatus="spike"),
    ]
    await store(api, prices_read([*general, *feed_in]))

    answer = await get_checked(api, STATS)

    assert answer["period_hours"] == 24
    common = {
        "interval_count": 2,
        "minutes": 60,
        "mean_spot_cents_per_kwh": 8.25,
        "mean_renewables_percent": 41.5,
    }
    assert answer["channels"] == [
        {
            **common,
            "channel_type": "general",
            "min_cents_per_kwh": 10.0,
            "max_cents_per_kwh": 20.00001,
            "mean_cents_per_kwh": 15.0,
            "min_aud_per_kwh": 0.1,
            "max_aud_per_kwh": 0.2000001,
            "mean_aud_per_kwh": 0.15,
            "spike_count": 0,
            "spike_minutes": 0,
        },
        {
            **common,
            "channel_type": "feedIn",
            "min_cents_per_kwh": -4.0,
            "max_cents_per_kwh": 1.0,
            "mean_cents_per_kwh": -1.5,
            "min_aud_per_kwh": -0.01,
            "max_aud_per_kwh": 0.04,
            "mean_aud_per_kwh": 0.015,
            "spike_count": 1,
            "spike_minutes": 30,
        },
    ]


async def test_figures_of_prices_are_of_the_last_hours(api: Api):
    ends = [NOW_ENDS - number * HALF_HOUR for number in (6, 2)]
    await store(api, prices_read([price(ends[0], cents=1), price(ends[1], cents=2)]))

    answer = await get_checked(api, f"{STATS}?hours=2&channel=general")

    assert values(answer["channels"], "mean_cents_per_kwh") == [2.0]


async def test_usage_is_summed_up_by_register(api: Api):
    ends = [NOW_ENDS - number * HALF_HOUR for number in (50, 49)]
    sent = [usage(ends[0], kwh=1), usage(ends[1], kwh=2.5, quality="estimated")]
    sent += [usage(ends[0], kwh=1, cost=-3.0001, **FEED_IN)]
    await store(api, usage_read(sent, (TODAY, TODAY)))

    answer = await get_checked(api, USAGE_STATS)

    assert answer["period_hours"] == 168
    assert answer["registers"] == [
        {
            "channel_identifier": "E1",
            "channel_type": "general",
            "energy_kwh": 3.5,
            "cost_cents": 71.75,
            "cost_aud": 0.7175,
            "minutes": 60,
            "estimated_minutes": 30,
            "unpriced_minutes": 0,
            "interval_count": 2,
            "min_kw": 2.0,
            "max_kw": 5.0,
            "mean_kw": 3.5,
        },
        {
            "channel_identifier": "B1",
            "channel_type": "feedIn",
            "energy_kwh": 1.0,
            "cost_cents": -3.0001,
            "cost_aud": 0.030001,
            "minutes": 30,
            "estimated_minutes": 0,
            "unpriced_minutes": 0,
            "interval_count": 1,
            "min_kw": 2.0,
            "max_kw": 2.0,
            "mean_kw": 2.0,
        },
    ]


async def test_usage_figures_can_be_of_one_register_and_of_few_hours(api: Api):
    sent = [usage(NOW_ENDS - HALF_HOUR * 9), usage(NOW_ENDS - HALF_HOUR * 9, **FEED_IN)]
    await store(api, usage_read(sent, (TODAY, TODAY)))

    one = await get_checked(api, f"{USAGE_STATS}?channel=B1")
    none = await get_checked(api, f"{USAGE_STATS}?hours=1")

    assert values(one["registers"], "channel_identifier") == ["B1"]
    assert none["registers"] == []


@pytest.mark.parametrize("path", [FORECAST, STATS, USAGE_STATS])
async def test_an_unknown_site_has_no_figures(api: Api, path: str):
    status, error = await api.error(path)

    assert (status, error["code"]) == (404, "unknown_site")


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        (f"{FORECAST}?hours=169", "hours"),
        (f"{STATS}?hours=0", "hours"),
        (f"{USAGE_STATS}?days=1", "days"),
    ],
)
async def test_what_cannot_be_asked_is_named(api: Api, path: str, parameter: str):
    status, error = await api.error(path)

    assert (status, error["parameter"]) == (400, parameter)
