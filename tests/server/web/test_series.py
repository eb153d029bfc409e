"""``/api/series``: columns for charts, as long as each other, few enough, of a span."""

from datetime import timedelta
from typing import Any

import pytest

from energy_logger_server.api.central import central_label
from energy_logger_server.web.routes.series.operations import series_operations
from energy_logger_simulator.kamo.recording import RECORDED_AT
from tests.server.store.material import (
    NOON,
    SITE_ID,
    TODAY,
    grid_of,
    prices_read,
)
from tests.server.web.amber_answers import (
    day_of_usage,
    forecasts,
    half_hours,
    store,
)
from tests.server.web.answers import areas, grid, hourly_loads, table
from tests.server.web.conftest import Api
from tests.server.web.shapes import require_shape

LOAD = "/api/series/load/OZEC"
SUBSTATION = "/api/series/substations/1/North"
PRICES = f"/api/series/prices/{SITE_ID}"
USAGE = f"/api/series/usage/{SITE_ID}"
SHAPE = series_operations()[0].answer.schema
NOON_S = int(NOON.timestamp())


async def get(api: Api, path: str) -> dict[str, Any]:
    """Return an answer whose shape and columns have been looked at."""
    answer: dict[str, Any] = await api.get(path)
    require_shape(answer, SHAPE)
    assert answer["times"] == sorted(set(answer["times"]))
    for line in answer["series"]:
        columns = [
            line["values"],
            *(line[name] or line["values"] for name in ("min", "max")),
        ]
        assert {len(column) for column in columns} == {len(answer["times"])}
    return answer


async def store_loads(api: Api, *loads: float) -> None:
    await api.collector.run(areas(), grid(1, hourly_loads(*loads, first=NOON)))


async def test_few_rows_come_as_they_are(api: Api):
    await store_loads(api, 10.5, 20.25, 30)

    assert await get(api, f"{LOAD}?start=2026-01-03") == {
        "bucket": "rows",
        "bucket_seconds": 3600,
        "times": [NOON_S, NOON_S + 3600, NOON_S + 7200],
        "series": [
            {
                "key": "actual",
                "channel": None,
                "unit": "kW",
                "aggregate": "mean",
                "values": [10.5, 20.25, 30.0],
                "min": None,
                "max": None,
            }
        ],
    }


async def test_many_rows_come_as_means_between_their_extremes(api: Api):
    await store_loads(api, *range(20))

    answer = await get(api, f"{LOAD}?start=2026-01-03&max_points=12")

    [line] = answer["series"]
    assert (answer["bucket"], answer["bucket_seconds"]) == ("time", 7200)
    assert line["values"] == [number + 0.5 for number in range(0, 20, 2)]
    assert line["min"] == [*range(0, 20, 2)]
    assert line["max"] == [*range(1, 20, 2)]


async def test_what_is_missing_is_null_and_nothing_is_made_up(api: Api):
    loads = hourly_loads(*range(20), first=NOON)
    for number in (4, 5, 6, 7):
        del loads[NOON + timedelta(hours=number)]
    await api.collector.run(areas(), grid(1, loads))

    exact = await get(api, f"{LOAD}?start=2026-01-03")
    assert exact["series"][0]["values"][3:6] == [3, None, 8]
    coarse = await get(api, f"{LOAD}?start=2026-01-03&max_points=12")
    assert coarse["series"][0]["values"][1:5] == [2.5, None, None, 8.5]


async def test_without_a_start_the_last_day_and_what_is_expected_are_shown(api: Api):
    this_hour = RECORDED_AT.replace(minute=0)
    hours = [this_hour + timedelta(hours=number) for number in range(-30, 7)]
    body: Any = {
        "Id": 1,
        "lineChartLabels": [central_label(hour) for hour in hours],
        "chartLineData": [
            {"label": "Actual", "data": [float(one) for one in range(31)]},
            {"label": "Forecast", "data": [5.0 for _hour in hours]},
        ],
    }
    await api.collector.run(areas(), grid_of(body, 1, at=RECORDED_AT))

    answer = await get(api, LOAD)

    assert [line["key"] for line in answer["series"]] == ["actual", "forecast/Forecast"]
    actual, expected = (line["values"] for line in answer["series"])
    assert actual == [*range(7, 31), *[None] * 6]
    assert expected == [5.0] * 30
    until = f"{LOAD}?end={this_hour:%Y-%m-%dT%H:%M:%SZ}"
    assert (await get(api, until))["times"][-1] == this_hour.timestamp()


async def test_without_a_start_the_day_before_an_earlier_end_is_shown(api: Api):
    await store_loads(api, *range(40))
    end = NOON + timedelta(hours=30)
    api.clock.set(NOON + timedelta(days=30))

    answer = await get(api, f"{LOAD}?end={end:%Y-%m-%dT%H:%M:%SZ}")

    # an hour at the end itself belongs to it, and so the first one does not
    assert answer["times"] == [NOON_S + number * 3600 for number in range(7, 31)]


async def test_hours_win_over_a_start(api: Api):
    await store_loads(api, *range(8))
    api.clock.set(NOON + timedelta(hours=8))

    answer = await get(api, f"{LOAD}?hours=3&start=2020-01-01")

    assert answer["times"] == [NOON_S + number * 3600 for number in (5, 6, 7)]


async def test_a_substation_has_power_and_the_factor_of_it(api: Api):
    at = RECORDED_AT - timedelta(hours=1)
    await api.collector.run(areas(), table(1, at, {"North": (30, -40, -0.6)}))

    answer = await get(api, SUBSTATION)

    assert [(one["key"], one["unit"], one["values"]) for one in answer["series"]] == [
        ("load", "kW", [30.0]),
        ("reactive", "kvar", [-40.0]),
        ("power_factor", "1", [0.6]),
    ]


async def test_a_price_is_what_you_pay_or_earn(api: Api):
    sold = half_hours(-8, channelType="feedIn")
    await store(api, prices_read([*half_hours(10, 20.5), *sold, *forecasts(33)]))

    answer = await get(api, f"{PRICES}?start=2026-01-04")

    lines = {line["key"]: line for line in answer["series"]}
    first = answer["times"].index(NOON_S)
    assert lines["general/price"]["values"][first : first + 2] == [0.1, 0.205]
    assert lines["feedIn/price"]["values"][first] == 0.08
    assert lines["general/expected"]["values"][-1] == 0.33
    assert lines["general/price"]["unit"] == "AUD/kWh"
    assert lines["spot"]["channel"] is None
    one = await get(api, f"{PRICES}?start=2026-01-04&channel=feedIn")
    assert [line["key"] for line in one["series"]] == ["feedIn/price", "spot"]


async def test_usage_and_cost_are_sums(api: Api):
    await store(api, day_of_usage(TODAY))

    answer = await get(api, f"{USAGE}?start=2026-01-04&max_points=10&channel=E1")

    assert answer["bucket_seconds"] == 10_800
    assert [(one["key"], one["unit"]) for one in answer["series"]] == [
        ("E1/energy", "kWh"),
        ("E1/cost", "AUD"),
    ]
    energy, cost = answer["series"]
    assert energy["aggregate"] == "sum"
    assert sum(value for value in energy["values"] if value) == 48
    assert sum(value for value in cost["values"] if value) == pytest.approx(48 * 0.205)


@pytest.mark.parametrize("path", [LOAD, PRICES, USAGE])
async def test_nothing_in_a_span_is_no_error(api: Api, path: str):
    await api.collector.run(areas())
    await store(api)

    answer = await get(api, f"{path}?start=2020-01-01&end=2020-01-02")

    assert (answer["times"], answer["series"]) == ([], [])


@pytest.mark.parametrize(
    ("path", "status", "parameter"),
    [
        ("/api/series/load/NOWHERE", 404, "area"),
        ("/api/series/substations/1/Nowhere", 404, "substation"),
        ("/api/series/prices/nobody", 404, "site"),
        (f"{PRICES}?channel=E9", 422, "channel"),
        (f"{LOAD}?max_points=9", 400, "max_points"),
        (f"{LOAD}?max_points=10001", 400, "max_points"),
        (f"{LOAD}?start=2026-01-02&end=2026-01-01", 422, "end"),
        (f"{LOAD}?start=yesterday", 400, "start"),
        (f"{LOAD}?limit=3", 400, "limit"),
    ],
)
async def test_what_cannot_be_drawn_is_refused(
    api: Api, path: str, status: int, parameter: str
):
    await api.collector.run(areas())
    await store(api)

    found, error = await api.error(path)

    assert (found, error["parameter"]) == (status, parameter)
