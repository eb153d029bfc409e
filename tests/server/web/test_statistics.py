"""``/api/statistics``: figures of whole hours, and what of them changed since."""

import json
from base64 import urlsafe_b64decode
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from energy_logger_server.web.http.page_cursor import ListOrder
from energy_logger_server.web.routes.statistics.operations import statistics_operations
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    ends_of_day,
    price,
    prices_read,
    usage,
    usage_read,
)
from tests.server.web.amber_answers import HALF_HOUR, half_hours, store
from tests.server.web.answers import areas, grid, hourly_loads, table
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

HOUR = timedelta(hours=1)
PRICES = f"/api/statistics/price/{SITE_ID}"
USAGE = f"/api/statistics/usage/{SITE_ID}"
LOAD = "/api/statistics/load/1"
SUBSTATIONS = "/api/statistics/substations/1"
SHAPES = {one.path: one.answer.schema for one in statistics_operations()}


hours = partial(hourly_loads, first=NOON)


def check(path: str, answer: Any) -> None:
    """Check an answer against what the documentation says of it."""
    require_shape(answer, SHAPES[path])


async def test_an_hour_of_prices_has_cents_and_aud(api: Api):
    sold = half_hours(-8, channelType="feedIn")
    await store(api, prices_read([*half_hours(10, 20.5), *sold]))

    answer = await api.get(PRICES)

    check("/api/statistics/price/{site}", answer)
    assert answer == {
        "site_id": SITE_ID,
        "data": [
            {
                "start": "2026-01-04T02:00:00+00:00",
                "channel_type": "general",
                "mean_cents_per_kwh": 15.25,
                "min_cents_per_kwh": 10.0,
                "max_cents_per_kwh": 20.5,
                "mean_aud_per_kwh": 0.1525,
                "minutes": 60,
                "intervals": 2,
            },
            {
                "start": "2026-01-04T02:00:00+00:00",
                "channel_type": "feedIn",
                "mean_cents_per_kwh": -8.0,
                "min_cents_per_kwh": -8.0,
                "max_cents_per_kwh": -8.0,
                "mean_aud_per_kwh": 0.08,
                "minutes": 30,
                "intervals": 1,
            },
        ],
        "count": 2,
        "truncated": False,
        "cursor": answer["cursor"],
    }


async def test_an_hour_of_usage_has_energy_and_cost(api: Api):
    ends = [NOON + HALF_HOUR, NOON + HOUR]
    records = [
        usage(ends[0], kwh=0.5, cost=10.25),
        usage(ends[1], kwh=0.25, cost=5.125, quality="estimated"),
    ]
    await store(api, usage_read(records, (TODAY, TODAY)))

    answer = await api.get(USAGE)

    check("/api/statistics/usage/{site}", answer)
    assert answer["data"] == [
        {
            "start": "2026-01-04T02:00:00+00:00",
            "channel_identifier": "E1",
            "channel_type": "general",
            "energy_kwh": 0.75,
            "cost_cents": 15.375,
            "cost_aud": 0.15375,
            "minutes": 60,
            "estimated_minutes": 30,
            "unpriced_minutes": 0,
        }
    ]


async def test_an_hour_of_load_is_upstreams_value(api: Api):
    await api.collector.run(areas(), grid(1, hours(10.5), at=NOON + HOUR))

    answer = await api.get(LOAD, key=None)

    check("/api/statistics/load/{area}", answer)
    assert (answer["area_id"], answer["area_name"]) == (
        1,
        "Ozark Electric Cooperative",
    )
    assert answer["data"] == [
        {"start": "2026-01-04T02:00:00+00:00", "mean_kw": 10.5, "is_settled": True}
    ]


async def test_an_hour_of_a_substation_has_its_true_power_factor(api: Api):
    for minutes, rows in (
        (0, {"North": (30.0, -40.0, -0.1), "South": (0.0, 0.0, 0.0)}),
        (5, {"North": (60.0, 0.0, 1.0)}),
        (60, {"North": (1.0, 1.0, 1.0)}),
    ):
        at = NOON + timedelta(minutes=minutes)
        await api.collector.run(areas(), table(1, at, rows))

    answer = await api.get(SUBSTATIONS, key=None)

    check("/api/statistics/substations/{area}", answer)
    north, south = answer["data"]
    assert north == {
        "start": "2026-01-04T02:00:00+00:00",
        "substation_name": "North",
        "mean_kw": 45.0,
        "min_kw": 30.0,
        "max_kw": 60.0,
        "mean_kvar": -20.0,
        "power_factor": 0.9138,
        "readings": 2,
    }
    assert (south["power_factor"], south["readings"]) == (None, 1)
    one = await api.get(f"{SUBSTATIONS}?substation=South")
    assert one["data"] == [south]


async def test_a_substation_that_never_was_is_named_as_unknown(api: Api):
    await api.collector.run(areas())

    status, error = await api.error(f"{SUBSTATIONS}?substation=East")

    assert (status, error["code"]) == (404, "unknown_substation")


@pytest.mark.parametrize(
    ("path", "is_public"),
    [(PRICES, False), (USAGE, False), (LOAD, True), (SUBSTATIONS, True)],
)
async def test_what_is_the_households_needs_the_key(
    api: Api, path: str, is_public: bool
):
    await store(api, areas())

    answer = await api.ask(path, key=None)

    assert answer.status == (200 if is_public else 401)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/statistics/price/nobody", "unknown_site"),
        ("/api/statistics/usage/%00", "unknown_site"),
        ("/api/statistics/load/99", "unknown_area"),
        ("/api/statistics/substations/99", "unknown_area"),
        ("/api/statistics/money/1", "not_found"),
    ],
)
async def test_what_is_not_known_is_named(api: Api, path: str, code: str):
    status, error = await api.error(path)

    assert (status, error["code"]) == (404, code)


async def test_a_cursor_that_is_kept_leads_to_what_changed(api: Api):
    await store(api, prices_read(half_hours(1, 1, 2, 2)))
    first = await api.get(PRICES)
    nothing_new = await api.get(f"{PRICES}?since={first['cursor']}")

    await store(api, prices_read(half_hours(1, 1, 2, 5)))

    assert (first["count"], nothing_new["count"]) == (2, 0)
    assert nothing_new["cursor"] == first["cursor"]
    since = await api.get(f"{PRICES}?since={nothing_new['cursor']}")
    assert [row["mean_cents_per_kwh"] for row in since["data"]] == [3.5]
    assert since["cursor"] != first["cursor"]


async def test_an_answer_without_rows_has_a_cursor_too(api: Api):
    await api.collector.run(areas())
    empty = await api.get(LOAD)

    await api.collector.run(grid(1, hours(10), at=NOON + HOUR))

    assert (empty["data"], empty["truncated"]) == ([], False)
    later = await api.get(f"{LOAD}?since={empty['cursor']}")
    assert [row["mean_kw"] for row in later["data"]] == [10.0]


async def test_the_running_hour_is_left_out_until_it_is_over(api: Api):
    now = api.clock.now()
    running = now.replace(minute=0, second=0, microsecond=0)
    await api.collector.run(areas(), grid(1, hours(1, 2, first=running - HOUR), at=now))
    before = await api.get(LOAD)

    api.clock.advance(3600)

    assert [row["mean_kw"] for row in before["data"]] == [1.0]
    after = await api.get(f"{LOAD}?since={before['cursor']}")
    assert [(row["mean_kw"], row["is_settled"]) for row in after["data"]] == [
        (2.0, False)
    ]


async def test_pages_lead_through_everything_and_keep_the_question(api: Api):
    loads = hours(*range(10), first=NOON - 20 * HOUR)
    await api.collector.run(areas(), grid(1, loads))

    pages = await api.pages(f"{LOAD}?limit=2&start=2026-01-03T09:00:00+00:00")

    assert [[row["mean_kw"] for row in page["data"]] for page in pages] == [
        [3.0, 4.0],
        [5.0, 6.0],
        [7.0, 8.0],
        [9.0],
    ]
    assert [page["truncated"] for page in pages] == [True, True, True, False]


@pytest.mark.parametrize(
    ("day", "count"), [("2025-03-09", 23), ("2025-11-02", 25), ("2025-06-01", 24)]
)
async def test_a_date_is_the_whole_central_day_of_an_area(
    api: Api, day: str, count: int
):
    midnight = datetime.fromisoformat(f"{day}T05:00:00+00:00")
    loads = hours(*range(-1, 30), first=midnight)
    await api.collector.run(areas(), grid(1, loads, at=midnight + timedelta(days=3)))

    answer = await api.get(f"{LOAD}?start={day}&end={day}")

    assert answer["count"] == count


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("start=2025-04-06&end=2025-04-06", 24),
        ("start=2025-10-05&end=2025-10-05", 24),
        # the same nights on the clock of Sydney
        ("start=2025-04-06T00:00:00%2B11:00&end=2025-04-07T00:00:00%2B10:00", 25),
        ("start=2025-10-05T00:00:00%2B10:00&end=2025-10-06T00:00:00%2B11:00", 23),
    ],
)
async def test_a_date_is_the_whole_nem_day_of_a_site(api: Api, query: str, count: int):
    for day in (date(2025, 4, 6), date(2025, 10, 5)):
        days = [day + timedelta(days=number) for number in (-1, 0, 1)]
        records = [price(end) for each in days for end in ends_of_day(each, 30)]
        await store(api, prices_read(records, (days[0], days[-1])))

    answer = await api.get(f"{PRICES}?{query}")

    assert answer["count"] == count
    assert {row["minutes"] for row in answer["data"]} == {60}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("since=1", "since"),
        ("since=1.2.3", "since"),
        ("limit=0", "limit"),
        ("limit=10001", "limit"),
        ("start=now", "start"),
        ("substation=North", "substation"),
        ("hours=1", "hours"),
    ],
)
async def test_an_unusable_parameter_is_named(api: Api, query: str, parameter: str):
    await api.collector.run(areas())

    status, error = await api.error(f"{LOAD}?{query}")

    assert (status, error["parameter"]) == (400, parameter)


async def test_an_end_before_the_start_is_a_contradiction(api: Api):
    await api.collector.run(areas())

    status, error = await api.error(f"{LOAD}?start=2026-01-04&end=2026-01-02")

    assert (status, error["code"]) == (422, "contradiction")


async def test_a_cursor_that_nobody_gave_out_does_no_harm(api: Api):
    await api.collector.run(areas(), grid(1, hours(10, 11, 12), at=NOON + 9 * HOUR))
    mark = parts_of((await api.get(LOAD))["cursor"])[5:]
    huge = (999_999_999_999,) * 3

    behind = await api.get(f"{LOAD}?since={cursor_of(*huge, huge[0], *mark)}")
    again = await api.get(f"{LOAD}?since={cursor_of(*huge, 1, *mark)}&limit=2")

    assert behind["data"] == []
    assert (again["count"], again["truncated"]) == (2, True)


async def test_a_cursor_of_a_state_that_the_store_has_lost_is_refused(api: Api):
    await api.collector.run(areas(), grid(1, hours(10), at=NOON + HOUR))
    _, *place, seen_at_s, run, started_at_ms = parts_of((await api.get(LOAD))["cursor"])
    lost = [
        # a run that is not there, and one whose number was given again
        cursor_of(*place, seen_at_s, run + 1, started_at_ms + 300_000),
        cursor_of(*place, seen_at_s, run, started_at_ms - 1),
    ]

    refused = [await api.error(f"{LOAD}?since={one}") for one in lost]

    assert [(status, error["parameter"]) for status, error in refused] == [
        (422, "since"),
        (422, "since"),
    ]
    assert "begin without it" in refused[0][1]["message"]


async def test_a_cursor_keeps_its_mark_while_nothing_changes(api: Api):
    await api.collector.run(areas(), grid(1, hours(10), at=NOON + HOUR))
    first = await api.get(LOAD)
    api.clock.advance(300)
    await api.collector.run(areas())

    later = await api.get(f"{LOAD}?since={first['cursor']}")

    assert later["cursor"] == first["cursor"]


def parts_of(cursor: str) -> list[Any]:
    """Return what a cursor holds: the name of its order, and its values."""
    return list(json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))


def cursor_of(*values: int) -> str:
    """Return a cursor of the load of the first area."""
    return ListOrder("statistics/load/1", ()).cursor(values)
