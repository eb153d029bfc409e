"""``/api/forecasts/scores``: which forecast can be trusted, how far ahead."""

from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.api.central import CENTRAL
from energy_logger_server.api.nem import NEM_TIME
from energy_logger_server.web.datasets.forecast_scores import score_order
from energy_logger_server.web.routes.forecast_scores import forecast_score_operations
from tests.server.store.kamo_answers import grid
from tests.server.store.material import (
    SITE_ID,
    grid_of,
    prices_read,
    site,
    sites_read,
)
from tests.server.store.material import price as price_of
from tests.server.web.amber_answers import forecast, forecasts, store
from tests.server.web.answers import areas
from tests.server.web.conftest import Api
from tests.server.web.csv_answers import csv_rows
from tests.server.web.shapes import require_shape

PRICES = f"/api/forecasts/scores/prices/{SITE_ID}"
LOAD = "/api/forecasts/scores/load/1"
SHAPES = {one.path: one.answer.schema for one in forecast_score_operations()}
HALF_HOUR = timedelta(minutes=30)


async def keep_a_forecast(api: Api) -> None:
    """Keep what was said 65 minutes before half an hour that is over by now."""
    now = api.clock.now()
    end = now.replace(minute=0, second=0, microsecond=0) - 2 * HALF_HOUR
    said_at = end - timedelta(minutes=95)
    band = {"low": 20.0, "predicted": 24.0, "high": 32.0}
    await store(
        api,
        sites_read(site(), at=said_at),
        prices_read([forecast(end, 25.5, advancedPrice=band)], at=said_at),
    )
    settled = [price_of(end - 3 * HALF_HOUR, cents=27.0), price_of(end, cents=22.0)]
    await store(api, prices_read(settled, at=end + HALF_HOUR))
    await api.store.keep_forecasts()


async def test_a_site_has_scores_of_each_of_ambers_forecasts(api: Api):
    await keep_a_forecast(api)

    answer = await api.get(PRICES)

    require_shape(answer, SHAPES["/api/forecasts/scores/prices/{site}"])
    assert (answer["site_id"], answer["unit"]) == (SITE_ID, "c/kWh")
    assert (answer["zone"], answer["last_date"]) == ("NEM", "2026-01-04")
    assert answer["first_date"] == "2025-11-05"
    spot, predicted, low, high = answer["data"]
    assert [one["forecast"] for one in answer["data"]] == [
        "spot",
        "predicted",
        "low",
        "high",
    ]
    assert predicted == {
        "channel": "general",
        "forecast": "predicted",
        "horizon_minutes": 60,
        "hour": None,
        "count": 1,
        "days": 1,
        "is_small": True,
        "mae": 2.0,
        "bias": 2.0,
        "level": 0.5,
        "pinball": 1.0,
        "share_at_or_below": 1.0,
        "persistence_count": 1,
        "persistence_mae": 5.0,
        "skill": 0.6,
        "without_actual": 0,
        "minutes_without_forecast": 0,
    }
    assert (spot["mae"], spot["level"], spot["pinball"]) == (3.5, None, None)
    assert (low["bias"], low["pinball"]) == (-2.0, 0.2)
    assert (high["bias"], high["pinball"]) == (10.0, 1.0)
    assert [one["forecast"] for one in answer["corrections"]] == ["spot", "predicted"]
    assert answer["corrections"][0] == {
        "channel": "general",
        "forecast": "spot",
        "horizon_minutes": 60,
        "is_on": False,
        "way": None,
        "count": 0,
        "days": 0,
        "mae": None,
        "corrected_mae": None,
        "gain": None,
    }


async def test_scores_come_by_the_hour_and_as_rows(api: Api):
    await keep_a_forecast(api)

    rows = await csv_rows(api, f"{PRICES}?by_hour=true&days=7&format=csv")

    assert [(one["forecast"], one["hour"], one["mae"]) for one in rows] == [
        ("spot", "17", "3.5"),
        ("predicted", "17", "2.0"),
        ("low", "17", "2.0"),
        ("high", "17", "10.0"),
    ]


async def test_an_area_has_scores_of_kamos_forecast_without_a_key(api: Api):
    now = api.clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0) - 4 * HALF_HOUR
    said_at = hour - 2 * HALF_HOUR
    first = hour - 6 * HALF_HOUR
    said = grid(first, [900.0, 950.0], forecast=[1.0, 2.0, 3.0, 1010.0])
    came = grid(first, [900.0, 950.0, 980.0, 1000.0, 1.0])
    await api.collector.run(areas(), grid_of(said, 1, at=said_at))
    await api.collector.run(areas(), grid_of(came, 1, at=now))
    await api.store.keep_forecasts()

    answer = await api.get(LOAD, key=None)

    require_shape(answer, SHAPES["/api/forecasts/scores/load/{area}"])
    assert (answer["area_id"], answer["unit"]) == (1, "kW")
    assert answer["zone"] == "America/Chicago"
    [score] = [one for one in answer["data"] if one["horizon_minutes"] == 60]
    assert (score["channel"], score["forecast"]) == (None, "Forecast")
    assert (score["count"], score["mae"], score["bias"]) == (1, 10.0, 10.0)
    assert score["persistence_mae"] == 50.0
    assert (score["level"], score["pinball"]) == (None, None)


@pytest.mark.parametrize("query", ["days=0", "days=366", "days=x", "by_hour=maybe"])
async def test_what_cannot_be_scored_is_refused(api: Api, query: str):
    await keep_a_forecast(api)

    status, error = await api.error(f"{PRICES}?{query}")

    assert (status, error["parameter"]) == (400, query.split("=", maxsplit=1)[0])


@pytest.mark.parametrize(("path", "part"), [(PRICES, "site"), (LOAD, "area")])
async def test_what_is_not_there_has_no_scores(api: Api, path: str, part: str):
    status, error = await api.error(f"{path.rsplit('/', 1)[0]}/999")

    assert (status, error["code"]) == (404, f"unknown_{part}")


async def test_expected_prices_have_corrected_ones_beside_them(api: Api):
    await store(api, prices_read(forecasts(30, 20.5)))

    answer = await api.get(f"/api/forecasts/corrected/prices/{SITE_ID}")

    require_shape(answer, SHAPES["/api/forecasts/corrected/prices/{site}"])
    assert answer == {
        "site_id": SITE_ID,
        "unit": "c/kWh",
        "data": [
            {
                "channel": "general",
                "forecast": "spot",
                "starts_at": "2026-01-04T19:30:00+10:00",
                "ends_at": "2026-01-04T20:00:00+10:00",
                "horizon_minutes": 30,
                "value": 20.5,
                "corrected": None,
            }
        ],
    }


async def test_expected_loads_have_corrected_ones_beside_them_without_a_key(api: Api):
    now = api.clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    said = grid(hour, [900.0], forecast=[900.0, 910.0])
    await api.collector.run(areas(), grid_of(said, 1, at=now))

    answer = await api.get("/api/forecasts/corrected/load/1", key=None)

    require_shape(answer, SHAPES["/api/forecasts/corrected/load/{area}"])
    [one] = answer["data"]
    assert (one["channel"], one["forecast"]) == (None, "Forecast")
    assert (one["starts_at"], one["value"]) == ("2026-01-04T04:00:00-06:00", 910.0)


@pytest.mark.parametrize(
    ("zone", "now", "hours"),
    [
        (CENTRAL, datetime(2026, 11, 2, 6, tzinfo=UTC), 25),
        (CENTRAL, datetime(2026, 3, 9, 5, tzinfo=UTC), 23),
        (NEM_TIME, datetime(2026, 4, 5, 14, tzinfo=UTC), 24),
        (NEM_TIME, datetime(2026, 10, 4, 14, tzinfo=UTC), 24),
    ],
    ids=["Missouri, autumn", "Missouri, spring", "Sydney, autumn", "Sydney, spring"],
)
def test_a_day_is_a_local_date_on_the_nights_when_clocks_change(zone, now, hours):
    # at midnight: the date that is over, and nothing yet of today
    order = score_order(now, 1, zone, is_by_hour=False)

    assert order.now - order.since == hours * 3600
