"""``/api/feeds``: what planners read of what is stored."""

from typing import Any

import pytest

from energy_logger_server.web.routes.feeds import feed_operations
from tests.server.store.material import NOON, SITE_ID, price, prices_read
from tests.server.web.amber_answers import HALF_HOUR, forecasts, half_hours, store
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

FEED_IN = {"channelType": "feedIn"}
BAND = {"advancedPrice": {"low": 18, "predicted": 22.5, "high": 31}}
SHAPES = {one.path.split("/")[3]: one.answer.schema for one in feed_operations()}


async def feed(api: Api, planner: str, query: str = "") -> Any:
    """Return a planner's feed whose shape has been looked at."""
    answer = await api.get(f"/api/feeds/{planner}/{SITE_ID}{query}")
    require_shape(answer, SHAPES[planner])
    return answer


async def test_emhass_gets_both_directions_and_how_far_they_go(api: Api):
    await store(
        api,
        prices_read([*forecasts(30, 20, 8, **BAND), *forecasts(-5, 2, -1, **FEED_IN)]),
    )

    answer = await feed(api, "emhass", "?price_source=aemo&step=5")

    assert answer == {
        "load_cost_forecast": {
            "2026-01-04T09:00:00+00:00": 0.3,
            "2026-01-04T09:30:00+00:00": 0.2,
            "2026-01-04T10:00:00+00:00": 0.08,
        },
        "prod_price_forecast": {
            "2026-01-04T09:00:00+00:00": 0.05,
            "2026-01-04T09:30:00+00:00": -0.02,
            "2026-01-04T10:00:00+00:00": 0.01,
        },
        # from 9:09 to 10:30
        "prediction_horizon": 16,
    }


async def test_without_feed_in_emhass_gets_the_price_of_import_alone(api: Api):
    await store(api, prices_read(forecasts(30, **BAND)))

    answer = await feed(api, "emhass")

    assert answer == {
        "load_cost_forecast": {"2026-01-04T09:00:00+00:00": 0.225},
        "prediction_horizon": 0,
    }


async def test_evcc_and_haeo_get_spans_of_the_source_asked_for(api: Api):
    await store(api, prices_read([*forecasts(30, **BAND), *forecasts(-5, **FEED_IN)]))
    span = {"start": "2026-01-04T09:00:00+00:00", "end": "2026-01-04T09:30:00+00:00"}

    assert await feed(api, "evcc", "?price_source=advanced_high") == [
        {**span, "value": 0.31}
    ]
    assert await feed(api, "evcc", "?tariff=feedin") == [{**span, "value": 0.05}]
    assert await feed(api, "haeo", "?price_source=advanced_low") == {
        "forecasts": [
            {
                "start_time": span["start"],
                "end_time": span["end"],
                "per_kwh": 0.18,
            }
        ]
    }


@pytest.mark.parametrize(
    ("query", "first", "value"),
    [
        # 15:30 UTC of the day before is today in Sydney
        ("?tz=Australia/Sydney", "2026-01-04T02:30:00+11:00", 0.99),
        ("", "2026-01-04T02:00:00+00:00", 0.2),
    ],
)
async def test_predbat_gets_what_is_over_of_the_day_as_well(
    api: Api, query: str, first: str, value: float
):
    over = [*half_hours(*[20] * 14), price(NOON - 20 * HALF_HOUR, cents=99)]
    await store(api, prices_read(over), prices_read(forecasts(30, 21)))

    answer = await feed(api, "predbat", query)

    rows = answer["raw_today"]
    assert (rows[0]["start"], rows[0]["value"]) == (first, value)
    assert [row["value"] for row in rows[-3:]] == [0.2, 0.3, 0.21]
    assert answer["raw_tomorrow"] == []


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        (f"emhass/{SITE_ID}", (404, "no_data")),
        (f"evcc/{SITE_ID}", (404, "no_data")),
        (f"haeo/{SITE_ID}", (404, "no_data")),
        (f"predbat/{SITE_ID}", (404, "no_data")),
        (f"haeo/{SITE_ID}?channel=solar", (422, "unknown_channel")),
        (f"predbat/{SITE_ID}?tz=Mars", (400, "invalid_parameter")),
        (f"evcc/{SITE_ID}?price_source=cheap", (400, "invalid_parameter")),
        ("evcc/NOBODY", (404, "unknown_site")),
    ],
)
async def test_what_cannot_be_planned_by_is_refused(
    api: Api, path: str, refused: tuple[int, str]
):
    await store(api)

    found, error = await api.error(f"/api/feeds/{path}")

    assert (found, error["code"]) == refused
