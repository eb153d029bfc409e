"""``/api/load``: current value, history, peaks, figures."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from energy_logger_server.domain.collecting.batch import GridRead
from energy_logger_simulator.kamo.recording import RECORDED_AT, recorded_grids
from tests.server.store.material import grid_of
from tests.server.web.answers import areas, grid, hourly_loads, recording
from tests.server.web.conftest import Api

HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 1, 3, 6, tzinfo=UTC)
"""2026-01-03 00:00 Central."""


hours = partial(hourly_loads, first=MIDNIGHT)


async def loads_of(api: Api, query: str, area: str = "1") -> list[float]:
    """Return the loads that a history holds, in its order."""
    answer = await api.get(f"/api/load/history/{area}?{query}")
    return [row["load_kw"] for row in answer["data"]]


async def test_the_current_load_is_the_recorded_one_in_central_time(api: Api):
    await api.collector.run(*recording())

    assert await api.get("/api/load/current/1") == {
        "area_id": 1,
        "area_name": "Ozark Electric Cooperative",
        "load_kw": 77096.0,
        "timestamp": "2026-01-04T03:00:00-06:00",
        "is_settled": False,
    }


async def test_every_recorded_hour_comes_back_as_recorded(api: Api):
    await api.collector.run(*recording())

    served = {
        area_id: await loads_of(api, "limit=100", str(area_id))
        for area_id in recorded_grids()
    }

    assert served == {
        area_id: body["chartLineData"][0]["data"]
        for area_id, body in recorded_grids().items()
    }
    assert sum(map(len, served.values())) == 108


@pytest.mark.parametrize("name", ["3", "BAEC", "baec"])
async def test_an_area_is_named_by_number_or_abbreviation(api: Api, name: str):
    await api.collector.run(areas(), grid(3, hours(10)))

    answer = await api.get(f"/api/load/current/{name}")

    assert (answer["area_id"], answer["load_kw"]) == (3, 10.0)


@pytest.mark.parametrize("name", ["99", "nobody", "01", "9" * 5000, "%00"])
async def test_an_unknown_area_is_named_as_unknown(api: Api, name: str):
    await api.collector.run(areas())

    status, error = await api.error(f"/api/load/history/{name}")

    assert (status, error["code"], error["parameter"]) == (404, "unknown_area", "area")


async def test_an_area_without_load_says_so(api: Api):
    await api.collector.run(areas())

    status, error = await api.error("/api/load/current/1")

    assert (status, error["code"]) == (404, "no_data")
    assert (await api.get("/api/load/history/1"))["data"] == []
    assert await api.get("/api/load/peaks/1") == []


async def test_an_area_whose_load_stopped_long_ago_still_shows_its_last_hour(api: Api):
    await api.collector.run(areas(), grid(1, hours(10, 11)))
    # since then upstream answers, but without a value
    await api.collector.run(grid(1, {}, at=RECORDED_AT + timedelta(days=400)))

    assert (await api.get("/api/load/current/1"))["load_kw"] == 11.0


async def test_an_area_that_never_had_a_value_has_no_current_load(api: Api):
    await api.collector.run(areas(), grid(1, {}, at=RECORDED_AT), grid(2, hours(5)))

    status, error = await api.error("/api/load/current/1")

    assert (status, error["code"]) == (404, "no_data")


async def test_a_load_with_more_digits_than_the_column_holds_is_served_whole(api: Api):
    await api.collector.run(areas(), grid(1, hours(10.123)))

    assert await loads_of(api, "") == [10.123]


async def test_zero_load_stays_zero(api: Api):
    await api.collector.run(areas(), grid(1, hours(0, 0)))

    stats = await api.get("/api/load/stats/1?hours=100")

    assert (await api.get("/api/load/current/1"))["load_kw"] == 0.0
    assert (stats["min_kw"], stats["max_kw"], stats["avg_kw"]) == (0.0, 0.0, 0.0)


async def test_an_hour_that_upstream_corrects_shows_its_new_value(api: Api):
    await api.collector.run(areas(), grid(1, hours(11, 13)))
    await api.collector.run(grid(1, hours(99, 14.5)))

    assert await loads_of(api, "") == [99.0, 14.5]
    (peak,) = await api.get("/api/load/peaks/1")
    assert peak["peak_kw"] == 99.0
    assert (await api.get("/api/load/stats/1?hours=100"))["max_kw"] == 99.0


async def test_a_cut_history_holds_the_newest_rows_and_leads_to_the_older(api: Api):
    await api.collector.run(areas(), grid(1, hours(10, 11, 12, 13, 14)))

    pages = await api.pages("/api/load/history/1?limit=2")

    assert [[row["load_kw"] for row in page["data"]] for page in pages] == [
        [13.0, 14.0],
        [11.0, 12.0],
        [10.0],
    ]
    assert [page["truncated"] for page in pages] == [True, True, False]
    assert [page["count"] for page in pages] == [2, 2, 1]


async def test_the_pages_of_a_history_stay_within_its_span(api: Api):
    await api.collector.run(areas(), grid(1, hours(*range(6))))

    pages = await api.pages(
        "/api/load/history/1?limit=1&start=2026-01-03T01:00&end=2026-01-03T03:00"
    )

    assert [page["data"][0]["load_kw"] for page in pages] == [3.0, 2.0, 1.0]


async def test_hours_wins_over_start_and_end(api: Api):
    await api.collector.run(areas(), grid(1, hours(*range(28))))

    # now is 03:09 Central on the 4th
    assert await loads_of(api, "hours=3&start=2020-01-01&end=2020-01-01") == [
        25.0,
        26.0,
        27.0,
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("start=2026-01-03T22:00:00Z", [16.0, 17.0]),
        ("start=2026-01-03T16:00:00", [16.0, 17.0]),
        ("start=2026-01-03T16:00:00-06:00", [16.0, 17.0]),
        ("start=2026-01-04T08:00:00%2B10:00", [16.0, 17.0]),
        ("start=2026-01-04T08:00:00+10:00", [16.0, 17.0]),
        ("start=2026-01-03T15:59:59.5", [16.0, 17.0]),
        ("start=2026-01-03T16:00:00.5", [17.0]),
        ("start=2026-01-03 16:00", [16.0, 17.0]),
        ("end=2026-01-03T01:00", [0.0, 1.0]),
        ("end=2026-01-03T00:59:59.5", [0.0]),
        ("start=2026-01-04", []),
        ("end=2026-01-02", []),
    ],
)
async def test_times_are_read_with_their_offset_or_in_central_time(
    api: Api, query: str, expected: list[float]
):
    await api.collector.run(areas(), grid(1, hours(*range(18))))

    assert await loads_of(api, query) == expected


async def test_a_date_means_the_whole_central_day(api: Api):
    await api.collector.run(areas(), grid(1, hours(*range(30))))

    assert await loads_of(api, "start=2026-01-03&end=2026-01-03") == [*range(24)]


async def test_the_repeated_autumn_hour_is_there_twice_with_both_offsets(api: Api):
    midnight = datetime(2026, 11, 1, 5, tzinfo=UTC)
    await api.collector.run(areas(), grid(1, hours(*range(25), first=midnight)))

    answer = await api.get("/api/load/history/1?start=2026-11-01&end=2026-11-01")

    assert answer["count"] == 25
    assert [row["timestamp"] for row in answer["data"][1:3]] == [
        "2026-11-01T01:00:00-05:00",
        "2026-11-01T01:00:00-06:00",
    ]
    repeated = "start=2026-11-01T01:00&end=2026-11-01T01:00"
    assert await loads_of(api, repeated) == [1.0, 2.0]


async def test_the_hour_that_spring_skips_is_not_invented(api: Api):
    midnight = datetime(2026, 3, 8, 6, tzinfo=UTC)
    await api.collector.run(areas(), grid(1, hours(*range(23), first=midnight)))

    answer = await api.get("/api/load/history/1?start=2026-03-08&end=2026-03-08")

    assert [row["timestamp"][11:] for row in answer["data"][1:3]] == [
        "01:00:00-06:00",
        "03:00:00-05:00",
    ]
    assert answer["count"] == 23


async def test_an_end_before_the_start_is_a_contradiction(api: Api):
    await api.collector.run(areas())

    status, error = await api.error(
        "/api/load/history/1?start=2026-01-04&end=2026-01-03"
    )

    assert (status, error["code"]) == (422, "contradiction")
    assert error["parameter"] == "end"


@pytest.mark.parametrize(
    "query",
    [
        "start=0001-01-01&end=9999-12-31",
        "start=0001-01-01T00:00:00%2B14:00&end=9999-12-31T23:59:59-12:00",
    ],
)
async def test_the_calendars_ends_are_as_good_as_no_bounds(api: Api, query: str):
    await api.collector.run(areas())

    answer = await api.get(f"/api/load/history/1?{query}")

    assert answer["count"] == 0


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=10001", "limit"),
        ("limit=ten", "limit"),
        ("limit=%D9%A1", "limit"),
        ("hours=-5", "hours"),
        ("hours=0", "hours"),
        ("hours=1.5", "hours"),
        ("hours=", "hours"),
        ("hours=1000000", "hours"),
        ("start=yesterday", "start"),
        ("start=2026-13-01", "start"),
        ("hours=1&hours=2", "hours"),
        ("cursor=now", "cursor"),
        ("cursor=1-2", "cursor"),
        ("hour=1", "hour"),
    ],
)
async def test_an_unusable_parameter_is_named(api: Api, query: str, parameter: str):
    await api.collector.run(areas())

    status, error = await api.error(f"/api/load/history/1?{query}")

    assert (status, error["code"]) == (400, "invalid_parameter")
    assert error["parameter"] == parameter
    assert error["message"].startswith(f"{parameter} ")


async def test_an_unknown_parameter_is_answered_with_the_known_ones(api: Api):
    status, error = await api.error("/api/load/peaks/1?top=3")

    assert status == 400
    assert (
        error["message"]
        == "top is an unknown parameter, allowed: format, limit, period, raw"
    )


async def test_of_equal_loads_a_period_has_one_peak_the_first(api: Api):
    await api.collector.run(
        areas(), grid(1, hours(5, 9, 9, 1)), grid(2, hours(50, 90, 90, 10))
    )

    assert await api.get("/api/load/peaks/1") == [
        {
            "area_id": 1,
            "area_name": "Ozark Electric Cooperative",
            "peak_kw": 9.0,
            "timestamp": "2026-01-03T01:00:00-06:00",
            "period": "day",
        }
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("period=day", [("2026-01-31", 40), ("2026-02-01", 35), ("2025-12-31", 30)]),
        ("period=month", [("2026-01-31", 40), ("2026-02-01", 35), ("2025-12-31", 30)]),
        ("period=year", [("2026-01-31", 40), ("2025-12-31", 30)]),
        ("period=day&limit=1", [("2026-01-31", 40)]),
    ],
)
async def test_peaks_go_by_the_central_calendar(
    api: Api, query: str, expected: list[tuple[str, int]]
):
    # 05:00 UTC is still the day, month or year before in Central time
    ends_of_day = {
        datetime(2026, 1, 1, 5, tzinfo=UTC): 30,
        datetime(2026, 2, 1, 5, tzinfo=UTC): 40,
        datetime(2026, 2, 1, 7, tzinfo=UTC): 35,
    }
    for hour, load in ends_of_day.items():
        await api.collector.run(areas(), grid(1, {hour: load}))

    peaks = await api.get(f"/api/load/peaks/1?{query}")

    assert [(p["timestamp"][:10], p["peak_kw"]) for p in peaks] == expected


@pytest.mark.parametrize("period", ["week", "DAY", ""])
async def test_an_unknown_period_is_refused(api: Api, period: str):
    status, error = await api.error(f"/api/load/peaks/1?period={period}")

    assert (status, error["parameter"]) == (400, "period")
    assert error["message"] == "period must be one of day, month, year"


@pytest.mark.parametrize(
    ("hours_back", "count", "low", "high"),
    [(1, 1, 98, 98), (24, 24, 75, 98), (51, 51, 48, 98), (500, 99, 0, 98)],
)
async def test_figures_cover_the_last_hours_across_whole_days_and_their_edges(
    api: Api, hours_back: int, count: int, low: int, high: int
):
    # the newest of 99 hours is 03:00 on the 4th, and now is 03:09
    first = datetime(2026, 1, 4, 9, tzinfo=UTC) - 98 * HOUR
    await api.collector.run(areas(), grid(1, hours(*range(99), first=first)))
    await api.collector.run(grid(2, hours(*[1e6] * 99, first=first)))

    assert await api.get(f"/api/load/stats/1?hours={hours_back}") == {
        "area_id": 1,
        "area_name": "Ozark Electric Cooperative",
        "period_hours": hours_back,
        "record_count": count,
        "min_kw": float(low),
        "max_kw": float(high),
        "avg_kw": (low + high) / 2,
    }


async def test_figures_of_a_span_without_load_are_unknown_not_zero(api: Api):
    await api.collector.run(areas())

    stats = await api.get("/api/load/stats/1")

    assert stats["period_hours"] == 24
    assert (stats["record_count"], stats["min_kw"], stats["avg_kw"]) == (0, None, None)


def expected(area_id: int, *lines: tuple[str, list[float]]) -> GridRead:
    """Return forecasts from 03:00 Central on the 4th on, by label."""
    count = max(len(loads) for _label, loads in lines)
    return grid_of(
        {
            "Id": area_id,
            "lineChartLabels": [f"01/04/2026 {3 + hour}:00" for hour in range(count)],
            "chartLineData": [
                {"label": label, "data": [*loads]} for label, loads in lines
            ],
        },
        area_id,
        at=RECORDED_AT,
    )


async def test_the_forecast_begins_with_this_hour_and_names_its_series(api: Api):
    await api.collector.run(
        areas(), expected(1, ("Forecast", [5, 6, 0]), ("Peak alert", [9, 9]))
    )

    answer = await api.get("/api/load/forecast/1", key=None)

    assert answer["data"][0] == {
        "timestamp": "2026-01-04T03:00:00-06:00",
        "series": "Forecast",
        "load_kw": 5.0,
        "fetched_at": "2026-01-04T03:09:00-06:00",
    }
    assert [
        (row["timestamp"][11:13], row["series"], row["load_kw"])
        for row in answer["data"]
    ] == [
        ("03", "Forecast", 5.0),
        ("03", "Peak alert", 9.0),
        ("04", "Forecast", 6.0),
        ("04", "Peak alert", 9.0),
        ("05", "Forecast", 0.0),
    ]
    assert (answer["count"], answer["truncated"]) == (5, False)


async def test_forecasts_of_hours_gone_by_are_given_for_a_span(api: Api):
    await api.collector.run(areas(), expected(1, ("Forecast", [5, 6, 7.125])))
    api.clock.advance(2 * 3600)

    now = await api.get("/api/load/forecast/1")
    then = await api.get("/api/load/forecast/1?end=2026-01-04T04:00")

    assert [row["load_kw"] for row in now["data"]] == [7.125]
    assert [row["load_kw"] for row in then["data"]] == [5.0, 6.0]


async def test_pages_of_a_forecast_do_not_part_the_series_of_an_hour(api: Api):
    await api.collector.run(areas(), expected(1, ("A", [1, 2, 3]), ("B", [4, 5, 6])))

    pages = await api.pages("/api/load/forecast/1?limit=2")

    assert [[row["load_kw"] for row in page["data"]] for page in pages] == [
        [2.0, 5.0, 3.0, 6.0],
        [1.0, 4.0],
    ]


async def test_an_area_without_forecasts_has_none(api: Api):
    await api.collector.run(areas())

    answer = await api.get("/api/load/forecast/1")

    assert (answer["data"], answer["count"]) == ([], 0)


@pytest.mark.parametrize(
    ("path", "first_lines"),
    [
        (
            "history/1?limit=1&format=csv",
            "timestamp,load_kw,is_settled\r\n2026-01-03T01:00:00-06:00,0.0,true\r\n",
        ),
        (
            "history/1?limit=1&format=ndjson",
            (
                '{"timestamp":"2026-01-03T01:00:00-06:00","load_kw":0.0,'
                '"is_settled":true}\n'
            ),
        ),
        (
            "peaks/1?format=csv",
            (
                "area_id,area_name,peak_kw,timestamp,period\r\n"
                "1,Ozark Electric Cooperative,10.0,2026-01-03T00:00:00-06:00,day\r\n"
            ),
        ),
        (
            "forecast/1?format=csv",
            (
                "timestamp,series,load_kw,fetched_at\r\n2026-01-04T03:00:00-06:00,"
                "Forecast,5.5,2026-01-04T03:09:00-06:00\r\n"
            ),
        ),
    ],
    ids=["csv", "ndjson", "peaks", "forecast"],
)
async def test_rows_can_be_had_as_a_table(api: Api, path: str, first_lines: str):
    await api.collector.run(
        areas(), grid(1, hours(10, 0)), expected(1, ("Forecast", [5.5]))
    )

    answer = await api.ask(f"/api/load/{path}")

    assert await answer.text() == first_lines


async def test_a_history_as_csv_holds_the_lines_of_the_export(api: Api):
    await api.collector.run(*recording())

    history = await api.ask("/api/load/history/1?format=csv&limit=10000")
    export = await api.ask("/api/export/load/1")

    assert await history.text() == await export.text()
    assert len((await history.text()).splitlines()) == 13
