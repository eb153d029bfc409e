"""``/api/determinants`` and ``/api/coincidence``: what a demand bill is made of."""

from datetime import UTC, datetime, timedelta

import pytest

from energy_logger_server.web.routes.coincidence import coincidence_operations
from energy_logger_server.web.routes.determinants.operations import (
    determinant_operations,
)
from energy_logger_server.web.routes.determinants.reviews import review_operations
from tests.server.web.answers import areas, grid, table
from tests.server.web.conftest import Api
from tests.server.web.csv_answers import csv_rows
from tests.server.web.shapes import require_shape

DETERMINANTS = "/api/determinants/OZEC"
COINCIDENCE = "/api/coincidence/KAMO"
SHAPES = {
    one.path: one.answer.schema
    for one in (*determinant_operations(), *coincidence_operations())
}
REVIEW = review_operations()[0].answer.schema
JULY, DECEMBER = (
    datetime(2025, 7, 21, 22, tzinfo=UTC),
    datetime(2025, 12, 19, 13, tzinfo=UTC),
)
HOUR = timedelta(hours=1)


async def store_year(api: Api) -> None:
    """Store two peaks of a cooperative and the system, and two substations then."""
    own = {
        JULY: 500.0,
        JULY + HOUR: 400.0,
        JULY + 24 * HOUR: 460.0,
        DECEMBER: 520.0,
    }
    system = {JULY: 9000.0, JULY + 24 * HOUR: 9100.0, DECEMBER: 8000.0}
    await api.collector.run(areas(), grid(1, own), grid(20, system))
    for at in (JULY + 24 * HOUR, DECEMBER):
        await api.collector.run(
            table(1, at, {"North": (300.0, 10.0, 0.99), "South": (100.0, 0.0, 1.0)})
        )
    # closes the hour before
    await api.collector.run(table(1, DECEMBER + HOUR, {"North": (1.0, 0.0, 1.0)}))


async def test_a_year_tells_its_days_its_substations_and_its_figures(api: Api):
    await store_year(api)

    answer = await api.get(
        f"{DETERMINANTS}?year=2025&days=1&peak_rate=10&base_rate=1.5", key=None
    )

    require_shape(answer, SHAPES["/api/determinants/{area}"])
    assert answer["first_date"] == "2025-01-01"
    assert answer["end_date"] == "2026-01-01"
    summer, winter = answer["seasons"]
    assert summer == {
        "season": "summer",
        "to_enter_kw": 500.0,
        "days": [
            {
                "season": "summer",
                "date": "2025-07-21",
                "peak_at": "2025-07-21T17:00:00-05:00",
                "peak_kw": 500.0,
                "is_billed": True,
                "above_next_kw": 40.0,
            },
            {
                "season": "summer",
                "date": "2025-07-22",
                "peak_at": "2025-07-22T17:00:00-05:00",
                "peak_kw": 460.0,
                "is_billed": False,
                "above_next_kw": None,
            },
        ],
    }
    assert [day["peak_kw"] for day in winter["days"]] == [520.0]
    assert [
        (one["substation_name"], one["month"], one["peak_kw"], one["is_at_least"])
        for one in answer["substations"]
    ] == [
        (name, month, kw, True)
        for name, kw in (("North", 300.0), ("South", 100.0))
        for month in ("2025-07", "2025-12")
    ]
    assert answer["so_far"] == {
        "peak_kw": 510.0,
        "base_kw": 66.67,
        "billed_kw": 443.33,
        "money": 4533.33,
    }
    # a month that nothing is known of is as those that are
    assert answer["projected"]["base_kw"] == 400.0
    assert answer["projected_months"] == 12
    assert answer["day_kw_less"] == -0.5
    assert answer["substation_kw_less"] == 0.083333
    assert answer["system_months"][0] == {
        "month": "2025-07",
        "system_peak_at": "2025-07-22T17:00:00-05:00",
        "system_peak_kw": 9100.0,
        "coincident_kw": 460.0,
        "above_next_kw": 100.0,
    }


async def test_determinants_come_as_rows(api: Api):
    await store_year(api)

    rows = await csv_rows(api, f"{DETERMINANTS}?year=2025&days=1&format=csv")

    assert [(row["determinant"], row["name"], row["kw"]) for row in rows] == [
        ("day", "summer", "500.0"),
        ("day", "summer", "460.0"),
        ("day", "winter", "520.0"),
        ("substation", "North", "300.0"),
        ("substation", "North", "300.0"),
        ("substation", "South", "100.0"),
        ("substation", "South", "100.0"),
        ("system peak", "Ozark Electric Cooperative", "460.0"),
        ("system peak", "Ozark Electric Cooperative", "520.0"),
        ("so far", "peak", "510.0"),
        ("so far", "base", "66.67"),
        ("so far", "billed", "443.33"),
        ("projected", "peak", "510.0"),
        ("projected", "base", "400.0"),
        ("projected", "billed", "110.0"),
    ]
    assert (rows[1]["counts"], rows[1]["note"]) == ("false", "next one out")
    assert rows[3]["note"] == "at least"


@pytest.mark.parametrize(
    ("query", "first_date"),
    [
        ("", "2026-01-01"),
        ("?first_month=5", "2025-05-01"),
        ("?year=2020", "2020-01-01"),
    ],
)
async def test_the_present_billing_year_is_told_unless_another_is_asked_for(
    api: Api, query: str, first_date: str
):
    await api.collector.run(areas())

    answer = await api.get(f"{DETERMINANTS}{query}", key=None)

    require_shape(answer, SHAPES["/api/determinants/{area}"])
    assert answer["first_date"] == first_date
    assert answer["so_far"] is None
    assert answer["projected"] is None
    assert answer["system_months"] == []


async def test_a_rate_that_is_no_price_is_refused(api: Api):
    await api.collector.run(areas())

    status, error = await api.error(f"{DETERMINANTS}?peak_rate=-1")

    assert (status, error["parameter"]) == (400, "peak_rate")


async def test_everybodys_share_in_the_systems_peak_is_told(api: Api):
    await store_year(api)

    answer = await api.get(COINCIDENCE, key=None)

    require_shape(answer, SHAPES["/api/coincidence/{area}"])
    rows = {
        (row["month"], row["name"]): row
        for row in answer["data"]
        if row["member_area_id"] == 1
    }
    assert rows["2025-07", "Ozark Electric Cooperative"] == {
        "month": "2025-07",
        "peak_at": "2025-07-22T17:00:00-05:00",
        "area_peak_kw": 9100.0,
        "is_tie": False,
        "kind": "cooperative",
        "member_area_id": 1,
        "name": "Ozark Electric Cooperative",
        "load_kw": 460.0,
        "share": 0.0505,
        "own_peak_kw": 500.0,
        "coincidence_factor": 0.92,
        "load_factor": 0.9067,
    }
    north = rows["2025-12", "North"]
    assert (north["load_kw"], north["coincidence_factor"]) == (300.0, 1.0)
    # cooperatives of which nothing is stored are there, and say so
    others = [row for row in answer["data"] if row["member_area_id"] == 2]
    assert {row["load_kw"] for row in others} == {None}
    assert {row["load_factor"] for row in others} == {None}


async def test_a_tie_is_told(api: Api):
    loads = {JULY: 900.0, JULY + HOUR: 900.0, JULY + 2 * HOUR: 1.0}
    await api.collector.run(areas(), grid(20, loads))

    [first, *_others] = await csv_rows(api, f"{COINCIDENCE}?format=csv")

    assert first["is_tie"] == "true"
    assert first["peak_at"] == "2025-07-21T17:00:00-05:00"


async def test_the_owner_says_that_a_spike_counts_and_takes_it_back(api: Api):
    days = [JULY + timedelta(days=day) for day in range(7)]
    await api.collector.run(areas())
    for day in days:
        kw = 900.0 if day == JULY else 300.0
        await api.collector.run(table(1, day, {"North / Süd": (kw, 0.0, 1.0)}))
    await api.collector.run(table(1, days[-1] + HOUR, {"North / Süd": (1, 0.0, 1.0)}))
    path = f"{DETERMINANTS}/reviews/North%20%2F%20S%C3%BCd/2025-07-21"
    review = {"counts": True, "note": " The mill ran on its own "}

    async def month() -> tuple[float, float | None, str | None]:
        answer = await api.get(f"{DETERMINANTS}?year=2025", key=None)
        [one] = answer["substations"]
        return one["peak_kw"], one["suspect_kw"], one["note"]

    assert await month() == (300.0, 900.0, None)
    answer = await api.get(path, method="PUT", json=review)
    require_shape(answer, REVIEW)
    assert answer["note"] == "The mill ran on its own"
    assert await month() == (900.0, None, "The mill ran on its own")
    rows = await csv_rows(api, f"{DETERMINANTS}?year=2025&format=csv")
    assert rows[0]["note"] == "at least, The mill ran on its own"
    assert await api.get(path, method="DELETE") == {"success": True}
    assert await month() == (300.0, 900.0, None)

    for changed, how, status in (
        (path, {"key": None}, 401),
        (path, {"json": {**review, "note": " "}}, 400),
        (f"{DETERMINANTS}/reviews/Nowhere/2025-07-21", {}, 404),
        (f"{DETERMINANTS}/reviews/Nowhere/someday", {}, 404),
    ):
        found, _error = await api.error(
            changed, **{"method": "PUT", "json": review, **how}
        )
        assert found == status
    for gone in (path, f"{DETERMINANTS}/reviews/Nowhere/2025-07-21"):
        assert (await api.error(gone, method="DELETE"))[0] == 404
