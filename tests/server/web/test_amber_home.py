"""The predecessor's paths: what they say, of one site and of two."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.server.store.material import (
    SITE_ID,
    TODAY,
    YESTERDAY,
    ends_of_day,
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
    day_of_usage,
    forecast,
    forecasts,
    get_checked,
    store,
    store_two_sites,
    values,
)
from tests.server.web.conftest import Api

NOW = datetime(2026, 1, 4, 9, 9, tzinfo=UTC)
"""19:09 NEM."""
FETCHED = datetime(2026, 1, 4, 9, 5, 12, tzinfo=UTC)
PRICES = "/api/price-data"
COMBINED = "/api/combined-price-data"
USAGE = "/api/usage-data"
COSTS = "/api/cost-stats"
TWO_DAYS = timedelta(days=2)


@pytest.fixture(autouse=True)
def at_nine_past_nine(api: Api) -> None:
    """Let the present have whole minutes."""
    api.clock.set(NOW)


async def test_a_price_has_the_predecessors_names_and_the_view_in_aud(api: Api):
    ends = NOW_ENDS - HALF_HOUR
    sent = price(ends, cents=-12.34567, channelType="feedIn", spikeStatus="potential")
    await store(api, prices_read([sent]))

    assert await get_checked(api, PRICES) == [
        {
            "site_id": SITE_ID,
            "nem_time": "2026-01-04T19:00:00+10:00",
            "aest_time": "2026-01-04T19:00:00+10:00",
            "duration_minutes": 30,
            "channel_type": "feedIn",
            "per_kwh": -12.34567,
            "spot_per_kwh": 8.25,
            "price_aud_per_kwh": 0.1234567,
            "renewables": 41.5,
            "descriptor": "veryLow",
            "spike_status": "potential",
            "is_settled": True,
        }
    ]


@pytest.mark.parametrize(
    "day", [TODAY, date(2025, 10, 5), date(2026, 4, 5)], ids=["summer", "gap", "twice"]
)
async def test_today_is_the_nem_date_whatever_sydneys_clocks_do(api: Api, day: date):
    ends = ends_of_day(day, 30)
    around = [ends[0] - HALF_HOUR, *ends, ends[-1] + HALF_HOUR]
    await store(api, prices_read([price(end) for end in around]))

    api.clock.set(ends[-1] - timedelta(seconds=1))
    last_second = await get_checked(api, PRICES)
    api.clock.set(ends[-1])
    midnight = await get_checked(api, PRICES)

    assert values(last_second, "nem_time") == [
        f"{(end + timedelta(hours=10)):%Y-%m-%dT%H:%M:%S}+10:00" for end in ends[:-1]
    ]
    assert midnight == []


async def test_prices_of_two_sites_stand_beside_their_site(api: Api):
    ends = NOW_ENDS - HALF_HOUR
    await store_two_sites(
        api,
        prices_read([price(ends, cents=1)]),
        prices_read(
            [price(ends - timedelta(minutes=5), 5, cents=2), price(ends, 5, cents=3)],
            site_id=OTHER_SITE,
        ),
    )

    both = await get_checked(api, PRICES)
    one = await get_checked(api, f"{PRICES}?site={OTHER_SITE}")

    assert values(both, "site_id", "per_kwh", "duration_minutes") == [
        (OTHER_SITE, 2, 5),
        (SITE_ID, 1, 30),
        (OTHER_SITE, 3, 5),
    ]
    assert values(one, "per_kwh") == [2, 3]


async def test_what_is_over_is_history_and_what_is_not_is_forecast(api: Api):
    past = [price(NOW_ENDS - number * HALF_HOUR, cents=number) for number in (2, 1)]
    await store(api, prices_read(past), prices_read(forecasts(10, 11, 12), at=FETCHED))

    answer = await get_checked(api, COMBINED)

    assert values(answer["historical"], "per_kwh") == [2, 1]
    assert values(answer["forecast"], "per_kwh") == [10, 11, 12]
    assert answer["historical"] == await get_checked(api, PRICES)


async def test_a_forecast_has_bands_and_range(api: Api):
    sent = forecast(
        NOW_ENDS,
        -10.5,
        channelType="feedIn",
        advancedPrice={"low": -5.5, "predicted": -10.5, "high": -20.5},
        range={"min": 0, "max": 2.5},
    )
    await store(api, prices_read([sent, *forecasts(1, 2)[1:]], at=FETCHED))

    [row, other] = (await get_checked(api, COMBINED))["forecast"]

    extra = {
        "per_kwh": -10.5,
        "price_aud_per_kwh": 0.105,
        "forecast_type": "ForecastInterval",
        "advanced_price_low": -5.5,
        "advanced_price_predicted": -10.5,
        "advanced_price_high": -20.5,
        "range_low": 0.0,
        "range_high": 2.5,
        "generated_at": "2026-01-04T09:05:12+00:00",
    }
    assert {name: row[name] for name in extra} == extra
    assert other["range_low"] is None
    assert other["advanced_price_predicted"] is None


@pytest.mark.parametrize(
    ("query", "count"), [("", 20), ("?hours=1", 2), ("?hours=168", 29)]
)
async def test_the_forecast_is_of_ten_hours_or_those_asked_for(
    api: Api, query: str, count: int
):
    await store(api, prices_read(forecasts(*range(29)), at=FETCHED))

    answer = await get_checked(api, f"{COMBINED}{query}")

    assert values(answer["forecast"], "per_kwh") == [*range(count)]


@pytest.mark.parametrize(
    ("seconds", "count"), [(0, 6), (1, 0)], ids=["two hours", "older"]
)
async def test_a_forecast_older_than_two_hours_is_not_shown(
    api: Api, seconds: int, count: int
):
    await store(api, prices_read(forecasts(*range(10)), at=FETCHED))
    api.clock.set(FETCHED + timedelta(hours=2, seconds=seconds))

    answer = await get_checked(api, f"{COMBINED}?hours=3")

    assert len(answer["forecast"]) == count


async def test_each_site_goes_by_its_own_forecast(api: Api):
    old = NOW - timedelta(hours=3)
    await store_two_sites(
        api,
        prices_read(forecasts(1, 2), at=old),
        prices_read(forecasts(3, 4), at=FETCHED, site_id=OTHER_SITE),
    )

    answer = await get_checked(api, COMBINED)

    assert values(answer["forecast"], "site_id", "per_kwh") == [
        (OTHER_SITE, 3),
        (OTHER_SITE, 4),
    ]


async def test_usage_is_that_of_the_newest_day_with_any(api: Api):
    before = YESTERDAY - timedelta(days=1)
    sent = usage(
        ends_of_day(YESTERDAY, 30)[0], kwh=2, cost=-5.0001, quality=None, **FEED_IN
    )
    await store(api, day_of_usage(before), usage_read([sent], (YESTERDAY, YESTERDAY)))

    assert await get_checked(api, USAGE) == [
        {
            "site_id": SITE_ID,
            "nem_time": "2026-01-03T00:30:00+10:00",
            "aest_time": "2026-01-03T00:30:00+10:00",
            "duration_minutes": 30,
            "channel_id": "B1",
            "channel_type": "feedIn",
            "kwh": 2.0,
            "cost": -5.0001,
            "cost_aud": 0.050001,
            "quality": None,
        }
    ]
    assert len(await get_checked(api, f"{USAGE}?days=2")) == 97


async def test_the_newest_day_is_each_sites_own(api: Api):
    earlier = YESTERDAY - timedelta(days=5)
    await store_two_sites(
        api,
        day_of_usage(YESTERDAY),
        day_of_usage(earlier, duration=5, site_id=OTHER_SITE),
    )

    rows = await get_checked(api, USAGE)

    assert {(row["site_id"], row["nem_time"][:10]) for row in rows[:-2]} == {
        (OTHER_SITE, "2025-12-29"),
        (OTHER_SITE, "2025-12-30"),
        (SITE_ID, "2026-01-03"),
    }
    assert len(rows) == 2 * 288 + 2 * 48


async def test_costs_are_in_aud_and_export_is_a_positive_credit(api: Api):
    await store(api, day_of_usage(YESTERDAY))

    answer = await get_checked(api, COSTS)

    totals = {
        "total_cost": 7.439952,
        "avg_daily_cost": 7.439952,
        "total_import_cost": 9.84,
        "total_export_cost": 2.400048,
        "total_kwh_import": 48.0,
        "total_kwh_export": 96.0,
        "days_with_data": 1,
        "unpriced_share": 0.0,
    }
    assert answer == {
        **totals,
        "sites": [{"site_id": SITE_ID, **totals}],
        "daily_data": [
            {
                "date": "2026-01-03",
                "site_id": SITE_ID,
                "daily_cost_import": 9.84,
                "daily_cost_export": 2.400048,
                "daily_cost_net": 7.439952,
                "daily_kwh_import": 48.0,
                "daily_kwh_export": 96.0,
                "record_count": 96,
                "is_complete": True,
                "unpriced_share": 0.0,
            }
        ],
    }


async def test_costs_are_of_seven_days_or_those_asked_for_newest_first(api: Api):
    ago = (1, 2, 7, 8)
    await store(api, *(day_of_usage(TODAY - timedelta(days=one)) for one in ago))

    week = await get_checked(api, COSTS)
    two = await get_checked(api, f"{COSTS}?days=2")

    assert values(week["daily_data"], "date") == [
        "2026-01-03",
        "2026-01-02",
        "2025-12-28",
    ]
    assert (week["days_with_data"], week["total_kwh_import"]) == (3, 144.0)
    assert (two["days_with_data"], two["avg_daily_cost"]) == (2, 7.439952)


async def test_costs_of_two_sites_are_kept_apart(api: Api):
    await store_two_sites(
        api,
        day_of_usage(YESTERDAY),
        day_of_usage(YESTERDAY, duration=5, site_id=OTHER_SITE),
    )

    both = await get_checked(api, COSTS)
    one = await get_checked(api, f"{COSTS}?site={SITE_ID}")

    assert values(both["sites"], "site_id", "total_kwh_import") == [
        (SITE_ID, 48.0),
        (OTHER_SITE, 288.0),
    ]
    assert (both["total_kwh_import"], both["days_with_data"]) == (336.0, 1)
    assert sorted(values(both["daily_data"], "daily_kwh_import")) == [48.0, 288.0]
    assert (one["total_kwh_import"], len(one["sites"])) == (48.0, 1)


@pytest.mark.parametrize(
    ("path", "empty"),
    [
        (PRICES, []),
        (USAGE, []),
        (COMBINED, {"historical": [], "forecast": []}),
        (
            COSTS,
            {
                "total_cost": 0.0,
                "avg_daily_cost": 0.0,
                "total_import_cost": 0.0,
                "total_export_cost": 0.0,
                "total_kwh_import": 0.0,
                "total_kwh_export": 0.0,
                "days_with_data": 0,
                "unpriced_share": None,
                "sites": [],
                "daily_data": [],
            },
        ),
    ],
)
async def test_an_empty_store_has_empty_answers(api: Api, path: str, empty: Any):
    assert await get_checked(api, path) == empty


@pytest.mark.parametrize("path", [PRICES, COMBINED, USAGE, COSTS])
async def test_a_site_that_is_not_there_is_named(api: Api, path: str):
    await store(api)

    status, error = await api.error(f"{path}?site=nowhere")

    assert (status, error["code"], error["parameter"]) == (404, "unknown_site", "site")


@pytest.mark.parametrize("path", [PRICES, COMBINED, USAGE, COSTS])
async def test_the_household_is_behind_the_key(api: Api, path: str):
    status, error = await api.error(path, key=None)

    assert (status, error["code"]) == (401, "missing_api_key")


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        (f"{PRICES}?days=2", "days"),
        (f"{COMBINED}?hours=0", "hours"),
        (f"{USAGE}?days=32", "days"),
        (f"{COSTS}?days=-1", "days"),
    ],
)
async def test_what_cannot_be_asked_is_named(api: Api, path: str, parameter: str):
    status, error = await api.error(path)

    assert (status, error["parameter"]) == (400, parameter)
