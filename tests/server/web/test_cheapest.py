"""``/api/prices/cheapest``: spans of the hours to come, by expected prices."""

from typing import Any

import pytest

from energy_logger_server.web.routes.cheapest import cheapest_operations
from tests.server.store.material import SITE_ID, prices_read
from tests.server.web.amber_answers import forecasts, store
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

CHEAPEST = f"/api/prices/cheapest/{SITE_ID}"


async def windows(api: Api, query: str = "") -> list[Any]:
    """Return the spans of an answer whose shape has been looked at."""
    answer = await api.get(f"{CHEAPEST}{query}")
    require_shape(answer, cheapest_operations()[0].answer.schema)
    assert answer["timestamp"] == "2026-01-04T19:09:00+10:00"
    found: list[Any] = answer["windows"]
    return found


async def test_each_length_has_its_cheapest_span(api: Api):
    # the present half hour began at 19:00
    await store(api, prices_read(forecasts(30, 20, 8, 10, 40)))

    assert await windows(api, "?minutes=30,60") == [
        {
            "minutes": 30,
            "starts_at": "2026-01-04T20:00:00+10:00",
            "ends_at": "2026-01-04T20:30:00+10:00",
            "mean_aud_per_kwh": 0.08,
        },
        {
            "minutes": 60,
            "starts_at": "2026-01-04T20:00:00+10:00",
            "ends_at": "2026-01-04T21:00:00+10:00",
            "mean_aud_per_kwh": 0.09,
        },
    ]


async def test_a_span_does_not_begin_in_the_past(api: Api):
    await store(api, prices_read(forecasts(5, 40)))

    [window] = await windows(api, "?minutes=30")

    assert window["starts_at"] == "2026-01-04T19:09:00+10:00"
    assert window["mean_aud_per_kwh"] == pytest.approx((21 * 5 + 9 * 40) / 3000)


async def test_a_span_longer_than_what_is_known_is_null(api: Api):
    await store(api, prices_read(forecasts(30, 20)))

    [window] = await windows(api, "?minutes=180")

    assert window == {
        "minutes": 180,
        "starts_at": None,
        "ends_at": None,
        "mean_aud_per_kwh": None,
    }


async def test_a_span_ends_within_the_hours_asked_for(api: Api):
    await store(api, prices_read(forecasts(30, 20, 19, 18, 5)))

    [window] = await windows(api, "?hours=1&minutes=30")

    assert window["ends_at"] <= "2026-01-04T20:09:00+10:00"


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("?minutes=4", 400, "minutes"),
        ("?minutes=1441", 400, "minutes"),
        ("?minutes=60,", 400, "minutes"),
        ("?minutes=5,5,5,5,5,5,5", 400, "minutes"),
        ("?hours=169", 400, "hours"),
        ("?channel=E9", 422, "channel"),
    ],
)
async def test_spans_that_cannot_be_looked_for_are_refused(
    api: Api, query: str, status: int, parameter: str
):
    await store(api)

    found, error = await api.error(f"{CHEAPEST}{query}")

    assert (found, error["parameter"]) == (status, parameter)
