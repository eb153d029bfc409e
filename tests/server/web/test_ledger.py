"""``/api/ledger/days``: every day of every series, for a calendar."""

from datetime import timedelta
from typing import Any

import pytest

from energy_logger_server.web.routes.ledger import ledger_operations
from tests.server.store.material import NOON, SITE_ID, YESTERDAY, prices_read
from tests.server.web.amber_answers import day_of_usage, half_hours, store
from tests.server.web.answers import areas, grid, hourly_loads
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

DAYS = "/api/ledger/days"


async def series(api: Api, query: str = "") -> dict[tuple[Any, ...], Any]:
    """Return the days of each series; the answer's shape has been looked at."""
    answer = await api.get(f"{DAYS}{query}")
    require_shape(answer, ledger_operations()[0].answer.schema)
    return {
        (one["kind"], one["owner"], one["channel"]): one["days"]
        for one in answer["series"]
    }


async def fill(api: Api) -> None:
    """Store a whole day of usage, two prices, and four hours of an area."""
    prices = prices_read(half_hours(10, 20), (NOON.date(), NOON.date()))
    await store(api, day_of_usage(YESTERDAY), prices)
    await api.collector.run(areas(), grid(1, hourly_loads(1, 2, 3, 4, first=NOON)))


async def test_a_calendar_has_complete_days_and_others(api: Api):
    await fill(api)

    found = await series(api)

    assert found["usage", SITE_ID, "E1"] == [
        {
            "day": "2026-01-03",
            "state": "complete",
            "expected_minutes": 1440,
            "present_minutes": 1440,
        }
    ]
    [prices] = found["price", SITE_ID, "general"]
    assert (prices["day"], prices["state"]) == ("2026-01-04", "partial")
    assert prices["present_minutes"] == 60
    assert ("load", "1", None) in found


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("?kind=usage", {"usage"}),
        ("?owner=1", {"load"}),
        (f"?owner={SITE_ID}&kind=price", {"price"}),
        ("?end=2026-01-02", set()),
        ("?start=2026-01-05", set()),
        ("?start=2026-01-03&end=2026-01-03&kind=usage", {"usage"}),
    ],
)
async def test_a_calendar_has_only_what_is_asked_for(
    api: Api, query: str, kinds: set[str]
):
    await fill(api)
    api.clock.set(NOON + timedelta(days=3))

    assert {kind for kind, _owner, _channel in await series(api, query)} == kinds


async def test_sixty_days_are_shown_unless_others_are_named(api: Api):
    answer = await api.get(DAYS)

    assert (answer["start"], answer["end"]) == ("2025-11-06", "2026-01-04")
    assert answer["series"] == []


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("?start=2026-01-02&end=2026-01-01", 422, "end"),
        ("?start=2024-01-01&end=2026-01-01", 422, "start"),
        ("?start=yesterday", 400, "start"),
        ("?kind=weather", 400, "kind"),
    ],
)
async def test_days_that_cannot_be_shown_are_refused(
    api: Api, query: str, status: int, parameter: str
):
    found, error = await api.error(f"{DAYS}{query}")

    assert (found, error["parameter"]) == (status, parameter)


async def test_the_first_day_of_all_has_none_before_it(api: Api):
    answer = await api.get(f"{DAYS}?end=0001-01-02")

    assert (answer["start"], answer["end"]) == ("0001-01-01", "0001-01-02")
