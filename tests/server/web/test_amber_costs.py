"""``/api/costs``: periods and sums."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from energy_logger_server.web.datasets.columns import names_of
from energy_logger_server.web.datasets.costs import COSTS
from tests.server.store.material import SITE_ID, TODAY, YESTERDAY, usage, usage_read
from tests.server.web.amber_answers import (
    OTHER_SITE,
    day_of_usage,
    get_checked,
    store,
    store_two_sites,
    values,
)
from tests.server.web.conftest import Api

DAILY = f"/api/costs/daily/{SITE_ID}"
SUMMARY = f"/api/costs/summary/{SITE_ID}"
MONEY = {
    "import_kwh": 48.0,
    "export_kwh": 96.0,
    "import_cost_aud": 9.84,
    "export_credit_aud": 2.400048,
    "net_cost_aud": 7.439952,
    "import_cost_cents": 984.0,
    "export_credit_cents": 240.0048,
    "net_cost_cents": 743.9952,
}
REGISTERS: list[dict[str, Any]] = [
    {
        "channel_identifier": "E1",
        "channel_type": "general",
        "energy_kwh": 48.0,
        "cost_cents": 984.0,
        "cost_aud": 9.84,
        "minutes": 1440,
        "estimated_minutes": 0,
        "unpriced_minutes": 0,
    },
    {
        "channel_identifier": "B1",
        "channel_type": "feedIn",
        "energy_kwh": 96.0,
        "cost_cents": -240.0048,
        "cost_aud": 2.400048,
        "minutes": 1440,
        "estimated_minutes": 0,
        "unpriced_minutes": 0,
    },
]


def days(*numbers: int) -> list[Any]:
    """Return usage of days by how long ago they were."""
    return [day_of_usage(TODAY - timedelta(days=number)) for number in numbers]


async def dates_of(api: Api, query: str) -> list[str]:
    return values((await get_checked(api, f"{DAILY}?{query}"))["data"], "date")


async def test_a_day_has_import_export_and_net_to_the_last_digit(api: Api):
    await store(api, *days(1))

    answer = await get_checked(api, DAILY)

    assert answer == {
        "site_id": SITE_ID,
        "period": "day",
        "data": [
            {
                "date": "2026-01-03",
                "days": 1,
                "days_with_data": 1,
                "days_complete": 1,
                "is_complete": True,
                "estimated_share": 0.0,
                "unpriced_share": 0.0,
                **MONEY,
                "registers": REGISTERS,
            }
        ],
        "count": 1,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["2025-12-05", "2025-12-31", "2026-01-02", "2026-01-03"]),
        ("days=2", ["2026-01-02", "2026-01-03"]),
        ("start=2026-01-01", ["2026-01-02", "2026-01-03"]),
        ("end=2025-12-31", ["2025-11-25", "2025-12-05", "2025-12-31"]),
        ("start=2025-12-05&end=2026-01-02", ["2025-12-05", "2025-12-31", "2026-01-02"]),
        ("start=2026-01-02&end=2026-01-02", ["2026-01-02"]),
        ("start=2026-02-01", []),
        ("days=1&start=2025-01-01&end=2025-12-31", ["2026-01-03"]),
    ],
)
async def test_the_dates_are_those_asked_for(api: Api, query: str, expected: list[str]):
    await store(api, *days(1, 2, 4, 30, 40))

    assert await dates_of(api, query) == expected


async def test_months_and_years_are_added_up_and_say_how_complete_they_are(api: Api):
    await store(api, *days(1, 2, 3, 4))

    months = (await get_checked(api, f"{DAILY}?period=month&start=2025-12-31"))["data"]
    years = (await get_checked(api, f"{DAILY}?period=year&start=2025-12-31"))["data"]

    names = ("date", "days", "days_with_data", "is_complete", "net_cost_aud")
    assert values(months, *names) == [
        ("2025-12-01", 1, 1, True, 7.439952),
        ("2026-01-01", 4, 3, False, 22.319856),
    ]
    assert values(years, *names) == [
        ("2025-01-01", 1, 1, True, 7.439952),
        ("2026-01-01", 4, 3, False, 22.319856),
    ]


async def test_a_day_without_its_export_is_not_complete(api: Api):
    await store(api, day_of_usage(YESTERDAY, with_export=False, quality="estimated"))

    [row] = (await get_checked(api, DAILY))["data"]

    assert (row["is_complete"], row["days_complete"]) == (False, 0)
    assert row["estimated_share"] == 1.0


async def test_costs_as_csv_have_a_row_for_each_register_and_period(api: Api):
    await store(api, *days(1))

    text = await (await api.ask(f"{DAILY}?format=csv")).text()

    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert tuple(rows[0]) == names_of(COSTS)
    assert [list(row.values()) for row in rows] == [
        ["2026-01-03", "B1", "feedIn", "96", "-240.0048", "2.400048", "1440", "0", "0"],
        ["2026-01-03", "E1", "general", "48", "984", "9.84", "1440", "0", "0"],
    ]


async def test_costs_as_ndjson_are_the_rows_of_the_json(api: Api):
    await store(api, *days(1, 2))

    text = await (await api.ask(f"{DAILY}?format=ndjson")).text()

    rows = [json.loads(line) for line in text.splitlines()]
    assert rows == (await get_checked(api, DAILY))["data"]


async def test_a_day_is_a_nem_date_on_both_nights_of_sydneys_clock_change(api: Api):
    nights = [date(2025, 10, 5), date(2026, 4, 5)]
    api.clock.set(datetime(2026, 4, 7, tzinfo=UTC))
    around = [night + timedelta(days=off) for night in nights for off in (-1, 0, 1)]
    await store(api, *map(day_of_usage, around))

    rows = (await get_checked(api, f"{DAILY}?start=2025-10-01"))["data"]

    assert values(rows, "date") == [day.isoformat() for day in around]
    assert all(row["is_complete"] for row in rows)
    assert {row["net_cost_aud"] for row in rows} == {7.439952}


async def test_five_minute_days_cost_what_they_cost(api: Api):
    await store(api, day_of_usage(YESTERDAY, duration=5))

    [row] = (await get_checked(api, DAILY))["data"]

    assert (row["import_kwh"], row["import_cost_aud"]) == (288.0, 59.04)
    assert row["is_complete"]


async def test_a_summary_has_sums_and_means(api: Api):
    await store(api, *days(1, 2))

    answer = await get_checked(api, f"{SUMMARY}?days=2")

    assert answer == {
        "site_id": SITE_ID,
        "starts_at": "2026-01-02T00:00:00+10:00",
        "ends_at": "2026-01-05T00:00:00+10:00",
        "days_with_data": 2,
        "days_complete": 2,
        "is_complete": False,
        **{name: round(2 * value, 6) for name, value in MONEY.items()},
        "covered_days": 2.0,
        "estimated_share": 0.0,
        "unpriced_share": 0.0,
        "net_cost_aud_per_day": 7.439952,
        "import_kwh_per_day": 48.0,
        "export_kwh_per_day": 96.0,
        "import_aud_per_kwh": 0.205,
        "export_aud_per_kwh": 0.0250005,
        "registers": [
            {
                **one,
                **{
                    name: 2 * one[name]
                    for name in ("energy_kwh", "cost_cents", "cost_aud", "minutes")
                },
            }
            for one in REGISTERS
        ],
    }


async def test_a_summary_can_be_of_a_month(api: Api):
    await store(api, *days(1, 2, 3, 4))

    answer = await get_checked(api, f"{SUMMARY}?month=2025-12")

    assert (answer["starts_at"], answer["ends_at"]) == (
        "2025-12-01T00:00:00+10:00",
        "2026-01-01T00:00:00+10:00",
    )
    assert (answer["days_with_data"], answer["net_cost_aud"]) == (1, 7.439952)


async def test_a_summary_of_hours_is_of_those_that_are_over(api: Api):
    await store(api, *days(1))

    answer = await get_checked(api, f"{SUMMARY}?hours=20")

    assert (answer["starts_at"], answer["ends_at"]) == (
        "2026-01-03T23:00:00+10:00",
        "2026-01-04T19:00:00+10:00",
    )
    assert (answer["import_kwh"], answer["covered_days"]) == (2.0, 0.0417)
    assert answer["days_with_data"] is None


async def test_a_summary_of_nothing_has_no_means(api: Api):
    await store(api)

    answer = await get_checked(api, SUMMARY)

    assert answer["net_cost_aud"] == 0.0
    assert answer["registers"] == []
    means = [name for name, value in answer.items() if value is None]
    assert means == [
        "estimated_share",
        "unpriced_share",
        "net_cost_aud_per_day",
        "import_kwh_per_day",
        "export_kwh_per_day",
        "import_aud_per_kwh",
        "export_aud_per_kwh",
    ]


async def test_a_correction_changes_the_cost(api: Api):
    await store(api, *days(1))
    ends = datetime(2026, 1, 3, 2, tzinfo=UTC)
    better = usage(ends, kwh=3, quality="billable")
    await store(api, usage_read([better], (YESTERDAY, YESTERDAY)))

    [row] = (await get_checked(api, DAILY))["data"]

    assert (row["import_kwh"], row["import_cost_aud"]) == (50.0, 10.25)


async def test_costs_are_those_of_the_site(api: Api):
    other = day_of_usage(YESTERDAY, duration=5, site_id=OTHER_SITE)
    await store_two_sites(api, *days(1), other)

    mine = (await get_checked(api, DAILY))["data"]
    others = (await get_checked(api, f"/api/costs/daily/{OTHER_SITE}"))["data"]

    assert values(mine, "import_kwh") == [48.0]
    assert values(others, "import_kwh") == [288.0]


@pytest.mark.parametrize("path", [DAILY, SUMMARY])
async def test_an_unknown_site_has_no_costs(api: Api, path: str):
    status, error = await api.error(path)

    assert (status, error["code"]) == (404, "unknown_site")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (f"{DAILY}?start=2026-02-30", "start"),
        (f"{DAILY}?start=20260101", "start"),
        (f"{DAILY}?end=2026-01-01T00:00", "end"),
        (f"{DAILY}?days=0", "days"),
        (f"{DAILY}?period=week", "period"),
        (f"{SUMMARY}?month=2026-13", "month"),
        (f"{SUMMARY}?month=0000-01", "month"),
        (f"{SUMMARY}?hours=x", "hours"),
    ],
)
async def test_an_unusable_parameter_is_named(api: Api, query: str, parameter: str):
    status, error = await api.error(query)

    assert (status, error["parameter"]) == (400, parameter)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (f"{DAILY}?start=2026-01-02&end=2026-01-01", "end"),
        (f"{SUMMARY}?hours=1&days=1", "hours"),
        (f"{SUMMARY}?days=1&month=2026-01", "month"),
    ],
)
async def test_a_contradiction_is_reported(api: Api, query: str, parameter: str):
    status, error = await api.error(query)

    assert (status, error["code"], error["parameter"]) == (
        422,
        "contradiction",
        parameter,
    )


@pytest.mark.parametrize(
    "query",
    [
        f"{DAILY}?start=0001-01-01",
        f"{DAILY}?end=9999-12-31",
        f"{DAILY}?days=36600",
        f"{SUMMARY}?days=36600",
        f"{SUMMARY}?hours=876000",
        f"{SUMMARY}?month=1000-01",
        f"{SUMMARY}?month=2999-12",
    ],
)
async def test_the_widest_spans_are_answered(api: Api, query: str):
    await store(api, *days(1))

    assert (await get_checked(api, query))["site_id"] == SITE_ID
